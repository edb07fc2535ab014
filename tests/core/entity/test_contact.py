"""A contact, from its events to its counts."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, ContactRules, Definitions
from processor.core.remark import UNLISTED_VALUE, Remark
from tests.core.counted_log import counts_of, read
from tests.wire import MINUTE, NOON, SECOND, record
from tests.world import World


def started(**more: Any) -> dict[str, Any]:
    event = {"type": "contact.started", "contact_id": "k", "direction": "inbound"}
    return event | {"created_at": NOON, "occurred_at": NOON} | more


def recorded(*segments: dict[str, Any], **more: Any) -> dict[str, Any]:
    event = {"type": "contact.recorded", "contact_id": "k", "direction": "inbound"}
    return event | {"created_at": NOON, "occurred_at": NOON, "segments": list(segments)} | more


TALK = {"answered_at": NOON, "ended_at": NOON + MINUTE, "talk_ms": 40_000}


def contact(*events: dict[str, Any], **rules: Any) -> dict[str, int]:
    return counts_of(*events, definitions=Definitions(**rules)).get("contact", {})


def test_handle_time_is_summed_over_legs_and_not_over_events() -> None:
    legs: list[dict[str, Any]] = [
        TALK | {"hold_ms": 5_000},
        TALK | {"segment_id": "s2", "wrap_ms": 7_000},
    ]
    counts = contact(recorded(*legs), recorded(*legs, occurred_at=NOON + 1))
    assert counts["handle_ms"] == 92_000
    assert counts["handle_ms_squares"] == 92_000**2
    assert (counts["talk_ms"], counts["hold_ms"], counts["wrap_ms"]) == (80_000, 5_000, 7_000)


@pytest.mark.parametrize(("direction", "handled"), [("outbound", 1), (None, 1), ("internal", 0)])
def test_all_but_internal_contacts_are_handled(direction: str | None, handled: int) -> None:
    counts = contact(recorded(TALK, direction=direction))
    assert counts.get("handled", 0) == handled
    assert "answered" not in counts


@pytest.mark.parametrize(("wait_ms", "in_time"), [(20_000, 1), (20_001, 0)])
def test_in_time_is_within_the_service_level(wait_ms: int, in_time: int) -> None:
    counts = contact(recorded(TALK | {"queue_wait_ms": wait_ms}))
    assert (counts.get("in_time", 0), counts["waited"], counts["wait_ms"]) == (in_time, 1, wait_ms)
    strict = ContactRules(service_level_ms=10 * SECOND)
    assert "in_time" not in contact(recorded(TALK | {"queue_wait_ms": wait_ms}), contact=strict)


def test_an_unknown_wait_is_neither_in_time_nor_a_wait() -> None:
    counts = contact(recorded(TALK))
    assert counts["answered"] == 1
    assert not {"in_time", "waited", "wait_ms"} & counts.keys()


def test_a_callbacks_wait_is_no_wait_in_the_queue() -> None:
    counts = contact(recorded(TALK | {"queue_wait_ms": 1, "is_callback": True}))
    assert counts["answered"] == 1
    assert not {"in_time", "waited"} & counts.keys()


def test_a_short_abandonment_may_be_another_exit() -> None:
    left = {"queued_at": NOON, "left_queue_at": NOON + 4_999, "left_reason": "abandoned"}
    assert contact(recorded(left))["abandoned"] == 1
    rules = ContactRules(short_abandon_ms=5_000)
    assert contact(recorded(left), contact=rules)["other_exit"] == 1


def test_a_transfer_without_an_id_is_its_segments() -> None:
    transfer = {"type": "contact.transferred", "contact_id": "k"}
    agent = transfer | {"occurred_at": NOON + 1}
    queue = transfer | {"occurred_at": NOON + 2, "transfer_kind": "queue"}
    assert contact(recorded(TALK), agent)["transferred"] == 1
    assert "transferred" not in contact(recorded(TALK), agent, queue)
    other = queue | {"segment_id": "s2"}
    assert contact(recorded(TALK), agent, other)["transferred"] == 1
    named = agent | {"transfer_id": "t", "occurred_at": NOON}
    assert contact(recorded(TALK), named, queue)["transferred"] == 1


def test_only_a_transfer_says_that_there_was_one() -> None:
    assert "transferred" not in contact(recorded(TALK, transfer_id="t", transfer_kind="agent"))


def test_a_contact_of_too_many_segments_or_transfers_is_oversized() -> None:
    small = Bounds(ids_max=2, segments_max=2)
    oversized = {"quality;entity=contact": {"oversized": 1}}
    legs = [TALK | {"segment_id": name} for name in ("a", "b", "c")]
    assert counts_of(recorded(*legs), definitions=Definitions(bounds=small)) == oversized
    again = [
        {"type": "contact.reopened", "contact_id": "k", "occurred_at": NOON + at} for at in range(3)
    ]
    assert counts_of(started(), *again, definitions=Definitions(bounds=small)) == oversized


def test_an_oversized_contact_still_knows_its_customer() -> None:
    """So that the case it moves out of hears of it."""
    small = Definitions(bounds=Bounds(segments_max=1))
    legs = recorded(TALK, TALK | {"segment_id": "s2"})
    moved = {"type": "contact.updated", "contact_id": "k", "customer_id": "bert"}
    counts = counts_of(
        started(customer_id="anna"), legs, moved | {"occurred_at": NOON + 1}, definitions=small
    )
    assert "repeat" not in counts


def test_an_event_about_no_leg_is_about_the_first() -> None:
    """The first leg's id is the contact's; so it is known, and nobody waits for it."""
    left = {"segment_id": "s2", "queued_at": NOON, "ended_at": NOON + 5, "next_segment_id": "k"}
    assert contact(recorded(left)) == {"contacts": 1, "offered": 1}
    update = {"type": "contact.updated", "contact_id": "k", "issue_id": "i"}
    assert contact(recorded(left), update)["abandoned"] == 1


def test_a_leg_that_is_listed_without_a_word_is_known() -> None:
    left = {"segment_id": "s2", "queued_at": NOON, "ended_at": NOON + 5, "next_segment_id": "k"}
    assert contact(recorded(left, {}))["abandoned"] == 1


def test_an_unlisted_queue_is_named_to_the_operator() -> None:
    world = World(Definitions())
    changes = world.feed("contacts", [record(recorded({"queue": "q", "queued_at": NOON}))])
    assert changes.remarks == {Remark(UNLISTED_VALUE, "queue", "q"): 1}


def test_without_a_slice_by_queue_nobody_minds_the_queue() -> None:
    world = World(Definitions(slices={"contact": ()}))
    changes = world.feed("contacts", [record(recorded({"queue": "q", "queued_at": NOON}))])
    assert changes.remarks == {}


def test_a_resolution_needs_somebody_who_says_so() -> None:
    solved = started(customer_id="anna", resolved=True)
    assert counts_of(solved)["fcr"]["unknown"] == 1
    assert "unknown" not in counts_of(solved | {"resolution_source": "case"})["fcr"]


def test_a_withdrawal_may_come_from_anybody_and_says_nothing_else() -> None:
    gone = {"type": "contact.withdrawn", "contact_id": "k", "customer_id": "bert"}
    back = {"type": "contact.updated", "contact_id": "k", "issue_id": "i"}
    world, became = read(
        started(),
        gone | {"occurred_at": NOON + 1},
        back | {"occurred_at": NOON + 2},
    )
    assert became == ["applied"] * 3
    assert ("cases", 0) not in world.views
