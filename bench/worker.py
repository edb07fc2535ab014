"""Our side: one worker as it ships, on a real Kafka and a real Redis with its append-only file."""

import asyncio
import secrets
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from bench.run import Run
from processor.core.pane import unpack_vector
from processor.settings.connection import redis_connection
from processor.settings.definition import namespace
from processor.settings.load import load
from processor.simulate.child import Child
from processor.store.connection import connect
from processor.store.contract import NONE, Place
from processor.store.redis_store import RedisStore

PARTITIONS = 4
POLL_S = 0.05
TIMEOUT_S = 300.0
HOUR_MS = 3_600_000


def run_worker(
    folder: Path, bootstrap: str, redis: psutil.Process, redis_port: int, events: int
) -> tuple[Run, Counter[int]]:
    """How one worker reads the topic `surveys` to its end, and how often each rating counts."""
    config = folder / f"{secrets.token_hex(4)}.toml"
    config.write_text(_toml(bootstrap, redis_port))
    settings = load(config, {}).settings
    store = RedisStore(connect(redis_connection(settings.redis)), namespace(settings))
    worker = Child(
        [sys.executable, "-m", "processor", "worker", "--config", str(config)],
        directory=folder,
        name=config.stem,
    )
    worker.start()
    try:
        return asyncio.run(_watch(worker, store, redis, events))
    finally:
        worker.stop()


async def _watch(
    worker: Child, store: RedisStore, redis: psutil.Process, events: int
) -> tuple[Run, Counter[int]]:
    process = psutil.Process(worker.pid)
    begun = None
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            done = await _positions(store)
            if begun is None and done:
                begun = (time.monotonic(), done, _cpu_s(process), _cpu_s(redis))
            if done >= events:
                break
            await asyncio.sleep(POLL_S)
    assert begun is not None
    began_s, before, worker_cpu_s, redis_cpu_s = begun
    counted = events - before
    millions = counted / 1e6
    ratings = await _ratings(store)
    run = Run(
        counted / (time.monotonic() - began_s),
        (_cpu_s(process) - worker_cpu_s) / millions,
        (_cpu_s(redis) - redis_cpu_s) / millions,
        process.memory_info().rss / 1e6,
        exact=False,
    )
    await store.close()
    return run, ratings


async def _positions(store: RedisStore) -> int:
    heads = [await store.head(Place("surveys", partition)) for partition in range(PARTITIONS)]
    return sum(head[1].position for head in heads if head)


async def _ratings(store: RedisStore) -> Counter[int]:
    found: Counter[int] = Counter()
    for partition in range(PARTITIONS):
        reading = await store.read(Place("surveys", partition), NONE)
        assert reading is not None
        for (tier_ms, _), cells in reading.panes.items():
            if tier_ms == HOUR_MS and "nps" in cells:
                found.update(dict(enumerate(unpack_vector(cells["nps"]))))
    return found


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _toml(bootstrap: str, redis_port: int) -> str:
    return f"""
[namespace]
name = "bench"
id_key = "{secrets.token_hex(32)}"
[kafka]
bootstrap_servers = ["{bootstrap}"]
[redis]
addresses = ["127.0.0.1:{redis_port}"]
[worker]
port = 0
[log]
level = "WARNING"
[[topics]]
name = "surveys"
entity = "response"
arrival_time = "producer"
[[dimensions]]
name = "brand"
values = ["north", "harbor", "atlas", "meadow", "summit"]
"""
