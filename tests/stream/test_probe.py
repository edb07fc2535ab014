"""What the probe says of a log, on a real broker."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from processor.store.contract import Place
from processor.stream.kafka import KafkaAccess
from processor.stream.probe import LogBounds, LogProbe
from tests.servers.kafka import KafkaCluster


@pytest.fixture
async def probe(access: KafkaAccess) -> AsyncIterator[LogProbe]:
    made = LogProbe(access)
    await made.start()
    yield made
    await made.stop()


async def produce(access: KafkaAccess, topic: str, count: int) -> None:
    async with AIOKafkaProducer(**access.options) as producer:
        for number in range(count):
            await producer.send_and_wait(topic, str(number).encode(), key=b"k")


async def test_it_knows_the_cluster(probe: LogProbe, kafka: KafkaCluster) -> None:
    assert probe.cluster == kafka.cluster_id


async def test_it_knows_where_a_log_begins_and_ends(
    probe: LogProbe, access: KafkaAccess, kafka: KafkaCluster, topic: str
) -> None:
    place = Place(topic, 0)
    assert await probe.bounds(place) == LogBounds(0, 0)
    await produce(access, topic, 9)
    kafka.cut(topic, before=4)
    assert await probe.bounds(place) == LogBounds(4, 9)
    assert await probe.ends([place]) == {place: 9}


async def test_it_knows_how_many_partitions_a_topic_has(
    probe: LogProbe, kafka: KafkaCluster
) -> None:
    name = f"wide-{uuid4().hex[:8]}"
    kafka.create_topic(name, partitions=5)
    assert await probe.partitions(name) == 5


async def test_it_knows_that_while_records_of_other_topics_are_read(
    probe: LogProbe, access: KafkaAccess, topic: str, kafka: KafkaCluster
) -> None:
    """Reading a record makes a consumer forget what it knew of topics."""
    name = f"wide-{uuid4().hex[:8]}"
    kafka.create_topic(name, partitions=5)
    await produce(access, topic, 1)

    async def read() -> None:
        for _ in range(20):
            assert await probe.record(Place(topic, 0), 0) is not None

    reading = asyncio.create_task(read())
    counts = set()
    while not reading.done():
        counts.add(await probe.partitions(name))
    await reading
    assert counts == {5}


async def test_a_topic_that_is_not_there_is_no_topic_without_partitions(probe: LogProbe) -> None:
    with pytest.raises(KafkaError):
        await probe.partitions("nowhere")


async def test_it_reads_one_record_again(probe: LogProbe, access: KafkaAccess, topic: str) -> None:
    await produce(access, topic, 3)
    found = await probe.record(Place(topic, 0), 1)
    assert found is not None
    assert (found.offset, found.key, found.value) == (1, b"k", b"1")


async def test_an_open_transaction_counts_to_the_end_of_the_log(
    probe: LogProbe, access: KafkaAccess, topic: str
) -> None:
    """The last stable offset, as an end, would let a view look current that is not."""
    producer = AIOKafkaProducer(**access.options, transactional_id=f"tx-{uuid4().hex}")
    async with producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"1", key=b"k")
        assert await probe.ends([Place(topic, 0)]) == {Place(topic, 0): 1}
        await producer.abort_transaction()


async def test_a_probe_that_was_not_started_says_so() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        await LogProbe(KafkaAccess({"bootstrap_servers": ["127.0.0.1:9"]})).bounds(Place("t", 0))
