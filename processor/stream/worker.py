"""A worker's life: prepare, start, work until told to stop, drain, stop."""

import asyncio
import signal
from wsgiref.simple_server import WSGIServer

import faust
import msgspec
import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from processor.clock import now_ms
from processor.core.definitions import Definitions
from processor.core.plan import Plans
from processor.store.contract import Store
from processor.stream.acquisition import Surroundings
from processor.stream.app import GroupSettings, create_app
from processor.stream.kafka import KafkaAccess
from processor.stream.lanes import Lanes
from processor.stream.outlet import Outlet
from processor.stream.probe import LogProbe
from processor.stream.telemetry import LaneCollector, Telemetry
from processor.stream.topics import OwnTopic, SourceTopic, prepare_topics

log = structlog.get_logger(__name__)


class WorkerPlan(msgspec.Struct, frozen=True):
    """Everything a worker is given.

    Attributes:
        dead_letters, cases: the topics it writes to.
        metrics_address: where its own metrics are served: host and port.
    """

    definitions: Definitions
    plans: Plans
    access: KafkaAccess
    group: GroupSettings
    sources: tuple[SourceTopic, ...]
    dead_letters: OwnTopic
    cases: OwnTopic
    create_topics: bool
    clock_margin_ms: int
    metrics_address: tuple[str, int]


async def run_worker(plan: WorkerPlan, store: Store) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        UnfitTopicError: a topic is missing or set otherwise than the settings say.
        KafkaError, StoreUnavailableError: what it needs cannot be reached at the start.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    own = (plan.dead_letters, plan.cases)
    await prepare_topics(plan.access, plan.sources, own, create=plan.create_topics)
    probe = LogProbe(plan.access)
    outlet = Outlet(plan.access, dead_letters=plan.dead_letters.name, cases=plan.cases.name)
    topics = [*(source.name for source in plan.sources), plan.cases.name]
    app = create_app(plan.access, plan.group, topics)
    around = Surroundings(store, probe, outlet, app, now_ms, plan.clock_margin_ms)
    registry = CollectorRegistry()
    telemetry = Telemetry(registry)
    app.seats = Lanes(plan.definitions, plan.plans, around, app, telemetry.on_commit)
    registry.register(LaneCollector(app.seats.lanes))
    server = _serve(registry, *plan.metrics_address)
    try:
        await probe.start()
        await outlet.start()
        app.seats.start()
        await app.start()
        log.info("worker ready", topics=topics, group=plan.group.name)
        await _until_stopped(app, stop)
    finally:
        await app.stop()
        await outlet.stop()
        await probe.stop()
        server.shutdown()
    log.info("worker stopped")


async def _until_stopped(app: faust.App, stop: asyncio.Event) -> None:
    """Wait for a signal; an app that crashed by itself passes its reason on."""
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(app.wait_until_stopped())]
    _, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    if app.crashed and app.crash_reason is not None:
        raise app.crash_reason


def _serve(registry: CollectorRegistry, host: str, port: int) -> WSGIServer:
    """Serve the worker's own metrics from a thread, so that no scrape stops the lanes."""
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    server, _ = start_http_server(port, host, registry)
    log.info("metrics", address=f"http://{host}:{server.server_port}/metrics")
    return server
