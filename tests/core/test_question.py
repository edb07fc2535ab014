"""What a question means, and which answers are positive, as their publishers have it."""

from typing import Any

import pytest

from processor.core.definitions import Polarity, Question
from processor.core.question import Meaning, Registry, fits, positive_edge
from schemas.event import Answer, SurveySubmitted


@pytest.mark.parametrize(
    ("kind", "low", "high", "best"),
    [
        ("csat", 1, 5, (4, 5)),  # SoGoSurvey, kicue
        ("csat", 1, 10, (9, 10)),  # QuestionPro
        ("csat", 0, 10, (9, 10)),
        ("csat", 1, 7, (6, 7)),
        ("csat", 1, 6, (5, 6)),
        ("csat", 1, 3, (3, 3)),  # the top of three
        ("csat", 1, 4, (4, 4)),
        ("csat", 0, 1, (1, 1)),  # good of good/bad: Zendesk
        ("csat", 0, 100, (81, 100)),
        ("ces", 1, 7, (5, 7)),  # Zonka
        ("ces", 1, 5, (4, 5)),
        ("ces", 1, 3, (3, 3)),
        ("ces", 0, 1, (1, 1)),
    ],
)
def test_the_top_box_of_a_scale(kind: str, low: int, high: int, best: tuple[int, int]) -> None:
    worst, top = best
    assert positive_edge(kind, low, high, "high_good") == worst
    assert top == high
    assert positive_edge(kind, low, high, "low_good") == low + (high - worst)


ROWS = (
    Question("loyal", "s", "q", "nps", source="forms"),
    Question("mood", "s", "q", "csat", scale_min=1, scale_max=10, polarity="low_good"),
    Question("taste", "s", "p", "csat"),
    Question("size", "s", "z", "scale"),
    Question("loyal", "s", "n", "nps"),
    Question("why", "s", "t", "text"),
)
REGISTRY = Registry(ROWS)


def meant(question_id: str = "q", *, source: str = "till", **said: Any) -> Meaning | None:
    answer = Answer(question_id=question_id, **said)
    return REGISTRY.meaning(event(source), answer)


def event(source: str = "till") -> SurveySubmitted:
    return SurveySubmitted(
        event_id="e", source=source, occurred_at=0, response_id="r", survey_id="s", answers=[]
    )


def test_a_row_for_the_source_comes_before_the_row_for_any() -> None:
    assert meant(source="forms") == Meaning(1, "nps", 0, 10, "high_good", conflicting=False)
    assert meant() == Meaning(2, "csat", 1, 10, "low_good", conflicting=False)


def test_a_row_decides_and_a_conflict_is_noted() -> None:
    assert meant(kind="ces") == Meaning(2, "csat", 1, 10, "low_good", conflicting=True)
    assert meant(scale_min=1, scale_max=5) == Meaning(2, "csat", 1, 10, "low_good", True)
    assert meant(polarity="high_good") == Meaning(2, "csat", 1, 10, "low_good", True)
    assert meant(kind="csat", scale_min=1, scale_max=10, polarity="low_good") == meant()


def test_a_row_without_a_scale_leaves_it_to_the_answer() -> None:
    assert meant("p") == Meaning(3, "csat", 1, 5)
    assert meant("p", scale_min=1, scale_max=10) == Meaning(3, "csat", 1, 10)
    assert meant("z") is None
    assert meant("z", scale_min=0, scale_max=3) == Meaning(4, "scale", 0, 3)


def test_a_row_without_a_polarity_leaves_it_to_the_answer() -> None:
    assert meant("p") == Meaning(3, "csat", 1, 5, "high_good")
    assert meant("p", polarity="low_good") == Meaning(3, "csat", 1, 5, "low_good")
    assert meant("p", polarity="high_good") == Meaning(3, "csat", 1, 5, "high_good")


def test_a_row_decides_for_an_answer_that_calls_itself_a_text() -> None:
    answer = Answer(question_id="n", kind="text", value=9)
    assert REGISTRY.valid(event(), answer)
    assert answer.value == 9
    assert REGISTRY.meaning(event(), answer) == Meaning(5, "nps", 0, 10, conflicting=True)
    assert not REGISTRY.valid(event(), Answer(question_id="n", kind="text", value="well"))


@pytest.mark.parametrize("said", [{}, {"kind": "text"}, {"kind": "choice"}])
def test_of_what_a_row_calls_a_text_nothing_is_kept(said: Any) -> None:
    answer = Answer(question_id="t", value="secret", **said)
    assert REGISTRY.valid(event(), answer)
    assert answer.value is None


def test_an_unregistered_question_means_what_its_answer_says() -> None:
    assert meant("x", kind="ces", polarity="low_good") == Meaning(0, "ces", 1, 7, "low_good")
    assert meant("x", kind="scale", scale_min=0, scale_max=3) == Meaning(0, "scale", 0, 3)
    assert meant("x", kind="yes_no") == Meaning(0, "yes_no")


def test_what_nobody_explains_means_nothing() -> None:
    assert meant("x") is None
    assert meant("x", kind="scale") is None


@pytest.mark.parametrize(
    ("meaning", "good", "bad"),
    [
        (Meaning(0, "nps", 0, 10), [0, 10], [11, -1, 9.5, "9", True, None]),
        (Meaning(0, "nps", 0, 20), [10], [11]),
        (Meaning(0, "csat", 1, 5), [1, 5], [0, 6, False]),
        (Meaning(0, "yes_no"), [True, False], [1, "yes"]),
        (Meaning(0, "choice"), ["a"], [["a"], 1]),
        (Meaning(0, "multi_choice"), [[], ["a"], ["a"] * 20], ["a", ["a"] * 21]),
        (Meaning(0, "text"), ["a", 1, None], []),
    ],
)
def test_a_value_fits_its_kind_and_scale(meaning: Meaning, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if not fits(meaning, value)] == []
    assert [value for value in bad if fits(meaning, value)] == []


def test_what_is_not_explained_is_judged_by_what_it_says_itself() -> None:
    def valid(**said: Any) -> bool:
        return REGISTRY.valid(event(), Answer(question_id="x", **said))

    assert valid(value=9)
    assert valid(value="anything")
    assert not valid(value=9, scale_min=1, scale_max=5)
    assert not valid(kind="scale", value="much")


def test_the_registry_has_a_say_in_what_fits() -> None:
    assert REGISTRY.valid(event(), Answer(question_id="q", value=9))
    assert not REGISTRY.valid(event("forms"), Answer(question_id="q", value=11))
    polarity: Polarity = "low_good"
    assert REGISTRY.valid(event(), Answer(question_id="q", kind="ces", value=9, polarity=polarity))
