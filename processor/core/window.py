"""Panes summed to rolling windows at one common now: here alone the reader's clock matters.

A window of tier w covers `[now - W rounded up to w, end)`: closed panes of its own tier, and for
its open last pane the panes of the finer tiers.

    now - W                                                      end
       |  |____1 h____|____1 h____| ... |____1 h____|_1m_|_1m_|10s|
                                                     the open hour

Law (tests/laws/test_a_window_is_the_sum_of_its_panes.py). What changes, moves or expires is added
and subtracted, so a refresh costs what changed and never the length of a window.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import msgspec

from processor.core.definitions import Definitions, Window
from processor.core.pane import Cells, Pane, unpack_vector
from processor.core.slice import tally_name
from processor.core.tally import TALLIES, Tally, Vector

Ranges: TypeAlias = dict[int, tuple[int, int]]
"""{tier: [start, end)} in ms: which panes of each tier a window is made of."""

Totals: TypeAlias = dict[str, Vector]


class Reading(msgspec.Struct, frozen=True):
    """How some tallies are read: whether time alone may bring something, and in which tiers."""

    due: bool
    tiers: tuple[int, ...]

    def end_ms(self, now_ms: int, as_of_ms: int) -> int:
        """Where windows end: at the last closed pane that is known whole, or with the open pane."""
        finest_ms = self.tiers[0]
        if self.due:
            known_ms = min(now_ms, as_of_ms)
            return known_ms - known_ms % finest_ms
        return now_ms - now_ms % finest_ms + finest_ms


def reading_of(definitions: Definitions, tally: Tally) -> Reading:
    """How a tally is read."""
    return Reading(tally.due, definitions.tiers_of(tally))


def window_ranges(window: Window, reading: Reading, now_ms: int, end_ms: int) -> Ranges:
    """The panes of each tier that make up a window; none if its end lies before its start."""
    start_ms = -((window.length_ms - now_ms) // window.tier_ms) * window.tier_ms
    ranges: Ranges = {}
    for tier_ms in sorted((t for t in reading.tiers if t <= window.tier_ms), reverse=True):
        until_ms = max(start_ms, end_ms - end_ms % tier_ms)
        ranges[tier_ms] = (start_ms, until_ms)
        start_ms = until_ms
    return ranges


def window_coverage(window: Window, now_ms: int, as_of_ms: int, covered_from_ms: int) -> float:
    """The share of a window that one partition's view can vouch for, 0 to 1."""
    start_ms = max(now_ms - window.length_ms, covered_from_ms)
    return max(0, min(now_ms, as_of_ms) - start_ms) / window.length_ms


class Rolling:
    """One window of one reading over one partition.

    Its sums go into totals that all partitions share.
    """

    def __init__(self, window: Window, reading: Reading, totals: Totals) -> None:
        """Start with no pane."""
        self._window = window
        self._reading = reading
        self._totals = totals
        self._ranges: Ranges = {}

    def move(self, now_ms: int, as_of_ms: int, panes: Mapping[Pane, Mapping[str, Vector]]) -> None:
        """Let panes in and out until the window ends where it should at `now_ms`."""
        end_ms = self._reading.end_ms(now_ms, as_of_ms)
        ranges = window_ranges(self._window, self._reading, now_ms, end_ms)
        for tier_ms, (start_ms, until_ms) in ranges.items():
            old = self._ranges.get(tier_ms, (start_ms, start_ms))
            for left in _panes_between(tier_ms, old, (start_ms, until_ms)):
                self._shift(-1, panes.get(left))
            for entered in _panes_between(tier_ms, (start_ms, until_ms), old):
                self._shift(+1, panes.get(entered))
        self._ranges = ranges

    def change(
        self, pane: Pane, before: Mapping[str, Vector] | None, after: Mapping[str, Vector] | None
    ) -> None:
        """Replace what a pane holds, if it is one of the window's."""
        start_ms, until_ms = self._ranges.get(pane[0], (0, 0))
        if start_ms <= pane[1] < until_ms:
            self._shift(-1, before)
            self._shift(+1, after)

    def _shift(self, sign: int, cells: Mapping[str, Vector] | None) -> None:
        for cell, vector in (cells or {}).items():
            total = self._totals.get(cell) or [0] * len(vector)
            shifted = [a + sign * b for a, b in zip(total, vector, strict=True)]
            if any(shifted):
                self._totals[cell] = shifted
            else:
                self._totals.pop(cell, None)


