"""Any order, duplication and batching of admitted records, any crash, gives the same view."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processor.core.plan import CASES
from tests.laws import logs
from tests.laws.durable import Worker
from tests.laws.logs import DEFINITIONS, Entry
from tests.laws.profile import law
from tests.laws.runs import (
    PaneCells,
    all_panes,
    ask,
    assert_agree,
    batches,
    panes_of,
    run,
    run_singly,
)
from tests.wire import DAY, HOUR, MINUTE, SECOND
from tests.world import Place, World

chances = st.randoms(use_true_random=False)


def held(world: World) -> dict[Place, PaneCells]:
    """What a world holds, of partitions that hold anything."""
    return {place: panes for place, panes in all_panes(world).items() if panes}


def states(world: World) -> dict[Place, dict[bytes, Any]]:
    """The states of all sources; who heard of a contact on the way may depend on the order."""
    return {
        place: {entity: world.plans.of(place[0]).rules.unpack(packed) for entity, packed in kept}
        for place, view in world.views.items()
        if place[0] != CASES
        for kept in [view._states.items()]  # the test looks inside: there is no other way
    }


def shuffled(log: Sequence[Entry], chance: Any) -> list[Entry]:
    mixed = list(log)
    chance.shuffle(mixed)
    return mixed


@law(150)
@given(logs.names, logs.gentle(size=16), chances)
def test_any_order_gives_the_same_states_and_panes(
    name: str, log: list[Entry], chance: Any
) -> None:
    first = run(DEFINITIONS[name], log, range(len(log)))
    second = run(DEFINITIONS[name], shuffled(log, chance), range(len(log)))
    assert states(first) == states(second)
    assert held(first) == held(second)


@law(150)
@given(logs.names, logs.gentle(size=14), chances)
def test_any_pace_of_arrival_gives_the_same_states_and_panes(
    name: str, log: list[Entry], chance: Any
) -> None:
    """Within lateness and life the clock of a partition only decides what is kept."""
    delays = (0, 1, SECOND, MINUTE, HOUR, 5 * HOUR)
    paced = [
        one._replace(arrival_ms=one.event["occurred_at"] + chance.choice(delays)) for one in log
    ]
    paced.sort(key=lambda one: one.arrival_ms)
    first = run(DEFINITIONS[name], log, range(len(log)))
    second = run(DEFINITIONS[name], paced, range(len(log)))
    assert states(first) == states(second)
    views = [view for world in (first, second) for view in world.views.values()]
    clock_ms = max((view.head.clock_ms for view in views), default=0)
    for place in first.views.keys() | second.views.keys():
        assert panes_of(first, place, clock_ms) == panes_of(second, place, clock_ms), place


@law(150)
@given(logs.names, logs.gentle(size=16), chances)
def test_any_duplication_changes_nothing(name: str, log: list[Entry], chance: Any) -> None:
    doubled = log + shuffled(log, chance) + shuffled(log, chance)
    first = run(DEFINITIONS[name], log, range(len(log)))
    second, became = run_singly(DEFINITIONS[name], doubled)
    assert states(first) == states(second)
    assert held(first) == held(second)
    assert "applied" not in became[len(log) :]


@law(150)
@given(logs.names, logs.gentle(size=16), st.sets(st.integers(1, 15)))
def test_any_split_into_batches_gives_the_same(name: str, log: list[Entry], cuts: set[int]) -> None:
    whole, cut = run(DEFINITIONS[name], log), run(DEFINITIONS[name], log, cuts)
    assert states(whole) == states(cut)
    assert held(whole) == held(cut)
    for place, view in whole.views.items():
        if place[0] != CASES:
            assert view.head == cut.views[place].head


@law(150)
@given(logs.names, logs.rough(size=16), st.sets(st.integers(1, 15)))
def test_batches_do_not_matter_beyond_life_either(
    name: str, log: list[Entry], cuts: set[int]
) -> None:
    """Of the derived topic they may: it hears of a contact only as it is at the end of a batch."""
    whole, cut = run(DEFINITIONS[name], log), run(DEFINITIONS[name], log, cuts)
    for place, panes in held(whole).items():
        if place[0] != CASES:
            assert held(cut)[place] == panes
            assert whole.views[place].head == cut.views[place].head


deaths = st.lists(st.sampled_from(("", "", "fold", "tell", "commit")), min_size=1, max_size=8)


@law(150)
@given(logs.names, logs.gentle(size=16), st.sets(st.integers(1, 15)), deaths)
def test_a_crash_anywhere_changes_nothing(
    name: str, log: list[Entry], cuts: set[int], dies: list[str]
) -> None:
    worker = Worker(DEFINITIONS[name])
    done = 0
    for batch in batches(log, cuts):
        worker.append(batch)
        for place in sorted({(one.topic, one.partition) for one in batch}):
            worker.work(place, len(worker.logs[place]), dies_after=dies[done % len(dies)])
            worker.work((CASES, 0), len(worker.logs[CASES, 0]), dies_after=dies[-done % len(dies)])
            done += 1
    worker.finish()
    calm = run(DEFINITIONS[name], log, range(len(log)))
    for place, view in calm.views.items():
        stored = worker.stored[place]
        assert stored.panes == worker.view(place).panes.stored
        assert stored.panes == view.panes.stored
        if place[0] != CASES:
            assert stored.head == view.head


@law(100)
@given(logs.names, logs.gentle(size=12), chances)
def test_the_oracle_does_not_care_either(name: str, log: list[Entry], chance: Any) -> None:
    """A world that read one order agrees with an oracle that read another."""
    world = run(DEFINITIONS[name], shuffled(log, chance), range(len(log)))
    oracle, _ = ask(world, log)
    clock_ms = max((one.arrival_ms for one in log), default=0)
    assert_agree(world, oracle, nows=[clock_ms, clock_ms + DAY])
