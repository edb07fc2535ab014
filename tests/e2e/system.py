"""A running CX Pulse for the tests: worker and exporter processes, and what one asks of them.

What lives here: the settings file, the processes, and `cxpulse verify` as an operator runs it. What
must never live here: an expectation. All calls block.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.error import URLError
from urllib.request import urlopen

import msgspec

from processor.core.head import Accounting
from processor.demo.company import company_toml
from processor.settings.definition import cases_topic
from processor.settings.load import load
from processor.simulate.child import Child, ServerError, free_port, wait_until
from processor.simulate.delivery import Sending
from processor.simulate.sender import Account, Kafka, Pace, Sender, connect

TOPICS: Final = {"surveys": "response", "contacts": "contact", "carts": "cart"}
START_TIMEOUT_S: Final = 60.0
VERIFY_TIMEOUT_S: Final = 400.0

ArrivalTime = Literal["broker", "producer"]


@dataclass(frozen=True)
class System:
    """What is running.

    Attributes:
        config: the settings file of all its processes.
        url: of the exporter.
    """

    config: Path
    url: str
    kafka: Kafka
    workers: tuple[Child, ...]

    def send(self, sendings: Iterable[Sending]) -> Account:
        """Send all of it as fast as possible."""
        return Sender(connect(self.kafka), self.kafka).send(sendings, Pace(speed=0.0))

    def heads(self, topic: str) -> dict[str, dict[str, Any]]:
        """The heads of a topic's partitions, as the exporter tells them."""
        found: dict[str, dict[str, Any]] = _told(f"{self.url}/api/windows")["topics"]
        return found[topic]["partitions"] if topic in found else {}

    def positions(self) -> int:
        """How many positions of the sources are in the view."""
        return sum(
            head["position"] - head["start"]
            for topic in TOPICS
            for head in self.heads(topic).values()
        )

    def wait_until_read(self, records: int, *, timeout_s: float) -> None:
        """Return when so many records of the sources are in the view.

        Raises:
            ServerError: not within `timeout_s`; with the end of every worker's log.
        """
        try:
            wait_until(
                lambda: self.positions() >= records, timeout_s=timeout_s, what=f"{records} records"
            )
        except ServerError as error:
            logs = [worker.log_tail() for worker in self.workers]
            raise ServerError("\n".join([str(error), *logs])) from None

    def accounting(self) -> Accounting:
        """What became of the records of the sources, all partitions together."""
        sum_ = Accounting()
        for topic in TOPICS:
            for head in self.heads(topic).values():
                sum_ = sum_.plus(msgspec.convert(head["accounting"], Accounting))
        return sum_

    def exposition(self) -> str:
        """What Prometheus would scrape."""
        with urlopen(f"{self.url}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    def verify(self, *words: str) -> tuple[int, str]:
        """`cxpulse verify`, run as an operator does: exit status and standard output."""
        command = [sys.executable, "-m", "processor", "verify", "--config", str(self.config)]
        run = subprocess.run(
            [*command, *words],
            capture_output=True,
            text=True,
            timeout=VERIFY_TIMEOUT_S,
            check=False,
            cwd=self.config.parent,
        )
        return run.returncode, run.stdout or run.stderr


def derived_topic(arrival_time: ArrivalTime) -> str:
    """What the topic of cases is called, for brokers on which no worker can make it."""
    with tempfile.TemporaryDirectory(prefix="cxpulse-e2e-") as name:
        config = Path(name) / "cxpulse.toml"
        config.write_text(_toml("127.0.0.1:1", "127.0.0.1:2", 3, arrival_time, ""))
        return cases_topic(load(config, {}).settings)


@contextmanager
def running(
    bootstrap: str, store: str, *, workers: int, arrival_time: ArrivalTime, more: str = ""
) -> Iterator[System]:
    """Workers and an exporter on these servers; the topics of the sources are there already.

    Args:
        bootstrap: of the brokers.
        store: the address of Redis, host:port.
        workers: how many.
        arrival_time: of the sources.
        more: further lines of the table `kafka`.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cxpulse-e2e-")))
        port = free_port()
        config = folder / "cxpulse.toml"
        config.write_text(_toml(bootstrap, store, port, arrival_time, more))
        exporter = _process("exporter", "exporter", config)
        members = tuple(_process(f"worker-{n}", "worker", config) for n in range(workers))
        system = System(
            config,
            f"http://127.0.0.1:{port}",
            Kafka(bootstrap=bootstrap, arrival_time=arrival_time, compression="lz4"),
            members,
        )
        for child in (exporter, *members):
            stack.callback(child.stop)
            child.start()
        exporter.wait_until(lambda: _answers(system.url), timeout_s=START_TIMEOUT_S)
        yield system


def _process(name: str, command: str, config: Path) -> Child:
    words = [sys.executable, "-m", "processor", command, "--config", str(config)]
    return Child(words, directory=config.parent, name=name)


def _toml(bootstrap: str, store: str, port: int, arrival_time: ArrivalTime, more: str) -> str:
    topics = "".join(
        f'[[topics]]\nname = "{topic}"\nentity = "{entity}"\narrival_time = "{arrival_time}"\n'
        for topic, entity in TOPICS.items()
    )
    return f"""
[namespace]
name = "e2e"
id_key = "{"5e" * 32}"

[kafka]
bootstrap_servers = ["{bootstrap}"]
{more}

[redis]
addresses = ["{store}"]

[exporter]
port = {port}

[worker]
port = 0

{topics}
lateness_max = "1d"
life = "3d"

{company_toml()}
"""


def _told(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
