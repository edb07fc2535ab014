"""One leg of a contact: its facts, and back as a row."""

from typing import Any

import pytest

from processor.core.entity.life import code_of
from processor.core.entity.segment import LEFT_REASONS, Leg, leg_facts, legs
from processor.core.identity import Identity
from schemas.event import Segment

IDENTITY = Identity(bytes(32))


def leg(**said: Any) -> Leg:
    facts = dict(leg_facts(Segment(**said), 7, IDENTITY, {"q": 1}.get))
    return legs(facts, [7])[0]


def test_a_leg_comes_back_as_it_was_told() -> None:
    told = leg(
        queue="q",
        queued_at=1,
        answered_at=2,
        left_queue_at=3,
        left_reason="callback",
        ended_at=4,
        queue_wait_ms=5,
        talk_ms=6,
        hold_ms=7,
        wrap_ms=8,
        wrap_code="hard",
        next_segment_id="s2",
        is_callback=True,
    )
    assert told == Leg(
        7,
        queue=1,
        queued_at=1,
        answered_at=2,
        left_queue_at=3,
        left_reason=LEFT_REASONS.index("callback"),
        ended_at=4,
        queue_wait_ms=5,
        talk_ms=6,
        hold_ms=7,
        wrap_ms=8,
        wrap_code=IDENTITY.part("hard"),
        next_segment_id=IDENTITY.part("s2"),
        is_callback=1,
    )


def test_an_unknown_queue_and_what_counts_for_nothing_are_left_out() -> None:
    said = Segment(queue="nobody", ring_ms=1, end_reason="agent", previous_segment_id="s0")
    assert list(leg_facts(said, 7, IDENTITY, lambda _: None)) == []


def test_a_known_leg_of_which_nothing_was_said_is_a_row_too() -> None:
    assert legs({}, [9, 7]) == [Leg(7), Leg(9)]


def test_facts_of_other_fields_are_no_part_of_a_leg() -> None:
    assert code_of(next(iter(dict(leg_facts(Segment(talk_ms=1), 7, IDENTITY, len))))) > 8
    assert legs({2: 5}, [7]) == [Leg(7)]


@pytest.mark.parametrize(
    ("said", "wait_ms"),
    [
        ({"queue_wait_ms": 5, "queued_at": 10, "answered_at": 90}, 5),
        ({"queued_at": 10, "answered_at": 30, "left_queue_at": 50, "ended_at": 90}, 20),
        ({"queued_at": 10, "left_queue_at": 50, "ended_at": 90}, 40),
        ({"queued_at": 10, "ended_at": 90}, 80),
        ({"queued_at": 10, "answered_at": 9, "left_queue_at": 50}, None),
        ({"queued_at": 10, "answered_at": 10}, 0),
        ({"queued_at": 10}, None),
        ({"answered_at": 10}, None),
    ],
)
def test_the_wait_of_a_leg(said: dict[str, int], wait_ms: int | None) -> None:
    assert leg(**said).wait_ms == wait_ms


@pytest.mark.parametrize(
    ("said", "open_"),
    [
        ({}, False),
        ({"queued_at": 1}, True),
        ({"answered_at": 1}, True),
        ({"queued_at": 1, "left_queue_at": 2}, False),
        ({"answered_at": 1, "ended_at": 2}, False),
    ],
)
def test_a_leg_is_open_until_it_was_left_or_ended(said: dict[str, int], open_: bool) -> None:
    assert leg(**said).is_open == open_


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("queued_at", "answered_at"),
        ("queued_at", "left_queue_at"),
        ("answered_at", "ended_at"),
        ("queued_at", "ended_at"),
    ],
)
def test_instants_out_of_order_contradict_each_other(first: str, then: str) -> None:
    assert leg(**{first: 2, then: 1}).is_inconsistent
    assert not leg(**{first: 2, then: 2}).is_inconsistent
    assert not leg(**{then: 1}).is_inconsistent
