"""What all long-lived processes of ours have in common: they are told to stop, and are measured."""

import asyncio
import signal

from prometheus_client import CollectorRegistry
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector


def told_to_stop() -> asyncio.Event:
    """Set by SIGTERM or SIGINT, which no longer end the running loop's process by themselves."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def process_registry() -> CollectorRegistry:
    """A registry that holds the process itself: its memory, CPU time, files and collections."""
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return registry
