"""One life of one entity."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, Definitions
from processor.core.identity import Identity
from processor.verify.oracle.entity import Entity
from processor.verify.oracle.response import ResponseRules
from schemas.event import Answer, SurveySubmitted
from tests.wire import DAY, MINUTE, NOON

RULES = ResponseRules(Definitions(bounds=Bounds(ids_max=1)), Identity(bytes(32)))


def entity(*events: SurveySubmitted) -> Entity:
    made = Entity("surveys", b"r", RULES, DAY)
    made.events += events
    return made


def said(
    at_ms: int = NOON, *questions: str, created_at: int | None = NOON, **more: Any
) -> SurveySubmitted:
    return SurveySubmitted(
        event_id="e",
        source="s",
        occurred_at=at_ms,
        created_at=created_at,
        response_id="r",
        survey_id="s",
        answers=[Answer(question_id=name, kind="nps", value=9, **more) for name in questions],
    )


def tallies(made: Entity) -> dict[str, dict[str, int]]:
    return {
        count.tally: {field: n for field, n in count.amounts.items() if n}
        for count, _ in made.counts()
    }


def test_what_stands_counts() -> None:
    assert tallies(entity(said(NOON, "q"))) == {
        **{"survey": {"responses": 1}, "nps": {"r9": 1}, "quality": {}}
    }


def test_what_is_unanchored_says_only_that() -> None:
    assert tallies(entity(said(NOON, "q", created_at=None))) == {"quality": {"unanchored": 1}}


def test_what_is_oversized_says_only_that() -> None:
    made = entity(said(NOON, "q", "p"))
    assert tallies(made) == {"quality": {"oversized": 1}}
    assert {key[0] for key in made.registers()} == {
        *("newest", "anchor", "anchor claimed", "oversized")
    }


def test_anchors_more_than_a_second_apart_are_in_conflict() -> None:
    assert "anchor_conflict" in tallies(entity(said(), said(created_at=NOON + 2000)))["quality"]
    assert tallies(entity(said(), said(created_at=NOON + 1999)))["quality"] == {}


@pytest.mark.parametrize(
    ("at_ms", "inside"),
    [
        (NOON - 5 * MINUTE, True),
        (NOON - 5 * MINUTE - 1, False),
        (NOON + DAY, True),
        (NOON + DAY + 1, False),
    ],
)
def test_a_fact_outside_life_counts_nothing(at_ms: int, inside: bool) -> None:
    found = tallies(entity(said(NOON, "q", answered_at=at_ms)))
    assert ("nps" in found) == inside
    assert ("inconsistent" in found["quality"]) != inside


def test_one_can_ask_what_only_the_first_events_leave() -> None:
    made = entity(said(), said(NOON + 1, "q"))
    assert ("answer", "q") in made.registers()
    assert ("answer", "q") not in made.registers(1)
