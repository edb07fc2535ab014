"""A window equals the sum of its panes, however it came there, and what the oracle sums."""

from collections import defaultdict
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from processor.core.definitions import Definitions, Window
from processor.core.pane import Cells, Pane, pack_vector
from processor.core.slice import tally_name
from processor.core.tally import CART, FCR_SETTLED, NPS, SURVEY, TALLIES, TALLY_BY_NAME, Vector, add
from processor.core.window import Windows, reading_of, window_coverage, window_ranges
from tests.laws import logs
from tests.laws.logs import DEFINITIONS, Entry
from tests.laws.profile import law
from tests.laws.runs import ask, run_singly, vectors
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND
from tests.world import totals

SMALL = Definitions(
    windows=(
        Window("short", 20 * SECOND, 10 * SECOND),
        Window("long", 2 * MINUTE, 10 * SECOND),
        Window("hour", HOUR, MINUTE),
        Window("settled", 7 * DAY, HOUR),
    )
)
EVERYTHING = {"default": Definitions(), "small": SMALL}

instants = st.builds(
    lambda base, steps, by: NOON + base + steps * 10 * SECOND + by,
    st.sampled_from((0, HOUR, -HOUR)),
    st.integers(-30, 30),
    st.sampled_from((0, 0, -1, 1)),
)


@law(400)
@given(st.sampled_from(tuple(EVERYTHING)), instants, instants)
def test_a_windows_panes_cover_its_interval_once(name: str, now_ms: int, as_of_ms: int) -> None:
    definitions = EVERYTHING[name]
    for tally in TALLIES:
        reading = reading_of(definitions, tally)
        for window in definitions.windows_of(tally):
            end_ms = reading.end_ms(now_ms, as_of_ms)
            ranges = window_ranges(window, reading, now_ms, end_ms)
            start_ms = -((window.length_ms - now_ms) // window.tier_ms) * window.tier_ms
            at = start_ms
            for tier_ms in sorted(ranges, reverse=True):
                begin, until = ranges[tier_ms]
                assert begin == at
                assert begin % tier_ms == until % tier_ms == 0
                at = until
            assert at == max(start_ms, end_ms)
            if tally.due:
                assert end_ms <= min(now_ms, as_of_ms)
            else:
                assert now_ms < end_ms <= now_ms + reading.tiers[0]


def test_a_window_covers_what_is_known_and_not_more() -> None:
    window = Window("1h", HOUR, 10 * SECOND)
    assert window_coverage(window, NOON, NOON, 0) == 1
    assert window_coverage(window, NOON, NOON - HOUR // 2, 0) == 0.5
    assert window_coverage(window, NOON, NOON + 9, NOON - HOUR // 4) == 0.25
    assert window_coverage(window, NOON, NOON - 2 * HOUR, 0) == 0


counted = st.fixed_dictionaries(
    {
        "cell": st.sampled_from(("nps", "nps@channel=web", "survey", "cart", "fcr_settled")),
        "at": instants,
        "amount": st.integers(-2, 3),
    }
)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("count"), st.integers(0, 1), counted),
        st.tuples(st.just("now"), st.just(0), instants),
        st.tuples(st.just("as of"), st.integers(0, 1), instants),
        st.tuples(st.just("clear"), st.integers(0, 1), st.none()),
    ),
    max_size=20,
)


class Reader:
    """A `Windows` that is fed step by step, beside all that it was fed with."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.windows = Windows(definitions)
        self.counts: list[dict[Pane, dict[str, Vector]]] = [defaultdict(dict), defaultdict(dict)]
        self.as_of_ms = [0, 0]

    def act(self, what: str, number: int, how: Any) -> None:
        partition = self.windows.partition("t", number)
        if what == "now":
            self.windows.move(how)
        elif what == "as of":
            partition.as_of_ms = self.as_of_ms[number] = how
        elif what == "clear":
            partition.clear()
            self.counts[number].clear()
        else:
            partition.change(dict(self._count(number, **how)))
        # As a reader does: whatever came, the windows then move to now, be it the same one.
        self.windows.move(self.windows.now_ms)

    def _count(self, number: int, *, cell: str, at: int, amount: int) -> list[tuple[Pane, Cells]]:
        changed = []
        tally = TALLY_BY_NAME[tally_name(cell)]
        for tier_ms in self.definitions.tiers_of(tally):
            cells = self.counts[number][tier_ms, at - at % tier_ms]
            vector = add(cells.get(cell, [0] * len(tally.fields)), [amount] * len(tally.fields))
            cells[cell] = vector
            packed = {name: pack_vector(held) for name, held in cells.items() if any(held)}
            changed.append(((tier_ms, at - at % tier_ms), packed))
        return changed

    def fresh(self) -> Windows:
        """What a reader sees that starts now."""
        windows = Windows(self.definitions)
        for number in (0, 1):
            partition = windows.partition("t", number)
            partition.as_of_ms = self.as_of_ms[number]
            partition.change(
                {
                    pane: {name: pack_vector(held) for name, held in cells.items() if any(held)}
                    for pane, cells in self.counts[number].items()
                }
            )
        windows.move(self.windows.now_ms)
        return windows


@law(200)
@given(st.sampled_from(tuple(EVERYTHING)), actions)
def test_a_window_that_was_kept_up_equals_a_fresh_one(name: str, todo: list[Any]) -> None:
    """After any sequence of changes and moves, and of an as-of that goes back."""
    reader = Reader(EVERYTHING[name])
    for what, number, how in todo:
        reader.act(what, number, how)
        fresh = reader.fresh()
        for window in reader.definitions.windows:
            for tally in (NPS, CART, FCR_SETTLED, SURVEY):
                kept = reader.windows.totals(window.name, tally)
                assert kept == fresh.totals(window.name, tally)


@law(100)
@given(
    logs.names,
    logs.rough_but_steady(),
    st.lists(st.sampled_from((0, 1, 10 * SECOND, 30 * MINUTE, HOUR)), min_size=1, max_size=4),
    st.sampled_from((0, 1, SECOND, 10 * MINUTE, DAY)),
)
def test_any_pace_of_the_clock_shows_the_same(
    name: str, log: list[Entry], steps: list[int], lag: int
) -> None:
    """Windows that were read at many nows equal windows read once, and the oracle's sums."""
    world, _ = run_singly(DEFINITIONS[name], log)
    oracle, _ = ask(world, log)
    now_ms = max((one.arrival_ms for one in log), default=0)
    as_of_ms = now_ms - lag
    windows = world.windows(now_ms, as_of_ms)
    for step in steps:
        now_ms += step
        windows.move(now_ms)
    once = world.windows(now_ms, as_of_ms)
    expected = oracle.windows(now_ms, as_of_ms)
    for window in world.definitions.windows:
        kept = totals(windows, window.name)
        assert kept == totals(once, window.name)
        assert vectors(kept) == expected[window.name]
