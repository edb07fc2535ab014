"""Every store, for the suite that all of them must pass."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from processor.store.connection import Address, Connection, connect
from processor.store.contract import Store
from processor.store.memory_store import MemoryStore
from processor.store.redis_store import RedisStore
from tests.servers.redis import RedisCluster, RedisServer


@pytest.fixture(params=["memory", "redis", "cluster"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """An empty store of each kind."""
    made = _store(request)
    yield made
    await made.close()


def _store(request: pytest.FixtureRequest) -> Store:
    namespace = f"test:{uuid4().hex}"
    if request.param == "memory":
        return MemoryStore()
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        return RedisStore(connect(connection_to(server)), namespace)
    cluster: RedisCluster = request.getfixturevalue("redis_nodes")
    nodes = tuple(Address("127.0.0.1", node.port) for node in cluster.nodes)
    return RedisStore(connect(Connection(nodes, cluster=True)), namespace)


def connection_to(server: RedisServer) -> Connection:
    return Connection((Address("127.0.0.1", server.port),))
