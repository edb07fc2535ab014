"""What only Redis can do: be away, be full, hold something that is not ours, and grow."""

import pytest

from processor.core.head import Head, LogIdentity
from processor.core.pane import PaneChanges
from processor.store.connection import Address, Connection, connect
from processor.store.contract import (
    NONE,
    RECENT_MAX,
    Applied,
    Commit,
    Place,
    Refused,
    StoreUnavailableError,
)
from processor.store.layout import Keys
from processor.store.redis_store import RedisStore, UnfitStoreError
from tests.servers.redis import RedisCluster, RedisServer, redis_server
from tests.store.conftest import connection_to

PLACE = Place("surveys", 0)
PANE = (10_000, 1_772_442_000_000)


def commit(id_: str, predecessor: str, position: int = 0, **changes: object) -> Commit:
    head = Head(position, 0, LogIdentity("cluster", 4), clock_ms=1_772_442_000_000)
    return Commit(id_, predecessor, head, **changes)  # type: ignore[arg-type]


async def test_a_redis_that_is_away_is_unavailable_and_nothing_else() -> None:
    store = RedisStore(connect(Connection((Address("127.0.0.1", 9),), timeout_s=0.2)), "test")
    for attempt in (
        store.head(PLACE),
        store.commit(PLACE, commit("a", NONE)),
        store.load(PLACE, "a"),
        store.read(PLACE, NONE),
        store.publish_windows(1, {}),
        store.published_windows(),
    ):
        with pytest.raises(StoreUnavailableError):
            await attempt
    await store.close()


async def test_a_redis_that_hangs_is_unavailable_within_the_timeout() -> None:
    with redis_server() as server:
        store = RedisStore(
            connect(Connection((Address("127.0.0.1", server.port),), timeout_s=0.3)), "t"
        )
        assert await store.commit(PLACE, commit("a", NONE)) == Applied()
        server.pause()
        with pytest.raises(StoreUnavailableError):
            await store.commit(PLACE, commit("b", "a"))
        server.resume()
        assert await store.commit(PLACE, commit("b", "a")) == Applied()
        await store.close()


async def test_a_redis_that_does_not_let_us_in_says_which_settings_to_look_at() -> None:
    with redis_server() as server:
        with server.client() as client:
            client.config_set("requirepass", "sesame")
        address = Address("127.0.0.1", server.port)
        for wrong in (Connection((address,)), Connection((address,), password="please")):
            store = RedisStore(connect(wrong), "t")
            with pytest.raises(UnfitStoreError, match=r"redis\.password"):
                await store.check()
            await store.close()
        right = RedisStore(connect(Connection((address,), password="sesame")), "t")
        await right.check()
        await right.close()


async def test_a_redis_that_evicts_is_refused_and_one_that_is_away_is_not() -> None:
    with redis_server() as server:
        store = RedisStore(connect(Connection((Address("127.0.0.1", server.port),))), "t")
        await store.check()
        with server.client() as client:
            client.config_set("maxmemory-policy", "allkeys-lru")
        with pytest.raises(UnfitStoreError, match="allkeys-lru"):
            await store.check()
        server.stop()
        await store.check()
        await store.close()


async def test_every_primary_of_a_cluster_is_looked_at(redis_nodes: RedisCluster) -> None:
    addresses = tuple(Address("127.0.0.1", node.port) for node in redis_nodes.nodes[:2])
    store = RedisStore(connect(Connection(addresses, cluster=True)), "t")
    await store.check()
    odd = redis_nodes.primaries[-1]
    with odd.client() as client:
        client.config_set("maxmemory-policy", "volatile-ttl")
        with pytest.raises(UnfitStoreError, match="volatile-ttl"):
            await store.check()
        client.config_set("maxmemory-policy", "noeviction")
    await store.close()


async def test_a_chain_that_begins_finds_nothing_of_one_whose_head_was_lost(
    empty_redis: RedisServer,
) -> None:
    store, keys = RedisStore(connect(connection_to(empty_redis)), "test"), Keys("test", PLACE)
    other = (10_000, PANE[1] + 10_000)
    cells = {PANE: {"nps": b"old", "csat": b"old"}, other: {"nps": b"old"}}
    await store.commit(
        PLACE, commit("a", NONE, 9, states={b"e": b"old"}, panes=PaneChanges(cells, []))
    )
    with empty_redis.client() as client:
        client.delete(keys.head)
    assert await store.commit(PLACE, commit("b", NONE, 3)) == Applied()
    begun = await store.load(PLACE, "b")
    assert not isinstance(begun, Refused)
    assert (begun.states, begun.panes) == ({}, {})
    with empty_redis.client() as client:
        assert client.dbsize() == 2, "a head and the recent commits"
    new = PaneChanges({PANE: {"nps": b"new"}}, [])
    assert (
        await store.commit(PLACE, commit("c", "b", 4, states={b"e": b"new"}, panes=new))
        == Applied()
    )
    await store.close()


