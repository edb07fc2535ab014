"""What all tables of settings share.

What lives here: the base of the tables, how a setting is declared, and what several tables check
alike. What the rest may lean on: a table is frozen, refuses names it does not know, and reports
everything that does not fit at once. A duration's attribute ends in `_ms`, its setting does not: in
the file the value names the unit (`"10s"`).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticUndefined

from processor.settings.problem import Fault, FaultsError, Path

S = TypeVar("S", bound="Section")

STORED: Final = "stored"
"""The mark of a setting that decides stored data, and so is part of the fingerprint."""

REQUIRED: Final[Any] = PydanticUndefined
"""In place of a default: the table needs the setting."""


class Section(BaseModel):
    """A table of settings."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.removesuffix("_ms")
    )

    def faults(self) -> Iterator[Fault]:
        """What does not fit together; the single values are right already."""
        yield from ()

    @model_validator(mode="after")
    def _stands(self) -> Self:
        faults = tuple(self.faults())
        if faults:
            raise FaultsError(faults)
        return self


def setting(default: Any, meaning: str, *, stored: bool = False) -> Any:
    """A setting of a table.

    Args:
        default: the value without a word from anybody; REQUIRED for none.
        meaning: full sentences that a newcomer understands, with the unit.
        stored: whether it decides stored data, and so is part of the fingerprint.
    """
    return Field(default=default, description=meaning, json_schema_extra={STORED: stored})


def different(what: str, key: Callable[[Any], Hashable], *at: str) -> AfterValidator:
    """A check on a list of tables: no two have the same key. `at`: where a fault is shown."""

    def check(tables: tuple[S, ...]) -> tuple[S, ...]:
        faults = tuple(repeated([key(table) for table in tables], what, at))
        if faults:
            raise FaultsError(faults)
        return tables

    return AfterValidator(check)


def repeated(keys: Iterable[Hashable], what: str, at: Path = ()) -> Iterator[Fault]:
    """A fault for each key that was there before."""
    seen: dict[Hashable, int] = {}
    for place, key in enumerate(keys):
        first = seen.setdefault(key, place)
        if first != place:
            yield Fault((place, *at), f"{what}, and #{first + 1} of this list has it already")
