"""A worksite: topics on a real Kafka, a namespace in a real Redis, and workers as processes.

Everything goes the way it goes in production: settings in a file and in the environment, the
installed command, signals, exit status, and one JSON line per event on standard error.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from confluent_kafka import KafkaError, Message, Producer

from processor.core.definitions import HOUR_MS
from processor.core.head import Head
from processor.core.pane import unpack_vector
from processor.core.record import Record
from processor.settings.definition import cases_topic, namespace
from processor.settings.load import load
from processor.settings.model import Settings
from processor.store.connection import connect
from processor.store.contract import Place
from processor.store.redis_store import RedisStore
from tests.servers.kafka import KafkaCluster
from tests.servers.redis import RedisServer
from tests.store.conftest import connection_to
from tests.stream.bench import answer
from tests.world import KEY

WAIT_S = 30.0
KINDS = {"surveys": "response", "contacts": "contact", "carts": "cart"}
CREATE_TIME = {"message.timestamp.type": "CreateTime", "retention.ms": "-1"}


class Worksite:
    """Where workers work: the settings that all of them share, and what they work on."""

    def __init__(
        self, folder: Path, kafka: KafkaCluster, redis: RedisServer, *, partitions: int = 1
    ) -> None:
        mark = uuid4().hex[:8]
        self.folder = folder
        self.kafka = kafka
        self.partitions = partitions
        self.topics = {kind: f"{kind}-{mark}" for kind in KINDS}
        self.dead_letters = f"dead-letters-{mark}"
        for topic in self.topics.values():
            kafka.create_topic(topic, partitions=partitions, config=CREATE_TIME)
        self.config = folder / "cxpulse.toml"
        self.config.write_text(self._toml(mark, kafka.bootstrap, redis.port))
        self.settings: Settings = load(self.config, {}).settings
        self.namespace = namespace(self.settings)
        self.cases = cases_topic(self.settings)
        self.store = RedisStore(connect(connection_to(redis)), self.namespace)
        self.workers: list[WorkerProcess] = []

    def worker(self, *, prelude: str = "", **environment: str) -> "WorkerProcess":
        """A worker, just started; its environment may overrule the file.

        `prelude` is code that runs in its process before anything else.
        """
        name = f"worker-{len(self.workers)}"
        worker = WorkerProcess(self.config, name, environment, prelude)
        self.workers.append(worker)
        return worker

    def produce(self, records: Sequence[tuple[str, Record]], **options: str | int) -> list[int]:
        """Append (kind of topic, record) in this order; the offset of each."""
        settings: dict[str, str | int | bool] = {
            "bootstrap.servers": self.kafka.bootstrap,
            "enable.idempotence": True,
            "message.max.bytes": 10_000_000,
            "log_level": 2,
        }
        producer = Producer(settings | options)
        offsets: dict[int, int] = {}

        def on_delivery(number: int, error: KafkaError | None, message: Message) -> None:
            assert error is None, error
            offsets[number] = message.offset() or 0

        for number, (kind, record) in enumerate(records):
            producer.produce(
                self.topics[kind],
                record.value,
                record.key,
                headers=list(record.headers),
                timestamp=record.arrival_ms,
                on_delivery=partial(on_delivery, number),
            )
            producer.poll(0)
        producer.flush(WAIT_S)
        return [offsets[number] for number in range(len(records))]

    async def head(self, kind: str, partition: int = 0) -> Head | None:
        """What a partition's view claims."""
        topic = self.cases if kind == "cases" else self.topics[kind]
        found = await self.store.head(Place(topic, partition))
        return found[1] if found else None

    async def read_up_to(self, kind: str, position: int, partition: int = 0) -> Head:
        """The head of a partition, once it has reached a position."""
        found: Head | None = None

        async def there() -> bool:
            nonlocal found
            found = await self.head(kind, partition)
            return found is not None and found.position >= position

        needed = [worker for worker in self.workers if worker.wanted]
        await until(there, f"{kind}/{partition} read up to {position}", needed)
        assert found is not None
        return found

    async def ratings(self) -> int:
        """How many answers are counted: each is in one pane of an hour."""
        total = 0
        for partition in range(self.partitions):
            reading = await self.store.read(Place(self.topics["surveys"], partition), "")
            for (tier_ms, _), cells in (reading.panes if reading else {}).items():
                total += sum(unpack_vector(cells["nps"])) if tier_ms == HOUR_MS else 0
        return total

    async def close(self) -> None:
        """End what still works, and let go of the store."""
        for worker in self.workers:
            worker.kill()
        await self.store.close()

    def _toml(self, mark: str, bootstrap: str, redis_port: int) -> str:
        # Expected counts must not depend on the hour: the producers' clock decides what is late.
        topics = "".join(
            f'[[topics]]\nname = "{name}"\nentity = "{KINDS[kind]}"\narrival_time = "producer"\n'
            for kind, name in self.topics.items()
        )
        topics += 'lateness_max = "1d"\nlife = "3d"\n'
        return (
            f'[namespace]\nname = "t{mark}"\nid_key = "{KEY.hex()}"\n'
            f'[kafka]\nbootstrap_servers = ["{bootstrap}"]\nfetch_wait_max = "50ms"\n'
            f'dead_letter_topic = "{self.dead_letters}"\nsession_timeout = "3s"\n'
            f'[redis]\naddresses = ["127.0.0.1:{redis_port}"]\n'
            f'[worker]\nport = 0\n[log]\nlevel = "DEBUG"\nformat = "json"\n{topics}'
        )


