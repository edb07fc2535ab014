"""Summaries of a contact join to the newest one, in any order and however often they arrive."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processor.core.entity.case import Case
from processor.core.entity.contact import CUSTOMER, Contact
from processor.core.entity.summary import Summary, addressees, pack_summary, project, unpack_summary
from processor.core.plan import CASES
from processor.core.state import State, contents
from processor.core.view import View
from tests.laws import happenings, logs
from tests.laws.happenings import Event
from tests.laws.logs import DEFINITIONS, Entry
from tests.laws.profile import law
from tests.laws.runs import run
from tests.laws.test_states_join import PLANS, additions

of_one_contact = st.lists(happenings.contacts_of("c1"), min_size=1, max_size=10)


def history(name: str, events: list[Event]) -> list[State]:
    """The states of one contact, one after each event."""
    rules = PLANS[name].of("contacts").rules
    states: list[State] = []
    for addition in additions(name, events, "contacts"):
        states.append(rules.join(states[-1], addition) if states else rules.bounded(addition))
    return states


@law(300)
@given(logs.names, of_one_contact, st.randoms(use_true_random=False))
def test_the_projection_is_monotone(name: str, events: list[Event], chance: Any) -> None:
    states = history(name, events)
    if not states:
        return
    rules = PLANS[name].of("contacts").rules
    told = [project(state) for state in states] + [project(chance.choice(states))]
    newest = project(states[-1])
    chance.shuffle(told)
    joined = rules.bounded(told[0])
    for summary in told[1:]:
        joined = rules.join(joined, summary)
    assert joined == newest


@law(300)
@given(logs.names, of_one_contact)
def test_nobody_is_left_with_a_stale_summary(name: str, events: list[Event]) -> None:
    """Where nobody is told of a change, no case would count the contact differently."""
    rules = PLANS[name].cases.rules
    assert isinstance(rules, Case)
    before: State | None = None
    heard: dict[bytes, State] = {}
    contact = PLANS[name].of("contacts").rules
    assert isinstance(contact, Contact)
    for state in history(name, events):
        for customer in addressees(before, state):
            summary = unpack_summary(pack_summary(Summary(b"k", project(state))))
            known = heard.get(customer)
            heard[customer] = contact.join(known, summary.state) if known else summary.state
        before = state
        for customer, summary_state in heard.items():
            is_here = contents(state).get(CUSTOMER) == customer
            counted = rules.contribution(rules.lift(customer, Summary(b"k", summary_state)))
            expected = rules.contribution(rules.lift(customer, Summary(b"k", project(state))))
            assert list(counted) == (list(expected) if is_here else [])


@law(100)
@given(logs.names, logs.gentle(happenings.contacts), st.randoms(use_true_random=False))
def test_cases_do_not_mind_how_the_derived_topic_delivers(
    name: str, log: list[Entry], chance: Any
) -> None:
    """Doubled and out of order, what cases count is the same."""
    world = run(DEFINITIONS[name], log, range(len(log)))
    again: View[Any] = run(DEFINITIONS[name], []).view(CASES)
    records = world.cases_log + chance.sample(world.cases_log, len(world.cases_log) // 2)
    chance.shuffle(records)
    again.fold(records, len(records))
    assert again.panes.stored == world.view(CASES).panes.stored
