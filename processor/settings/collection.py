"""The forms of values that hold several: lists, and tables whose names the operator chooses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processor.settings.form import Form
from processor.settings.problem import Fault, FaultsError


@dataclass(frozen=True)
class Words(Form):
    """A list of different values; in the environment text with commas, or a JSON list."""

    item: Form
    meaning: str
    least: int = 0
    most: int = 1_000

    @property
    def allowed(self) -> str:
        """What is allowed."""
        counted = f"{self.least or 'up'} to {self.most}"
        return f"a list of {counted} different {self.meaning}: each {self.item.allowed}"

    def parse(self, value: object) -> tuple[object, ...]:
        """The values."""
        listed = listed_in(value)
        if listed is None or not self.least <= len(listed) <= self.most:
            raise ValueError(self.allowed)
        try:
            items = tuple(self.item.parse(each) for each in listed)
        except ValueError:
            raise ValueError(self.allowed) from None
        if len(set(items)) < len(items):
            raise ValueError(self.allowed)
        return items

    def show(self, value: object) -> str:
        """The values with commas."""
        if not isinstance(value, tuple) or not value:
            return "none"
        return ", ".join(map(self.item.show, value))


def listed_in(value: object) -> list[object] | None:
    """The list that a value is, or that its text says (JSON, or words with commas), or None."""
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str):
        return None
    try:
        read = json.loads(value)
    except ValueError:
        read = None
    return read if isinstance(read, list) else [w.strip() for w in value.split(",") if w.strip()]


@dataclass(frozen=True)
class OpenTable(Form):
    """A table whose names the operator chooses."""

    key: Form
    item: Form
    meaning: str
    default: Mapping[str, object] = field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return self.meaning

    def entry(self, name: str) -> Form:
        """The form of one entry's value.

        Raises:
            ValueError: there can be no entry of that name.
        """
        try:
            self.key.parse(name)
        except ValueError:
            raise ValueError(f"its name must be {self.key.allowed}") from None
        return self.item

    def parse(self, value: object) -> dict[str, Any]:
        """The table, defaults included."""
        if not isinstance(value, dict):
            raise ValueError(self.allowed)
        table, faults = dict(self.default), []
        for name, said in value.items():
            try:
                table[name] = self.entry(name).parse(said)
            except ValueError as error:
                faults.append(Fault((name,), str(error)))
        if faults:
            raise FaultsError(faults)
        return table

    def show(self, value: object) -> str:
        """The entries with commas."""
        if not isinstance(value, Mapping) or not value:
            return "none"
        return ", ".join(f"{name} = {self.item.show(each)}" for name, each in value.items())