async def test_a_pane_that_the_index_has_forgotten_is_not_added_to(
    empty_redis: RedisServer,
) -> None:
    store, keys = RedisStore(connect(connection_to(empty_redis)), "test"), Keys("test", PLACE)
    with empty_redis.client() as client:
        client.hset(keys.pane(PANE), "csat", "old")
    await store.commit(PLACE, commit("a", NONE, panes=PaneChanges({PANE: {"nps": b"new"}}, [])))
    found = await store.load(PLACE, "a")
    assert not isinstance(found, Refused)
    assert found.panes == {PANE: {"nps": b"new"}}
    await store.close()


async def test_a_flushed_script_cache_is_no_matter(empty_redis: RedisServer) -> None:
    store = RedisStore(connect(connection_to(empty_redis)), "test")
    await store.commit(PLACE, commit("a", NONE))
    with empty_redis.client() as client:
        client.script_flush()
    assert await store.commit(PLACE, commit("b", "a")) == Applied()
    await store.close()


async def test_a_full_redis_takes_nothing_rather_than_half(empty_redis: RedisServer) -> None:
    with redis_server({"maxmemory-policy": "noeviction"}) as server:
        store = RedisStore(connect(connection_to(server)), "test")
        await store.commit(PLACE, commit("a", NONE))
        before = await store.load(PLACE, "a")
        with server.client() as client:
            client.config_set("maxmemory", 1)
        full = commit(
            "b", "a", 9, states={b"e" * 16: b"s"}, panes=PaneChanges({PANE: {"nps": b"1"}}, [])
        )
        with pytest.raises(StoreUnavailableError, match=r"OOM|maxmemory"):
            await store.commit(PLACE, full)
        with server.client() as client:
            client.config_set("maxmemory", 0)
        assert await store.load(PLACE, "a") == before
        assert await store.commit(PLACE, full) == Applied()
        await store.close()


async def test_somebody_elses_key_under_our_name_stops_the_commit_before_its_first_write(
    empty_redis: RedisServer,
) -> None:
    store = RedisStore(connect(connection_to(empty_redis)), "test")
    await store.commit(PLACE, commit("a", NONE))
    keys = Keys("test", PLACE)
    with empty_redis.client() as client:
        client.set(keys.pane(PANE), "not a hash")
    changes = PaneChanges({(60_000, 0): {"nps": b"1"}, PANE: {"nps": b"1"}}, [])
    with pytest.raises(StoreUnavailableError, match="WRONGTYPE"):
        await store.commit(PLACE, commit("b", "a", states={b"e" * 16: b"s"}, panes=changes))
    with empty_redis.client() as client:
        assert set(client.scan_iter()) == {
            keys.head,
            keys.recent,
            keys.pane(PANE),
        }
    await store.close()


async def test_an_idle_partition_does_not_grow(empty_redis: RedisServer) -> None:
    """An as-of commit a second, for ever: once the recent commits are full, nothing is added."""
    store = RedisStore(connect(connection_to(empty_redis)), "test")
    predecessor = NONE
    sizes = []
    for number in range(3 * RECENT_MAX):
        id_ = f"{number:024x}"
        await store.commit(PLACE, commit(id_, predecessor, trimmed_ms=1))
        predecessor = id_
        if number % RECENT_MAX == RECENT_MAX - 1:
            with empty_redis.client() as client:
                sizes.append(sum(client.memory_usage(key) or 0 for key in client.scan_iter()))
    assert sizes[2] == pytest.approx(sizes[0], rel=0.02)
    await store.close()


async def test_in_steady_traffic_the_journal_stays_as_long_as_life(
    empty_redis: RedisServer,
) -> None:
    store = RedisStore(connect(connection_to(empty_redis)), "test")
    predecessor, lengths, life_ms = NONE, [], 500
    for number in range(2_000):
        clock_ms = 1_772_442_000_000 + number
        head = Head(number, 0, LogIdentity("cluster", 4), clock_ms=clock_ms)
        states = {number.to_bytes(16, "big"): b"state" * 8}
        id_ = f"{number:024x}"
        await store.commit(
            PLACE, Commit(id_, predecessor, head, states, trimmed_ms=clock_ms - life_ms)
        )
        predecessor = id_
        with empty_redis.client() as client:
            lengths.append(client.xlen(Keys("test", PLACE).journal))
    assert set(lengths[life_ms + 1 :]) == {life_ms + 1}
    await store.close()
