"""The log, read again: every record of the source partitions up to given positions, into the oracle."""

import heapq
from collections.abc import Callable, Iterator, Mapping

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from processor.core.head import Accounting
from processor.core.record import Record
from processor.store.contract import Place
from processor.verify.oracle import Oracle

POLL_MS = 500


class CutLogError(Exception):
    """The log no longer begins where the view began: what is gone cannot be replayed."""


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
        """Read every partition up to its end, from where the last call stopped, else from its start.

        Raises:
            CutLogError: a partition's log begins after its start.
        """
        partitions = {TopicPartition(p.topic, p.partition): p for p in ends}
        earliest = await self._consumer.beginning_offsets(list(partitions))
        self._consumer.assign(list(partitions))
        for partition, place in partitions.items():
            position = self._positions.setdefault(place, starts[place])
            if earliest[partition] > position:
                raise CutLogError(
                    f"{place} begins at {earliest[partition]}, and {position} is needed"
                )
            self._consumer.seek(partition, position)
            self.accounts.setdefault(place, Accounting())
        read = {place: await self._read(p, place, ends[place]) for p, place in partitions.items()}
        for place, record in _merged(read):
            outcome, reason = self.oracle.read(place.topic, place.partition, record)
            self.accounts[place].count(outcome, reason)
            self.records += 1
            if self.records % 1000 == 0:
                self._on_progress(self.records)
        self._on_progress(self.records)
        for place, end in ends.items():
            account = self.accounts[place]
            account.invisible += end - self._positions[place] - len(read[place])
            self._positions[place] = end

    async def _read(self, partition: TopicPartition, place: Place, end: int) -> list[Record]:
        records: list[Record] = []
        while await self._consumer.position(partition) < end:
            fetched = await self._consumer.getmany(partition, timeout_ms=POLL_MS)
            records += [
                Record(r.offset, r.timestamp, r.key, r.value, r.headers)
                for r in fetched.get(partition, ())
                if r.offset < end
            ]
        return records


def _merged(read: Mapping[Place, list[Record]]) -> Iterator[tuple[Place, Record]]:
    """All records by arrival, each partition's in its own order."""
    streams = [
        [(record.arrival_ms, place, record) for record in records]
        for place, records in read.items()
    ]
    # A partition's arrival may run backwards where producers date records; its own order still stands.
    for _, place, record in heapq.merge(*streams, key=lambda item: item[0]):
        yield place, record
