"""What a case needs to know of a contact, and who is told."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from processor.core.head import Accounting, Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.record import Record
from processor.core.state import State, contents
from processor.core.view import Stored, View
from tests.wire import NOON, SECOND, record

IDENTITY = Identity(bytes(32))
CONTACTS = plans(Definitions(), IDENTITY).of("contacts")
CASES = plans(Definitions(), IDENTITY).cases
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


CALL: dict[str, Any] = {
    "type": "contact.recorded",
    "direction": "inbound",
    "customer_id": "anna",
    "channel": "voice",
    "issue_id": "i",
    "resolved": True,
    "resolution_source": "agent",
    "segments": [
        {"segment_id": "a", "queue": "first", "queued_at": NOON, "answered_at": NOON},
        {"segment_id": "b", "answered_at": NOON + 1, "ended_at": NOON + 2, "wrap_code": "w"},
    ],
}
GOOD = pack_summary(
    Summary(IDENTITY.entity(b"k"), project(state(CALL, {"type": "contact.reopened"})))
)
REGISTERS = [*sorted(contents(unpack_summary(GOOD).state)), -1, 2**63 - 1]


def folded(*values: bytes) -> Accounting:
    """What becomes of summaries that arrive in the case of one customer, after a good one."""
    view = View(CASES, Stored(Head(0, 0, LogIdentity("c", 1)), {}, {}, []))
    records = [Record(at, NOON + at, ANNA, value) for at, value in enumerate((GOOD, *values))]
    view.fold(records, len(records))
    return view.head.accounting


def test_a_good_summary_is_folded() -> None:
    assert folded(GOOD) == Accounting(applied=1, no_effect=1)


def test_where_no_slice_is_by_queue_a_queue_is_nothing_to_judge() -> None:
    bare = plans(Definitions(slices={"contact": (("channel",),)}), IDENTITY)
    view = View(bare.cases, Stored(Head(0, 0, LogIdentity("c", 1)), {}, {}, []))
    view.fold([Record(0, NOON, ANNA, GOOD)], 1)
    assert view.head.accounting == Accounting(applied=1)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_end_a_view(value: bytes) -> None:
    assert folded(value, GOOD).records == 3


EDITS = st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 2), st.binary(max_size=3))


@settings(max_examples=400)
@given(st.lists(EDITS, min_size=1, max_size=4))
def test_no_mutation_of_a_summary_ends_a_view(edits: list[tuple[int, int, bytes]]) -> None:
    value = GOOD
    for at, gone, put in edits:
        value = value[:at] + put + value[at + gone :]
    assert folded(value, GOOD).records == 3


INTEGERS = st.integers(-(2**63), 2**64 - 1) | st.integers(-2, 12)
ANCHORS = st.dictionaries(st.just(ANCHOR), st.just(NOON // SECOND) | INTEGERS, max_size=1)
CONTENTS = INTEGERS | st.just(ANNA) | st.binary(max_size=17) | st.tuples(INTEGERS)
STATES = st.builds(
    State,
    st.dictionaries(
        st.tuples(st.integers(0, 1), st.just(NOON) | INTEGERS, INTEGERS),
        st.dictionaries(st.sampled_from(REGISTERS) | INTEGERS, CONTENTS, max_size=5),
        max_size=3,
    ),
    ANCHORS,
    ANCHORS,
    st.dictionaries(
        st.sampled_from(sorted(unpack_summary(GOOD).state.marks)) | INTEGERS, INTEGERS, max_size=4
    ),
)


@settings(max_examples=400)
@given(st.lists(STATES, min_size=1, max_size=3))
def test_no_absurd_summary_ends_a_view(states: list[State]) -> None:
    values = [pack_summary(Summary(IDENTITY.entity(b"k"), said)) for said in states]
    assert folded(*values, GOOD).records == len(values) + 2
