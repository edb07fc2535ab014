"""The log, read again: every record of the sources up to given positions, into the oracle."""

import heapq
from collections.abc import Callable, Iterator, Mapping

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from processor.core.head import Accounting
from processor.core.record import Record
from processor.store.contract import Place
from processor.verify.oracle import Oracle

POLL_MS = 500
SILENT_POLLS_MAX = 60
"""So many empty answers in a row, and the broker is taken for gone: half a minute."""

PROGRESS_EVERY = 1_000


class ReplayError(Exception):
    """The log cannot be replayed: it is cut, or it is silent."""


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
        self._positions: dict[Place, int] = {}
        self._on_progress = on_progress

    async def advance(self, starts: Mapping[Place, int], ends: Mapping[Place, int]) -> None:
        """Read every partition up to its end, from where the last call stopped, else its start.

        Raises:
            ReplayError: a partition's log begins after its start, or does not go on to its end.
            KafkaError: as it says.
        """
        partitions = {place: TopicPartition(place.topic, place.partition) for place in ends}
        await self._seek(partitions, starts)
        read = {place: await self._read(place, partitions[place], ends[place]) for place in ends}
        for place, record in _merged(read):
            self._count(place, record)
        self._on_progress(self.records)
        for place, end in ends.items():
            # Offsets without a record belong to aborted or control batches, or were compacted.
            self.accounts[place].invisible += end - self._positions[place] - len(read[place])
            self._positions[place] = end

    async def _seek(
        self, partitions: Mapping[Place, TopicPartition], starts: Mapping[Place, int]
    ) -> None:
        earliest = await self._consumer.beginning_offsets(list(partitions.values()))
        for place, partition in partitions.items():
            position = self._positions.setdefault(place, starts[place])
            if earliest[partition] > position:
                raise ReplayError(
                    f"the log of {place} begins at {earliest[partition]}, but the view began at"
                    f" {position}: what is gone cannot be replayed"
                )
            self.accounts.setdefault(place, Accounting())
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
