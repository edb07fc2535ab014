"""The servers that tests share: each starts when the first test asks for it, and lives for the run.

A test that stops, kills or fills a server starts its own with the context managers beside this
file. Tests that share one keep to topics and keys of their own, or ask for `empty_redis`.
"""

from collections.abc import Iterator

import pytest

from tests.servers.kafka import KafkaCluster, kafka_cluster
from tests.servers.redis import RedisCluster, RedisServer, redis_cluster, redis_server


@pytest.fixture(scope="session", name="kafka")
def _kafka() -> Iterator[KafkaCluster]:
    """One Kafka broker."""
    with kafka_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session", name="redis")
def _redis() -> Iterator[RedisServer]:
    """One Redis server."""
    with redis_server() as server:
        yield server


@pytest.fixture(name="empty_redis")
def _empty_redis(redis: RedisServer) -> RedisServer:
    """The shared Redis server, with nothing in it."""
    with redis.client() as client:
        client.flushall()
        client.script_flush()
    return redis


@pytest.fixture(scope="session", name="redis_nodes")
def _redis_nodes() -> Iterator[RedisCluster]:
    """One Redis Cluster of three primaries and three replicas."""
    with redis_cluster() as cluster:
        yield cluster
