"""One answer: as the content of a register, and as counts."""

from typing import Any

import pytest

from processor.core.definitions import Question
from processor.core.entity.answer import answer_counts, answered
from processor.core.question import Meaning
from schemas.event import Answer
from tests.wire import NOON

REASON = Question("reason", "s", "q", "multi_choice", options=("price", "speed"))


def counted(meaning: Meaning, value: Any, question: Question | None = None) -> dict[str, Any]:
    content = answered(Answer(question_id="q", value=value), meaning, question)
    counts = answer_counts(content, question, NOON, ())
    assert {count.at_ms for count in counts} <= {NOON}
    return {
        ";".join((count.tally.name, *count.dimensions)): {
            count.tally.fields[at]: amount for at, amount in count.amounts
        }
        for count in counts
    }


@pytest.mark.parametrize(
    ("meaning", "value", "counts"),
    [
        (Meaning(0, "nps", 0, 10), 0, {"nps": {"r0": 1}}),
        (Meaning(0, "nps", 0, 10), 10, {"nps": {"r10": 1}}),
        (
            Meaning(0, "csat", 1, 5),
            4,
            {
                "csat": {"answers": 1, "satisfied": 1},
                "csat_rating;1-5;high_good": {"answers": 1, "sum": 4, "squares": 16},
            },
        ),
        (
            Meaning(0, "csat", 0, 1),
            0,
            {"csat": {"answers": 1}, "csat_rating;0-1;high_good": {"answers": 1}},
        ),
        (
            Meaning(0, "ces", 1, 5, "low_good"),
            2,
            {
                "ces": {"answers": 1, "easy": 1},
                "ces_rating;1-5;low_good": {"answers": 1, "sum": 2, "squares": 4},
            },
        ),
        (
            Meaning(0, "scale", 0, 9),
            3,
            {"question_rating;__other__;0-9;high_good": {"answers": 1, "sum": 3, "squares": 9}},
        ),
        (Meaning(0, "yes_no"), True, {"question_yes;__other__": {"answers": 1, "yes": 1}}),
        (Meaning(0, "yes_no"), False, {"question_yes;__other__": {"answers": 1}}),
        (Meaning(0, "choice"), "x", {"question_choice;__other__;__other__": {"chosen": 1}}),
        (Meaning(0, "multi_choice"), [], {}),
    ],
)
def test_what_an_answer_counts_for(meaning: Meaning, value: Any, counts: dict[str, Any]) -> None:
    assert counted(meaning, value) == counts


def test_options_are_counted_by_their_configured_names() -> None:
    meaning = Meaning(1, "multi_choice")
    content = answered(Answer(question_id="q", value=["x", "speed", "y", "speed"]), meaning, REASON)
    assert content[5:] == (0, 0, 2)
    counts = [count.dimensions for count in answer_counts(content, REASON, NOON, ())]
    assert counts == [("reason", "__other__"), ("reason", "__other__"), ("reason", "speed")]


@pytest.mark.parametrize(("polarity", "value", "good"), [("high_good", 3, 1), ("low_good", 4, 0)])
def test_the_registry_may_draw_the_line(polarity: Any, value: int, good: int) -> None:
    question = Question("mood", "s", "q", "csat", polarity=polarity, positive_edge=3)
    counts = counted(Meaning(1, "csat", 1, 5, polarity), value, question)
    assert counts["csat"].get("satisfied", 0) == good


def test_an_answer_in_conflict_says_so() -> None:
    meaning = Meaning(1, "csat", 1, 5, conflicting=True)
    assert answered(Answer(question_id="q", value=3), meaning, None) == (1, 1, 5, 0, 1, 3)
