"""The reader: whatever became of the store, it shows what reading everything anew would show."""

import asyncio
import random
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from processor.core.head import Head, LogIdentity
from processor.store.connection import Address, Connection, connect
from processor.store.contract import (
    NONE,
    RECENT_MAX,
    Applied,
    Commit,
    Place,
    Reading,
    Store,
    StoreUnavailableError,
)
from processor.store.memory_store import MemoryStore
from processor.store.reader import Reader
from processor.store.redis_store import RedisStore
from tests.laws.runs import vectors
from tests.servers.redis import RedisCluster, redis_server
from tests.store.owner import (
    DEFINITIONS,
    PARTITIONS,
    TOPICS,
    Backup,
    owner,
    wipe,
    write_some,
)
from tests.wire import HOUR, MINUTE, NOON, SECOND
from tests.world import totals

MANY = 250
"""Partitions: more than a client of Redis has connections."""


def shown(reader: Reader) -> dict[str, Any]:
    """Everything that a reader shows."""
    names = [window.name for window in DEFINITIONS.windows]
    windows = {name: vectors(totals(reader.windows, name)) for name in names}
    coverage = {
        place: (partition.as_of_ms, partition.covered_from_ms)
        for place, partition in reader.windows.partitions.items()
        if Place(*place) in reader.heads
    }
    return {"windows": windows, "heads": reader.heads, "coverage": coverage}


async def read_anew(store: Store, now_ms: int) -> Reader:
    """One who has read nothing before."""
    reader = Reader(store, DEFINITIONS, TOPICS)
    await reader.refresh(now_ms)
    return reader


async def assert_shows_all(reader: Reader, store: Store, now_ms: int) -> None:
    await reader.refresh(now_ms)
    assert shown(reader) == shown(await read_anew(store, now_ms))


async def live(reader: Reader, store: Store, seed: int) -> None:
    """Batches, rollbacks and wipes in any order, and a clock of any pace."""
    chance, now_ms = random.Random(seed), NOON
    backup = await Backup.take(store)
    for _ in range(30):
        for _ in range(chance.randrange(4)):
            await write_some(store, chance, now_ms)
        match chance.randrange(12):
            case 0:
                await wipe(store)
            case 1 | 2:
                await backup.restore()
            case 3 | 4:
                backup = await Backup.take(store)
        now_ms += chance.choice((0, SECOND, 10 * SECOND, 10 * MINUTE, 5 * HOUR))
        await assert_shows_all(reader, store, now_ms)
    assert shown(reader)["windows"]["28d"] != {}


@pytest.mark.parametrize("seed", range(6))
async def test_reading_what_changed_is_as_good_as_reading_everything(
    store: Store, seed: int
) -> None:
    await live(Reader(store, DEFINITIONS, TOPICS), store, seed)


class Untidy(MemoryStore):
    """A store that does not say when a reader must forget what it has."""

    async def read(self, place: Place, since: str) -> Reading | None:
        reading = await super().read(place, since)
        return reading and msgspec.structs.replace(reading, whole=False)


class Sleepy(MemoryStore):
    """A store that tells a reader who has seen something of the head alone."""

    async def read(self, place: Place, since: str) -> Reading | None:
        reading = await super().read(place, since)
        return msgspec.structs.replace(reading, panes={}) if reading and since else reading


@pytest.mark.parametrize("faulty", [Untidy, Sleepy])
async def test_a_reader_that_was_misled_is_found(faulty: type[MemoryStore]) -> None:
    with pytest.raises(AssertionError):
        for seed in range(6):
            store = faulty()
            await live(Reader(store, DEFINITIONS, TOPICS), store, seed)


def response(name: str, value: int = 9) -> dict[str, Any]:
    answer = {"question_id": "q", "kind": "nps", "value": value}
    said = {"response_id": name, "survey_id": "s", "created_at": NOON}
    return {"type": "survey.submitted", "event_id": name, **said, "answers": [answer]}


def answered(reader: Reader) -> int:
    """How many answers the window of an hour holds."""
    return sum(totals(reader.windows, "1h").get("nps", ()))


async def test_partitions_are_found_as_they_get_an_owner_whichever_is_first(store: Store) -> None:
    reader = Reader(store, DEFINITIONS, ("surveys",))
    await reader.refresh(NOON)
    assert (reader.heads, reader.windows.partitions) == ({}, {})
    for count, number in enumerate((2, 0, 1), start=1):
        writer = await owner(store, Place("surveys", number))
        await writer.write([response(f"r{number}")], NOON)
        await reader.refresh(NOON + count)
        assert answered(reader) == len(reader.heads) == count
    assert len(reader.windows.partitions) == PARTITIONS


