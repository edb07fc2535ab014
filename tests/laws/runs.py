"""Running a log through the core and through the oracle, and comparing what they hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from processor.core.definitions import Definitions
from processor.core.pane import unpack_vector
from processor.core.record import Outcome
from processor.core.slice import tally_name
from processor.core.tally import TALLY_BY_NAME
from tests.laws.logs import Entry
from tests.oracle import CASES, Cells, Oracle
from tests.world import Place, World, totals

PaneCells = dict[tuple[int, int], Cells]


def batches(log: Sequence[Entry], cuts: Iterable[int]) -> Iterator[list[Entry]]:
    """The log cut before the given places."""
    ends = sorted({*(cut for cut in cuts if 0 < cut < len(log)), len(log)})
    begin = 0
    for end in ends:
        yield list(log[begin:end])
        begin = end


def feed(world: World, entries: Sequence[Entry]) -> list[str]:
    """Fold one batch per partition; says what became of each record if they are of one kind."""
    apart: dict[Place, list[Entry]] = defaultdict(list)
    for one in entries:
        apart[one.topic, one.partition].append(one)
    became = []
    for (topic, partition), some in apart.items():
        view = world.view(topic, partition)
        start = view.head.position
        before = view.head.accounting
        records = [one.at(start + by) for by, one in enumerate(some)]
        changes = world.feed(topic, records, partition=partition)
        assert changes.head.is_accounted
        after = changes.head.accounting
        if len(some) == 1:
            became += [refusal.reason for _, refusal in changes.refusals]
            became += ["applied"] * (after.applied - before.applied)
            became += ["no_effect"] * (after.no_effect - before.no_effect)
    return became


def run(definitions: Definitions, log: Sequence[Entry], cuts: Iterable[int] = ()) -> World:
    """The core, having read the log in batches."""
    world = World(definitions)
    for batch in batches(log, cuts):
        feed(world, batch)
    return world


def run_singly(definitions: Definitions, log: Sequence[Entry]) -> tuple[World, list[str]]:
    """The core, having read the log record by record, and what became of each."""
    world = World(definitions)
    return world, [outcome for one in log for outcome in feed(world, [one])]


def ask(world: World, log: Sequence[Entry]) -> tuple[Oracle, list[str]]:
    """The oracle, having read the same log, and what became of each record."""
    oracle = Oracle(world.definitions, world.identity)
    offsets: dict[Place, int] = defaultdict(int)
    became = []
    for one in log:
        place = (one.topic, one.partition)
        outcome, reason = oracle.read(*place, one.at(offsets[place]))
        offsets[place] += 1
        became.append(reason if outcome in (Outcome.EXPIRED, Outcome.DEAD_LETTER) else str(outcome))
    return oracle, became


def vectors(cells: Mapping[str, Sequence[int]]) -> Cells:
    """Vectors as sums by field, without zeros."""
    named = {
        cell: {
            field: amount
            for field, amount in zip(TALLY_BY_NAME[tally_name(cell)].fields, vector, strict=True)
            if amount
        }
        for cell, vector in cells.items()
    }
    return {cell: amounts for cell, amounts in named.items() if amounts}


def panes_of(world: World, place: Place, clock_ms: int = 0) -> PaneCells:
    """What a view stores of the panes that are within retention at the clock (its own at least)."""
    view = world.view(*place)
    clock_ms = max(clock_ms, view.head.clock_ms)
    panes = {
        pane: vectors({cell: unpack_vector(packed) for cell, packed in cells.items()})
        for pane, cells in view.panes.stored.items()
        if is_kept(world.definitions, pane, clock_ms)
    }
    return {pane: cells for pane, cells in panes.items() if cells}


def all_panes(world: World) -> dict[Place, PaneCells]:
    """The panes of every partition; of all cases together, however they got there."""
    clocks = [view.head.clock_ms for view in world.views.values()]
    return {
        place: panes_of(world, place, max(clocks) if place[0] == CASES else 0)
        for place in list(world.views)
    }


def is_kept(definitions: Definitions, pane: tuple[int, int], clock_ms: int) -> bool:
    """Whether a pane is within retention."""
    tier_ms, start_ms = pane
    return start_ms + tier_ms + definitions.retention_ms(tier_ms) > clock_ms


def assert_sources_agree(world: World, oracle: Oracle) -> None:
    """The core and the oracle hold the same panes of all topics but the derived one."""
    for place in {*world.views, *oracle.lives} - {(CASES, 0)}:
        assert panes_of(world, place) == oracle.panes(*place), place


def assert_agree(world: World, oracle: Oracle, *, nows: Iterable[int] = ()) -> None:
    """The core and the oracle hold the same panes, and read the same windows."""
    assert_sources_agree(world, oracle)
    clock_ms = max([*oracle.clocks.values(), 0])
    expected = {
        pane: cells
        for pane, cells in oracle.panes(CASES).items()
        if is_kept(world.definitions, pane, clock_ms)
    }
    assert panes_of(world, (CASES, 0), clock_ms) == expected
    for now_ms in nows:
        windows = world.windows(now_ms)
        expected_windows = oracle.windows(now_ms)
        for window in world.definitions.windows:
            held = vectors(totals(windows, window.name))
            assert held == expected_windows[window.name], (window.name, now_ms)
