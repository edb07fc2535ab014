"""`make bench`: the contenders one after another on one Kafka and one Redis, then the scrape."""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec
import psutil
from confluent_kafka import Producer
from rich.console import Console
from rich.table import Table

from bench.run import Run
from bench.scrape import scrape_times
from bench.worker import run_worker
from bench.workload import Workload, workload
from processor.clock import now_ms
from tests.servers.kafka import KafkaCluster, kafka_cluster
from tests.servers.redis import redis_server

OUR_EVENTS, PEER_EVENTS = 300_000, 20_000
RUNS = 3
SERIES = 10_000
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run everything and print the tables."""
    console = Console()
    jvm = ("-Xms256m", "-Xmx1g")
    with (
        tempfile.TemporaryDirectory(prefix="cxpulse-bench-") as name,
        kafka_cluster(jvm=jvm) as kafka,
        redis_server({"appendonly": "yes", "appendfsync": "everysec"}) as redis,
    ):
        folder = Path(name)
        ours = _produce(kafka, "surveys", OUR_EVENTS)
        redis_process = psutil.Process(redis.process.pid)
        runs = [
            _checked(
                ours,
                *run_worker(folder, kafka.bootstrap, redis_process, redis.port, len(ours.events)),
            )
            for _ in range(RUNS)
        ]
        peers = [_peer(folder, kafka, number) for number in range(RUNS)]
    _print_runs(
        console,
        {"CX Pulse, one worker (exactly once)": runs, "plain Faust, tables (at least once)": peers},
    )
    lines, times = scrape_times(SERIES)
    spread = _spread([1000 * time_s for time_s in times], ".1f")
    console.print(
        f"Scrape of {lines:,} series over HTTP: {spread} ms (min, median, max of {len(times)})"
    )
    console.print(_machine())


def _produce(kafka: KafkaCluster, topic: str, count: int) -> Workload:
    kafka.create_topic(topic, partitions=4)
    made = workload(count, now_ms() - 60_000)
    producer = Producer(
        {
            "bootstrap.servers": kafka.bootstrap,
            "partitioner": "murmur2_random",
            "linger.ms": 20,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    for at, event in enumerate(made.events):
        producer.produce(topic, event.value, event.key, timestamp=event.arrival_ms)
        if at % 1000 == 0:
            producer.poll(0)
    producer.flush()
    return made


def _checked(made: Workload, run: Run, ratings: Counter[int]) -> Run:
    return msgspec.structs.replace(run, exact=+ratings == +_truth(made))


def _truth(made: Workload) -> Counter[int]:
    truth: Counter[int] = Counter()
    for (_, _, rating), count in made.truth.items():
        truth[rating] += count
    return truth


def _peer(folder: Path, kafka: KafkaCluster, number: int) -> Run:
    """Plain Faust as a program of its own, on a topic of its own."""
    topic, output = f"plain-{number}", folder / f"plain-{number}.json"
    made = _produce(kafka, topic, PEER_EVENTS)
    words = [
        sys.executable,
        "-m",
        "bench.peers.plain_faust",
        kafka.bootstrap,
        topic,
        str(len(made.events)),
        str(output),
    ]
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        watched = psutil.Process(process.pid)
        while not output.exists() and process.poll() is None:
            time.sleep(0.2)
        cpu, memory = watched.cpu_times(), watched.memory_info().rss
        process.terminate()
    answer = json.loads(output.read_text())
    found = Counter({int(rating): count for rating, count in answer["totals"].items()})
    events = len(made.events)
    return Run(
        events / answer["seconds"],
        (cpu.user + cpu.system) / events * 1e6,
        None,
        memory / 1e6,
        exact=+found == +_truth(made),
    )


def _print_runs(console: Console, contenders: dict[str, list[Run]]) -> None:
    table = Table(
        "contender",
        "events/s (min, median, max)",
        "CPU s / M events",
        "Redis CPU s / M",
        "MB",
        "exact",
    )
    for name, runs in contenders.items():
        store = [
            run.store_cpu_s_per_million for run in runs if run.store_cpu_s_per_million is not None
        ]
        table.add_row(
            name,
            _spread([run.events_per_s for run in runs], ",.0f"),
            _spread([run.cpu_s_per_million for run in runs], ".1f"),
            _spread(store, ".2f") if store else "-",
            f"{max(run.memory_mb for run in runs):.0f}",
            "yes" if all(run.exact for run in runs) else "NO",
        )
    console.print(table)
    medians = [statistics.median(run.events_per_s for run in runs) for runs in contenders.values()]
    console.print(f"Ratio of the medians: {medians[0] / medians[1]:.1f}")


def _spread(values: list[float], form: str) -> str:
    return " / ".join(
        f"{value:{form}}" for value in (min(values), statistics.median(values), max(values))
    )


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("faust-streaming", "aiokafka", "redis", "msgspec")
    )
    return (
        f"{psutil.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}; {versions}; {datetime.now(UTC):%Y-%m-%d}"
    )


if __name__ == "__main__":
    main()
