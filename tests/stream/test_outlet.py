"""What the worker writes to Kafka, read back from a real broker."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.partitioner import murmur2

from processor.core.entity.life import ANCHOR
from processor.core.entity.summary import unpack_summary
from processor.core.record import LATENESS, Outcome, Record, Refusal
from processor.core.state import State
from processor.store.contract import Place
from processor.stream.kafka import KafkaAccess
from processor.stream.outlet import DEAD_LETTER_VALUE_MAX, Outlet, OutletUnavailableError
from tests.servers.kafka import KafkaCluster

PLACE = Place("surveys", 3)
REFUSAL = Refusal(Outcome.DEAD_LETTER, "field_missing", "survey_id", "needed")


@pytest.fixture
async def topics(kafka: KafkaCluster) -> tuple[str, str]:
    """Dead letters, and cases of four partitions."""
    names = (f"dead-{uuid4().hex[:8]}", f"cases-{uuid4().hex[:8]}")
    kafka.create_topic(names[0])
    kafka.create_topic(names[1], partitions=4)
    return names


@pytest.fixture
async def outlet(access: KafkaAccess, topics: tuple[str, str]) -> AsyncIterator[Outlet]:
    made = Outlet(access, dead_letters=topics[0], cases=topics[1])
    await made.start()
    yield made
    await made.stop()


async def read(access: KafkaAccess, topic: str, count: int) -> list[object]:
    consumer = AIOKafkaConsumer(topic, **access.options, auto_offset_reset="earliest")
    async with consumer:
        return [await consumer.getone() for _ in range(count)]


async def test_a_dead_letter_is_the_original_with_why_and_where(
    outlet: Outlet, access: KafkaAccess, topics: tuple[str, str]
) -> None:
    record = Record(17, 1_772_442_000_000, b"forms:r1", b'{"type": ...', [("trace", b"\x01\xff")])
    await outlet.bury(PLACE, [(record, REFUSAL), (Record(18, 0, None, None), LATENESS)])
    (letter,) = await read(access, topics[0], 1)
    assert letter.key == b"surveys/3/17"  # type: ignore[attr-defined]  # a ConsumerRecord
    assert letter.value == record.value  # type: ignore[attr-defined]
    assert dict(letter.headers) == {  # type: ignore[attr-defined]
        "trace": b"\x01\xff",
        "cx_reason": b"field_missing",
        "cx_field": b"survey_id",
        "cx_detail": b"needed",
        "cx_topic": b"surveys",
        "cx_partition": b"3",
        "cx_offset": b"17",
        "cx_arrival_ms": b"1772442000000",
        "cx_key": b"forms:r1",
    }


async def test_of_an_oversized_record_only_hash_and_size_are_kept(
    outlet: Outlet, access: KafkaAccess, topics: tuple[str, str]
) -> None:
    value = b"x" * (DEAD_LETTER_VALUE_MAX + 1)
    refusal = Refusal(Outcome.DEAD_LETTER, "oversize_record")
    await outlet.bury(PLACE, [(Record(1, 0, None, value), refusal)])
    (letter,) = await read(access, topics[0], 1)
    headers = dict(letter.headers)  # type: ignore[attr-defined]
    assert letter.value is None  # type: ignore[attr-defined]
    assert headers["cx_value_bytes"] == str(len(value)).encode()
    assert len(headers["cx_value_blake2b"]) == 32


async def test_a_summary_goes_to_every_customer_concerned_in_their_partition(
    outlet: Outlet, access: KafkaAccess, topics: tuple[str, str]
) -> None:
    contact, customers = b"c" * 16, {b"a" * 16, b"b" * 16}
    state = State(least={ANCHOR: 1_772_442_000}, most={ANCHOR: 1_772_442_000})
    await outlet.tell({contact: (customers, state)}, clock_ms=1_772_442_000_123)
    told = await read(access, topics[1], 2)
    assert {record.key for record in told} == customers  # type: ignore[attr-defined]
    for record in told:
        assert record.partition == (murmur2(record.key) & 0x7FFFFFFF) % 4  # type: ignore[attr-defined]
        assert record.timestamp == 1_772_442_000_123  # type: ignore[attr-defined]
        assert unpack_summary(record.value).contact == contact  # type: ignore[attr-defined]


async def test_what_is_not_acknowledged_is_unavailable(access: KafkaAccess) -> None:
    outlet = Outlet(access, dead_letters="there-is-no-such-topic", cases="nor-this")
    await outlet.start()
    assert outlet._producer is not None
    outlet._producer.client._request_timeout_ms = 300
    with pytest.raises(OutletUnavailableError):
        await outlet.bury(PLACE, [(Record(1, 0, None, b"x"), REFUSAL)])
    await outlet.stop()


async def test_nothing_to_write_needs_no_broker() -> None:
    outlet = Outlet(KafkaAccess({"bootstrap_servers": []}), dead_letters="d", cases="c")
    await outlet.bury(PLACE, [(Record(1, 0, None, b"x"), LATENESS)])
    await outlet.tell({}, 0)
    with pytest.raises(RuntimeError, match="not started"):
        await outlet.bury(PLACE, [(Record(1, 0, None, b"x"), REFUSAL)])
