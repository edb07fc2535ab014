r"""Header names that are not UTF-8, such as `\xff\xfe`: any client may write them."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.codec import has_lz4, has_snappy, has_zstd
from aiokafka.record.memory_records import MemoryRecords

from processor.core.record import Record
from processor.stream.kafka import KafkaAccess
from processor.stream.tolerance import TolerantRecords
from tests.servers.kafka import KafkaCluster
from tests.stream.bench import answer
from tests.stream.raw_batch import RawName, raw_batch, send_raw

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
SPOILED = [
    answer(0),
    Record(1, answer(1).arrival_ms, b"k", b"v", [("a", b"1"), (RawName(b"\xff\xfe"), b"2")]),
    Record(2, answer(2).arrival_ms, None, None, [(RawName(b"x\x80"), None)]),  # type: ignore[list-item]  # as Kafka has it
    answer(3),
]


def read(records: Any) -> Iterator[tuple[Any, ...]]:
    """Everything that a consumer would be given."""
    while records.has_next():
        batch = records.next_batch()
        assert batch.validate_crc()
        for one in batch:
            yield one.offset, one.timestamp, one.key, one.value, tuple(one.headers)


def as_read(records: Sequence[Record]) -> list[tuple[Any, ...]]:
    return [(r.offset, r.arrival_ms, r.key, r.value, tuple(r.headers)) for r in records]


@pytest.mark.parametrize("codec", CODECS)
def test_bytes_that_are_no_text_are_read_as_escapes(codec: str) -> None:
    assert has_snappy() and has_lz4() and has_zstd()
    raw = raw_batch(SPOILED, codec=CODECS[codec])
    with pytest.raises(UnicodeDecodeError):
        list(read(MemoryRecords(raw)))
    found = list(read(TolerantRecords(raw)))
    assert [one[:4] for one in found] == [one[:4] for one in as_read(SPOILED)]
    assert [one[4] for one in found] == [
        (),
        (("a", b"1"), ("\\xff\\xfe", b"2")),
        (("x\\x80", None),),
        (),
    ]


def test_everything_else_is_read_as_before() -> None:
    batches = [
        raw_batch([answer(n) for n in range(start, start + 3)], first=start, codec=codec)
        for start, codec in ((0, 0), (3, 3), (6, 4))
    ]
    raw = b"".join(batches)
    tolerant = TolerantRecords(raw)
    assert tolerant.size_in_bytes() == len(raw)
    assert (
        list(read(tolerant))
        == list(read(MemoryRecords(raw)))
        == as_read([answer(n) for n in range(9)])
    )


def test_what_a_batch_says_of_itself_is_passed_on() -> None:
    raw = raw_batch([answer(5)], first=5)
    batch, known = TolerantRecords(raw).next_batch(), MemoryRecords(raw).next_batch()
    assert known is not None
    for name in ("base_offset", "next_offset", "producer_id", "is_control_batch"):
        assert getattr(batch, name) == getattr(known, name)
    assert next(batch).offset == 5


def test_a_batch_that_was_cut_off_is_not_read() -> None:
    """A fetch ends where its size ends, in the middle of a batch."""
    whole, cut = raw_batch([answer(0)]), raw_batch([answer(1)], first=1)[:-1]
    assert [one[0] for one in read(TolerantRecords(whole + cut))] == [0]
    assert not TolerantRecords(cut).has_next()


async def test_a_consumer_gets_past_them(
    access: KafkaAccess, kafka: KafkaCluster, topic: str
) -> None:
    await send_raw(kafka.bootstrap, topic, SPOILED)
    consumer = AIOKafkaConsumer(topic, **access.options, auto_offset_reset="earliest")
    async with consumer:
        found = [await consumer.getone() for _ in SPOILED]
    assert [one.offset for one in found] == [0, 1, 2, 3]
    assert found[1].headers == (("a", b"1"), ("\\xff\\xfe", b"2"))
