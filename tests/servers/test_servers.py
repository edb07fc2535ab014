import asyncio
import socket
import time
from pathlib import Path

import aiokafka
import pytest
import redis as redis_py
from confluent_kafka import KafkaException, Producer

from processor.simulate.child import ServerError, listening, wait_until
from tests.servers.kafka import LOG_APPEND_TIME, KafkaCluster, kafka_cluster
from tests.servers.program import installed
from tests.servers.prometheus import ExpositionError, check_metrics
from tests.servers.redis import RedisCluster, RedisServer, redis_cluster, redis_server

SENT_MS = 1_700_000_000_000
MINUTE_MS = 60_000


def write(kafka: KafkaCluster, topic: str, values: range) -> None:
    """Return when every in-sync replica has them all."""
    with Producer(
        {"bootstrap.servers": kafka.bootstrap, "acks": "all", "log_level": 2}
    ) as producer:
        for value in values:
            producer.produce(topic, key=b"%d" % value, value=b"%d" % value, timestamp=SENT_MS)
        assert producer.flush(30) == 0


async def read(
    kafka: KafkaCluster, topic: str, count: int
) -> list[aiokafka.ConsumerRecord[bytes, bytes]]:
    """The first records of a topic, in one consumer group."""
    records: list[aiokafka.ConsumerRecord[bytes, bytes]] = []
    async with (
        asyncio.timeout(30),
        aiokafka.AIOKafkaConsumer(
            topic,
            bootstrap_servers=kafka.bootstrap,
            group_id=f"readers-of-{topic}",
            isolation_level="read_committed",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        ) as consumer,
    ):
        while len(records) < count:
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                records.extend(batch)
    return records


def brokers_known(kafka: KafkaCluster) -> int:
    return len(kafka.admin.list_topics(timeout=5).brokers)


def values_of(records: list[aiokafka.ConsumerRecord[bytes, bytes]]) -> list[int]:
    return sorted(int(record.value or b"") for record in records)


async def test_kafka_stamps_a_record_with_its_own_time_where_the_topic_says_so(
    kafka: KafkaCluster,
) -> None:
    kafka.create_topic("stamped", partitions=4, config=LOG_APPEND_TIME)
    kafka.create_topic("unstamped")
    now_ms = time.time_ns() // 1_000_000
    for topic in ("stamped", "unstamped"):
        write(kafka, topic, range(10))
    stamped = await read(kafka, "stamped", 10)
    assert values_of(stamped) == list(range(10))
    assert {record.timestamp_type for record in stamped} == {1}
    assert all(abs(record.timestamp - now_ms) < MINUTE_MS for record in stamped)
    unstamped = await read(kafka, "unstamped", 10)
    assert {(r.timestamp_type, r.timestamp) for r in unstamped} == {(0, SENT_MS)}


def test_kafka_refuses_a_topic_that_is_there_already(kafka: KafkaCluster) -> None:
    kafka.create_topic("twice")
    with pytest.raises(KafkaException, match="already exists"):
        kafka.create_topic("twice")


async def test_what_kafka_acknowledged_survives_a_kill_and_a_restart() -> None:
    with kafka_cluster() as kafka:
        kafka.create_topic("kept")
        write(kafka, "kept", range(100))
        broker = kafka.brokers[0]
        broker.kill()
        assert not listening(broker.port)
        await asyncio.to_thread(broker.start)
        kafka.wait_until_ready()
        assert values_of(await read(kafka, "kept", 100)) == list(range(100))
        write(kafka, "kept", range(100, 200))
        await asyncio.to_thread(broker.restart)
        kafka.wait_until_ready()
        assert values_of(await read(kafka, "kept", 200)) == list(range(200))
        assert kafka.admin.list_topics(timeout=5).cluster_id == kafka.cluster_id


async def test_three_brokers_form_a_cluster_that_does_without_one_of_them() -> None:
    with kafka_cluster(3) as kafka:
        assert brokers_known(kafka) == 3
        kafka.create_topic("copied", config={"min.insync.replicas": "2"})
        write(kafka, "copied", range(100))
        lost = kafka.leader("copied")
        lost.kill()
        kafka.wait_until_ready()
        assert brokers_known(kafka) == 2
        assert kafka.leader("copied") != lost
        write(kafka, "copied", range(100, 200))
        assert values_of(await read(kafka, "copied", 200)) == list(range(200))
        lost.start()
        kafka.wait_until_ready()
        assert brokers_known(kafka) == 3
        kafka.create_topic("single", replicas=1)
        kafka.leader("single").kill()
        kafka.wait_until_ready()
        with pytest.raises(ServerError, match=r"nobody leads single \[0\]"):
            kafka.leader("single")


