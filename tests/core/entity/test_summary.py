"""What a case needs to know of a contact, and who is told."""

from typing import Any

import pytest

from processor.core.definitions import Definitions
from processor.core.entity.contact import CUSTOMER
from processor.core.entity.life import ANCHOR, NEWEST, WITHDRAWN, code_of
from processor.core.entity.segment import ANSWERED_AT_CODE
from processor.core.entity.summary import (
    Summary,
    addressees,
    final_anchor_s,
    final_name,
    pack_summary,
    project,
    unpack_summary,
)
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.state import State, contents
from tests.wire import NOON, SECOND, record

IDENTITY = Identity(bytes(32))
CONTACTS = plans(Definitions(), IDENTITY).of("contacts")
ANNA, BERT = IDENTITY.customer("anna"), IDENTITY.customer("bert")


def state(*events: dict[str, Any]) -> State:
    joined = State()
    for event in events:
        said: dict[str, Any] = {"contact_id": "k", "occurred_at": NOON, "created_at": NOON} | event
        admitted = CONTACTS.admission.admit(record(said, said["occurred_at"]))
        joined = CONTACTS.rules.join(joined, admitted.addition)  # type: ignore[union-attr]  # all are good
    return joined


STARTED = {"type": "contact.started", "direction": "inbound", "customer_id": "anna"}
GONE = {"type": "contact.withdrawn", "occurred_at": NOON + 1}


def codes(of: State) -> set[int]:
    return {code_of(key) for key in contents(of)}


def test_a_summary_survives_being_packed() -> None:
    summary = Summary(b"k", project(state(STARTED)))
    assert unpack_summary(pack_summary(summary)) == summary


def test_durations_and_waits_are_no_business_of_a_case() -> None:
    ended = {"type": "contact.ended", "ended_at": NOON, "talk_ms": 1, "queue_wait_ms": 1}
    assert project(state(STARTED, ended)) == project(state(STARTED))


def test_who_was_withdrawn_is_told_with_the_versions_that_decide_it() -> None:
    assert not {NEWEST, WITHDRAWN} & codes(project(state(STARTED)))
    assert {NEWEST, WITHDRAWN} <= codes(project(state(STARTED, GONE)))


@pytest.mark.parametrize(("agents", "told"), [(1, False), (2, True)])
def test_the_times_of_agents_are_told_if_there_was_more_than_one(agents: int, told: bool) -> None:
    legs = [{"segment_id": f"s{at}", "answered_at": NOON} for at in range(agents)]
    recorded = {"type": "contact.recorded", "segments": legs}
    assert (ANSWERED_AT_CODE in codes(project(state(recorded)))) == told


def test_nobody_is_told_of_a_contact_without_a_beginning() -> None:
    assert (
        addressees(None, state(STARTED | {"type": "contact.updated", "created_at": None})) == set()
    )


def test_whoever_gets_a_contact_and_whoever_loses_it_is_told() -> None:
    first = state(STARTED)
    moved = state(
        STARTED, {"type": "contact.updated", "occurred_at": NOON + 1, "customer_id": "bert"}
    )
    assert addressees(None, first) == {ANNA}
    assert addressees(first, moved) == {ANNA, BERT}
    assert contents(moved)[CUSTOMER] == BERT


def test_a_contact_of_nobody_is_nobodys_business() -> None:
    assert addressees(None, state(STARTED | {"customer_id": None})) == set()


def test_what_no_case_looks_at_is_told_to_nobody() -> None:
    before = state(STARTED)
    after = state(STARTED, {"type": "contact.ended", "ended_at": NOON, "talk_ms": 5})
    assert after != before
    assert addressees(before, after) == set()


def test_a_contact_that_counts_again_is_told_although_it_says_nothing_new() -> None:
    back = {"type": "contact.updated", "occurred_at": NOON + 2, "customer_id": "anna"}
    gone = state(STARTED, GONE)
    assert addressees(state(STARTED), gone) == {ANNA}
    assert addressees(gone, state(STARTED, GONE, back)) == {ANNA}


def test_another_claim_to_the_beginning_is_told() -> None:
    before = state(STARTED)
    later = STARTED | {"type": "contact.updated", "created_at": NOON + SECOND}
    assert addressees(before, state(STARTED, later)) == {ANNA}


def test_the_name_of_a_dead_contact_holds_its_beginning() -> None:
    name = final_name(bytes(16), State(least={ANCHOR: 1234}))
    assert final_anchor_s(name) == 1234
    assert final_name(name, State(least={ANCHOR: 1234})) == name
    assert final_anchor_s(bytes(16)) is None
