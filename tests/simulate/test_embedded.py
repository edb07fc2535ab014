"""The demo's broker: what it can do, and what it cannot."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiokafka
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    CorruptRecordException,
    IncompatibleBrokerVersion,
    OffsetOutOfRangeError,
)
from confluent_kafka import Producer

from processor.simulate.child import listening
from processor.simulate.embedded import (
    BROKER_PARTITION_BYTES_MAX,
    BROKER_PARTITIONS,
    MissingServerError,
    embedded_broker,
)

CART = "carts"
SENT_MS = 1_700_000_000_000


@pytest.fixture
def broker() -> Iterator[str]:
    with embedded_broker([CART]) as bootstrap:
        yield bootstrap


@asynccontextmanager
async def consumer(
    bootstrap: str, *topics: str, group: str | None = None
) -> AsyncIterator[aiokafka.AIOKafkaConsumer]:
    """A consumer with the worker's settings, but a short wait on empty fetches."""
    found = aiokafka.AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap,
        group_id=group,
        isolation_level="read_committed",
        auto_offset_reset="earliest" if topics else "none",
        enable_auto_commit=False,
        fetch_max_wait_ms=50,
    )
    await found.start()
    try:
        yield found
    finally:
        await found.stop()


async def read(
    source: aiokafka.AIOKafkaConsumer, count: int
) -> list[aiokafka.ConsumerRecord[bytes, bytes]]:
    records: list[aiokafka.ConsumerRecord[bytes, bytes]] = []
    while len(records) < count:
        for batch in (await source.getmany(timeout_ms=500)).values():
            records.extend(batch)
    return records


def idempotent_producer(bootstrap: str) -> Producer:
    return Producer(
        {"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 5, "log_level": 2}
    )


async def test_records_come_back_in_every_group_as_they_were_sent(broker: str) -> None:
    with idempotent_producer(broker) as producer:
        for number in range(200):
            producer.produce(
                CART,
                key=b"cart-%d" % number,
                value=b"%d" % number,
                timestamp=SENT_MS + number,
                headers=[("source", b"shop")],
            )
        assert producer.flush(10) == 0
        async with asyncio.timeout(30):
            # Two groups at once: each group's first join takes three seconds.
            both = await asyncio.gather(
                *(read_and_commit(broker, group=group) for group in ("one", "two"))
            )
    for records, committed in both:
        assert sorted(record.timestamp - SENT_MS for record in records) == list(range(200))
        assert all(record.timestamp_type == 0 for record in records)  # CreateTime
        assert {record.headers for record in records} == {(("source", b"shop"),)}
        assert {(r.key, r.value) for r in records} == {
            (b"cart-%d" % number, b"%d" % number) for number in range(200)
        }
        assert sum(committed) == 200


async def read_and_commit(
    bootstrap: str, *, group: str
) -> tuple[list[aiokafka.ConsumerRecord[bytes, bytes]], list[int]]:
    async with consumer(bootstrap, CART, group=group) as source:
        records = await read(source, 200)
        assert len(source.assignment()) == BROKER_PARTITIONS
        await source.commit()
        ends = await source.end_offsets(list(source.assignment()))
        committed = [await source.committed(partition) or 0 for partition in ends]
        assert committed == list(ends.values())
        return records, committed


def test_topics_are_there_from_the_start_and_others_come_when_asked_for(broker: str) -> None:
    with idempotent_producer(broker) as producer:
        topics = producer.list_topics(timeout=5).topics
        assert {name: len(topic.partitions) for name, topic in topics.items()} == {
            CART: BROKER_PARTITIONS
        }
        new = producer.list_topics("new", timeout=5).topics["new"]
        assert len(new.partitions) == BROKER_PARTITIONS


async def test_a_partition_keeps_its_newest_records_and_its_log_start_moves(broker: str) -> None:
    size = 1000
    count = 2 * BROKER_PARTITION_BYTES_MAX // size
    with idempotent_producer(broker) as producer:
        for number in range(count):
            producer.produce(CART, value=b"%d" % number + b" " * size, partition=1)
        assert producer.flush(20) == 0
    partition = aiokafka.TopicPartition(CART, 1)
    async with consumer(broker) as source, asyncio.timeout(30):
        start = (await source.beginning_offsets([partition]))[partition]
        end = (await source.end_offsets([partition]))[partition]
        assert end == count
        assert (end - start) * size < BROKER_PARTITION_BYTES_MAX
        assert (end - start) * size > BROKER_PARTITION_BYTES_MAX * 0.7
        source.assign([partition])
        source.seek(partition, start)
        kept = await read(source, end - start)
        assert [int(record.value or b"") for record in kept] == list(range(start, end))
        for outside in (start - 1, end + 1):
            source.seek(partition, outside)
            with pytest.raises(OffsetOutOfRangeError):
                await read(source, 1)


async def test_a_search_by_time_finds_nothing(broker: str) -> None:
    with idempotent_producer(broker) as producer:
        producer.produce(CART, value=b"x", partition=0, timestamp=SENT_MS)
        assert producer.flush(10) == 0
    partition = aiokafka.TopicPartition(CART, 0)
    async with consumer(broker) as source:
        assert await source.offsets_for_times({partition: SENT_MS}) == {partition: None}


async def test_an_idempotent_aiokafka_producer_works_but_its_receipt_tells_no_time(
    broker: str,
) -> None:
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=broker, enable_idempotence=True)
    await producer.start()
    try:
        receipt = await producer.send_and_wait(CART, b"x", partition=0, timestamp_ms=SENT_MS)
    finally:
        await producer.stop()
    assert receipt.timestamp == 1234
    partition = aiokafka.TopicPartition(CART, 0)
    async with consumer(broker) as source, asyncio.timeout(10):
        source.assign([partition])
        source.seek(partition, 0)
        assert [record.timestamp for record in await read(source, 1)] == [SENT_MS]


async def test_the_markers_of_a_transaction_cannot_be_read(broker: str) -> None:
    with Producer(
        {"bootstrap.servers": broker, "transactional.id": "t", "log_level": 2}
    ) as producer:
        producer.init_transactions(5)
        producer.begin_transaction()
        producer.produce(CART, value=b"x", partition=0)
        producer.commit_transaction(5)
    partition = aiokafka.TopicPartition(CART, 0)
    async with consumer(broker) as source, asyncio.timeout(10):
        source.assign([partition])
        source.seek(partition, 0)
        with pytest.raises(CorruptRecordException):
            await read(source, 2)


async def test_the_broker_has_an_identity_but_no_admin_api(broker: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker)
    await admin.start()
    try:
        cluster = await admin.describe_cluster()
        assert cluster["cluster_id"].startswith("mockCluster")
        assert cluster["controller_id"] not in {node["node_id"] for node in cluster["brokers"]}
        with pytest.raises(IncompatibleBrokerVersion):
            await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, CART)])
    finally:
        await admin.close()


def test_the_broker_is_gone_after_its_context_even_if_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), embedded_broker() as bootstrap:
        port = int(bootstrap.rpartition(":")[2])
        assert bootstrap == f"127.0.0.1:{port}"
        assert listening(port)
        _ = 1 / 0
    assert not listening(port)


def test_without_confluent_kafka_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(MissingServerError, match=r"pip install 'cxpulse\[demo\]'"):
        embedded_broker().__enter__()
