"""A real Kafka 4 cluster (KRaft) on this machine: one broker or three, in a temporary folder.

What lives here: brokers, their settings, topics, and the faults that are done to a broker. What
must never live here: what the product does with Kafka. What the rest may lean on: inside the
context the cluster serves, and what it acknowledged survives `kill` and `restart` of a broker;
after it nothing runs.

Every broker is a controller too, so of three two must run. Its port stays its own when it is down:

    with kafka_cluster(3) as kafka:
        kafka.create_topic("carts", partitions=4, config=LOG_APPEND_TIME)
        kafka.brokers[0].kill()
"""

import base64
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # Public, but not re-exported.
    AdminClient,
    ClusterMetadata,
    NewTopic,
)

from processor.simulate.child import Child, ServerError, free_port, listening, wait_until
from tests.servers.program import installed

JARS: Final = Path(__file__).parents[2] / ".cache" / "kafka" / "lib"
START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 20.0
CALL_TIMEOUT_S: Final = 20.0
METADATA_TIMEOUT_S: Final = 1.0

# A client that has seen a broker fall dials it again at once, and keeps its complaints to itself.
ADMIN_SETTINGS: Final[dict[str, str | int | float | bool]] = {
    "reconnect.backoff.ms": 50,
    "reconnect.backoff.max.ms": 200,
    "log_level": 2,
}

LOG_APPEND_TIME: Final = {"message.timestamp.type": "LogAppendTime"}

# A small heap, and the quick compiler alone: these brokers live for seconds and hold little.
SMALL_JVM: Final = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")

SETTINGS: Final = {
    "auto.create.topics.enable": "false",
    "controller.listener.names": "CONTROLLER",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "log.cleaner.dedupe.buffer.size": "2097152",  # The default takes 128 MiB of the heap.
    "num.io.threads": "2",
    "num.network.threads": "2",
    "offsets.topic.num.partitions": "4",
    "process.roles": "broker,controller",
    "transaction.state.log.num.partitions": "4",
    # A broker that was killed is missed, and lets itself be replaced, only after its session.
    "broker.heartbeat.interval.ms": "250",
    "broker.session.timeout.ms": "2000",
}


@dataclass(frozen=True)
class Broker:
    """One broker of a cluster."""

    node_id: int
    port: int
    process: Child

    def start(self) -> None:
        """Start it on what its folder holds; return when it accepts connections."""
        self.process.start()
        self.wait_until_listening()

    def wait_until_listening(self) -> None:
        """Return when it accepts connections.

        Raises:
            ServerError: it ended, or the time was over; with the end of its log.
        """
        self.process.wait_until(lambda: listening(self.port), timeout_s=START_TIMEOUT_S)

    def stop(self) -> None:
        """Let it hand over its partitions and end."""
        self.process.stop(timeout_s=STOP_TIMEOUT_S)

    def restart(self) -> None:
        """Stop it in order and start it again."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL: what it had acknowledged is in the page cache, and comes back with `start`."""
        self.process.kill()

    def pause(self) -> None:
        """SIGSTOP: it keeps its connections and answers nobody."""
        self.process.pause()

    def resume(self) -> None:
        """SIGCONT."""
        self.process.resume()


@dataclass(frozen=True)
class KafkaCluster:
    """The brokers, and an admin client of theirs."""

    brokers: tuple[Broker, ...]
    admin: AdminClient
    bootstrap: str
    cluster_id: str

    def create_topic(
        self,
        topic: str,
        *,
        partitions: int = 1,
        replicas: int | None = None,
        config: Mapping[str, str] | None = None,
    ) -> None:
        """Create a topic and return when every partition has a leader; a replica on every broker.

        Raises:
            KafkaException: the cluster refuses it.
            ServerError: it is not there in time.
        """
        copies = len(self.brokers) if replicas is None else replicas
        new = NewTopic(topic, partitions, copies, config=dict(config or {}))
        self.admin.create_topics([new], operation_timeout=CALL_TIMEOUT_S)[topic].result(
            CALL_TIMEOUT_S
        )
        wait_until(
            lambda: self._partitions_led(topic) == partitions,
            timeout_s=CALL_TIMEOUT_S,
            what=f"leaders of {topic}",
        )

    def cut(self, topic: str, *, before: int, partition: int = 0) -> None:
        """Take the records before an offset away, as retention does."""
        cut = self.admin.delete_records([TopicPartition(topic, partition, before)])
        for deletion in cut.values():
            deletion.result(CALL_TIMEOUT_S)

    def leader(self, topic: str, partition: int = 0) -> Broker:
        """The broker that leads a partition now.

        Raises:
            ServerError: nobody leads it.
        """
        found = self.admin.list_topics(topic, timeout=CALL_TIMEOUT_S).topics[topic]
        node_id = found.partitions[partition].leader
        for broker in self.brokers:
            if broker.node_id == node_id:
                return broker
        raise ServerError(f"nobody leads {topic} [{partition}]")

    def wait_until_ready(self, *, timeout_s: float = START_TIMEOUT_S) -> None:
        """Return when the cluster knows which brokers run, and these lead all that they can.

        A paused broker counts as running, so a cluster that has given one up is never ready.

        Raises:
            ServerError: not within `timeout_s`; with the end of every broker's log.
        """
        try:
            wait_until(self._is_settled, timeout_s=timeout_s, what="Kafka cluster ready")
        except ServerError as error:
            logs = [broker.process.log_tail() for broker in self.brokers]
            raise ServerError("\n".join([str(error), *logs])) from None

    def _is_settled(self) -> bool:
        running = {broker.node_id for broker in self.brokers if broker.process.running}
        metadata = self._metadata()
        if metadata is None or set(metadata.brokers) != running:
            return False
        return all(
            partition.leader in running or not running.intersection(partition.replicas)
            for topic in metadata.topics.values()
            for partition in topic.partitions.values()
        )

    def _partitions_led(self, topic: str) -> int:
        metadata = self._metadata()
        found = metadata.topics.get(topic) if metadata is not None else None
        if found is None:
            return 0
        return sum(partition.leader >= 0 for partition in found.partitions.values())

    def _metadata(self) -> ClusterMetadata | None:
        try:
            return self.admin.list_topics(timeout=METADATA_TIMEOUT_S)
        except KafkaException as error:
            if error.args[0].code() in (KafkaError._TRANSPORT, KafkaError._TIMED_OUT):
                return None
            raise


