"""How a score came about over its window: the same panes, in a few equal steps.

The first step and the last are cut by the window's ends, so that the steps add up to the window.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from processor.core.definitions import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Window
from processor.core.formula import ScoreMetric
from processor.core.score import Score
from processor.core.tally import Tally, Vector, add, zero
from processor.core.window import Reading, Windows, reading_of, window_ranges

POINTS_MAX = 30
"""Points of a sparkline, and one more where both ends are cut."""

_STEPS_MS = (
    10 * SECOND_MS, 30 * SECOND_MS,
    MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS,
    HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS,
    DAY_MS, 7 * DAY_MS,
)  # fmt: skip


class Point(NamedTuple):
    """The score of one step."""

    start_ms: int
    score: Score


def course(windows: Windows, window: Window, metric: ScoreMetric) -> Iterator[Point]:
    """The score in steps over a window, oldest first."""
    for start_ms, vector in _parts(windows, window, metric.tally, _step_ms(window)):
        yield Point(start_ms, metric.of(vector))


def _step_ms(window: Window) -> int:
    return next(
        step_ms
        for step_ms in (*_STEPS_MS, window.length_ms)
        if step_ms % window.tier_ms == 0 and window.length_ms <= POINTS_MAX * step_ms
    )


def _parts(
    windows: Windows, window: Window, tally: Tally, step_ms: int
) -> Iterator[tuple[int, Vector]]:
    """The tally's total in steps over the window, from its closed and open panes."""
    first_ms = windows.now_ms - window.length_ms
    parts: dict[int, Vector] = {
        at_ms: zero(tally)
        for at_ms in range(first_ms - first_ms % step_ms, windows.now_ms, step_ms)
    }
    for at_ms, cells in _panes(windows, window, reading_of(windows.definitions, tally)):
        part_ms = at_ms - at_ms % step_ms
        if tally.name in cells and part_ms in parts:
            parts[part_ms] = add(parts[part_ms], cells[tally.name])
    yield from parts.items()


def _panes(
    windows: Windows, window: Window, reading: Reading
) -> Iterator[tuple[int, Mapping[str, Vector]]]:
    """The panes of all partitions that the window is made of: (start_ms, {cell: vector})."""
    for partition in windows.partitions.values():
        panes = partition.panes(reading)
        end_ms = reading.end_ms(windows.now_ms, partition.as_of_ms)
        ranges = window_ranges(window, reading, windows.now_ms, end_ms)
        for tier_ms, (start_ms, until_ms) in ranges.items():
            for at_ms in range(start_ms, until_ms, tier_ms):
                yield at_ms, panes.get((tier_ms, at_ms), {})
