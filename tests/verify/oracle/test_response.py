"""Responses, read slowly."""

from typing import Any

import pytest

from processor.core.definitions import Definitions, Question
from processor.core.identity import Identity
from processor.verify.oracle.response import ResponseRules, is_positive
from schemas.event import Answer, SurveySubmitted
from tests.wire import NOON

ROWS = (
    Question("loyal", "s", "q", "nps", source="forms"),
    Question("mood", "s", "q", "csat", scale_min=1, scale_max=10, polarity="low_good"),
    Question("why", "s", "t", "text"),
    Question("ease", "s", "e", "ces"),
)
RULES = ResponseRules(Definitions(questions=ROWS), Identity(bytes(32)))


def event(source: str = "till") -> SurveySubmitted:
    return SurveySubmitted(
        event_id="e", source=source, occurred_at=NOON, response_id="r", survey_id="s", answers=[]
    )


@pytest.mark.parametrize(
    ("kind", "scale", "worst", "worst_if_low_is_good"),
    [
        ("csat", (1, 5), 4, 2),
        ("csat", (1, 10), 9, 2),
        ("csat", (1, 3), 3, 1),
        ("csat", (0, 100), 81, 19),
        ("ces", (1, 7), 5, 3),
        ("ces", (1, 5), 4, 2),
        ("ces", (0, 1), 1, 0),
    ],
)
def test_the_top_box(
    kind: str, scale: tuple[int, int], worst: int, worst_if_low_is_good: int
) -> None:
    values = range(scale[0], scale[1] + 1)
    good = [v for v in values if is_positive(kind, v, scale, "high_good", None)]
    assert min(good) == worst
    good = [v for v in values if is_positive(kind, v, scale, "low_good", None)]
    assert max(good) == worst_if_low_is_good


def test_the_registry_may_draw_the_line() -> None:
    high = Question("m", "s", "q", "csat", positive_edge=3)
    assert is_positive("csat", 3, (1, 5), "high_good", high)
    assert not is_positive("csat", 2, (1, 5), "high_good", high)
    assert is_positive("csat", 3, (1, 5), "low_good", high)
    assert not is_positive("csat", 4, (1, 5), "low_good", high)


def test_the_row_of_the_source_comes_first() -> None:
    assert RULES.meaning(event("forms"), Answer(question_id="q")).kind == "nps"
    assert RULES.meaning(event(), Answer(question_id="q")).kind == "csat"
    assert RULES.meaning(event(), Answer(question_id="x")).kind is None


@pytest.mark.parametrize(
    ("said", "conflict"),
    [
        ({}, False),
        ({"kind": "csat", "scale_min": 1, "scale_max": 10, "polarity": "low_good"}, False),
        ({"kind": "ces"}, True),
        ({"scale_min": 1, "scale_max": 5}, True),
        ({"polarity": "high_good"}, True),
    ],
)
def test_what_differs_from_the_registry_is_in_conflict(
    said: dict[str, Any], conflict: bool
) -> None:
    assert RULES.meaning(event(), Answer(question_id="q", **said)).in_conflict == conflict


@pytest.mark.parametrize("said", [None, "high_good", "low_good"])
def test_a_row_without_a_polarity_leaves_it_to_the_answer(said: Any) -> None:
    meaning = RULES.meaning(event(), Answer(question_id="e", polarity=said))
    assert (meaning.polarity, meaning.in_conflict) == (said or "high_good", False)


def test_the_row_says_what_is_a_text() -> None:
    rating = Answer(question_id="e", kind="text", value=5)
    assert RULES.judge(event(), rating)
    assert rating.value == 5
    text = Answer(question_id="t", kind="choice", value="secret")
    assert RULES.judge(event(), text)
    assert text.value is None


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"question_id": "q", "value": 10}, True),
        ({"question_id": "q", "value": 11}, False),
        ({"question_id": "t", "value": 5}, True),
        ({"question_id": "x", "value": "anything"}, True),
        ({"question_id": "x", "value": 9, "scale_min": 1, "scale_max": 5}, False),
        ({"question_id": "x", "kind": "nps", "value": 11, "scale_min": 0, "scale_max": 20}, False),
        ({"question_id": "x", "kind": "yes_no", "value": 1}, False),
        ({"question_id": "x", "kind": "multi_choice", "value": ["a"]}, True),
        ({"question_id": "x", "kind": "scale", "value": True}, False),
    ],
)
def test_a_value_is_judged_by_kind_and_scale(said: dict[str, Any], fits: bool) -> None:
    assert RULES.judge(event(), Answer(**said)) == fits
