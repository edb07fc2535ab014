"""A store in memory: for tests, and to read what the contract means without Redis in the way."""

from collections import deque
from collections.abc import Mapping

import msgspec

from processor.core.head import Head
from processor.core.pane import Cells, Pane
from processor.core.view import Stored
from processor.store.contract import (
    NONE,
    RECENT_MAX,
    Applied,
    Commit,
    Place,
    Reading,
    Refused,
)

# A head is kept packed, so that no caller can change what is stored.
_pack_head = msgspec.msgpack.Encoder().encode
_unpack_head = msgspec.msgpack.Decoder(Head).decode


class _Partition:
    def __init__(self) -> None:
        self.commit = NONE
        self.head = b""
        self.panes: dict[Pane, Cells] = {}
        self.journal: deque[tuple[int, dict[bytes, bytes]]] = deque()
        self.recent: deque[tuple[str, frozenset[Pane]]] = deque(maxlen=RECENT_MAX)


class MemoryStore:
    """A store that forgets everything with its process."""

    def __init__(self) -> None:
        """Start empty."""
        self._partitions: dict[Place, _Partition] = {}
        self._windows: tuple[int, dict[str, str]] = (0, {})

    async def head(self, place: Place) -> tuple[str, Head] | None:
        """The head's commit id and the head; None if there is none."""
        partition = self._partitions.get(place)
        return (partition.commit, _unpack_head(partition.head)) if partition else None

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        """Apply a commit if the head is its predecessor."""
        partition = self._partitions.get(place, _Partition())
        if partition.commit == commit.id:
            return Applied()
        if partition.commit != commit.predecessor:
            return Refused(partition.commit)
        self._partitions[place] = partition
        partition.commit = commit.id
        partition.head = _pack_head(commit.head)
        for pane, cells in commit.panes.cells.items():
            kept = partition.panes.setdefault(pane, {})
            for cell, packed in cells.items():
                if packed is None:
                    kept.pop(cell, None)
                else:
                    kept[cell] = packed
        for pane in commit.panes.gone:
            partition.panes.pop(pane, None)
        if commit.states:
            partition.journal.append((commit.head.clock_ms, dict(commit.states)))
        while partition.journal and partition.journal[0][0] < commit.trimmed_ms:
            partition.journal.popleft()
        changed = frozenset(commit.panes.cells) | frozenset(commit.panes.gone)
        partition.recent.append((commit.id, changed))
        return Applied()

    async def load(self, place: Place, commit: str) -> Stored | Refused:
        """The whole view, if the head is `commit`."""
        partition = self._partitions.get(place)
        if partition is None or partition.commit != commit:
            return Refused(partition.commit if partition else NONE)
        states: dict[bytes, bytes] = {}
        for _, written in partition.journal:
            states |= written
        return Stored(
            _unpack_head(partition.head),
            states,
            {pane: dict(cells) for pane, cells in partition.panes.items()},
            [(clock_ms, tuple(written)) for clock_ms, written in partition.journal],
        )

    async def read(self, place: Place, since: str) -> Reading | None:
        """What changed since a commit, or everything if that is too old; None without a head."""
        partition = self._partitions.get(place)
        if partition is None:
            return None
        head = _unpack_head(partition.head)
        changed: set[Pane] = set()
        for commit, panes in reversed(partition.recent):
            if commit == since:
                cells = {pane: dict(partition.panes.get(pane, {})) for pane in changed}
                return Reading(partition.commit, head, whole=False, panes=cells)
            changed |= panes
        every = {pane: dict(cells) for pane, cells in partition.panes.items()}
        return Reading(partition.commit, head, whole=True, panes=every)

    async def publish_windows(self, now_ms: int, values: Mapping[str, str]) -> None:
        """Replace the published windows, unless those that are there are newer."""
        if now_ms > self._windows[0]:
            self._windows = (now_ms, dict(values))

    async def published_windows(self) -> tuple[int, dict[str, str]]:
        """The published windows and their now; (0, {}) if nothing was ever published."""
        now_ms, values = self._windows
        return now_ms, dict(values)

    async def close(self) -> None:
        """Nothing to let go of."""