class WorkerProcess:
    """One `cxpulse worker`, and what it said."""

    def __init__(
        self, config: Path, name: str, environment: Mapping[str, str], prelude: str = ""
    ) -> None:
        self.name = name
        self.wanted = True
        program = ["-m", "processor"]
        if prelude:
            program = ["-c", f"{prelude}\nfrom processor.cli import main\nmain()"]
        self._out = config.parent / f"{name}.out"
        self._err = config.parent / f"{name}.err"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("CXPULSE_")}
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, *program, "worker", "--config", str(config)],
                cwd=Path(__file__).parents[2],
                env=inherited | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def output(self) -> str:
        """What it printed that was not meant for a log."""
        return self._out.read_text()

    @property
    def text(self) -> str:
        """What it said, as written."""
        return self._err.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """What it said: every line is one JSON object, or this raises."""
        return [
            json.loads(line) for line in self.text.splitlines(keepends=True) if line[-1] == "\n"
        ]

    def said(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.lines() if line["event"] == event]

    async def until_said(self, event: str, count: int = 1) -> dict[str, Any]:
        """The line that says so for the `count`th time."""
        await until(lambda: len(self.said(event)) >= count, f"{self.name}: {event}", [self])
        return self.said(event)[count - 1]

    def signal(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.wanted = False
        self._process.send_signal(number)

    async def ended(self, timeout_s: float = WAIT_S) -> int:
        """Its exit status, once it has ended."""
        self.wanted = False
        await until(lambda: not self.running, f"{self.name} ended", [], timeout_s)
        return self._process.returncode

    async def stop(self) -> int:
        """Its exit status after SIGTERM."""
        self.signal()
        return await self.ended()

    def kill(self) -> None:
        """SIGKILL: it has no last word."""
        self.wanted = False
        self._process.kill()
        self._process.wait()


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    what: str,
    needed: Sequence[WorkerProcess] = (),
    timeout_s: float = WAIT_S,
) -> None:
    """Wait until something holds.

    Raises:
        AssertionError: a worker that was `needed` for it has ended, or the time is over.
    """
    loop = asyncio.get_running_loop()
    deadline_s = loop.time() + timeout_s
    while True:
        held = condition()
        if held if isinstance(held, bool) else await held:
            return
        tails = "\n".join(f"--- {worker.name}\n{worker.text[-3000:]}" for worker in needed)
        assert all(worker.running for worker in needed), f"{what}: a worker ended\n{tails}"
        assert loop.time() < deadline_s, f"{what}: not within {timeout_s:g} s\n{tails}"
        await asyncio.sleep(0.02)


def answers(count: int, start: int = 0) -> list[tuple[str, Record]]:
    """Survey responses, each of another entity."""
    return [("surveys", answer(number)) for number in range(start, start + count)]
