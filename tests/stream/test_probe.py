"""What the probe says of a log, on a real broker."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

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


async def test_it_reads_one_record_again(probe: LogProbe, access: KafkaAccess, topic: str) -> None:
    await produce(access, topic, 3)
    found = await probe.record(Place(topic, 0), 1)
    assert found is not None
    assert (found.offset, found.key, found.value) == (1, b"k", b"1")


async def test_an_open_transaction_counts_to_the_end_of_the_log(
    probe: LogProbe, access: KafkaAccess, topic: str
) -> None:
    """The end is the high watermark: with the last stable offset a view would look current that is not."""
    producer = AIOKafkaProducer(**access.options, transactional_id=f"tx-{uuid4().hex}")
    async with producer:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"1", key=b"k")
        assert await probe.ends([Place(topic, 0)]) == {Place(topic, 0): 1}
        await producer.abort_transaction()


async def test_a_probe_that_was_not_started_says_so() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        await LogProbe(KafkaAccess({"bootstrap_servers": ["127.0.0.1:9"]})).bounds(Place("t", 0))
