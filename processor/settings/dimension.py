"""The tables `dimensions` and `slices`: by what the numbers are cut, and what is told apart.

A slice costs one series per metric, window and combination of values, so slices are listed and
never all combined.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from processor.core.definitions import DEFAULT_SLICES
from processor.core.slice import NONE_NAME, OTHER_NAME
from processor.core.tally import TALLIES
from processor.settings.collection import OpenTable, Words, listed_in
from processor.settings.form import Form
from processor.settings.problem import Fault
from processor.settings.section import REQUIRED, Section, different, setting
from processor.settings.text import Text, Word

Slice: TypeAlias = tuple[str, ...]

TAKEN: Final = tuple(
    sorted(
        {name for tally in TALLIES for name in tally.dimensions}
        | {"window", "rating", "job", "instance", "le", "quantile"}
    )
)
"""Labels that every series may carry besides its slice: ours, and those that Prometheus adds."""

DIMENSION_NAME: Final = Text(
    rf"(?!(?:{'|'.join(TAKEN)})$)[a-z][a-z0-9_]{{0,39}}",
    "1 to 40 lower-case letters, digits and underscores, a letter first, and none of the labels"
    f" that every metric may have ({', '.join(TAKEN)})",
)
VALUE: Final = Word(256, reserved=(OTHER_NAME, NONE_NAME))

BUILT_IN: Final = ("channel", "touchpoint", "survey", "queue")
"""Dimensions that events have fields for; every other one is an attribute of that name."""

_DECLARED: Final = {
    *BUILT_IN,
    *(n for slices in DEFAULT_SLICES.values() for s in slices for n in s),
}
_SLICES_MAX: Final = 16
_DIMENSIONS_PER_SLICE_MAX: Final = 4


class DimensionSettings(Section):
    """Something by which numbers can be cut, and the values that are told apart."""

    name: Annotated[str, DIMENSION_NAME] = setting(
        REQUIRED,
        "`channel`, `touchpoint`, `survey` and `queue` are fields of the events; any other name"
        " is the attribute of that name. It becomes a label of metrics.",
        stored=True,
    )
    values: Annotated[tuple[str, ...], Words(VALUE, "values")] = setting(
        (),
        "The values that are told apart. Any other counts under `__other__`, and the worker names"
        " some of those it met. An entity of which nothing was said counts under `__none__`.",
        stored=True,
    )
    aliases: Annotated[
        Mapping[str, str], OpenTable(VALUE, VALUE, "a table of other words, each with its value")
    ] = setting(
        {},
        "Other words for the values, such as the ids that a telephone system sends in place of a"
        " queue's name.",
        stored=True,
    )

    def faults(self) -> Iterator[Fault]:
        """Aliases of nothing, and of two things."""
        for alias, value in self.aliases.items():
            if value not in self.values:
                yield Fault(("aliases", alias), "one of this dimension's values")
            elif alias in self.values and alias != value:
                yield Fault(
                    ("aliases", alias), f"itself or left out: {alias} is a value of its own"
                )


DIFFERENT_DIMENSIONS = different("a name of its own", lambda dimension: dimension.name, "name")


@dataclass(frozen=True)
class SliceList(Form):
    """A list of slices: each the name of a dimension, or several names to cut by all at once."""

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return (
            f"a list of up to {_SLICES_MAX} different slices, such as"
            ' ["channel", ["channel", "brand"]]: each the name of a dimension, or a list of up to'
            f" {_DIMENSIONS_PER_SLICE_MAX} different names"
        )

    def parse(self, value: object) -> tuple[Slice, ...]:
        """The slices."""
        listed = listed_in(value)
        if listed is None or len(listed) > _SLICES_MAX:
            raise ValueError(self.allowed)
        slices = tuple(self._slice(each) for each in listed)
        # As sets, because the order of names within a slice changes nothing; joined, because that
        # names its metrics.
        if len({frozenset(s) for s in slices}) < len(slices):
            raise ValueError(self.allowed)
        if len({"_".join(s) for s in slices}) < len(slices):
            raise ValueError(f"{self.allowed}; two of these would give one metric name")
        return slices

    def _slice(self, value: object) -> Slice:
        names = value.split("+") if isinstance(value, str) else value
        if not isinstance(names, list) or not 1 <= len(names) <= _DIMENSIONS_PER_SLICE_MAX:
            raise ValueError(self.allowed)
        try:
            parsed = tuple(DIMENSION_NAME.parse(name) for name in names)
        except ValueError:
            raise ValueError(f"{self.allowed}; a name is {DIMENSION_NAME.allowed}") from None
        if len(set(parsed)) < len(parsed):
            raise ValueError(self.allowed)
        return parsed

    def show(self, value: object) -> str:
        """The slices with commas, combined names with a plus sign."""
        return ", ".join(map("+".join, value)) if isinstance(value, tuple) and value else "none"


class SlicesSettings(Section):
    """By what the counts of each entity are cut; the total is always kept."""

    response: Annotated[tuple[Slice, ...], SliceList()] = setting(
        DEFAULT_SLICES["response"], "The slices of survey metrics.", stored=True
    )
    contact: Annotated[tuple[Slice, ...], SliceList()] = setting(
        DEFAULT_SLICES["contact"],
        "The slices of contact metrics, and of first contact resolution. The queue is that of the"
        " contact's first queued segment.",
        stored=True,
    )
    cart: Annotated[tuple[Slice, ...], SliceList()] = setting(
        DEFAULT_SLICES["cart"], "The slices of cart metrics.", stored=True
    )

    def faults(self) -> Iterator[Fault]:
        """A survey where there is none."""
        for entity in ("contact", "cart"):
            if any("survey" in slice_ for slice_ in getattr(self, entity)):
                yield Fault((entity,), "without `survey`, which only responses have")


def undeclared(slices: tuple[Slice, ...], dimensions: tuple[DimensionSettings, ...]) -> list[str]:
    """The names in slices that are neither built in nor declared: mostly misspelt."""
    declared = _DECLARED | {dimension.name for dimension in dimensions}
    return sorted({name for slice_ in slices for name in slice_} - declared)


def known_dimensions(dimensions: tuple[DimensionSettings, ...]) -> list[str]:
    """Every name that may stand in a slice."""
    return sorted(_DECLARED | {dimension.name for dimension in dimensions})