@pytest.mark.parametrize(
    ("settings", "jvm", "reason"),
    [
        ({"num.io.threads": "none"}, ("-Xmx256m",), "num.io.threads"),
        ({}, ("-Xmx1m",), "Too small maximum heap"),
    ],
)
def test_a_kafka_that_does_not_start_shows_why(
    settings: dict[str, str], jvm: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(ServerError, match=reason), kafka_cluster(settings=settings, jvm=jvm):
        pass


def test_nothing_of_a_server_is_left_when_its_context_fails() -> None:
    with pytest.raises(ZeroDivisionError), redis_server() as server, kafka_cluster() as kafka:
        broker = kafka.brokers[0]
        assert listening(server.port)
        assert listening(broker.port)
        _ = 1 / 0
    assert not listening(server.port)
    assert not listening(broker.port)
    assert not server.process.running
    assert not broker.process.running
    assert not server.process.directory.exists()
    assert not broker.process.directory.exists()


def test_redis_evicts_nothing_and_keeps_nothing_on_disk(redis: RedisServer) -> None:
    with redis.client() as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "no"}
        client.set("left-behind", "by a test")


def test_a_test_may_ask_for_the_shared_redis_with_nothing_in_it(
    redis: RedisServer, empty_redis: RedisServer
) -> None:
    assert empty_redis is redis
    with redis.client() as client:
        assert client.dbsize() == 0


@pytest.mark.parametrize(("appendonly", "kept"), [("yes", "1"), ("no", None)])
def test_what_redis_appended_survives_a_kill_and_a_restart(
    appendonly: str, kept: str | None
) -> None:
    with redis_server({"appendonly": appendonly}) as server:
        for bring_down in (server.kill, server.stop):
            with server.client() as client:
                client.set("key", "1")
            bring_down()
            assert not listening(server.port)
            server.start()
            with server.client() as client:
                assert client.get("key") == kept


def test_a_paused_redis_takes_a_question_and_answers_when_it_goes_on(redis: RedisServer) -> None:
    with socket.create_connection(("127.0.0.1", redis.port), timeout=0.2) as connection:
        redis.pause()
        try:
            connection.sendall(b"PING\r\n")
            with pytest.raises(TimeoutError):
                connection.recv(16)
        finally:
            redis.resume()
        connection.settimeout(10)
        assert connection.recv(16) == b"+PONG\r\n"


def test_a_redis_that_does_not_start_shows_why(redis: RedisServer) -> None:
    taken = {"port": str(redis.port)}
    with pytest.raises(ServerError, match="Address already in use"), redis_server(taken):
        pass


def test_redis_cluster_serves_all_slots_with_three_primaries(redis_nodes: RedisCluster) -> None:
    assert len(redis_nodes.nodes) == 6
    assert len(redis_nodes.primaries) == 3
    cluster = redis_py.RedisCluster.from_url(redis_nodes.url, decode_responses=True)
    try:
        for number in range(100):
            cluster.set(f"key-{number}", number)
        assert [cluster.get(f"key-{number}") for number in range(100)] == [
            str(number) for number in range(100)
        ]
    finally:
        cluster.close()
    for primary in redis_nodes.primaries:
        with primary.client() as client:
            assert int(client.dbsize()) > 0


def test_redis_cluster_replaces_a_primary_that_is_killed() -> None:
    with redis_cluster() as cluster:
        lost = cluster.primaries[0]
        lost.kill()
        wait_until(lambda: len(cluster.primaries) == 3, timeout_s=20, what="a new primary")
        cluster.wait_until_ready()
        assert lost not in cluster.primaries
        lost.start()
        cluster.wait_until_ready()
        assert len(cluster.primaries) == 3
        assert lost not in cluster.primaries


def test_promtool_finds_nothing_wrong_with_good_metrics() -> None:
    good = "# HELP cx_events_total Events.\n# TYPE cx_events_total counter\ncx_events_total 1\n"
    assert check_metrics(good) == ()


def test_promtool_complains_of_bad_style_and_refuses_what_it_cannot_read() -> None:
    assert check_metrics("# TYPE cx_events counter\ncx_events 1\n") == (
        'cx_events counter metrics should have "_total" suffix',
        "cx_events no help text",
    )
    with pytest.raises(ExpositionError, match="parsing error in line 1"):
        check_metrics("cx events total\n")


def test_a_program_that_is_missing_says_how_it_gets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(installed("redis-server")).is_file()
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(ServerError, match="no redis-server on PATH: run scripts/install-servers"):
        installed("redis-server")
