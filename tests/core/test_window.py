"""Windows: which panes they are made of, and that they keep up."""

import pytest

from processor.core.definitions import DEFAULT_WINDOWS, Definitions, Window
from processor.core.pane import Cells, Pane, pack_vector
from processor.core.tally import CART, FCR_SETTLED, NPS
from processor.core.window import Reading, Windows, reading_of, window_coverage, window_ranges
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND

DEFINITIONS = Definitions()
WINDOW = {window.name: window for window in DEFAULT_WINDOWS}
TIERS = (10 * SECOND, MINUTE, HOUR)


def nps(at_ms: int, nines: int = 1) -> dict[Pane, Cells]:
    """One count, in the panes of all tiers."""
    vector = [0] * 9 + [nines, 0]
    cells = {"nps": pack_vector(vector)} if nines else {}
    return {(tier_ms, at_ms - at_ms % tier_ms): cells for tier_ms in TIERS}


def nines(windows: Windows, window: str = "1h") -> int:
    return windows.totals(window, NPS).get("nps", [0] * 11)[9]


def test_due_tallies_are_read_up_to_as_of_and_others_with_the_open_pane() -> None:
    due, soon = reading_of(DEFINITIONS, CART), reading_of(DEFINITIONS, NPS)
    assert due.end_ms(NOON + 19_999, NOON + 15_000) == NOON + 10_000
    assert due.end_ms(NOON + 9_999, NOON + 15_000) == NOON
    assert soon.end_ms(NOON + 19_999, 0) == NOON + 20_000
    assert reading_of(DEFINITIONS, FCR_SETTLED) == Reading(due=True, tiers=(HOUR,))


def test_a_window_is_made_of_its_own_tier_and_of_finer_ones_at_its_end() -> None:
    """
    12:00 ............ 11:00 next day ... 11:59  .. 11:59:50
      [ closed hours )[ closed minutes )[ closed tens )
    """
    now_ms = NOON + DAY - 1
    reading = reading_of(DEFINITIONS, NPS)
    ranges = window_ranges(WINDOW["7d"], reading, now_ms, now_ms + 1 - 10 * SECOND)
    start_ms = NOON - 6 * DAY
    assert ranges == {
        HOUR: (start_ms, NOON + DAY - HOUR),
        MINUTE: (NOON + DAY - HOUR, NOON + DAY - MINUTE),
        10 * SECOND: (NOON + DAY - MINUTE, NOON + DAY - 10 * SECOND),
    }


def test_a_window_whose_end_lies_before_its_start_has_no_panes() -> None:
    reading = reading_of(DEFINITIONS, CART)
    ranges = window_ranges(WINDOW["5m"], reading, NOON, NOON - DAY)
    assert all(start_ms == until_ms for start_ms, until_ms in ranges.values())


@pytest.mark.parametrize(
    ("as_of_ms", "covered_from_ms", "share"),
    [
        (NOON, 0, 1.0),
        (NOON + 5, 0, 1.0),
        (NOON - 15 * MINUTE, 0, 0.75),
        (NOON, NOON - HOUR // 2, 0.5),
        (NOON - DAY, 0, 0.0),
    ],
)
def test_coverage_is_the_share_that_can_be_vouched_for(
    as_of_ms: int, covered_from_ms: int, share: float
) -> None:
    assert window_coverage(WINDOW["1h"], NOON, as_of_ms, covered_from_ms) == share


def test_panes_come_and_go_as_now_moves() -> None:
    windows = Windows(DEFINITIONS)
    windows.partition("t", 0).change(nps(NOON))
    seen = []
    for now_ms in (NOON - 1, NOON, NOON + HOUR, NOON + HOUR + 1):
        windows.move(now_ms)
        seen.append(nines(windows))
    assert seen == [0, 1, 1, 0]


def test_a_now_that_is_not_later_changes_nothing() -> None:
    windows = Windows(DEFINITIONS)
    windows.partition("t", 0).change(nps(NOON))
    windows.move(NOON + DAY)
    windows.move(NOON)
    assert windows.now_ms == NOON + DAY
    assert nines(windows) == 0


def test_a_changed_pane_replaces_what_it_held() -> None:
    windows = Windows(DEFINITIONS)
    partition = windows.partition("t", 0)
    windows.move(NOON)
    partition.change(nps(NOON))
    windows.move(NOON)
    partition.change(nps(NOON, 5))
    assert nines(windows) == 5
    partition.change(nps(NOON, 0))
    assert windows.totals("1h", NPS) == {}


def test_a_change_outside_the_window_waits_until_it_is_inside() -> None:
    windows = Windows(DEFINITIONS)
    windows.move(NOON)
    windows.partition("t", 0).change(nps(NOON + HOUR))
    assert nines(windows) == 0
    windows.move(NOON + HOUR)
    assert nines(windows) == 1


def test_partitions_are_summed_and_one_can_be_taken_back() -> None:
    windows = Windows(DEFINITIONS)
    windows.partition("t", 0).change(nps(NOON))
    windows.partition("t", 1).change(nps(NOON, 2))
    windows.move(NOON)
    assert nines(windows) == 3
    windows.partition("t", 1).clear()
    assert nines(windows) == 1


def test_an_as_of_that_falls_takes_due_counts_back() -> None:
    windows = Windows(DEFINITIONS)
    partition = windows.partition("t", 0)
    cells = {"cart": pack_vector([1, 0, 0, 0, 1])}
    partition.change({(tier_ms, NOON - NOON % tier_ms): cells for tier_ms in TIERS})
    seen = []
    for as_of_ms in (NOON + MINUTE, NOON, NOON + MINUTE):
        partition.as_of_ms = as_of_ms
        windows.move(NOON + MINUTE)
        seen.append(windows.totals("1h", CART).get("cart"))
    assert seen == [[1, 0, 0, 0, 1], None, [1, 0, 0, 0, 1]]


def test_a_tally_that_is_not_kept_for_a_window_holds_nothing_there() -> None:
    assert Windows(DEFINITIONS).totals("1h", FCR_SETTLED) == {}


def test_one_can_see_the_panes_a_window_is_made_of() -> None:
    partition = Windows(DEFINITIONS).partition("t", 0)
    partition.change(nps(NOON))
    panes = partition.panes(reading_of(DEFINITIONS, NPS))
    assert panes[HOUR, NOON] == {"nps": [0] * 9 + [1, 0]}
    assert partition.panes(reading_of(DEFINITIONS, CART)) == {}


def test_one_can_ask_for_all_cells_that_any_window_holds() -> None:
    windows = Windows(DEFINITIONS)
    windows.partition("t", 0).change(nps(NOON))
    assert windows.cells() == set()
    windows.move(NOON + DAY)
    assert windows.cells() == {"nps"}


def test_windows_may_have_other_lengths() -> None:
    definitions = Definitions(windows=(Window("w", 20 * SECOND, 10 * SECOND),))
    windows = Windows(definitions)
    windows.partition("t", 0).change(nps(NOON))
    windows.move(NOON + 20 * SECOND)
    assert nines(windows, "w") == 1
    windows.move(NOON + 20 * SECOND + 1)
    assert nines(windows, "w") == 0
