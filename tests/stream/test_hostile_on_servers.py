"""Bad input over real servers: what arrives in the topic of dead letters; nothing stops."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord

from processor.core.pane import unpack_vector
from processor.core.record import Outcome, Record
from processor.settings.definition import identity, to_definitions
from processor.store.contract import Place
from processor.stream.outlet import DEAD_LETTER_VALUE_MAX
from tests.laws.runs import vectors
from tests.oracle import CASES, Oracle
from tests.schemas.hostile import HOSTILE
from tests.servers.kafka import KafkaCluster
from tests.servers.redis import RedisServer
from tests.stream.crowd import HOSTILE_ARRIVAL_MS, TOPICS, hostile_stream, neighbour
from tests.stream.raw_batch import RawName, send_raw
from tests.stream.worksite import WAIT_S, Worksite

Letter = ConsumerRecord[bytes | None, bytes | None]


@pytest.fixture
async def site(tmp_path: Path, kafka: KafkaCluster, redis: RedisServer) -> AsyncIterator[Worksite]:
    made = Worksite(tmp_path, kafka, redis)
    yield made
    await made.close()


async def read_letters(site: Worksite, count: int) -> dict[bytes, Letter]:
    """The dead letters by key, once there are so many."""
    letters: dict[bytes, Letter] = {}
    consumer = AIOKafkaConsumer(
        site.dead_letters,
        bootstrap_servers=site.kafka.bootstrap,
        auto_offset_reset="earliest",
    )
    async with consumer, asyncio.timeout(WAIT_S):
        while len(letters) < count:
            for found in (await consumer.getmany(timeout_ms=200)).values():
                letters |= {letter.key or b"": letter for letter in found}
    return letters


def assert_is_letter_of(letter: Letter, record: Record, place: Place, reason: str) -> None:
    """A dead letter is the original, and why and where beside it."""
    told = dict(letter.headers)
    assert told["cx_reason"].decode() == reason
    assert told["cx_topic"].decode() == place.topic
    assert told["cx_partition"].decode() == str(place.partition)
    assert told["cx_arrival_ms"].decode() == str(record.arrival_ms)
    assert letter.key == b"%s/%d/%s" % (place.topic.encode(), place.partition, told["cx_offset"])
    assert told.get("cx_key") == record.key
    assert set(record.headers) <= set(letter.headers)
    if len(record.value or b"") <= DEAD_LETTER_VALUE_MAX:
        assert letter.value == record.value
    else:
        assert letter.value is None
        digest = hashlib.blake2b(record.value or b"", digest_size=32).digest()
        assert told["cx_value_blake2b"] == digest


async def test_every_hostile_record_is_a_dead_letter_with_reason_and_position(
    site: Worksite,
) -> None:
    """All hostile records in all three topics, between good neighbours."""
    stream = list(hostile_stream())
    offsets = site.produce(stream)
    worker = site.worker()
    definitions = to_definitions(site.settings)
    oracle = Oracle(definitions, identity(site.settings))
    became = [oracle.read(site.topics[topic], 0, record) for topic, record in stream]
    letters = await read_letters(site, 3 * len(HOSTILE))
    assert len(letters) == 3 * len(HOSTILE)
    for (topic, record), offset, (outcome, reason) in zip(stream, offsets, became, strict=True):
        place = Place(site.topics[topic], 0)
        key = f"{place}/{offset}".encode()
        assert (key in letters) == (outcome is Outcome.DEAD_LETTER)
        if key in letters:
            assert_is_letter_of(letters[key], record, place, reason)
    for topic in TOPICS:
        head = await site.read_up_to(topic, sum(name == topic for name, _ in stream))
        told = Counter(
            reason
            for (name, _), (outcome, reason) in zip(stream, became, strict=True)
            if name == topic and outcome is Outcome.DEAD_LETTER
        )
        assert head.is_accounted
        assert head.accounting.dead_letter == told
        assert head.accounting.applied == head.position - told.total()
    await site.read_up_to("cases", len(HOSTILE) // 3)
    assert await worker.stop() == 0
    for topic in (*TOPICS, CASES):
        name = site.cases if topic == CASES else site.topics[topic]
        reading = await site.store.read(Place(name, 0), "")
        assert reading is not None
        panes = {
            pane: vectors({cell: unpack_vector(packed) for cell, packed in cells.items()})
            for pane, cells in reading.panes.items()
        }
        assert panes == oracle.panes(CASES if topic == CASES else name), topic


def test_the_check_of_a_letter_can_fail() -> None:
    place, record = Place("surveys", 0), Record(3, 7, b"k", b"{", [("trace", b"1")])
    told = {
        "cx_reason": b"undecodable",
        "cx_topic": b"surveys",
        "cx_partition": b"0",
        "cx_offset": b"3",
        "cx_arrival_ms": b"7",
        "cx_key": b"k",
        "trace": b"1",
    }

    def check(value: bytes | None = b"{", key: bytes = b"surveys/0/3", **changed: bytes) -> None:
        headers = tuple((told | changed).items())
        letter: Letter = ConsumerRecord("d", 0, 0, 0, 0, key, value, None, 0, 0, headers)
        assert_is_letter_of(letter, record, place, "undecodable")

    check()
    faults: list[dict[str, bytes]] = [{name: b"x"} for name in told]
    for fault in (*faults, {"value": b"x"}, {"key": b"x"}):
        with pytest.raises(AssertionError):
            check(**fault)


async def crowd_around(site: Worksite, bad: Record, **options: str | int) -> Letter | None:
    """The dead letter of a bad record, if there is one, once its neighbours are counted."""
    good = [("surveys", neighbour(3 * n, HOSTILE_ARRIVAL_MS)[1]) for n in range(3)]
    stream = [good[0], ("surveys", bad), *good[1:]]
    site.produce(stream, **options)
    worker = site.worker()
    head = await site.read_up_to("surveys", 4)
    letters = head.accounting.dead_letter
    assert head.accounting.applied == 4 - sum(letters.values())
    assert head.is_accounted
    found = await read_letters(site, 1) if letters else {}
    assert await worker.stop() == 0
    return next(iter(found.values()), None)


async def test_headers_without_a_value_do_no_harm(site: Worksite) -> None:
    """Kafka knows such headers, and most clients can write them."""
    headers = [("ce_specversion", None), ("content-type", None), ("trace", None)]
    _, good = neighbour(9, HOSTILE_ARRIVAL_MS)
    same = Record(0, good.arrival_ms, good.key, good.value, headers)  # type: ignore[arg-type]  # as Kafka has it
    assert await crowd_around(site, same) is None


async def test_headers_too_large_for_a_dead_letter_are_left_behind(site: Worksite) -> None:
    """Compressed with its batch, a record may be larger than any that Kafka takes back."""
    headers = [(f"h{n}", b"x" * 1000) for n in range(3_000)]
    bad = Record(0, HOSTILE_ARRIVAL_MS, b"forms:r1", b"{", headers)
    letter = await crowd_around(site, bad, **{"compression.type": "gzip"})
    assert letter is not None
    told = dict(letter.headers)
    assert (letter.value, told["cx_reason"], told["cx_key"]) == (b"{", b"undecodable", b"forms:r1")
    assert int(told["cx_headers_bytes"]) > 3_000_000
    assert "h0" not in told


@pytest.mark.parametrize(
    ("key", "value"), [(b"k" * 900_000, b"{}"), (b"forms:r1", b"x" * 1_000_000)]
)
async def test_of_a_huge_record_only_what_a_dead_letter_may_hold_is_kept(
    site: Worksite, key: bytes, value: bytes
) -> None:
    letter = await crowd_around(site, Record(0, HOSTILE_ARRIVAL_MS, key, value))
    assert letter is not None
    told = dict(letter.headers)
    assert told["cx_reason"] == b"oversize_record"
    assert told["cx_key"] == key[:DEAD_LETTER_VALUE_MAX]
    assert letter.value == (value if len(value) <= DEAD_LETTER_VALUE_MAX else None)


async def test_header_names_that_are_no_text_stop_nobody(site: Worksite) -> None:
    good = [neighbour(3 * n, HOSTILE_ARRIVAL_MS)[1] for n in range(3)]
    bad = Record(0, HOSTILE_ARRIVAL_MS, b"k", b"{", [(RawName(b"\xff\xfe"), b"1")])
    await send_raw(site.kafka.bootstrap, site.topics["surveys"], [good[0], bad, *good[1:]])
    worker = site.worker()
    head = await site.read_up_to("surveys", 4)
    assert head.accounting.applied == 3
    (letter,) = (await read_letters(site, 1)).values()
    assert dict(letter.headers)["\\xff\\xfe"] == b"1"
    assert letter.value == b"{"
    assert await worker.stop() == 0
