"""The numbers of all windows, cell by cell: what exposition, API and board are made of.

A cell that any window holds stands in every window, as zero if nothing is in it there, so that a
series does not come and go; totals without mandatory dimensions always stand.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from processor.core.counted import COUNTS
from processor.core.formula import ScoreMetric
from processor.core.metric import SCORES
from processor.core.score import Score
from processor.core.slice import Cell, cell_name, parse_cell
from processor.core.tally import TALLIES, Tally, Vector, zero
from processor.core.window import Windows, window_coverage

_CELLS_MAX = 500_000
"""Names of cells that are parsed once; more would only be parsed again at every refresh."""

_parse = lru_cache(_CELLS_MAX)(parse_cell)

COUNTS_OF = {tally: [count for count in COUNTS if count.tally is tally] for tally in TALLIES}
SCORES_OF = {tally: [score for score in SCORES if score.tally is tally] for tally in TALLIES}
"""What is told of the cells of a tally."""


class Row(NamedTuple):
    """What one window holds of one cell."""

    window: str
    cell: Cell
    vector: Vector


def rows(windows: Windows) -> Iterator[Row]:
    """Every cell in every window it is kept for."""
    by_tally = _cells(windows)
    for tally in TALLIES:
        for window in windows.definitions.windows_of(tally):
            totals = windows.totals(window.name, tally)
            for name in by_tally[tally]:
                yield Row(window.name, _parse(name), totals.get(name) or zero(tally))


def total(windows: Windows, window: str, tally: Tally) -> Vector:
    """Everything that is in a window, whatever its slice."""
    return windows.totals(window, tally).get(tally.name) or zero(tally)


def total_score(windows: Windows, window: str, metric: ScoreMetric) -> Score:
    """A score of everything that is in a window, whatever its slice."""
    return metric.of(total(windows, window, metric.tally))


def coverage(windows: Windows, window: str, tally: Tally, topics: Mapping[str, int]) -> float:
    """The share of a window that the view vouches for, over all partitions of the tally's topics.

    It is 0 if there are none. `topics`: how many partitions each of them has.
    """
    length = next(w for w in windows.definitions.windows if w.name == window)
    shares = [
        window_coverage(length, windows.now_ms, partition.as_of_ms, partition.covered_from_ms)
        for (topic, _), partition in windows.partitions.items()
        if topic in topics
    ]
    expected = max(sum(topics.values()), len(shares))
    return sum(shares) / expected if expected else 0.0


def _cells(windows: Windows) -> dict[Tally, list[str]]:
    """The names of the cells that any window holds and of the totals that always stand, sorted."""
    names = windows.cells() | {cell_name(t, (), ()) for t in TALLIES if not t.dimensions}
    by_tally: dict[Tally, list[str]] = {tally: [] for tally in TALLIES}
    for name in sorted(names):
        by_tally[_parse(name).tally].append(name)
    return by_tally
