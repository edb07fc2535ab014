"""Batched delivery on a real Kafka: intervals without gap or overlap, whatever lies in the log."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from processor.store.contract import Place
from processor.stream.app import GroupSettings, WorkerApp, create_app
from processor.stream.batch import Batch
from processor.stream.kafka import KafkaAccess
from tests.servers.kafka import KafkaCluster


class Recorder:
    """Takes every partition at once, and keeps what is delivered."""

    def __init__(self, app: WorkerApp, positions: dict[Place, int]) -> None:
        self.app = app
        self.positions = positions
        self.batches: list[Batch] = []
        self.generation = 0
        self.taken: list[set[Place]] = []

    def take(self, places: Iterable[Place]) -> None:
        self.taken.append(set(places))
        self._moving = [asyncio.create_task(self.move(place)) for place in self.taken[-1]]

    async def move(self, place: Place, position: int | None = None) -> None:
        self.generation += 1
        at = self.positions.get(place, 0) if position is None else position
        await self.app.move(place, at, self.generation)

    async def deliver(self, batch: Batch) -> None:
        self.batches.append(batch)

    async def drain(self, timeout_s: float) -> None: ...

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def consuming(
    access: KafkaAccess, topic: str, *, position: int = 0, batch_records_max: int = 100
) -> AsyncIterator[Recorder]:
    group = GroupSettings(
        f"group-{uuid4().hex[:8]}", batch_records_max=batch_records_max, fetch_wait_max_ms=50
    )
    app = create_app(access, group, [topic])
    recorder = Recorder(app, {Place(topic, 0): position})
    app.seats = recorder  # type: ignore[assignment]  # it sits where the lanes would
    await app.start()
    try:
        yield recorder
    finally:
        await app.stop()


async def produce(access: KafkaAccess, topic: str, numbers: Iterable[int]) -> None:
    async with AIOKafkaProducer(**access.options) as producer:
        for number in numbers:
            await producer.send(topic, str(number).encode(), key=b"k")


def contiguous(batches: list[Batch], start: int) -> bool:
    """Whether batches follow each other from `start` on and hold only their interval's records."""
    for batch in batches:
        inside = all(batch.start <= record.offset < batch.end for record in batch.fetched)
        if batch.start != start or not inside:
            return False
        start = batch.end
    return True


async def test_a_partition_is_delivered_in_intervals_that_follow_each_other(
    access: KafkaAccess, topic: str
) -> None:
    await produce(access, topic, range(250))
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 250)
        assert contiguous(recorder.batches, 0)
        assert max(len(batch.fetched) for batch in recorder.batches) == 100
        values = [r.value for batch in recorder.batches for r in batch.records()]
        assert values == [str(n).encode() for n in range(250)]
        assert recorder.taken == [{Place(topic, 0)}]


async def test_reading_begins_where_the_partition_was_moved_to(
    access: KafkaAccess, topic: str
) -> None:
    await produce(access, topic, range(50))
    async with consuming(access, topic, position=30) as recorder:
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 50)
        assert contiguous(recorder.batches, 30)


async def test_a_partition_can_be_moved_back_while_it_is_read(
    access: KafkaAccess, topic: str
) -> None:
    await produce(access, topic, range(50))
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 50)
        before = len(recorder.batches)
        await recorder.app.hold(Place(topic, 0))
        await recorder.move(Place(topic, 0), 10)
        await recorder.until(
            lambda: len(recorder.batches) > before and recorder.batches[-1].end == 50
        )
        again = recorder.batches[before:]
        assert {batch.generation for batch in again} == {recorder.generation}
        assert contiguous(again, 10)


async def test_a_held_partition_delivers_nothing(access: KafkaAccess, topic: str) -> None:
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.taken))
        await asyncio.sleep(0.3)
        await recorder.app.hold(Place(topic, 0))
        await produce(access, topic, range(10))
        await asyncio.sleep(1.0)
        assert recorder.batches == []


async def test_markers_and_aborted_records_lie_inside_intervals(
    access: KafkaAccess, topic: str
) -> None:
    """Committed and aborted transactions leave positions without a record."""
    producer = AIOKafkaProducer(**access.options, transactional_id=f"tx-{uuid4().hex}")
    async with producer:
        for number in range(6):
            await producer.begin_transaction()
            for _ in range(3):
                await producer.send_and_wait(topic, str(number).encode(), key=b"k")
            if number % 2:
                await producer.abort_transaction()
            else:
                await producer.commit_transaction()
    end = 6 * (3 + 1)
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == end)
        assert contiguous(recorder.batches, 0)
        values = [r.value for batch in recorder.batches for r in batch.records()]
        assert values == [b"0"] * 3 + [b"2"] * 3 + [b"4"] * 3


async def test_an_open_transaction_is_waited_for(access: KafkaAccess, topic: str) -> None:
    producer = AIOKafkaProducer(**access.options, transactional_id=f"tx-{uuid4().hex}")
    async with producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"1", key=b"k")
        async with consuming(access, topic) as recorder:
            await recorder.until(lambda: bool(recorder.taken))
            await asyncio.sleep(1.0)
            assert recorder.batches == []
            await producer.commit_transaction()
            await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 2)


async def test_a_position_that_retention_took_is_reported_and_the_partition_held(
    access: KafkaAccess, topic: str, kafka: KafkaCluster
) -> None:
    await produce(access, topic, range(20))
    kafka.cut(topic, before=15)
    async with consuming(access, topic, position=3) as recorder:
        await recorder.until(lambda: bool(recorder.batches))
        (lost,) = recorder.batches
        assert (lost.out_of_range, lost.start, lost.end) == (True, 3, 3)
        await recorder.move(Place(topic, 0), 15)
        await recorder.until(lambda: recorder.batches[-1].end == 20)
        assert contiguous(recorder.batches[1:], 15)


async def test_every_codec_can_be_read(access: KafkaAccess, topic: str) -> None:
    for codec in ("gzip", "snappy", "lz4", "zstd"):
        async with AIOKafkaProducer(**access.options, compression_type=codec) as producer:
            await producer.send_and_wait(topic, codec.encode() * 50, key=b"k")
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 4)
        values = [r.value for batch in recorder.batches for r in batch.records()]
        assert [value and value[:4] for value in values] == [b"gzip", b"snap", b"lz4l", b"zstd"]


async def test_the_group_is_told_and_asked_nothing(access: KafkaAccess, topic: str) -> None:
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.taken))
        assert await recorder.app.hint({Place(topic, 0): 7})
        assert await recorder.app.hint({Place("somebody-elses", 0): 7})