async def test_a_wiped_store_shows_nothing_and_fills_again(store: Store) -> None:
    reader = Reader(store, DEFINITIONS, ("surveys",))
    writers = [await owner(store, Place("surveys", number)) for number in range(PARTITIONS)]
    for number, writer in enumerate(writers):
        await writer.write([response(f"r{number}")], NOON)
    await reader.refresh(NOON)
    assert answered(reader) == PARTITIONS
    await wipe(store)
    await reader.refresh(NOON + 1)
    assert (answered(reader), reader.heads) == (0, {})
    assert {p.as_of_ms for p in reader.windows.partitions.values()} == {0}
    heir = await owner(store, Place("surveys", 1))
    await heir.write([response("r1")], NOON)
    await reader.refresh(NOON + 2)
    assert answered(reader) == len(reader.heads) == 1


async def test_a_reader_that_slept_through_too_many_commits_reads_everything(store: Store) -> None:
    writer = await owner(store, Place("surveys", 0))
    await writer.write([response("r0")], NOON)
    reader = Reader(store, DEFINITIONS, ("surveys",))
    await reader.refresh(NOON)
    await writer.write([response("r0", value=0)], NOON)
    for number in range(RECENT_MAX + 1):
        await writer.write([], NOON + number)
    await assert_shows_all(reader, store, NOON + 1)


class Away(MemoryStore):
    """A store that does not answer for some partitions."""

    def __init__(self) -> None:
        super().__init__()
        self.silent: set[Place] = set()

    async def read(self, place: Place, since: str) -> Reading | None:
        if place in self.silent:
            raise StoreUnavailableError("away")
        return await super().read(place, since)


async def test_while_a_partition_does_not_answer_the_rest_stands_and_is_mended_afterwards() -> None:
    store = Away()
    writers = [await owner(store, Place("surveys", number)) for number in range(PARTITIONS)]
    for number, writer in enumerate(writers):
        await writer.write([response(f"r{number}")], NOON)
    reader = Reader(store, DEFINITIONS, ("surveys",))
    await reader.refresh(NOON)
    store.silent = {Place("surveys", 1)}
    for number, writer in enumerate(writers):
        await writer.write([response(f"new{number}")], NOON)
    with pytest.raises(StoreUnavailableError):
        await reader.refresh(NOON + SECOND)
    assert PARTITIONS <= answered(reader) < 2 * PARTITIONS
    assert reader.windows.now_ms == NOON
    store.silent = set()
    await assert_shows_all(reader, store, NOON + 2 * SECOND)
    assert answered(reader) == 2 * PARTITIONS


async def test_a_redis_that_hangs_leaves_what_was_read_and_is_read_on_when_it_is_back() -> None:
    with redis_server() as server:
        address = Connection((Address("127.0.0.1", server.port),), timeout_s=0.3)
        store = RedisStore(connect(address), "test")
        writer = await owner(store, Place("surveys", 0))
        await writer.write([response("r0")], NOON)
        reader = Reader(store, DEFINITIONS, ("surveys",))
        await reader.refresh(NOON)
        server.pause()
        with pytest.raises(StoreUnavailableError):
            await reader.refresh(NOON + SECOND)
        assert answered(reader) == 1
        server.resume()
        await writer.write([response("r1")], NOON)
        await assert_shows_all(reader, store, NOON + 2 * SECOND)
        assert answered(reader) == 2
        await store.close()


async def test_more_partitions_than_a_client_has_connections_are_written_and_read(
    store: Store,
) -> None:
    """All at once, as a worker and an exporter do."""
    log = LogIdentity("cluster", MANY)
    commits = [
        store.commit(Place("surveys", number), Commit(f"c{number}", NONE, Head(0, 0, log)))
        for number in range(MANY)
    ]
    assert await asyncio.gather(*commits) == [Applied()] * MANY
    reader = Reader(store, DEFINITIONS, ("surveys",))
    await reader.refresh(NOON)
    assert len(reader.heads) == MANY


async def test_slots_that_moved_disturb_nobody(redis_nodes: RedisCluster) -> None:
    """After a failover or a resharding a client's idea of who serves what is wrong everywhere."""
    nodes = tuple(Address("127.0.0.1", node.port) for node in redis_nodes.nodes)
    store = RedisStore(connect(Connection(nodes, cluster=True)), f"test:{uuid4().hex}")
    assert await store.head(Place("surveys", 0)) is None
    slots = store._client.nodes_manager.slots_cache
    primaries = list(slots.values())
    for slot, number in zip(slots, range(8000, 8000 + len(slots)), strict=True):
        slots[slot] = primaries[number % len(primaries)]
    log = LogIdentity("cluster", MANY)
    commits = [
        store.commit(Place("surveys", number), Commit(f"c{number}", NONE, Head(0, 0, log)))
        for number in range(MANY)
    ]
    assert await asyncio.gather(*commits) == [Applied()] * MANY
    await store.close()
