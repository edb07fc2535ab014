"""The reader: keeps all windows of a namespace in memory, and moves them to now.

It holds the panes of every partition and asks the store only for what changed since the commit it
saw last; a commit that is not known any more (rollback, wipe) makes it read that partition anew.
Partitions need no common snapshot: each is read in one piece with its head, and what a partition
does not vouch for yet is not in its windows.
"""

import asyncio
from collections.abc import Sequence

from processor.core.definitions import Definitions
from processor.core.head import Head
from processor.core.window import Windows
from processor.store.contract import NONE, Place, Store

PROBED = 32
"""So many partitions of a topic are asked for while none has a head that says how many there are:
one whose first partition has no owner yet may well have others."""


class Reader:
    """The windows of one namespace, refreshed from a store."""

    def __init__(self, store: Store, definitions: Definitions, topics: Sequence[str]) -> None:
        """Start with nothing read; `topics` are the sources and the derived one."""
        self.windows = Windows(definitions)
        self.heads: dict[Place, Head] = {}
        self.changed_ms: dict[Place, int] = {}
        self._store = store
        self._topics = topics
        self._seen: dict[Place, str] = {}

    async def refresh(self, now_ms: int) -> None:
        """Read what changed, and move all windows to a new now.

        Raises:
            StoreUnavailableError: nothing is known of the store now; what was read before still
            stands.
        """
        await asyncio.gather(*(self._refresh_topic(topic, now_ms) for topic in self._topics))
        self.windows.move(now_ms)

    async def _refresh_topic(self, topic: str, now_ms: int) -> None:
        await self._refresh_partition(Place(topic, 0), now_ms)
        others = range(1, self._partitions(topic))
        await asyncio.gather(
            *(self._refresh_partition(Place(topic, partition), now_ms) for partition in others)
        )

    async def _refresh_partition(self, place: Place, now_ms: int) -> None:
        seen = self._seen.get(place, NONE)
        reading = await self._store.read(place, seen)
        if reading is None:
            self._forget(place)
            return
        partition = self.windows.partition(place.topic, place.partition)
        if reading.commit == seen:
            return
        if reading.whole:
            partition.clear()
        partition.change(reading.panes)
        partition.as_of_ms = reading.head.as_of_ms
        partition.covered_from_ms = reading.head.covered_from_ms
        self.heads[place] = reading.head
        self.changed_ms[place] = now_ms
        self._seen[place] = reading.commit

    def _forget(self, place: Place) -> None:
        """The head is gone, and with it everything the partition vouched for."""
        if self.heads.pop(place, None) is not None:
            del self._seen[place]
            partition = self.windows.partition(place.topic, place.partition)
            partition.clear()
            partition.as_of_ms = 0

    def _partitions(self, topic: str) -> int:
        """How many partitions to read: as any head says, else as many as might have one."""
        heads = (head for place, head in self.heads.items() if place.topic == topic)
        return next((head.log.partitions for head in heads), PROBED)
