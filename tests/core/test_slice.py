"""Cells have names that parse back; dimension values have labels."""

import pytest

from processor.core.definitions import Definitions, Dimension
from processor.core.slice import NONE, OTHER, Cell, Slices, cell_name, parse_cell, tally_name
from processor.core.tally import CART_VALUE, NPS, QUALITY

BRAND = Dimension("brand", ("north", "south"), (("n-17", "north"),))
SLICES = Slices(
    Definitions(
        dimensions=(BRAND,),
        slices={"response": (("brand",), ("channel", "brand"))},
        unknown_words={"forms": ("nobody",)},
    ),
    "response",
)


@pytest.mark.parametrize(
    "cell",
    [
        Cell(NPS, (), ()),
        Cell(NPS, (), (("channel", "web"),)),
        Cell(CART_VALUE, (("currency", "EUR"),), (("brand", "a=b,c;d@e%f"), ("channel", "web"))),
    ],
)
def test_a_cells_name_parses_back(cell: Cell) -> None:
    name = cell_name(cell.tally, cell.dimensions, cell.slice)
    assert parse_cell(name) == cell
    assert tally_name(name) == cell.tally.name


@pytest.mark.parametrize(("name", "error"), [("nps@channel", ValueError), ("npz", KeyError)])
def test_what_is_no_cells_name_is_refused(name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_cell(name)


def test_a_value_is_resolved_by_list_and_alias() -> None:
    at = SLICES.dimensions.index("brand")
    assert SLICES.label(at, "north") == SLICES.label(at, "n-17") == 1
    assert SLICES.label(at, "south") == 2
    assert SLICES.label(at, "x") == OTHER
    names = [SLICES.value_name(at, label) for label in (1, 2, OTHER, NONE)]
    assert names == ["north", "south", "__other__", "__none__"]


def test_a_word_for_nothing_known_is_the_sources_own() -> None:
    assert SLICES.is_unknown("forms", "nobody")
    assert not SLICES.is_unknown("forms", "somebody")
    assert not SLICES.is_unknown("till", "nobody")


def test_a_count_stands_in_the_total_and_in_every_slice() -> None:
    web = Definitions().dimension("response", "channel").values.index("web") + 1
    assert SLICES.cells(NPS, (), (1, web)) == (
        "nps",
        "nps@brand=north",
        "nps@channel=web,brand=north",
    )


def test_what_is_not_sliced_stands_in_the_total_alone() -> None:
    assert SLICES.cells(QUALITY, ("response",), ()) == ("quality;entity=response",)
