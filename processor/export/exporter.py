"""An exporter's life: read, show, publish, until told to stop."""

import asyncio
from collections.abc import Mapping

import msgspec
import structlog
from aiohttp import web

from processor.clock import now_ms
from processor.core.definitions import Definitions
from processor.export.exposition import exposition
from processor.export.server import Surface
from processor.export.watch import Watch
from processor.process import process_registry, told_to_stop
from processor.store.contract import Store, StoreUnavailableError
from processor.store.reader import Reader

log = structlog.get_logger(__name__)

PUBLISH_EVERY_S = 5.0
"""How old what is published gets; whoever wants it younger reads the exporter."""

STREAMS_END_S = 1.0
"""How long open streams may take to end when the exporter stops."""


class ExporterPlan(msgspec.Struct, frozen=True):
    """Everything an exporter is given.

    Attributes:
        topics_by_entity: which topics feed the tallies of which entity.
        build: the labels of `cx_build_info`.
        targets: by score, in the score's unit.
    """

    definitions: Definitions
    topics_by_entity: Mapping[str, tuple[str, ...]]
    build: Mapping[str, str]
    targets: Mapping[str, float]
    address: tuple[str, int]
    refresh_ms: int
    stale_after_ms: int
    publishes: bool


async def run_exporter(plan: ExporterPlan, store: Store) -> None:
    """Show the numbers until SIGTERM or SIGINT.

    Raises:
        OSError: the address is taken.
    """
    stop = told_to_stop()
    topics = tuple(dict.fromkeys(t for group in plan.topics_by_entity.values() for t in group))
    watch = Watch(
        Reader(store, plan.definitions, topics),
        plan.topics_by_entity,
        now_ms=now_ms,
        stale_after_ms=plan.stale_after_ms,
    )
    await watch.refresh()
    runner = web.AppRunner(
        Surface(watch, process_registry(), plan.build, plan.targets).app(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=STREAMS_END_S,
    )
    await runner.setup()
    chores = [asyncio.create_task(watch.keep(plan.refresh_ms / 1000))]
    if plan.publishes:
        chores.append(asyncio.create_task(_publish(watch, plan, store)))
    try:
        await _listen(runner, *plan.address)
        host, port = runner.addresses[0][:2]
        log.info(
            "exporter ready",
            board=f"http://{host}:{port}/",
            metrics=f"http://{host}:{port}/metrics",
        )
        done, _ = await asyncio.wait(
            [asyncio.create_task(stop.wait()), *chores], return_when=asyncio.FIRST_COMPLETED
        )
        for ended in done:
            ended.result()
    finally:
        for chore in chores:
            chore.cancel()
        await runner.cleanup()
    log.info("exporter stopped")


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise OSError(f"exporter.port = {port} cannot be used: {error}") from error


async def _publish(watch: Watch, plan: ExporterPlan, store: Store) -> None:
    """Write the windows back to the store, for whatever reads that rather than Prometheus."""
    while True:
        await asyncio.sleep(PUBLISH_EVERY_S)
        if not watch.is_up:
            continue
        series = _windowed(exposition(watch, plan.build, plan.targets))
        try:
            await store.publish_windows(watch.windows.now_ms, series)
        except StoreUnavailableError as error:
            log.info("not published", detail=str(error))


def _windowed(text: str) -> dict[str, str]:
    """The series of an exposition that are of a window: {name and labels: value}."""
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if '{window="' in line)
