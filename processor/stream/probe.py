"""Questions to Kafka that are no part of fetching.

Which log is this, where does it begin and end, and what stands there? The probe reads uncommitted:
a log's end is its high watermark, not the last stable offset, so that an open transaction can never
make a view look more current than it is.
"""

import asyncio
from collections.abc import Iterable

import msgspec
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError, for_code
from aiokafka.structs import TopicPartition

from processor.core.record import Record
from processor.store.contract import Place
from processor.stream.kafka import KafkaAccess

_RECORD_TIMEOUT_S = 10.0
"""After this there is no record: positions up to the log's end may all be markers."""

_FETCH_WAIT_MAX_MS = 100


class LogBounds(msgspec.Struct, frozen=True):
    """A log's ends: `start` is the first offset it retains, `end` that of the next record."""

    start: int
    end: int


class LogProbe:
    """A client that only asks."""

    def __init__(self, access: KafkaAccess) -> None:
        """Nothing is sent before `start`."""
        self._access = access
        self._admin: AIOKafkaAdminClient | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._reading = asyncio.Lock()
        self.cluster = ""

    async def start(self) -> None:
        """Connect, and learn the cluster's id.

        Raises:
            KafkaError: Kafka cannot be reached.
        """
        self._admin = AIOKafkaAdminClient(**self._access.options)
        await self._admin.start()
        self.cluster = (await self._admin.describe_cluster())["cluster_id"] or ""
        self._consumer = AIOKafkaConsumer(
            **self._access.options,
            isolation_level="read_uncommitted",
            auto_offset_reset="none",
            enable_auto_commit=False,
            fetch_max_wait_ms=_FETCH_WAIT_MAX_MS,
        )
        await self._consumer.start()

    async def stop(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()
        if self._admin is not None:
            await self._admin.close()

    async def partitions(self, topic: str) -> int:
        """How many partitions a topic has.

        Raises:
            KafkaError: the brokers do not know it now.
        """
        # A consumer's metadata would be no answer: it forgets topics it is not assigned.
        if self._admin is None:
            raise RuntimeError("the probe was not started")
        (told,) = await self._admin.describe_topics([topic])
        if told["error_code"] or not told["partitions"]:
            raise for_code(told["error_code"] or UnknownTopicOrPartitionError.errno)(topic)
        return len(told["partitions"])

    async def bounds(self, place: Place) -> LogBounds:
        """Where a partition's log begins and ends."""
        partition = TopicPartition(place.topic, place.partition)
        starts = await self._ready().beginning_offsets([partition])
        ends = await self._ready().end_offsets([partition])
        return LogBounds(starts[partition], ends[partition])

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """Where the logs of some partitions end."""
        asked = {TopicPartition(place.topic, place.partition): place for place in places}
        ends = await self._ready().end_offsets(list(asked))
        return {asked[partition]: end for partition, end in ends.items()}

    async def record(self, place: Place, offset: int) -> Record | None:
        """The record at an offset or the first after it; None if there is none for a while."""
        partition = TopicPartition(place.topic, place.partition)
        async with self._reading:
            consumer = self._ready()
            consumer.assign([partition])
            consumer.seek(partition, offset)
            try:
                found = await asyncio.wait_for(consumer.getone(partition), _RECORD_TIMEOUT_S)
            except TimeoutError:
                return None
            finally:
                consumer.unsubscribe()
        return Record(found.offset, found.timestamp, found.key, found.value, found.headers)

    def _ready(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise RuntimeError("the probe was not started")
        return self._consumer