@contextmanager
def kafka_cluster(
    brokers: int = 1,
    *,
    settings: Mapping[str, str] | None = None,
    jvm: Sequence[str] = SMALL_JVM,
) -> Iterator[KafkaCluster]:
    """A cluster that serves as long as the context; its data and logs go with it.

    Args:
        brokers: how many; internal topics are kept on each of them.
        settings: broker settings, over `SETTINGS`.
        jvm: options of every broker's Java.

    Raises:
        ServerError: Kafka or Java is missing, or a broker did not start (with the end of its log).
    """
    if not JARS.is_dir():
        raise ServerError(f"no Kafka in {JARS}: run scripts/install-servers")
    with tempfile.TemporaryDirectory(prefix="cxpulse-kafka-") as folder:
        members = _members(Path(folder), brokers, settings or {}, jvm)
        cluster_id = _format(members)
        try:
            yield _serving(members, cluster_id)
        finally:
            for member in members:
                member.kill()  # In order would take seconds, and nobody reads the data again.


def _members(
    folder: Path, count: int, settings: Mapping[str, str], jvm: Sequence[str]
) -> tuple[Broker, ...]:
    controllers = {node_id: free_port() for node_id in range(1, count + 1)}
    voters = ",".join(f"{node_id}@127.0.0.1:{port}" for node_id, port in controllers.items())
    shared = SETTINGS | {
        "controller.quorum.voters": voters,
        "default.replication.factor": str(count),
        "offsets.topic.replication.factor": str(count),
        "transaction.state.log.replication.factor": str(count),
        "transaction.state.log.min.isr": str(count // 2 + 1),
    }
    members = []
    for node_id, controller_port in controllers.items():
        port = free_port()
        own = {
            "node.id": str(node_id),
            "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "log.dirs": str(folder / f"broker-{node_id}"),
        }
        properties = _properties(folder, node_id)
        lines = [f"{name}={value}\n" for name, value in (shared | own | dict(settings)).items()]
        properties.write_text("".join(lines))
        command = _java("kafka.Kafka", str(properties), jvm=jvm)
        process = Child(command, directory=folder, name=f"broker-{node_id}")
        members.append(Broker(node_id, port, process))
    return tuple(members)


def _format(members: Sequence[Broker]) -> str:
    """Prepare every broker's folder for one new cluster, side by side; the cluster's id."""
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    with ExitStack() as stack:
        runs = []
        for member in members:
            properties = str(_properties(member.process.directory, member.node_id))
            words = ("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", properties)
            command = _java(*words, jvm=SMALL_JVM)
            run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            runs.append(stack.enter_context(run))
        for run in runs:
            output, _ = run.communicate(timeout=START_TIMEOUT_S)
            if run.returncode != 0:
                raise ServerError(f"Kafka's format failed\n{output.decode(errors='replace')}")
    return cluster_id


def _serving(members: tuple[Broker, ...], cluster_id: str) -> KafkaCluster:
    for member in members:
        member.process.start()
    for member in members:
        member.wait_until_listening()
    bootstrap = ",".join(f"127.0.0.1:{member.port}" for member in members)
    admin = AdminClient(ADMIN_SETTINGS | {"bootstrap.servers": bootstrap})
    cluster = KafkaCluster(members, admin, bootstrap, cluster_id)
    cluster.wait_until_ready()
    return cluster


def _properties(folder: Path, node_id: int) -> Path:
    return folder / f"broker-{node_id}.properties"


def _java(*words: str, jvm: Sequence[str]) -> list[str]:
    logging = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    return [installed("java"), *jvm, logging, "-cp", f"{JARS}/*", *words]
