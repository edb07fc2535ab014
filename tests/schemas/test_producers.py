"""The producers of the page, run as a reader of the page would run them."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from aiokafka.partitioner import murmur2
from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, Producer, TopicPartition

from schemas.decode import decode
from schemas.event import Event
from schemas.example import EXAMPLE_FOLDER
from schemas.instant import INSTANT_END_MS
from schemas.topic import TopicKind

PRODUCERS = EXAMPLE_FOLDER / "producers"
PARTITIONS = 4  # what librdkafka's mock broker gives every topic


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """The address of a broker in this process, alive as long as its owner."""
    owner = Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "none"})
    (address,) = {f"{b.host}:{b.port}" for b in owner.list_topics(timeout=10).brokers.values()}
    yield address
    owner.flush(1)


def consume(broker: str, topic: str, count: int) -> list[Message]:
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "nobody"})
    consumer.assign([TopicPartition(topic, at, OFFSET_BEGINNING) for at in range(PARTITIONS)])
    try:
        records: list[Message] = []
        while len(records) < count:
            fetched = consumer.consume(count - len(records), timeout=20)
            assert fetched, f"only {len(records)} of {count} arrived"
            assert not any(record.error() for record in fetched)
            records += fetched
        return records
    finally:
        consumer.close()


@pytest.mark.parametrize(
    ("name", "topic", "types"),
    [
        ("confluent_producer.py", TopicKind.SURVEYS, ["survey.submitted"]),
        (
            "aiokafka_producer.py",
            TopicKind.CONTACTS,
            ["contact.started", "contact.queued", "contact.answered"],
        ),
    ],
)
def test_a_producer_of_the_page_sends_what_is_accepted_where_it_is_looked_for(
    broker: str, name: str, topic: TopicKind, types: list[str]
) -> None:
    command = [sys.executable, "-W", "error", str(PRODUCERS / name), broker]
    subprocess.run(command, check=True, timeout=60)
    records = consume(broker, topic, len(types))
    seen = []
    for record in records:
        key, value = record.key(), record.value()
        assert isinstance(key, bytes)
        assert isinstance(value, bytes)
        assert not record.headers()
        event = decode(topic, key, value, (), latest_ms=INSTANT_END_MS)
        assert isinstance(event, Event), event
        seen.append(event.__struct_config__.tag)
        # Java: Utils.toPositive(Utils.murmur2(key)) % partitions.
        assert record.partition() == (murmur2(key) & 0x7FFF_FFFF) % PARTITIONS
    assert seen == types
