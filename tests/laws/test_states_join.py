"""Merge is a join: any order, duplication and grouping of what was said gives the same state."""

from collections import Counter
from functools import reduce
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processor.core.entity.case import Case
from processor.core.entity.summary import Summary, project
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.record import Refusal
from processor.core.state import State, merge, pack, unpack
from tests.laws import happenings, logs
from tests.laws.happenings import Event
from tests.laws.logs import DEFINITIONS, entry
from tests.laws.profile import law
from tests.wire import topic_of
from tests.world import KEY

IDENTITY = Identity(KEY)
PLANS = {name: plans(definitions, IDENTITY) for name, definitions in DEFINITIONS.items()}


def additions(name: str, events: list[Event], topic: str) -> list[State]:
    """What the events of one topic's admitted records add, whichever entity they are about."""
    admission = PLANS[name].of(topic).admission
    admitted = [
        admission.admit(entry(event, event["occurred_at"]).at(0))
        for event in events
        if topic_of(event) == topic
    ]
    return [one.addition for one in admitted if not isinstance(one, Refusal)]


said = st.sampled_from(tuple(happenings.OF_ONE_TOPIC)).flatmap(
    lambda topic: st.tuples(
        st.just(topic), st.lists(happenings.OF_ONE_TOPIC[topic], min_size=3, max_size=9)
    )
)


@law(300)
@given(logs.names, said, st.randoms(use_true_random=False))
def test_any_order_and_grouping_of_events_gives_the_same_state(
    name: str, of: tuple[str, list[Event]], chance: Any
) -> None:
    topic, events = of
    rules = PLANS[name].of(topic).rules
    said = additions(name, events, topic)
    if not said:
        return
    expected = reduce(rules.join, said[1:], rules.bounded(said[0]))
    pool = [rules.bounded(one) for one in said + chance.choices(said, k=2)]
    while len(pool) > 1:
        one = pool.pop(chance.randrange(len(pool)))
        other = pool.pop(chance.randrange(len(pool)))
        pool.append(rules.join(one, other))
    assert pool == [expected]
    assert Counter(rules.contribution(pool[0])) == Counter(rules.contribution(expected))


@law(200)
@given(logs.names, said)
def test_a_state_that_hears_nothing_new_is_the_very_same_object(
    name: str, of: tuple[str, list[Event]]
) -> None:
    topic, events = of
    rules = PLANS[name].of(topic).rules
    for state in additions(name, events, topic):
        bounded = rules.bounded(state)
        assert rules.join(bounded, state) is bounded
        assert rules.join(bounded, bounded) is bounded
        assert rules.join(bounded, State()) is bounded
        assert rules.join(State(), state) == bounded


@law(200)
@given(logs.names, said)
def test_what_is_packed_is_what_is_unpacked(name: str, of: tuple[str, list[Event]]) -> None:
    for state in additions(name, of[1], of[0]):
        assert unpack(pack(state)) == state


@law(200)
@given(logs.names, st.lists(happenings.contacts, min_size=2, max_size=10), st.randoms())
def test_cases_join_in_any_order_however_often_they_are_told(
    name: str, events: list[Event], chance: Any
) -> None:
    rules = PLANS[name].cases.rules
    assert isinstance(rules, Case)
    customer = IDENTITY.customer("anna")
    told = [
        rules.lift(customer, Summary(IDENTITY.entity(str(at % 4).encode()), project(state)))
        for at, state in enumerate(additions(name, events, "contacts"))
        if state.least
    ]
    if not told:
        return
    expected = reduce(rules.join, told[1:], rules.bounded(told[0]))
    shuffled = told + chance.choices(told, k=2)
    chance.shuffle(shuffled)
    joined = reduce(rules.join, shuffled[1:], rules.bounded(shuffled[0]))
    assert joined == expected
    assert rules.join(joined, expected) is joined
    assert rules.unpack(rules.pack(joined)) == joined


@law(200)
@given(said)
def test_merge_alone_knows_no_bound_and_no_order(of: tuple[str, list[Event]]) -> None:
    states = additions("plain", of[1], of[0])
    forward = reduce(merge, states, State())
    assert reduce(merge, reversed(states), State()) == forward
    assert merge(forward, forward) is forward
