"""The log, read again: every record of the sources up to given positions, into the oracle.

Retention may have taken a log's oldest records away since its view began. What is left is replayed,
and `known_from_ms` tells from when on that is enough.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from math import inf

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from processor.core.definitions import EntityName
from processor.core.head import Accounting
from processor.core.record import Record
from processor.store.contract import Place
from processor.verify.oracle import Oracle

POLL_MS = 500
SILENT_POLLS_MAX = 60
"""So many empty answers in a row, and the broker is taken for gone: half a minute."""

PROGRESS_EVERY = 1_000


class ReplayError(Exception):
    """The log cannot be replayed: it is cut while it is read, or it is silent."""


class Replay:
    """Moves an oracle forward along the log, and books what becomes of every record."""

    def __init__(
        self, consumer: AIOKafkaConsumer, oracle: Oracle, on_progress: Callable[[int], None]
    ) -> None:
        """Read with a consumer that reads committed records and has no group."""
        self.oracle = oracle
        self.accounts: dict[Place, Accounting] = {}
        self.records = 0
        self._consumer = consumer
        self._cut: dict[Place, float] = {}
        self._positions: dict[Place, int] = {}
        self._on_progress = on_progress

    async def advance(self, starts: Mapping[Place, int], ends: Mapping[Place, int]) -> None:
        """Read every partition up to its end, from where the last call stopped.

        The first call reads from the partition's start, or from what its log still has.

        Raises:
            ReplayError: a log was cut between two calls, or does not go on to its end.
            KafkaError: as it says.
        """
        partitions = {place: TopicPartition(place.topic, place.partition) for place in ends}
        await self._seek(partitions, starts)
        read = {place: await self._read(place, partitions[place], ends[place]) for place in ends}
        for place, record in _merged(read):
            self._count(place, record)
        self._on_progress(self.records)
        for place, end in ends.items():
            if place in self._cut and read[place]:
                self._cut[place] = min(self._cut[place], read[place][0].arrival_ms)
            passed = max(0, end - self._positions[place])
            # Offsets without a record belong to aborted or control batches, or were compacted.
            self.accounts[place].invisible += passed - len(read[place])
            self._positions[place] += passed

    def is_cut(self, place: Place) -> bool:
        """Whether the log of a partition no longer has all that its view was made from."""
        return place in self._cut

    def known_from_ms(self, place: Place) -> float:
        """From when on a source partition's panes follow from what was replayed; 0 if all do.

        The first record that is left arrived at A. An entity that began before A has lost its first
        events, so what the replay makes of its later ones may be wrong: an answer without its
        offer, an order without its cart. The topic's reach says how long before a contribution its
        entity's first event may lie, and an event may be dated `future_max_ms` ahead of its
        arrival. So a contribution from A + reach + future on is of an entity that the replay knows
        whole; nothing can be said of earlier ones, nor of any while no record is left (infinity).
        """
        if place not in self._cut:
            return 0
        topic = self.oracle.topics[place.topic]
        return self._cut[place] + topic.reach_ms + topic.future_max_ms

    def entity_known_from_ms(self, entity: EntityName) -> float:
        """From when on all contributions of an entity's kind follow from what was replayed.

        A case takes its contacts from all partitions. What settles a repeat window after a contact
        depends on the contacts up to a window before it: two windows back.
        """
        source = "contact" if entity == "case" else entity
        topics = self.oracle.topics
        cut = [self.known_from_ms(p) for p in self._cut if topics[p.topic].entity == source]
        if entity != "case" or not cut:
            return max(cut, default=0)
        return max(cut) + 2 * self.oracle.definitions.case.repeat_window_ms

    async def _seek(
        self, partitions: Mapping[Place, TopicPartition], starts: Mapping[Place, int]
    ) -> None:
        earliest = await self._consumer.beginning_offsets(list(partitions.values()))
        for place, partition in partitions.items():
            begins = earliest[partition]
            if place not in self._positions:
                self._positions[place] = max(begins, starts[place])
                self.accounts[place] = Accounting()
                if begins > starts[place]:
                    self._cut[place] = inf
            elif begins > self._positions[place]:
                raise ReplayError(
                    f"the log of {place} was cut while it was read: it begins at {begins} now, and"
                    f" {self._positions[place]} was next"
                )
        # An aiokafka consumer that is stopped just after its assignment has changed never ends: it
        # is not changed without need.
        if self._consumer.assignment() != set(partitions.values()):
            self._consumer.assign(list(partitions.values()))

    async def _read(self, place: Place, partition: TopicPartition, end: int) -> list[Record]:
        records: list[Record] = []
        position, silent = self._positions[place], 0
        self._consumer.seek(partition, position)
        while position < end:
            fetched = await self._consumer.getmany(partition, timeout_ms=POLL_MS)
            records += [
                Record(r.offset, r.timestamp, r.key, r.value, r.headers)
                for r in fetched.get(partition, ())
                if r.offset < end
            ]
            before, position = position, await self._consumer.position(partition)
            moved = position > before
            silent = 0 if moved else silent + 1
            if silent == SILENT_POLLS_MAX:
                raise ReplayError(f"the broker does not send what {partition} has from {position}")
        return records

    def _count(self, place: Place, record: Record) -> None:
        outcome, reason = self.oracle.read(place.topic, place.partition, record)
        self.accounts[place].count(outcome, reason)
        self.records += 1
        if self.records % PROGRESS_EVERY == 0:
            self._on_progress(self.records)


def _merged(read: Mapping[Place, list[Record]]) -> Iterator[tuple[Place, Record]]:
    """All records by arrival, each partition's in its own order.

    A partition's arrival may run backwards where producers date records; its order still stands.
    """
    streams = [[(place, record) for record in records] for place, records in read.items()]
    return heapq.merge(*streams, key=lambda item: item[1].arrival_ms)
