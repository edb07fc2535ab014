import pytest

from processor.core.tally import TALLIES
from processor.settings.dimension import DIMENSION_NAME, TAKEN, SliceList
from tests.settings.conftest import Right, Wrong

BRAND = '[[dimensions]]\nname = "brand"\nvalues = ["north", "harbor"]\n'
SLICES = SliceList()


def test_a_dimension_is_called_as_prometheus_calls_a_label() -> None:
    assert DIMENSION_NAME.parse("brand_2") == "brand_2"
    for name in ("", "Brand", "2brand", "_brand", "br-and", "x" * 41, 1):
        with pytest.raises(ValueError, match="lower-case"):
            DIMENSION_NAME.parse(name)


def test_no_dimension_takes_the_name_of_a_label_that_metrics_have_anyway() -> None:
    assert {name for tally in TALLIES for name in tally.dimensions} <= set(TAKEN)
    for name in TAKEN:
        with pytest.raises(ValueError, match="none of the labels"):
            DIMENSION_NAME.parse(name)


def test_an_alias_means_a_listed_value(wrong: Wrong) -> None:
    assert wrong(BRAND + 'aliases = { Nord = "nort", north = "harbor", harbor = "harbor" }') == [
        "dimensions.brand.aliases.Nord = 'nort' (file cxpulse.toml): one of this dimension's"
        " values",
        "dimensions.brand.aliases.north = 'harbor' (file cxpulse.toml): itself or left out: north"
        " is a value of its own",
    ]


def test_a_value_is_not_called_like_the_rest(wrong: Wrong) -> None:
    (line,) = wrong('[[dimensions]]\nname = "brand"\nvalues = ["__other__"]')
    assert "but not __other__ or __none__" in line


def test_a_dimension_is_listed_once(wrong: Wrong) -> None:
    assert wrong(BRAND * 2) == [
        "dimensions.#2.name = 'brand' (file cxpulse.toml): a name of its own, and #1 of this list"
        " has it already"
    ]


@pytest.mark.parametrize(
    "written",
    [
        ["channel", ["channel", "brand"]],
        "channel, channel+brand",
        '["channel", ["channel", "brand"]]',
        ["channel", "channel+brand"],
    ],
)
def test_a_slice_is_a_name_or_several(written: object) -> None:
    assert SLICES.parse(written) == (("channel",), ("channel", "brand"))
    assert SLICES.show(SLICES.parse(written)) == "channel, channel+brand"


@pytest.mark.parametrize(
    "written",
    [
        1,
        "channel+",
        [1],
        [[]],
        [["channel", "channel"]],
        ["channel", "channel"],
        [["a", "b"], ["b", "a"]],
        [["a", "b", "c", "d", "e"]],
        [chr(ord("a") + n) for n in range(17)],
        ["window"],
        [["a", "b_c"], ["a_b", "c"]],
    ],
)
def test_slices_that_say_nothing_or_two_things_are_refused(written: object) -> None:
    with pytest.raises(ValueError, match="a list of up to 16 different slices"):
        SLICES.parse(written)


def test_no_slices_are_only_the_total() -> None:
    assert SLICES.parse([]) == ()
    assert SLICES.show(()) == "none"


def test_a_slice_by_an_attribute_needs_its_values(wrong: Wrong, right: Right) -> None:
    toml = '[slices]\nresponse = ["market", "chanel"]\n'
    (line,) = wrong('[slices]\nresponse = ["chanel"]')
    assert line == (
        "slices.response = ['chanel'] (file cxpulse.toml): chanel needs a [[dimensions]] table"
        " that lists its values; did you mean channel?"
    )
    assert len(wrong(toml)) == 2
    right('[slices]\nresponse = ["market"]\n[[dimensions]]\nname = "market"')
    right('[slices]\nresponse = ["survey", "touchpoint", "queue", "brand", "channel"]')


def test_only_responses_have_a_survey(wrong: Wrong) -> None:
    assert wrong('[slices]\ncart = ["survey"]') == [
        "slices.cart = ['survey'] (file cxpulse.toml): without `survey`, which only responses have"
    ]
