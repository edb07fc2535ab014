"""Whatever a case has forgotten, nothing is ever taken back that was not counted."""

from typing import NamedTuple

from hypothesis import example, given
from hypothesis import strategies as st

from processor.core.definitions import Bounds, CaseRules, Definitions, Topic
from tests.laws.logs import Entry
from tests.laws.profile import law
from tests.laws.runs import all_panes, ask, assert_agree, run, run_singly
from tests.wire import HOUR, MINUTE, NOON, SECOND

LIFE = 2 * HOUR
OLD = Definitions(
    topics=(Topic("contacts", "contact", lateness_max_ms=LIFE, life_ms=LIFE),),
    case=CaseRules(repeat_window_ms=HOUR),
    bounds=Bounds(ids_max=4),
)
"""Lives and repeat windows that are much shorter than any window, and cases that are soon full."""

STEPS = (0, SECOND, HOUR - SECOND, HOUR, HOUR + SECOND, 2 * HOUR, 5 * HOUR)


class Call(NamedTuple):
    """One contact: how long after the one before it began, and what else is said of it."""

    after_ms: int
    customer: str
    resolved: bool
    later: list[tuple[int, str]]
    is_behind: bool


calls = st.lists(
    st.builds(
        Call,
        st.sampled_from(STEPS),
        st.sampled_from(("anna", "anna", "bert")),
        st.booleans(),
        st.lists(
            st.tuples(
                st.sampled_from((MINUTE, HOUR, LIFE)),
                st.sampled_from(("withdrawn", "reopened", "moved", "earlier")),
            ),
            max_size=2,
        ),
        st.booleans(),
    ),
    max_size=9,
)


def logged(told: list[Call], behind_ms: int) -> list[Entry]:
    """The log in the order in which it is read: one of two partitions is read later than it was
    written.
    """
    read: list[tuple[int, Entry]] = []
    at_ms = NOON
    for number, call in enumerate(told):
        at_ms += call.after_ms
        base = {"contact_id": f"k{number}", "customer_id": call.customer, "direction": "inbound"}
        events = [
            {**base, "type": "contact.started", "created_at": at_ms, "occurred_at": at_ms}
            | ({"resolved": True, "resolution_source": "agent"} if call.resolved else {})
        ]
        for by_ms, what in call.later:
            event = {**base, "type": "contact.updated", "occurred_at": at_ms + by_ms}
            match what:
                case "withdrawn" | "reopened":
                    event["type"] = f"contact.{what}"
                case "moved":
                    event["customer_id"] = "carl"
                case _:
                    event["created_at"] = at_ms - 3 * MINUTE
            events.append(event)
        for event in events:
            arrival_ms = int(str(event["occurred_at"]))
            read_ms = arrival_ms + behind_ms * call.is_behind
            read.append((read_ms, Entry(int(call.is_behind), arrival_ms, event)))
    read.sort(key=lambda one: one[0])
    return [one for _, one in read]


def fields_below_zero(log: list[Entry], cuts: tuple[int, ...] = ()) -> list[object]:
    world = run(OLD, log, cuts)
    return [
        (place, pane, cell, field)
        for place, panes in all_panes(world).items()
        for pane, cells in panes.items()
        for cell, amounts in cells.items()
        for field, amount in amounts.items()
        if amount < 0
    ]


def call(after_ms: int, *later: tuple[int, str], is_behind: bool = False) -> Call:
    return Call(after_ms, "anna", True, list(later), is_behind)


FULL = [call(0), call(HOUR - SECOND), call(3 * HOUR), *(call(SECOND) for _ in range(4))]
"""A repeat that has outlived the contact it repeats, in a case that becomes too large."""

LATE = [call(0), call(HOUR - SECOND, (MINUTE, "withdrawn"), is_behind=True)]
"""A repeat that is withdrawn when the contact it repeats is forgotten."""


@law(150)
@example(FULL, 0)
@example(LATE, 20 * HOUR)
@given(calls, st.sampled_from((0, HOUR, 3 * HOUR, 20 * HOUR)))
def test_no_count_falls_below_zero(told: list[Call], behind_ms: int) -> None:
    log = logged(told, behind_ms)
    assert fields_below_zero(log) == []
    assert fields_below_zero(log, tuple(range(len(log)))) == []


@law(150)
@example(FULL, 0)
@given(calls, st.sampled_from((0, HOUR, 3 * HOUR)))
def test_the_oracle_agrees(told: list[Call], behind_ms: int) -> None:
    log = logged(told, behind_ms)
    world, became = run_singly(OLD, log)
    oracle, expected = ask(world, log)
    assert became == expected
    assert_agree(world, oracle)
