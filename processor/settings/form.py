"""How one value is written, and what it may be.

What lives here: what a form is, and those of durations, numbers and choices (`text` and
`collection` have the others). What must never live here: which setting has which form. What the
rest may lean on: a form reads what a TOML file holds (a value of its type) and what an environment
variable holds (text) alike, never guesses, and says in one phrase what it allows; that phrase is
the error's and the documentation's.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from pydantic_core import core_schema

_UNIT_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION: Final = re.compile(r"([0-9]{1,15}) ?(ms|s|m|h|d)?")
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_FLAGS: Final = {"true": True, "yes": True, "on": True, "1": True} | {
    "false": False, "no": False, "off": False, "0": False,
}  # fmt: skip


class Form(ABC):
    """What a value may be. Stands in an annotation, where pydantic finds it."""

    secret: ClassVar[bool] = False

    @property
    @abstractmethod
    def allowed(self) -> str:
        """What is allowed, as a phrase that may follow a colon."""

    @abstractmethod
    def parse(self, value: object) -> object:
        """The value as the program holds it.

        Raises:
            ValueError: it is not allowed; the message is the phrase that says what is.
        """

    def show(self, value: object) -> str:
        """The value as one would write it."""
        return "none" if value is None else str(value)

    def plain(self, value: object) -> object:
        """The value as JSON would hold it, written as in a file."""
        return value

    def __get_pydantic_core_schema__(
        self, source: object, handler: Callable[[Any], Any]
    ) -> core_schema.CoreSchema:
        """The form alone judges the value."""
        return core_schema.no_info_plain_validator_function(self.parse)


@dataclass(frozen=True)
class Duration(Form):
    """A time span; in the program an integer of milliseconds."""

    least: str
    most: str

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return f"a duration such as 10s, 30m or 7d, between {self.least} and {self.most}"

    def parse(self, value: object) -> int:
        """The milliseconds."""
        span_ms = _span_ms(value)
        if span_ms is None or not duration_ms(self.least) <= span_ms <= duration_ms(self.most):
            raise ValueError(self.allowed)
        return span_ms

    def show(self, value: object) -> str:
        """The span in the largest unit that divides it."""
        return duration_text(value) if isinstance(value, int) else super().show(value)

    def plain(self, value: object) -> object:
        """The span as text, so that its unit is plain."""
        return self.show(value)


def _span_ms(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) * _UNIT_MS[match[2] or "ms"] if match else None


def duration_ms(text: str) -> int:
    """The milliseconds of a duration that is known to be written rightly, such as `30m`."""
    span_ms = _span_ms(text)
    if span_ms is None:
        raise ValueError(f"{text!r} is no duration")
    return span_ms


def duration_text(span_ms: int) -> str:
    """A span in the largest unit that divides it: 5400000 is `90m`, 0 is `0s`."""
    for unit in ("d", "h", "m", "s"):
        if span_ms % _UNIT_MS[unit] == 0 and (span_ms or unit == "s"):
            return f"{span_ms // _UNIT_MS[unit]}{unit}"
    return f"{span_ms}ms"


@dataclass(frozen=True)
class Whole(Form):
    """A whole number; `also` is one allowed value outside the range."""

    least: int
    most: int
    also: int | None = None

    @property
    def allowed(self) -> str:
        """What is allowed."""
        also = "" if self.also is None else f", or {self.also}"
        return f"a whole number between {self.least} and {self.most}{also}"

    def parse(self, value: object) -> int:
        """The number."""
        if isinstance(value, str) and _WHOLE.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(self.allowed)
        if not self.least <= value <= self.most and value != self.also:
            raise ValueError(self.allowed)
        return value


@dataclass(frozen=True)
class Number(Form):
    """A number, with or without a fraction."""

    least: float
    most: float
    meaning: str = "a number"

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return f"{self.meaning} between {self.least:.12g} and {self.most:.12g}"

    def parse(self, value: object) -> float:
        """The number."""
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = float(value)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(self.allowed)
        if not self.least <= value <= self.most:  # also refuses NaN
            raise ValueError(self.allowed)
        return float(value)

    def show(self, value: object) -> str:
        """The number without superfluous zeros."""
        return f"{value:.12g}" if isinstance(value, float) else super().show(value)


@dataclass(frozen=True)
class Flag(Form):
    """Yes or no."""

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return "true or false"

    def parse(self, value: object) -> bool:
        """Whether it is so."""
        flag = _FLAGS.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(flag, bool):
            raise ValueError(self.allowed)
        return flag

    def show(self, value: object) -> str:
        """As TOML writes it."""
        return str(value).lower()


@dataclass(frozen=True)
class Choice(Form):
    """One word of a list; capitals do not matter."""

    options: tuple[str, ...]

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return "one of " + ", ".join(self.options)

    def parse(self, value: object) -> str:
        """The word as the list writes it."""
        for option in self.options:
            if isinstance(value, str) and value.lower() == option.lower():
                return option
        raise ValueError(self.allowed)
