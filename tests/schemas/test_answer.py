from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.answer import answer_valid, form_fault, settle_answer
from schemas.event import Answer, SurveySubmitted

EVENT = SurveySubmitted(
    event_id="e", source="forms", occurred_at=10**12, response_id="r", survey_id="s", answers=[]
)


def fits(**said: Any) -> bool:
    return answer_valid(EVENT, Answer(question_id="q", **said))


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("nps", [0, 10], [11, "9", True, None]),
        ("csat", [1, 5], [0, 6, "5", None]),
        ("ces", [1, 7], [0, 8, None]),
        ("scale", [0, 2**53 - 1], ["3", None, False]),
        ("yes_no", [True, False], [0, 1, "yes", None]),
        ("choice", ["price", ""], [1, ["price"], None]),
        ("multi_choice", [[], ["a", "b"]], ["a", 1, None]),
        ("text", [None, "x", 1, True], []),
        (None, [None, "x", 77, True, ["a"]], []),
    ],
)
def test_a_value_fits_its_kind(kind: Any, good: list[Any], bad: list[Any]) -> None:
    assert all(fits(kind=kind, value=value) for value in good)
    assert not any(fits(kind=kind, value=value) for value in bad)


@given(st.sampled_from(["csat", "ces", "scale", None]), st.integers(0, 50), st.integers(0, 50))
def test_a_declared_scale_holds_instead_of_the_default(kind: Any, value: int, width: int) -> None:
    declared = {"scale_min": 20, "scale_max": 21 + width}
    assert fits(kind=kind, value=value, **declared) == (20 <= value <= 21 + width)


def test_nps_is_0_to_10_whatever_is_declared() -> None:
    assert not fits(kind="nps", value=50, scale_min=0, scale_max=100)
    assert fits(kind="nps", value=5, scale_min=1, scale_max=10)
    assert not fits(kind="nps", value=0, scale_min=1, scale_max=10)


@pytest.mark.parametrize(
    ("low", "high", "good"),
    [
        (None, None, True),
        (0, 1, True),
        (1, 1, False),
        (2, 1, False),
        (1, None, False),
        (None, 1, False),
    ],
)
def test_a_scale_is_a_pair_that_rises(low: int | None, high: int | None, good: bool) -> None:
    fault = form_fault(Answer(question_id="q", scale_min=low, scale_max=high))
    assert (fault is None) == good


def test_settling_takes_nulls_away() -> None:
    answer = Answer(question_id="q", kind="nps", value=9, status=None)  # type: ignore[arg-type]
    settle_answer(answer)
    assert answer == Answer(question_id="q", kind="nps", value=9)
    chosen: Any = [None, "a"]
    answer = Answer(question_id="q", kind="multi_choice", value=chosen)
    settle_answer(answer)
    assert answer.value == ["a"]


def test_whoever_judges_takes_the_value_of_a_text_away() -> None:
    answer = Answer(question_id="q", kind="text", value="secret")
    settle_answer(answer)
    assert answer.value == "secret"  # The registry may know that it is no text.
    assert answer_valid(EVENT, answer)
    assert answer == Answer(question_id="q", kind="text")


@pytest.mark.parametrize("status", ["skipped", "dismissed"])
def test_what_is_no_answer_has_no_value(status: Any) -> None:
    answer = Answer(question_id="q", kind="text", value="secret", status=status)
    settle_answer(answer)
    assert answer == Answer(question_id="q", kind="text", status=status)
