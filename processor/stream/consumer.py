"""Batched delivery: a Faust consumer that hands over one message per fetched interval.

Faust's cost per message is paid per batch, and a batch's interval comes from the consumer's own
positions, so that record-less advances (transaction markers, aborted records) are delivered as
well. Positions never come from Kafka's group offsets: after every (re)assignment all partitions are
held until their lane says where to read on.

What the rest may lean on: batches of one generation follow each other without gap or overlap.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, cast

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import (
    ConsumerStoppedError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP, ConsumerMessage

from processor.store.contract import Place
from processor.stream.batch import Batch


class Seats(Protocol):
    """Who decides where partitions are read on."""

    def take(self, places: Iterable[Place]) -> None:
        """These partitions are ours, and held: each is moved when its owner knows its position."""


class Host(Protocol):
    """What a consumer needs of the app it works for."""

    seats: Seats
    fetch_wait_max_ms: int


class BatchConsumerThread(AIOKafkaConsumerThread):
    """The consumer's own thread: fetches, and knows the interval that a fetch covered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with nothing delivered."""
        super().__init__(*args, **kwargs)
        self._delivered: dict[TP, tuple[int, int]] = {}

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust has no setting for these two; both are read when the consumer starts.
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = cast("Host", self.app).fetch_wait_max_ms
        return consumer

    async def hold(self, partitions: Iterable[TP]) -> None:
        """Fetch nothing from these partitions until they are moved."""
        await self.call_thread(self._hold, partitions)

    async def move(self, partition: TP, position: int, generation: int) -> None:
        """Read on at a position; batches from there on carry the generation."""
        await self.call_thread(self._move, partition, position, generation)

    async def hint(self, positions: Mapping[TP, int]) -> None:
        """Tell Kafka's group how far we are: for lag tools only, nobody reads it back.

        Raises:
            KafkaError: the group did not take it.
        """
        await self.call_thread(self._hint, positions)

    async def _hold(self, partitions: Iterable[TP]) -> None:
        consumer = self._ensure_consumer()
        assigned = self.assignment()
        for partition in assigned.intersection(partitions):
            # A partition without any position would ask the group for one, or raise.
            consumer.seek(TopicPartition(*partition), 0)
            consumer.pause(TopicPartition(*partition))
            self._delivered.pop(partition, None)

    async def _move(self, partition: TP, position: int, generation: int) -> None:
        if partition in self.assignment():
            consumer = self._ensure_consumer()
            consumer.seek(TopicPartition(*partition), position)
            self._delivered[partition] = (generation, position)
            consumer.resume(TopicPartition(*partition))

    async def _hint(self, positions: Mapping[TP, int]) -> None:
        assigned = self.assignment()
        offsets = {
            TopicPartition(*partition): OffsetAndMetadata(position, "")
            for partition, position in positions.items()
            if partition in assigned
        }
        if offsets:
            await self._ensure_consumer().commit(offsets)

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,
        max_records: int | None = None,
    ) -> dict[TP, list[Batch]]:
        if not self.consumer.flow_active:
            return {}
        fetcher = consumer._fetcher
        if fetcher is None or consumer._closed or fetcher._closed:
            raise ConsumerStoppedError
        with fetcher._subscriptions.fetch_context():
            try:
                fetched = await fetcher.fetched_records(
                    active_partitions, timeout=timeout, max_records=max_records
                )
            except OffsetOutOfRangeError as error:
                return self._out_of_range(error.args[0])
            except NoOffsetForPartitionError:
                # Between its assignment and `hold` a partition asks the group for a position. There
                # need not be one, and its lane knows better.
                return {}
        # From here on nothing is awaited, so the positions are those of what was fetched.
        return self._batches(consumer, active_partitions, fetched)

    def _batches(
        self, consumer: AIOKafkaConsumer, active_partitions: set[TP], fetched: Mapping[TP, Any]
    ) -> dict[TP, list[Batch]]:
        batches: dict[TP, list[Batch]] = {}
        subscription = consumer._subscription.subscription
        if subscription is None or subscription.assignment is None:
            return batches
        for partition in active_partitions & subscription.assignment.tps:
            delivered = self._delivered.get(partition)
            state = subscription.assignment.state_value(partition)
            if delivered is None or not state.has_valid_position:
                continue
            generation, start = delivered
            if state.position > start:
                place = Place(partition.topic, partition.partition)
                records = fetched.get(partition, ())
                batches[partition] = [Batch(place, generation, start, state.position, records)]
                self._delivered[partition] = (generation, state.position)
        return batches

    def _out_of_range(self, offsets: Mapping[TP, int]) -> dict[TP, list[Batch]]:
        """Retention overtook us: the lane must find out what was lost, and where to read on."""
        batches = {}
        for partition, offset in offsets.items():
            delivered = self._delivered.pop(partition, None)
            if delivered is not None:
                self._ensure_consumer().pause(TopicPartition(*partition))
                place = Place(partition.topic, partition.partition)
                lost = Batch(place, delivered[0], offset, offset, out_of_range=True)
                batches[TP(*partition)] = [lost]
        return batches

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Nothing: Faust's detector of stalled fetches compares two different clocks."""


class BatchConsumer(Consumer):
    """The consumer as the agents' side sees it."""

    _thread: BatchConsumerThread

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    def _to_message(self, tp: TP, record: Batch) -> ConsumerMessage:
        # Faust drops messages below the offset it read last, but which batch is stale is the lanes'
        # decision alone.
        self._read_offset.pop(tp, None)
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            max(record.start, record.end - 1),
            0.0,
            0,
            None,
            None,
            record,  # type: ignore[arg-type]  # the topics' codec is raw: the agents get it as it is
            None,
            -1,
            -1,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """No positions: all partitions are held, and their lanes move them when they are ready."""
        assigned = self.assignment()
        await self._thread.hold(assigned)
        cast("Host", self.app).seats.take([Place(tp.topic, tp.partition) for tp in assigned])
        return {}

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Take the assignment; one of nothing is told here, as Faust asks for no positions then."""
        await super().on_partitions_assigned(assigned, generation_id)
        if not assigned:
            cast("Host", self.app).seats.take(())

    def owns(self, place: Place) -> bool:
        """Whether Kafka assigns the partition to us, as far as we have heard."""
        return TP(place.topic, place.partition) in self.assignment()

    async def move(self, place: Place, position: int, generation: int) -> None:
        """Read a partition on at a position, if it is still ours."""
        await self._thread.move(TP(place.topic, place.partition), position, generation)

    async def hold(self, place: Place) -> None:
        """Fetch nothing from a partition until it is moved."""
        await self._thread.hold([TP(place.topic, place.partition)])

    async def hint(self, positions: Mapping[Place, int]) -> bool:
        """Tell Kafka's group how far we are; whether it took it."""
        try:
            await self._thread.hint(
                {TP(place.topic, place.partition): at for place, at in positions.items()}
            )
        except KafkaError as error:
            self.log.info("the group did not take our offsets: %r", error)
            return False
        return True


class BatchTransport(Transport):
    """Faust's transport with batched delivery."""

    Consumer = BatchConsumer
