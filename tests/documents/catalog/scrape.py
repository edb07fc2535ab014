"""What the exporter and the worker really put on /metrics, as families.

Scores and counts have tables; what else is exposed, and under which labels, only a scrape can tell.
"""

import asyncio
import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from structlog.testing import capture_logs

from processor.core.record import Record
from processor.export.exposition import exposition
from processor.stream.telemetry import LaneCollector, Telemetry
from tests.export.scene import BUILD, TARGETS, TOPICS, Scene
from tests.stream.bench import PLACE, START_MS, Bench, answer

_LABEL = re.compile(r'[{,]([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"')
_PARTS = ("_bucket", "_sum", "_count")


class Family(NamedTuple):
    """A metric family: what its help and type lines say, and the labels of its series."""

    name: str
    kind: str
    help: str
    labels: tuple[str, ...]


def families(text: str) -> dict[str, Family]:
    """The families of an exposition, by name, in its order."""
    helps: dict[str, str] = {}
    kinds: dict[str, str] = {}
    labels: dict[str, dict[str, None]] = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, told = line.split(" ", 3)
            helps[name] = told
        elif line.startswith("# TYPE "):
            _, _, name, kinds[name] = line.split(" ", 3)
        elif line:
            labels.setdefault(_family_of(line, kinds), {}).update(_labels_of(line))
    return {n: Family(n, kinds[n], helps[n], tuple(labels.get(n, ()))) for n in kinds}


def _family_of(line: str, kinds: Iterable[str]) -> str:
    name = re.split(r"[{ ]", line, maxsplit=1)[0]
    if name in kinds:
        return name
    return next(name.removesuffix(part) for part in _PARTS if name.endswith(part))


def _labels_of(line: str) -> dict[str, None]:
    return dict.fromkeys(_LABEL.findall(line))


@cache
def exporter_text() -> str:
    """An exporter's page while its view is catching up: then it says most."""
    return asyncio.run(_exporter_text())


async def _exporter_text() -> str:
    scene = Scene()
    topics = [topic for group in TOPICS.values() for topic in group]
    await scene.idle(*topics, as_of_ms=scene.now_ms - 60_000, log_end=10)
    await scene.watch.refresh()
    return exposition(scene.watch, BUILD, TARGETS)


@cache
def worker_text() -> str:
    """A worker's page, but for what the process says of itself."""
    return asyncio.run(_worker_text())


async def _worker_text() -> str:
    bench, registry = Bench(), CollectorRegistry()
    registry.register(LaneCollector({PLACE: bench.lane}))
    bench.log.records += [answer(0), _unmapped(1), Record(2, START_MS, b"key", b"broken")]
    await bench.until_committed(3)
    telemetry = Telemetry(registry)
    with capture_logs():
        for changes in bench.changes:
            telemetry.on_commit(PLACE, changes)
    text = generate_latest(registry).decode()
    await bench.stop()
    return text


def _unmapped(number: int) -> Record:
    """An answer of which nobody says what it is, so that there is something to remark."""
    sent = answer(number)
    value = (sent.value or b"").replace(b'"kind":"nps",', b"")
    return Record(sent.offset, sent.arrival_ms, sent.key, value)


@cache
def process_text() -> str:
    """What every process says of itself; as on Linux, wherever this runs."""
    registry = CollectorRegistry()
    with tempfile.TemporaryDirectory() as folder:
        proc = Path(folder)
        (proc / "self" / "fd").mkdir(parents=True)
        (proc / "stat").write_text("btime 1772442000\n")
        (proc / "self" / "stat").write_text("1 (python) " + "1 " * 22)
        (proc / "self" / "limits").write_text("Max open files 1024 1024 files\n")
        ProcessCollector(proc=folder, registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        return generate_latest(registry).decode()
