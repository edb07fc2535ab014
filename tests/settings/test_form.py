from typing import Any

import pytest

from processor.settings.form import (
    Choice,
    Duration,
    Flag,
    Form,
    Number,
    Whole,
    duration_ms,
    duration_text,
)

SPAN = Duration("1s", "5m")


def refused(form: Form, value: object) -> str:
    with pytest.raises(ValueError) as caught:
        form.parse(value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("written", "span_ms"),
    [
        ("1s", 1_000),
        ("1500ms", 1_500),
        ("5m", 300_000),
        ("2 m", 120_000),
        (6000, 6_000),
        ("6000", 6_000),
    ],
)
def test_a_duration_is_a_number_with_a_unit_or_milliseconds(written: object, span_ms: int) -> None:
    assert SPAN.parse(written) == span_ms


@pytest.mark.parametrize(
    "written",
    [
        "3x",
        "",
        "s",
        "-1s",
        "1.5s",
        "1h30m",
        "10S",
        "999ms",
        "301s",
        "\u0663s",
        "1s ",
        6000.0,
        True,
        None,
        ["1s"],
        10**30,
    ],
)
def test_anything_else_is_no_duration_and_says_what_would_be(written: object) -> None:
    assert refused(SPAN, written) == "a duration such as 10s, 30m or 7d, between 1s and 5m"


@pytest.mark.parametrize("span_ms", [0, 1, 999, 1_000, 90_000, 5_400_000, 86_400_000, 604_800_000])
def test_a_duration_is_shown_as_one_would_write_it(span_ms: int) -> None:
    assert duration_ms(duration_text(span_ms)) == span_ms


def test_a_duration_is_shown_in_its_largest_unit() -> None:
    assert [duration_text(ms) for ms in (0, 500, 90_000, 5_400_000, 86_400_000)] == [
        "0s",
        "500ms",
        "90s",
        "90m",
        "1d",
    ]


def test_text_of_a_programmer_that_is_no_duration_raises() -> None:
    with pytest.raises(ValueError, match="no duration"):
        duration_ms("soon")


@pytest.mark.parametrize("written", [1, "1", 100, "100", -1, "-1"])
def test_a_whole_number_may_come_as_text(written: object) -> None:
    assert Whole(1, 100, also=-1).parse(written) == int(str(written))


@pytest.mark.parametrize(
    "written", [0, 101, -2, "x", "1.0", 1.0, True, None, "", "9" * 40, "\u0661"]
)
def test_anything_else_is_no_whole_number(written: object) -> None:
    assert refused(Whole(1, 100, also=-1), written) == "a whole number between 1 and 100, or -1"


@pytest.mark.parametrize(("written", "number"), [(0.8, 0.8), ("0.8", 0.8), (1, 1.0), ("0", 0.0)])
def test_a_number_may_come_as_text_and_without_a_fraction(written: object, number: float) -> None:
    assert Number(0, 1).parse(written) == number


@pytest.mark.parametrize(
    "written", [80, -0.1, "80%", "nan", float("nan"), float("inf"), True, None]
)
def test_anything_else_is_no_share(written: object) -> None:
    form = Number(0, 1, "a share (0.8 for 80 %)")
    assert refused(form, written) == "a share (0.8 for 80 %) between 0 and 1"


def test_large_numbers_are_shown_without_an_exponent() -> None:
    assert Number(0, 7_776_000).allowed == "a number between 0 and 7776000"
    assert Number(0, 1).show(0.05) == "0.05"


@pytest.mark.parametrize("written", [True, "true", "TRUE", "yes", "on", "1"])
def test_yes_may_be_said_in_several_ways(written: object) -> None:
    assert Flag().parse(written) is True


@pytest.mark.parametrize("written", [False, "false", "no", "Off", "0"])
def test_no_may_be_said_in_several_ways(written: object) -> None:
    assert Flag().parse(written) is False


@pytest.mark.parametrize("written", [1, 0, "", "maybe", None, []])
def test_anything_else_is_neither(written: object) -> None:
    assert refused(Flag(), written) == "true or false"


def test_capitals_do_not_matter_in_a_choice() -> None:
    assert Choice(("PLAIN", "SCRAM-SHA-256")).parse("scram-sha-256") == "SCRAM-SHA-256"


@pytest.mark.parametrize("written", ["plain ", "", None, 1, ["PLAIN"]])
def test_what_is_not_in_the_list_is_no_choice(written: object) -> None:
    assert refused(Choice(("PLAIN", "OTHER")), written) == "one of PLAIN, OTHER"


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        (SPAN, 6_000, "6s"),
        (SPAN, None, "none"),
        (Whole(0, 1), 1, "1"),
        (Number(0, 1), 1.0, "1"),
        (Number(0, 1), None, "none"),
        (Flag(), True, "true"),
    ],
)
def test_values_are_shown_as_in_a_file(form: Form, value: Any, text: str) -> None:
    assert form.show(value) == text
