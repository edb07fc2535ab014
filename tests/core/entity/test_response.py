"""A survey response, from its events to its counts."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, Definitions, Question
from tests.core.counted_log import counts_in, counts_of, read
from tests.wire import DAY, HOUR, NOON

SMALL = Definitions(bounds=Bounds(ids_max=2))
OVERSIZED = {"quality;entity=response": {"oversized": 1}}


def submitted(at_ms: int = NOON, **more: Any) -> dict[str, Any]:
    event = {"type": "survey.submitted", "response_id": "r", "survey_id": "s", "answers": []}
    return event | {"created_at": NOON, "occurred_at": at_ms} | more


def nines(*questions: str) -> list[dict[str, Any]]:
    return [{"question_id": name, "kind": "nps", "value": 9} for name in questions]


def test_a_single_event_may_be_beyond_the_bound() -> None:
    assert counts_of(submitted(answers=nines("a", "b", "c")), definitions=SMALL) == OVERSIZED


def test_an_oversized_response_that_hears_old_news_hears_nothing() -> None:
    _, became = read(
        submitted(NOON + 5, answers=nines("a", "b", "c")),
        submitted(NOON, answers=nines("d")),
        definitions=SMALL,
    )
    assert became == ["applied", "no_effect"]


def test_questions_are_counted_over_all_events() -> None:
    some = submitted(answers=nines("a", "b"))
    assert counts_of(some, definitions=SMALL)["nps"] == {"r9": 2}
    more = submitted(NOON + 1, answers=nines("c"))
    assert counts_of(some, more, definitions=SMALL) == OVERSIZED


def test_a_skip_takes_an_answer_back_without_knowing_its_kind() -> None:
    skip = submitted(NOON + 1, answers=[{"question_id": "a", "status": "skipped"}])
    assert counts_of(submitted(answers=nines("a")), skip) == {}
    assert counts_of(skip, submitted(answers=nines("a"))) == {}


def test_a_dismissed_question_says_nothing() -> None:
    dismissed = submitted(NOON + 1, answers=[{"question_id": "a", "status": "dismissed"}])
    assert counts_of(submitted(answers=nines("a")), dismissed)["nps"] == {"r9": 1}
    assert counts_of(dismissed) == {}


def test_a_text_is_no_answer() -> None:
    text = [{"question_id": "a", "kind": "text", "value": "fine"}]
    assert counts_of(submitted(answers=text)) == {}
    skipped = [{"question_id": "a", "kind": "text", "status": "skipped"}]
    known = Definitions(questions=(Question("why", "s", "a", "text"),))
    assert counts_of(submitted(answers=skipped)) == {}
    assert counts_of(submitted(answers=nines("a")), definitions=known) == {}


def test_an_answer_of_an_unmapped_question_is_left_out() -> None:
    answers = [{"question_id": "a", "value": 3}, *nines("b")]
    assert counts_of(submitted(answers=answers))["survey"] == {"responses": 1}


def test_a_registered_and_an_unregistered_question_never_meet() -> None:
    known = Definitions(questions=(Question("loyal", "s", "a", "nps"),))
    counts = counts_of(submitted(answers=nines("a", "b")), definitions=known)
    assert counts["nps"] == {"r9": 2}


@pytest.mark.parametrize(
    ("first", "then", "completed"),
    [("partial", "complete", 1), ("complete", "partial", 1), ("partial", "dismissed", 0)],
)
def test_completion_never_goes_back(first: str, then: str, completed: int) -> None:
    counts = counts_of(
        submitted(completion=first, answers=nines("a")), submitted(NOON + 1, completion=then)
    )
    assert counts["survey"].get("completed", 0) == completed


def test_an_answer_counts_when_it_was_first_given() -> None:
    answer = nines("a")[0]
    for told, at_ms in (
        ({"answers": [answer | {"answered_at": NOON + 2 * HOUR}]}, NOON + 2 * HOUR),
        ({"answers": [answer], "submitted_at": NOON + HOUR}, NOON + HOUR),
        ({"answers": [answer]}, NOON + 3 * HOUR),
    ):
        world, _ = read(submitted(NOON + 3 * HOUR, **told))
        assert (3_600_000, at_ms) in world.view("surveys").panes.stored


def test_a_fact_outside_life_counts_nothing_and_is_noticed() -> None:
    early = submitted(NOON, created_at=None, answers=nines("a"))
    world, became = read(early, submitted(NOON + DAY, created_at=NOON + 6 * 60_000))
    assert became == ["applied", "applied"]
    assert counts_in(world) == {"quality;entity=response": {"inconsistent": 1}}


def test_offers_count_at_the_first_of_them() -> None:
    offered = {"type": "survey.offered", "response_id": "r", "survey_id": "s", "created_at": NOON}
    world, _ = read(offered | {"occurred_at": NOON + HOUR}, offered)
    assert (3_600_000, NOON) in world.view("surveys").panes.stored
    assert counts_in(world)["survey"] == {"offered": 1}


def test_a_withdrawal_says_nothing_but_that() -> None:
    gone = {"type": "survey.withdrawn", "response_id": "r", "channel": "web"}
    again = submitted(NOON + 2, answers=nines("a"))
    counts = counts_of(submitted(), gone | {"occurred_at": NOON + 1}, again)
    assert counts["nps@channel=__none__"] == {"r9": 1}
