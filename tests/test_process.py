"""What the worker and the exporter have in common."""

import asyncio
import signal

import pytest
from prometheus_client import generate_latest

from processor.process import process_registry, told_to_stop


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_is_told_and_ends_nothing(number: signal.Signals) -> None:
    stop = told_to_stop()
    assert not stop.is_set()
    signal.raise_signal(number)
    async with asyncio.timeout(5):
        await stop.wait()


def test_a_process_is_measured() -> None:
    text = generate_latest(process_registry()).decode()
    for name in ("process_cpu_seconds_total", "python_info", "python_gc_collections_total"):
        assert f"\n{name}" in text
