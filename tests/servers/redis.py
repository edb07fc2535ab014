"""A real Redis on this machine: one server, or a cluster of three primaries and three replicas.

What lives here: servers, their settings, and the faults that are done to them. What must never live
here: what the product keeps in Redis. What the rest may lean on: inside the context the servers
answer; after it nothing runs. With `appendonly` on, what was written survives `kill` and `restart`.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from processor.simulate.child import Child, ServerError, free_port, wait_until
from processor.simulate.embedded import store_serves
from tests.servers.program import installed

START_TIMEOUT_S: Final = 10.0
CLUSTER_TIMEOUT_S: Final = 30.0
CLUSTER_NODES: Final = 6
CLUSTER_REPLICAS: Final = 1  # Per primary, so three of the six nodes are primaries.

SETTINGS: Final = {
    "bind": "127.0.0.1",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "noeviction",
}
CLUSTER_SETTINGS: Final = {
    "cluster-enabled": "yes",
    # A primary is missed after this long; the default, 15 s, would make every fault test as slow.
    "cluster-node-timeout": "1500",
    "repl-diskless-sync-delay": "0",
}


@dataclass(frozen=True)
class RedisServer:
    """One Redis server; its port stays its own when it is down."""

    port: int
    process: Child

    @property
    def url(self) -> str:
        """Where clients find database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    @contextmanager
    def client(self) -> Iterator[redis.Redis]:
        """A synchronous client that answers in text and gives up after two seconds, once."""
        client = redis.Redis.from_url(
            self.url, decode_responses=True, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        try:
            yield client
        finally:
            client.close()

    def start(self) -> None:
        """Start it on what its folder holds; return when it answers.

        Raises:
            ServerError: it ended, or the time was over; with the end of its log.
        """
        self.process.start()
        self.process.wait_until(
            lambda: store_serves(self.port, self.process.pid), timeout_s=START_TIMEOUT_S
        )

    def stop(self) -> None:
        """SIGTERM: it writes down what it is set to write down, and ends."""
        self.process.stop()

    def restart(self) -> None:
        """Stop it in order and start it again."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL: what it had appended to its file is in the page cache."""
        self.process.kill()

    def pause(self) -> None:
        """SIGSTOP: it keeps its connections and answers nobody."""
        self.process.pause()

    def resume(self) -> None:
        """SIGCONT."""
        self.process.resume()


@dataclass(frozen=True)
class RedisCluster:
    """Six servers that form one cluster; any of them is a way in."""

    nodes: tuple[RedisServer, ...]

    @property
    def url(self) -> str:
        """The first node's address; a client that is told one learns the others from it."""
        return self.nodes[0].url

    @property
    def primaries(self) -> tuple[RedisServer, ...]:
        """The running nodes that call themselves primary now."""
        running = (node for node in self.nodes if node.process.running)
        return tuple(node for node in running if _replication(node, "role") == "master")

    def wait_until_ready(self, *, timeout_s: float = CLUSTER_TIMEOUT_S) -> None:
        """Return when every running node sees all slots served and every running replica follows.

        Raises:
            ServerError: not within `timeout_s`.
        """
        wait_until(
            lambda: all(_is_settled(node) for node in self.nodes if node.process.running),
            timeout_s=timeout_s,
            what="Redis Cluster ready",
        )


@contextmanager
def redis_server(settings: Mapping[str, str] | None = None) -> Iterator[RedisServer]:
    """A server that answers as long as the context; its files go with it.

    Args:
        settings: as in redis.conf, over `SETTINGS`: nothing on disk, `noeviction`. `port` too.

    Raises:
        ServerError: it does not start; the end of its log is in the message.
    """
    with tempfile.TemporaryDirectory(prefix="cxpulse-redis-") as folder:
        server = _server(Path(folder), settings or {})
        try:
            server.start()
            yield server
        finally:
            server.kill()  # Its files go too, so nothing is worth an orderly end.


@contextmanager
def redis_cluster(settings: Mapping[str, str] | None = None) -> Iterator[RedisCluster]:
    """Three primaries with a replica each, ready, as long as the context.

    Args:
        settings: as in redis.conf, for every node, over `SETTINGS` and `CLUSTER_SETTINGS`.

    Raises:
        ServerError: a node does not start, or they do not form a cluster.
    """
    with ExitStack() as stack:
        nodes = []
        for _ in range(CLUSTER_NODES):
            # The port of the cluster's own talk is by default the node's + 10,000, free or not.
            own = CLUSTER_SETTINGS | {"cluster-port": str(free_port())} | dict(settings or {})
            nodes.append(stack.enter_context(redis_server(own)))
        _join(nodes)
        cluster = RedisCluster(tuple(nodes))
        cluster.wait_until_ready()
        yield cluster


def _server(folder: Path, settings: Mapping[str, str]) -> RedisServer:
    every = SETTINGS | {"port": str(free_port()), "dir": str(folder)} | dict(settings)
    words = [word for name, text in every.items() for word in (f"--{name}", text)]
    return RedisServer(
        int(every["port"]),
        Child([installed("redis-server"), *words], directory=folder, name="redis"),
    )


def _join(nodes: Sequence[RedisServer]) -> None:
    addresses = [f"127.0.0.1:{node.port}" for node in nodes]
    replicas = ["--cluster-replicas", str(CLUSTER_REPLICAS), "--cluster-yes"]
    made = subprocess.run(
        [installed("redis-cli"), "--cluster", "create", *addresses, *replicas],
        capture_output=True,
        text=True,
        timeout=CLUSTER_TIMEOUT_S,
        check=False,
    )
    if made.returncode != 0:
        raise ServerError(f"redis-cli --cluster create failed\n{made.stdout}{made.stderr}")


def _is_settled(node: RedisServer) -> bool:
    if _cluster_state(node) != "ok":
        return False
    return (
        _replication(node, "role") == "master" or _replication(node, "master_link_status") == "up"
    )


def _cluster_state(node: RedisServer) -> str:
    """What a node thinks of the cluster: ok, fail, or nothing if it does not answer."""
    with node.client() as client:
        try:
            return str(client.cluster("INFO").get("cluster_state", ""))
        except redis.RedisError:
            return ""


def _replication(node: RedisServer, name: str) -> str:
    """What a node says about its part in replication; nothing if it does not answer."""
    with node.client() as client:
        try:
            return str(client.info("replication").get(name, ""))
        except redis.RedisError:
            return ""
