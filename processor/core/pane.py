"""Where in time a count lands: panes, disjoint slices of event time (tiers: 10 s, 1 min, 1 h).

    tier w:   ... [k*w, (k+1)*w) [(k+1)*w, (k+2)*w) ...         a pane is named by (w, start)

A pane holds cells (core.slice), each the packed vector of one tally. It is kept until the
partition's clock is a retention past its end; what would change it after that is not written, so
old panes need no one to guard them. Law (tests/laws): retracting all that was added leaves no cell.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from processor.core.contribution import Count, Delta
from processor.core.definitions import Definitions
from processor.core.slice import Slices
from processor.core.tally import TALLIES, Tally, Vector

Pane: TypeAlias = tuple[int, int]
"""(tier, start), both in ms."""

Cells: TypeAlias = dict[str, bytes]
"""{cell name: packed vector}."""

_pack_whole = msgspec.msgpack.Encoder().encode
_unpack_whole = msgspec.msgpack.Decoder(list[int]).decode

_ARRAY_FROM = 0x80
"""The first byte of a msgpack array is at least this, that of decimal text is a digit or a sign."""


def pack_vector(vector: Vector) -> bytes:
    """A vector's bytes: a msgpack array, or decimal text if an amount is beyond 64 bits."""
    try:
        return _pack_whole(vector)
    except OverflowError:
        return " ".join(map(str, vector)).encode()


def unpack_vector(packed: bytes) -> Vector:
    """The vector of its bytes."""
    if packed[0] >= _ARRAY_FROM:
        return _unpack_whole(packed)
    return [int(amount) for amount in packed.split()]


def pane_at(tier_ms: int, at_ms: int) -> Pane:
    """The pane of a tier that an instant falls into."""
    return tier_ms, at_ms - at_ms % tier_ms


class PaneChanges(msgspec.Struct, frozen=True):
    """What a batch did to panes: absolute values of cells (None: zero again), and panes gone."""

    cells: Mapping[Pane, Mapping[str, bytes | None]]
    gone: Sequence[Pane]


class Panes:
    """The panes of one partition, in its owner's memory."""

    def __init__(self, definitions: Definitions, slices: Slices, stored: dict[Pane, Cells]) -> None:
        """Take over the panes as they are stored; they are this object's from now on."""
        self.stored = stored
        self._slices = slices
        self._tiers = {tally: definitions.tiers_of(tally) for tally in TALLIES}
        self._retention = {
            tier: definitions.retention_ms(tier)
            for tier in {w.tier_ms for w in definitions.windows}
        }
        self._touched: dict[Pane, dict[str, Vector]] = {}
        self._swept_ms = 0

    def apply(self, delta: Delta, clock_ms: int) -> None:
        """Add a delta, but to panes that are past retention when the clock is at `clock_ms`."""
        for sign, count in delta:
            cells = self._slices.cells(count.tally, count.dimensions, count.labels)
            for tier_ms in self._tiers[count.tally]:
                pane = pane_at(tier_ms, count.at_ms)
                if not self._is_past(pane, clock_ms):
                    self._add(pane, sign, count, cells)

    def take(self, clock_ms: int) -> PaneChanges:
        """What changed since the last call, and which panes are past retention now."""
        cells: dict[Pane, dict[str, bytes | None]] = {}
        gone: list[Pane] = []
        for pane, vectors in self._touched.items():
            if self._is_past(pane, clock_ms):
                continue
            known = pane in self.stored
            changed = self._store(pane, vectors)
            if pane in self.stored:
                if changed:
                    cells[pane] = changed
            elif known:
                gone.append(pane)
        self._touched = {}
        return PaneChanges(cells, gone + self._sweep(clock_ms))

    def _add(self, pane: Pane, sign: int, count: Count, cells: tuple[str, ...]) -> None:
        touched = self._touched.get(pane)
        if touched is None:
            touched = self._touched[pane] = {}
        for cell in cells:
            vector = touched.get(cell)
            if vector is None:
                vector = touched[cell] = self._vector(pane, cell, count.tally)
            for at, amount in count.amounts:
                vector[at] += sign * amount

    def _vector(self, pane: Pane, cell: str, tally: Tally) -> Vector:
        packed = self.stored.get(pane, {}).get(cell)
        return [0] * len(tally.fields) if packed is None else unpack_vector(packed)

    def _store(self, pane: Pane, vectors: dict[str, Vector]) -> dict[str, bytes | None]:
        cells = self.stored.setdefault(pane, {})
        changed: dict[str, bytes | None] = {}
        for cell, vector in vectors.items():
            packed = pack_vector(vector) if any(vector) else None
            if packed == cells.get(cell):
                continue
            changed[cell] = packed
            if packed is None:
                del cells[cell]
            else:
                cells[cell] = packed
        if not cells:
            del self.stored[pane]
        return changed

    def _sweep(self, clock_ms: int) -> list[Pane]:
        """Forget the panes past retention; looks for them once in a pane of the finest tier."""
        finest_ms = min(self._retention)
        if clock_ms // finest_ms == self._swept_ms // finest_ms:
            return []
        self._swept_ms = clock_ms
        expired = [pane for pane in self.stored if self._is_past(pane, clock_ms)]
        for pane in expired:
            del self.stored[pane]
        return expired

    def _is_past(self, pane: Pane, clock_ms: int) -> bool:
        tier_ms, start_ms = pane
        return start_ms + tier_ms + self._retention[tier_ms] <= clock_ms
