"""Contacts, read slowly."""

from typing import Any

import pytest

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.verify.oracle.contact import (
    ContactRules,
    Segment,
    having,
    is_open,
    is_transferred,
    left_ms,
    segments,
    wait_ms,
    waits_for_leg,
)
from processor.verify.oracle.register import Registers, joined
from schemas.decode import TopicKind, decode
from schemas.reason import Rejection
from tests.wire import NOON, record

RULES = ContactRules(Definitions(), Identity(bytes(32)))


def registers(*events: dict[str, Any]) -> Registers:
    read = []
    for event in events:
        said = {"type": "contact.recorded", "contact_id": "k", "segments": []} | event
        one = record(said)
        decoded = decode(TopicKind.CONTACTS, one.key, one.value, (), latest_ms=NOON)
        assert not isinstance(decoded, Rejection)
        read.append(decoded)
    return joined(write for event in read for write in RULES.writes(event))


@pytest.mark.parametrize(
    ("leg", "waited"),
    [
        ({"queue_wait_ms": 5, "queued_at": 1, "answered_at": 9}, 5),
        ({"queued_at": 1, "answered_at": 9, "ended_at": 20}, 8),
        ({"queued_at": 1, "left_queue_at": 9}, 8),
        ({"queued_at": 1, "ended_at": 9}, 8),
        ({"queued_at": 9, "answered_at": 1, "ended_at": 20}, None),
        ({"answered_at": 9}, None),
        ({"queued_at": 9}, None),
    ],
)
def test_the_wait_of_a_leg(leg: Segment, waited: int | None) -> None:
    assert wait_ms(leg) == waited


def test_a_leg_is_open_until_it_was_left_or_ended() -> None:
    assert is_open({"queued_at": 1})
    assert is_open({"answered_at": 1})
    assert not is_open({"queued_at": 1, "ended_at": 2})
    assert not is_open({})


def test_when_a_leg_was_left() -> None:
    legs: list[Segment] = [{"left_queue_at": 3, "ended_at": 9}, {"ended_at": 9}, {}]
    assert [left_ms(leg) for leg in legs] == [3, 9, -1]


def test_legs_are_ordered_by_instant_and_hash() -> None:
    legs: list[Segment] = [{"id": 9, "queued_at": 1}, {"id": 3, "queued_at": 1}, {"id": 1}]
    assert [leg["id"] for leg in having(legs, "queued_at")] == [3, 9]


def test_an_announced_leg_is_waited_for_until_something_is_known_of_it() -> None:
    assert waits_for_leg([{"id": 1, "next": 2}])
    assert not waits_for_leg([{"id": 1, "next": 2}, {"id": 2}])


def test_a_record_beats_a_life_cycle_event_however_new() -> None:
    told = {"segments": [{"talk_ms": 1}], "occurred_at": NOON - 60_000}
    later = {"type": "contact.ended", "ended_at": NOON, "talk_ms": 2}
    (leg,) = segments(registers(told, later))
    assert leg["talk_ms"] == 1
    assert leg["ended_at"] == NOON


def test_a_transfer_is_said_or_seen() -> None:
    assert is_transferred(registers({"type": "contact.transferred"}))
    queue = {"type": "contact.transferred", "transfer_kind": "queue"}
    assert not is_transferred(registers(queue))
    legs: list[dict[str, Any]] = [
        {"answered_at": NOON - 9, "ended_at": NOON - 5},
        {"segment_id": "s2", "answered_at": NOON - 5, "ended_at": NOON},
    ]
    assert is_transferred(registers({"segments": legs}))
    legs[0]["ended_at"] = NOON
    assert not is_transferred(registers({"segments": legs}))


def test_a_word_for_nobody_is_no_customer() -> None:
    rules = ContactRules(Definitions(unknown_words={"test": ("x",)}), Identity(bytes(32)))
    one = record({"type": "contact.updated", "contact_id": "k", "customer_id": "x"})
    event = decode(TopicKind.CONTACTS, one.key, one.value, (), latest_ms=NOON)
    assert not isinstance(event, Rejection)
    assert ("customer",) not in joined(rules.writes(event))
