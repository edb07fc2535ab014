"""The brokers of a real Kafka 4 (KRaft), as processes with a folder and a port of their own.

What lives here: Kafka's program and its settings, and the faults that are done to a broker. What
must never live here: topics and clients. What the rest may lean on: what a broker acknowledged
survives `kill` and `restart`. Every broker is a controller too, so of three two must run.
"""

import base64
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from processor.simulate.child import Child, ServerError, free_port, listening
from tests.servers.program import installed

JARS: Final = Path(__file__).parents[2] / ".cache" / "kafka" / "lib"
START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 20.0

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


def members(
    folder: Path, count: int, settings: Mapping[str, str], jvm: Sequence[str]
) -> tuple[Broker, ...]:
    """The brokers of one cluster, not started yet; `settings` go over `SETTINGS`.

    Raises:
        ServerError: Kafka or Java is missing.
    """
    if not JARS.is_dir():
        raise ServerError(f"no Kafka in {JARS}: run scripts/install-servers")
    controllers = {node_id: free_port() for node_id in range(1, count + 1)}
    voters = ",".join(f"{node_id}@127.0.0.1:{port}" for node_id, port in controllers.items())
    shared = SETTINGS | {
        "controller.quorum.voters": voters,
        "default.replication.factor": str(count),
        "offsets.topic.replication.factor": str(count),
        "transaction.state.log.replication.factor": str(count),
        "transaction.state.log.min.isr": str(count // 2 + 1),
    }
    made = []
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
        made.append(Broker(node_id, port, process))
    return tuple(made)


def format_folders(brokers: Sequence[Broker]) -> str:
    """Prepare every broker's folder for one new cluster, side by side; the cluster's id.

    Raises:
        ServerError: Kafka refuses a folder; the message says why.
    """
    cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    with ExitStack() as stack:
        runs = []
        for broker in brokers:
            properties = str(_properties(broker.process.directory, broker.node_id))
            # Apart from its name, an id that begins with a dash would be taken for an option.
            identity = f"--cluster-id={cluster_id}"
            words = ("kafka.tools.StorageTool", "format", identity, "-c", properties)
            command = _java(*words, jvm=SMALL_JVM)
            run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            runs.append(stack.enter_context(run))
        for run in runs:
            output, _ = run.communicate(timeout=START_TIMEOUT_S)
            if run.returncode != 0:
                raise ServerError(f"Kafka's format failed\n{output.decode(errors='replace')}")
    return cluster_id


def _properties(folder: Path, node_id: int) -> Path:
    return folder / f"broker-{node_id}.properties"


def _java(*words: str, jvm: Sequence[str]) -> list[str]:
    logging = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
    return [installed("java"), *jvm, logging, "-cp", f"{JARS}/*", *words]