def _panes_between(tier_ms: int, of: tuple[int, int], without: tuple[int, int]) -> Iterator[Pane]:
    """The panes in one range that are not in the other."""
    (start, until), (cut_start, cut_until) = of, without
    for first, last in ((start, min(until, cut_start)), (max(start, cut_until), until)):
        yield from ((tier_ms, at) for at in range(first, last, tier_ms))


class Partition:
    """What the reader holds of one partition: its panes by reading, and its rolling windows."""

    def __init__(
        self, definitions: Definitions, totals: Mapping[tuple[str, Reading], Totals]
    ) -> None:
        """Start with nothing read."""
        self.as_of_ms = 0
        self.covered_from_ms = 0
        self._readings = {tally.name: reading_of(definitions, tally) for tally in TALLIES}
        self._panes: dict[Reading, dict[Pane, dict[str, Vector]]] = {
            reading: {} for reading in set(self._readings.values())
        }
        self._rolling: dict[Reading, list[Rolling]] = defaultdict(list)
        for (name, reading), total in totals.items():
            window = next(w for w in definitions.windows if w.name == name)
            self._rolling[reading].append(Rolling(window, reading, total))

    def change(self, changed: Mapping[Pane, Cells]) -> None:
        """Replace the panes that changed; no cells: the pane is gone."""
        for pane, cells in changed.items():
            for reading, after in self._apart(cells).items():
                panes = self._panes[reading]
                before = panes.get(pane)
                for rolling in self._rolling[reading]:
                    rolling.change(pane, before, after)
                if after:
                    panes[pane] = after
                else:
                    panes.pop(pane, None)

    def clear(self) -> None:
        """Take everything back."""
        self.change({pane: {} for panes in self._panes.values() for pane in panes})

    def move(self, now_ms: int) -> None:
        """Move all windows to a new now."""
        for reading, rollings in self._rolling.items():
            for rolling in rollings:
                rolling.move(now_ms, self.as_of_ms, self._panes[reading])

    def panes(self, reading: Reading) -> Mapping[Pane, Mapping[str, Vector]]:
        """The panes of one reading, for whoever wants to see how a window came about."""
        return self._panes[reading]

    def _apart(self, cells: Cells) -> dict[Reading, dict[str, Vector]]:
        apart: dict[Reading, dict[str, Vector]] = {reading: {} for reading in self._panes}
        for cell, packed in cells.items():
            apart[self._readings[tally_name(cell)]][cell] = unpack_vector(packed)
        return apart


class Windows:
    """All rolling windows over all partitions."""

    def __init__(self, definitions: Definitions) -> None:
        """Start with no partition."""
        self.now_ms = 0
        self.definitions = definitions
        self._totals: dict[tuple[str, Reading], Totals] = {
            (window.name, reading_of(definitions, tally)): {}
            for tally in TALLIES
            for window in definitions.windows_of(tally)
        }
        self.partitions: dict[tuple[str, int], Partition] = {}

    def partition(self, topic: str, number: int) -> Partition:
        """A partition's place in the windows, made when first asked for."""
        key = (topic, number)
        if key not in self.partitions:
            self.partitions[key] = Partition(self.definitions, self._totals)
        return self.partitions[key]

    def move(self, now_ms: int) -> None:
        """Move every window to a new now; a now that is not later changes nothing."""
        self.now_ms = max(self.now_ms, now_ms)
        for partition in self.partitions.values():
            partition.move(self.now_ms)

    def totals(self, window: str, tally: Tally) -> Totals:
        """The cells of a window, of every tally that is read like this one.

        Empty if the tally is not kept for it.
        """
        return self._totals.get((window, reading_of(self.definitions, tally)), {})

    def cells(self) -> set[str]:
        """The names of all cells that any window holds."""
        return {cell for totals in self._totals.values() for cell in totals}
