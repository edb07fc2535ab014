"""A real Kafka 4 cluster (KRaft) on this machine: one broker or three, in a temporary folder.

What lives here: the cluster and its topics. What must never live here: what the product does with
Kafka. What the rest may lean on: inside the context the cluster serves, and what it acknowledged
survives `kill` and `restart` of a broker, whose port stays its own when it is down; after the
context nothing runs.

    with kafka_cluster(3) as kafka:
        kafka.create_topic("carts", partitions=4, config=LOG_APPEND_TIME)
        kafka.brokers[0].kill()
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # Public, but not re-exported.
    AdminClient,
    ClusterMetadata,
    NewTopic,
)

from processor.simulate.child import ServerError, wait_until
from tests.servers.broker import SMALL_JVM, START_TIMEOUT_S, Broker, format_folders, members

CALL_TIMEOUT_S: Final = 20.0
METADATA_TIMEOUT_S: Final = 1.0

# A client that has seen a broker fall dials it again at once, and keeps its complaints to itself.
ADMIN_SETTINGS: Final[dict[str, str | int | float | bool]] = {
    "reconnect.backoff.ms": 50,
    "reconnect.backoff.max.ms": 200,
    "log_level": 2,
}

LOG_APPEND_TIME: Final = {"message.timestamp.type": "LogAppendTime"}


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
        settings: broker settings, over our own.
        jvm: options of every broker's Java.

    Raises:
        ServerError: Kafka or Java is missing, or a broker did not start (with the end of its log).
    """
    with tempfile.TemporaryDirectory(prefix="cxpulse-kafka-") as folder:
        made = members(Path(folder), brokers, settings or {}, jvm)
        cluster_id = format_folders(made)
        try:
            yield _serving(made, cluster_id)
        finally:
            for broker in made:
                broker.kill()  # In order would take seconds, and nobody reads the data again.


def _serving(brokers: tuple[Broker, ...], cluster_id: str) -> KafkaCluster:
    for broker in brokers:
        broker.process.start()
    for broker in brokers:
        broker.wait_until_listening()
    bootstrap = ",".join(f"127.0.0.1:{broker.port}" for broker in brokers)
    admin = AdminClient(ADMIN_SETTINGS | {"bootstrap.servers": bootstrap})
    cluster = KafkaCluster(brokers, admin, bootstrap, cluster_id)
    cluster.wait_until_ready()
    return cluster
