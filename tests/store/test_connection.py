"""Connections as the settings describe them, looked at before anything is sent."""

import pytest
from redis.asyncio import Redis, RedisCluster, SSLConnection

from processor.store.connection import Address, Connection, Tls, connect

HERE = Address("redis.example", 6379)


async def test_one_address_is_a_standalone_server_with_its_database_and_user() -> None:
    client = connect(Connection((HERE,), database=3, username="cx", password="secret"))
    assert isinstance(client, Redis)
    options = client.connection_pool.connection_kwargs
    assert (options["host"], options["port"], options["db"]) == ("redis.example", 6379, 3)
    assert (options["username"], options["password"]) == ("cx", "secret")
    assert "ssl_ca_certs" not in options
    await client.aclose()


async def test_a_cluster_is_asked_at_any_of_its_nodes() -> None:
    addresses = (HERE, Address("other.example", 7000))
    client = connect(Connection(addresses, cluster=True))
    assert isinstance(client, RedisCluster)
    nodes = client.nodes_manager.startup_nodes.values()
    assert {(node.host, node.port) for node in nodes} == {
        ("redis.example", 6379),
        ("other.example", 7000),
    }
    await client.aclose()


@pytest.mark.parametrize("cluster", [False, True])
async def test_a_command_fails_after_the_timeout_and_is_not_sent_twice(cluster: bool) -> None:
    client = connect(Connection((HERE,), cluster=cluster, timeout_s=0.5))
    options = (
        client.connection_pool.connection_kwargs
        if isinstance(client, Redis)
        else client.connection_kwargs
    )
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.5, 0.5)
    retry = options["retry"] if isinstance(client, Redis) else client.retry
    assert retry.get_retries() == 0
    await client.aclose()


async def test_with_tls_the_servers_certificate_is_checked() -> None:
    client = connect(Connection((HERE,), tls=Tls("ca.pem", "own.pem", "own.key")))
    assert isinstance(client, Redis)
    assert client.connection_pool.connection_class is SSLConnection
    options = client.connection_pool.connection_kwargs
    assert options["ssl_ca_certs"] == "ca.pem"
    assert (options["ssl_certfile"], options["ssl_keyfile"]) == ("own.pem", "own.key")
    assert options.get("ssl_cert_reqs", "required") == "required"
    await client.aclose()


def test_a_connection_never_shows_its_password() -> None:
    connection = Connection((HERE,), username="cx", password="secret")
    assert repr(connection) == str(connection) == "Connection(redis.example:6379, username='cx')"
