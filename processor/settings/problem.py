"""What is wrong with the settings, in words for a person at three in the morning.

What lives here: a fault as a table of settings finds it, a problem as it is shown, and the error
that carries all of them. What must never live here: what is allowed. What the rest may lean on: a
problem's line names the setting, the value, where the value came from and what would be right, and
never shows a secret.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: names of tables and settings, and places in lists from 0 on."""

MASK: Final = "********"
"""What is shown in place of a secret."""

_SHOWN_MAX: Final = 80
"""Characters of a value that a line shows."""

_CREDENTIALS: Final = re.compile(r"[^\s,'\"/]*:[^\s,'\"]*@")
"""The user and password of an URL that somebody wrote where only an address belongs."""


@dataclass(frozen=True)
class Origin:
    """Where a value came from: `default`, `file cxpulse.toml`, `environment CXPULSE_LOG__LEVEL`."""

    kind: str
    place: str = ""

    def __str__(self) -> str:
        """The origin in words."""
        return f"{self.kind} {self.place}".strip()


DEFAULT: Final = Origin("default")


@dataclass(frozen=True)
class Fault:
    """What a table finds wrong below itself.

    Attributes:
        path: where, from the table on.
        allowed: what would be right.
    """

    path: Path
    allowed: str


class FaultsError(ValueError):
    """Several faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep them."""
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.allowed for fault in self.faults))


@dataclass(frozen=True)
class Problem:
    """One line of the list.

    Attributes:
        name: the setting's dotted name, the variable or the file.
        allowed: what would be right.
        shown: the value, as text that may be shown; None if there is none.
        origin: where the value came from; None if it is told by the name.
    """

    name: str
    allowed: str
    shown: str | None = None
    origin: Origin | None = None

    def __str__(self) -> str:
        """The line."""
        value = "" if self.shown is None else f" = {self.shown}"
        origin = "" if self.origin is None else f" ({self.origin})"
        return f"{self.name}{value}{origin}: {self.allowed}"


class SettingsError(Exception):
    """The settings cannot be used; `problems` says everything that is known to be wrong."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order in which they are to be read."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def shown(value: object, *, secret: bool = False) -> str:
    """A value as a line may show it: short, on one line, without passwords."""
    if secret:
        return MASK
    text = _CREDENTIALS.sub("***@", repr(value))
    return text if len(text) <= _SHOWN_MAX else text[: _SHOWN_MAX - 1] + "…"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like this one; None if none is."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return near[0] if near else None


def suggestion(name: str | None) -> str:
    """The question whether a name was meant, to stand at the end of a phrase."""
    return "" if name is None else f"; did you mean {name}?"
