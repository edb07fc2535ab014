"""The slices a count is kept under, and the names of the cells where it is kept.

A cell is one vector of one tally in one slice. Its name is readable and parses back:

    nps                                     a total
    nps@channel=email                       a slice
    cart_value;currency=EUR@brand=north     a slice, with the tally's mandatory dimension

Dimension values are small integers inside states (`Label`), names everywhere else.
"""

from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import unquote

from msgspec import Struct

from processor.core.definitions import Definitions, EntityName
from processor.core.tally import TALLY_BY_NAME, Tally

Label: TypeAlias = int
"""A dimension's value: an index into its configured list from 1 on, or one of the two below."""
OTHER: Label = 0
NONE: Label = -1

OTHER_NAME = "__other__"
NONE_NAME = "__none__"

_ESCAPES = str.maketrans({char: f"%{ord(char):02X}" for char in "%;@,="})

Pairs: TypeAlias = tuple[tuple[str, str], ...]


class Cell(Struct, frozen=True):
    """A cell's name, taken apart: `dimensions` are mandatory, `slice` is empty for the total."""

    tally: Tally
    dimensions: Pairs
    slice: Pairs


def cell_name(tally: Tally, dimensions: Pairs, slice_: Pairs) -> str:
    """The name of a cell; `parse_cell` takes it apart again."""
    name = tally.name
    if dimensions:
        name += ";" + _joined(dimensions)
    if slice_:
        name += "@" + _joined(slice_)
    return name


def parse_cell(name: str) -> Cell:
    """The parts of a cell's name.

    Raises:
        ValueError, KeyError: no cell is named like that.
    """
    head, _, slice_ = name.partition("@")
    tally, _, dimensions = head.partition(";")
    return Cell(TALLY_BY_NAME[tally], tuple(_pairs(dimensions)), tuple(_pairs(slice_)))


def tally_name(name: str) -> str:
    """The tally that a cell belongs to."""
    return name.partition("@")[0].partition(";")[0]


def _joined(pairs: Pairs) -> str:
    return ",".join(
        f"{name.translate(_ESCAPES)}={value.translate(_ESCAPES)}" for name, value in pairs
    )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for pair in text.split(",") if text else ():
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError(f"no value in {pair!r}")
        yield unquote(name), unquote(value)


class Slices:
    """The slices of one entity: values become labels, and labels the cells they stand for."""

    def __init__(self, definitions: Definitions, entity: EntityName) -> None:
        """Index the configured dimensions of the entity's slices."""
        self.dimensions = definitions.sliced_by(entity)
        self._slices = tuple(
            tuple(self.dimensions.index(name) for name in names)
            for names in definitions.slices_of(entity)
        )
        configured = [definitions.dimension(entity, name) for name in self.dimensions]
        self._names = [(OTHER_NAME, *d.values, NONE_NAME) for d in configured]
        self._labels: list[dict[str, Label]] = []
        for dimension in configured:
            labels = {value: at for at, value in enumerate(dimension.values, start=1)}
            labels |= {alias: labels[value] for alias, value in dimension.aliases}
            self._labels.append(labels)
        self._unknown = {source: frozenset(w) for source, w in definitions.unknown_words.items()}
        self._cells: dict[tuple[Tally, tuple[str, ...], tuple[Label, ...]], tuple[str, ...]] = {}

    def is_unknown(self, source: str, value: str) -> bool:
        """Whether the source means "not known" by this word."""
        words = self._unknown.get(source)
        return words is not None and value in words

    def label(self, at: int, value: str) -> Label:
        """The label of a dimension's value on the wire, by list or alias.

        OTHER if it is not listed.
        """
        return self._labels[at].get(value, OTHER)

    def value_name(self, at: int, label: Label) -> str:
        """The name of a label."""
        return self._names[at][label]

    def cells(
        self, tally: Tally, dimensions: tuple[str, ...], labels: tuple[Label, ...]
    ) -> tuple[str, ...]:
        """The names of all cells that a count with these labels stands in: the total first."""
        key = (tally, dimensions, labels)
        cells = self._cells.get(key)
        if cells is None:
            cells = self._cells[key] = tuple(self._cell_names(tally, dimensions, labels))
        return cells

    def _cell_names(
        self, tally: Tally, dimensions: tuple[str, ...], labels: tuple[Label, ...]
    ) -> Iterator[str]:
        mandatory = tuple(zip(tally.dimensions, dimensions, strict=True))
        yield cell_name(tally, mandatory, ())
        for slice_ in self._slices if tally.sliced else ():
            pairs = tuple((self.dimensions[at], self._names[at][labels[at]]) for at in slice_)
            yield cell_name(tally, mandatory, pairs)
