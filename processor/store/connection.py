"""A client for Redis as the settings describe it: standalone or Cluster, TLS, ACL user.

The client itself tries a command again only where the connection was lost before anything was sent;
whoever commits decides about the rest, because only a commit that carries its own id may be sent
twice.
"""

import msgspec
from redis.asyncio import Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from processor.store.redis_store import Client


class Address(msgspec.Struct, frozen=True):
    """Where a server listens."""

    host: str
    port: int


class Tls(msgspec.Struct, frozen=True):
    """How to speak TLS: files in PEM format; without `ca_file`, the system's authorities."""

    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None


class Connection(msgspec.Struct, frozen=True):
    """Where Redis is and how to get in.

    Attributes:
        addresses: one server; or, with `cluster`, some of the Cluster's nodes.
        timeout_s: after this a command counts as failed.
    """

    addresses: tuple[Address, ...]
    cluster: bool = False
    database: int = 0
    username: str | None = None
    password: str | None = None
    tls: Tls | None = None
    timeout_s: float = 2.0

    def __repr__(self) -> str:
        """Where Redis is, and as whom we come; never the password."""
        where = ", ".join(f"{address.host}:{address.port}" for address in self.addresses)
        return f"Connection({where}, username={self.username!r})"


def connect(connection: Connection) -> Client:
    """A client; nothing is sent before its first command."""
    options: dict[str, object] = {
        "username": connection.username,
        "password": connection.password,
        "socket_timeout": connection.timeout_s,
        "socket_connect_timeout": connection.timeout_s,
        "health_check_interval": 30,
        "protocol": 3,
        "client_name": "cxpulse",
        "retry": Retry(NoBackoff(), 0),
    }
    if connection.tls is not None:
        options |= {
            "ssl": True,
            "ssl_ca_certs": connection.tls.ca_file,
            "ssl_certfile": connection.tls.certificate_file,
            "ssl_keyfile": connection.tls.key_file,
        }
    if connection.cluster:
        nodes = [ClusterNode(address.host, address.port) for address in connection.addresses]
        # Every few redirections the client would else close all connections, others' too.
        options["reinitialize_steps"] = 0
        return RedisCluster(startup_nodes=nodes, **options)  # type: ignore[arg-type]  # one dict of options for both
    address = connection.addresses[0]
    return Redis(host=address.host, port=address.port, db=connection.database, **options)  # type: ignore[arg-type]  # as above
