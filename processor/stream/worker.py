"""A worker's life: prepare, start, work until told to stop, drain, stop."""

import asyncio
import os
import sys
from typing import NoReturn, Protocol
from wsgiref.simple_server import WSGIServer

import msgspec
import structlog
from prometheus_client import CollectorRegistry, start_http_server

from processor.clock import now_ms
from processor.core.definitions import Definitions
from processor.core.plan import Plans
from processor.process import process_registry, told_to_stop
from processor.store.contract import Store
from processor.stream.acquisition import Surroundings
from processor.stream.app import GroupSettings, WorkerApp, create_app
from processor.stream.kafka import KafkaAccess
from processor.stream.lanes import EXIT_BROKEN, Lanes, end_broken
from processor.stream.outlet import Outlet
from processor.stream.probe import LogProbe
from processor.stream.telemetry import LaneCollector, Telemetry
from processor.stream.topics import OwnTopic, SourceTopic, prepare_topics

log = structlog.get_logger(__name__)

LEAVE_TIMEOUT_S = 5.0
"""How long Kafka may take to let go of a worker that has committed everything."""


class _Stoppable(Protocol):
    async def stop(self) -> None: ...


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

    @property
    def topics(self) -> list[str]:
        """What it reads: the sources, and the derived topic."""
        return [*(source.name for source in self.sources), self.cases.name]


async def run_worker(plan: WorkerPlan, store: Store) -> None:
    """Work until SIGTERM or SIGINT.

    Raises:
        UnfitTopicError: a topic is missing or set otherwise than the settings say.
        KafkaError: Kafka cannot be reached at the start; a store that is away is waited for.
    """
    stop = told_to_stop()
    probe = LogProbe(plan.access)
    outlet = Outlet(plan.access, dead_letters=plan.dead_letters.name, cases=plan.cases.name)
    app = create_app(plan.access, plan.group, plan.topics)
    around = Surroundings(store, probe, outlet, app, now_ms, plan.clock_margin_ms)
    registry = process_registry()
    telemetry = Telemetry(registry)
    app.seats = Lanes(plan.definitions, plan.plans, around, app, telemetry.on_commit)
    registry.register(LaneCollector(app.seats.lanes))
    server = _serve(registry, *plan.metrics_address)
    working = asyncio.create_task(_work(plan, app, probe, outlet))
    try:
        await _until_stopped(working, stop)
    finally:
        await app.seats.drain(app.drain_timeout_s)
        if not await _let_go(working, app, outlet, probe):
            _leave_at_once(sys.exception())
        server.shutdown()
    log.info("worker stopped")


async def _work(plan: WorkerPlan, app: WorkerApp, probe: LogProbe, outlet: Outlet) -> None:
    """Start everything in order, and wait until the app ends by itself."""
    own = (plan.dead_letters, plan.cases)
    await prepare_topics(plan.access, plan.sources, own, create=plan.create_topics)
    await probe.start()
    await outlet.start()
    app.seats.start()
    await app.start()
    log.info("worker ready", topics=plan.topics, group=plan.group.name)
    await app.wait_until_stopped()
    if app.crash_reason is not None:
        end_broken(app.crash_reason)


async def _until_stopped(working: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for a signal, whatever the worker is doing; what keeps it from working is raised."""
    told = asyncio.create_task(stop.wait())
    await asyncio.wait([working, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if working.done():
        working.result()


async def _let_go(working: asyncio.Task[None], *services: _Stoppable) -> bool:
    """Stop one after the other; whether Kafka let us."""

    async def stop() -> None:
        working.cancel()
        await asyncio.wait([working])
        for service in services:
            await service.stop()

    stopping = asyncio.create_task(stop())
    _, late = await asyncio.wait([stopping], timeout=LEAVE_TIMEOUT_S)
    if not late:
        stopping.result()
    return not late


def _leave_at_once(error: BaseException | None) -> NoReturn:
    """End the process, since clients that wait for a broker cannot even be cancelled.

    What was folded is committed, and the group misses a member when its session is over.
    """
    log.warning("worker stopped without a word to Kafka", exc_info=error)
    os._exit(EXIT_BROKEN if error else 0)


def _serve(registry: CollectorRegistry, host: str, port: int) -> WSGIServer:
    """Serve the worker's own metrics from a thread, so that no scrape stops the lanes."""
    try:
        server, _ = start_http_server(port, host, registry)
    except OSError as error:
        raise OSError(f"worker.port = {port} cannot be used: {error}") from error
    log.info("metrics", address=f"http://{host}:{server.server_port}/metrics")
    return server
