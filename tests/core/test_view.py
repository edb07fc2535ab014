"""A partition's view: what a batch changes, what is told, and what is forgotten."""

from typing import Any

from processor.core.definitions import HOUR_MS, Definitions
from processor.core.entity.summary import final_name
from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.record import Record
from processor.core.remark import UNLISTED_VALUE, Remark
from processor.core.state import State
from processor.core.view import Stored, View
from tests.wire import DAY, MINUTE, NOON, SECOND, record

IDENTITY = Identity(bytes(32))
PLANS = plans(Definitions(), IDENTITY)


def view(topic: str = "contacts", position: int = 0) -> View[Any]:
    head = Head(position, position, LogIdentity("cluster", 1))
    return View(PLANS.of(topic), Stored(head, {}, {}, []))


def started(offset: int, at_ms: int = NOON, **more: Any) -> Record:
    event = {"type": "contact.started", "contact_id": "k", "direction": "inbound"}
    times = {"created_at": at_ms, "occurred_at": at_ms}
    return record(event | times | more, at_ms, offset)


def test_a_batch_covers_an_interval_and_not_its_records() -> None:
    held = view(position=5)
    changes = held.fold([started(7)], 10)
    assert changes.head.position == 10
    assert changes.read.invisible == 4
    assert changes.read.applied == 1
    assert (changes.head.log.offset, changes.head.log.checksum) == (7, started(7).checksum)
    assert held.head is changes.head


def test_a_batch_names_the_states_and_panes_that_a_commit_must_write() -> None:
    held = view()
    changes = held.fold([started(0)], 1)
    assert changes.states.keys() == {IDENTITY.entity(b"k")}
    assert (HOUR_MS, NOON) in changes.panes.cells
    assert held.live_states == 1


def test_the_clock_is_the_running_maximum_of_arrival() -> None:
    held = view()
    assert held.fold([started(0, NOON + 5), started(1, NOON)], 2).head.clock_ms == NOON + 5
    dead = Record(2, NOON + 9, b"k", b"nonsense")
    changes = held.fold([dead], 3)
    assert changes.head.clock_ms == NOON + 9
    assert [refusal.reason for _, refusal in changes.refusals] == ["undecodable"]


def test_an_earlier_head_is_not_touched() -> None:
    held = view()
    before = held.head
    held.fold([started(0)], 1)
    assert (before.position, before.clock_ms) == (0, 0)


def test_what_retention_took_is_lost_and_coverage_begins_anew() -> None:
    held = view()
    changes = held.lose(7, NOON)
    assert changes.read.lost == 7
    assert (changes.head.position, changes.head.covered_from_ms) == (7, NOON)


def test_remarks_are_counted() -> None:
    held = view()
    pigeon = started(0, channel="pigeon")
    changes = held.fold([pigeon, started(1, channel="pigeon")], 2)
    assert changes.remarks == {Remark(UNLISTED_VALUE, "channel", "pigeon"): 2}


def test_everybody_whose_contact_it_was_within_the_batch_is_told_of_it_once() -> None:
    held = view()
    changes = held.fold(
        [
            started(0, customer_id="anna"),
            started(1, NOON + 1, customer_id="bert", created_at=NOON),
            started(2, NOON + 2, customer_id="carl", created_at=NOON),
        ],
        3,
    )
    ((entity, (told, state)),) = changes.moved.items()
    assert entity == IDENTITY.entity(b"k")
    assert told == {IDENTITY.customer(name) for name in ("anna", "bert", "carl")}
    packed = held.fold([], 3)
    assert packed.moved == {}
    assert isinstance(state, State)


def test_an_id_that_is_used_again_within_a_batch_tells_of_both_contacts() -> None:
    held = view()
    again = NOON + 31 * DAY
    changes = held.fold([started(0, customer_id="anna"), started(1, again, customer_id="bert")], 2)
    entity = IDENTITY.entity(b"k")
    old = final_name(entity, State(least={0: NOON // SECOND}))
    assert changes.moved.keys() == {old, entity}
    assert changes.moved[old][0] == {IDENTITY.customer("anna")}
    assert changes.moved[entity][0] == {IDENTITY.customer("bert")}


def test_a_change_that_no_case_looks_at_still_makes_the_last_word_whole() -> None:
    """Whoever is told of a contact in a batch is told of it as it is at the end."""
    held = view()
    ended = {"type": "contact.ended", "contact_id": "k", "ended_at": NOON}
    changes = held.fold([started(0, customer_id="anna"), record(ended, NOON, 1)], 2)
    ((told, state),) = changes.moved.values()
    assert told == {IDENTITY.customer("anna")}
    packed = changes.states[IDENTITY.entity(b"k")]
    assert PLANS.of("contacts").rules.unpack(packed) == state


def test_a_dead_state_is_never_met_again() -> None:
    held = view()
    held.fold([started(0)], 1)
    update = {"type": "contact.updated", "contact_id": "k", "customer_id": "anna"}
    late = NOON + 30 * DAY
    held.fold([record(update | {"occurred_at": late}, late, 1)], 2)
    before = held._states[IDENTITY.entity(b"k")]
    held.fold([record(update | {"occurred_at": late + 1}, late + 1, 2)], 3)
    after = held._states[IDENTITY.entity(b"k")]
    unpack = PLANS.of("contacts").rules.unpack
    assert unpack(before).least
    assert not unpack(after).least


def test_dead_states_are_forgotten_when_the_journal_forgets_them() -> None:
    held = view()
    held.fold([started(0)], 1)
    held.fold([started(1, contact_id="other")], 2)
    life_ms = PLANS.of("contacts").life_ms
    assert held.live_states == 2
    soon = NOON + life_ms + HOUR_MS
    changes = held.fold([started(2, soon, contact_id="third")], 3)
    assert changes.trimmed_ms == NOON
    assert held.live_states == 3
    held.fold([started(3, soon + 1, contact_id="third")], 4)
    assert held.live_states == 1


def touched(offset: int, at_ms: int, cart: str) -> Record:
    event = {"type": "cart.touched", "cart_id": cart, "action": "added", "occurred_at": at_ms}
    return record(event, at_ms, offset)


def test_a_state_that_was_written_again_stays_for_as_long_as_it_lives() -> None:
    held = view("carts")
    held.fold([touched(0, NOON, "c")], 1)
    held.fold([touched(1, NOON + 2 * DAY, "c")], 2)
    held.fold([touched(2, NOON + 3 * DAY + 2 * HOUR_MS, "other")], 3)
    assert held.live_states == 2
    held.fold([touched(3, NOON + 5 * DAY + 2 * HOUR_MS, "other")], 4)
    assert held.live_states == 1


def test_a_view_that_is_read_back_goes_on_as_if_nothing_had_been() -> None:
    first, second = view(), view()
    records = [started(at, NOON + at * MINUTE, contact_id=f"k{at % 3}") for at in range(6)]
    first.fold(records[:3], 3)
    again: View[Any] = View(
        PLANS.of("contacts"),
        Stored(first.head, first._states, first.panes.stored, list(first._written)),
    )
    again.fold(records[3:], 6)
    second.fold(records, 6)
    assert again.panes.stored == second.panes.stored
    assert again._states == second._states
