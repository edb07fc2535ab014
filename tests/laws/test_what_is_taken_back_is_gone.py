"""Retracting everything leaves nothing; and every position is accounted for."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processor.core.contribution import Count, difference
from processor.core.tally import TALLIES, add, subtract, zero
from tests.laws import happenings, logs
from tests.laws.happenings import Event
from tests.laws.logs import DEFINITIONS, Entry, entry
from tests.laws.profile import law
from tests.laws.runs import feed, run_singly
from tests.wire import DAY, MINUTE, NOON, key_of, topic_of
from tests.world import World

WITHDRAWN_AT = {"surveys": NOON + DAY, "contacts": happenings.SPOKEN + DAY, "carts": NOON + DAY}


def withdrawal(event: Event, *, permanent: bool) -> Entry:
    """What takes back everything about the entity of an event."""
    topic = topic_of(event)
    kind, _, field = {
        "surveys": ("survey", "", "response_id"),
        "contacts": ("contact", "", "contact_id"),
        "carts": ("cart", "", "cart_id"),
    }[topic]
    said = {"type": f"{kind}.withdrawn", field: key_of(event).decode(), "event_id": "w"}
    at_ms = WITHDRAWN_AT[topic]
    return entry(said | {"occurred_at": at_ms, "permanent": permanent}, at_ms)


@law(200)
@given(logs.names, logs.gentle(size=16), st.booleans(), st.booleans())
def test_withdrawing_every_entity_leaves_no_pane(
    name: str, log: list[Entry], permanent: bool, first: bool
) -> None:
    """Whether the withdrawals come last or first; an order without a cart has none of its own."""
    log = [one for one in log if not key_of(one.event).startswith(b"order:")]
    everybody = {(one.topic, key_of(one.event)): one.event for one in log}
    back = [withdrawal(event, permanent=permanent) for event in everybody.values()]
    world, _ = run_singly(DEFINITIONS[name], back + log if first else log + back)
    for place, view in world.views.items():
        assert view.panes.stored == {}, place


@law(100)
@given(logs.names, logs.rough(size=16), st.lists(st.integers(0, 3), max_size=16), st.booleans())
def test_every_position_is_accounted_for_after_every_batch(
    name: str, log: list[Entry], gaps: list[int], loses: bool
) -> None:
    """Markers and compacted records, retention that overtook us, and an empty advance included."""
    world = World(DEFINITIONS[name])
    invisible = lost = 0
    for at, one in enumerate(log):
        view = world.view(one.topic, one.partition)
        gap = gaps[at] if at < len(gaps) else 0
        start = view.head.position
        changes = world.feed(
            one.topic, [one.at(start + gap)], partition=one.partition, to=start + gap + 2
        )
        invisible += gap + 1
        assert changes.head.is_accounted
        if loses:
            changes = view.lose(start + gap + 5, NOON)
            lost += 3
            assert changes.head.is_accounted
            assert changes.head.covered_from_ms == NOON
    heads = [view.head for place, view in world.views.items() if place[0] != "cases"]
    assert sum(head.accounting.invisible for head in heads) == invisible
    assert sum(head.accounting.lost for head in heads) == lost
    assert sum(head.accounting.records for head in heads) == len(log)
    assert sum(head.position - head.start for head in heads) == len(log) + invisible + lost


@law(50)
@given(logs.gentle(size=6))
def test_an_advance_without_records_moves_the_position_alone(log: list[Entry]) -> None:
    world = World(logs.PLAIN)
    feed(world, log)
    for view in world.views.values():
        before = view.head
        changes = view.fold([], before.position + 3)
        assert changes.states == {}
        assert changes.head.is_accounted
        assert changes.head.clock_ms == before.clock_ms
        assert changes.head.log == before.log


counts = st.lists(
    st.builds(
        Count,
        st.integers(NOON, NOON + MINUTE),
        st.sampled_from(TALLIES),
        st.just(((0, 1),)),
        st.just((0, 1)),
    ),
    max_size=6,
)


@law(200)
@given(counts, counts)
def test_a_difference_makes_after_of_before(before: list[Any], after: list[Any]) -> None:
    made = list(before)
    for sign, count in sorted(difference(before, after), key=lambda term: -term[0]):
        if sign > 0:
            made.append(count)
        else:
            made.remove(count)
    key = repr
    assert sorted(made, key=key) == sorted(after, key=key)
    assert difference(before, before) == []


@law(200)
@given(
    st.lists(st.integers(), min_size=5, max_size=5), st.lists(st.integers(), min_size=5, max_size=5)
)
def test_a_tally_is_an_abelian_group(ours: list[int], theirs: list[int]) -> None:
    tally = next(tally for tally in TALLIES if len(tally.fields) == 5)
    assert add(ours, theirs) == add(theirs, ours)
    assert subtract(add(ours, theirs), theirs) == ours
    assert add(ours, zero(tally)) == ours
