"""An exporter's life: it serves and publishes until it is told to stop, or something breaks."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import msgspec
import pytest
from aiohttp import ClientError, ClientSession

from processor.export.exporter import ExporterPlan, run_exporter
from processor.simulate.child import free_port
from processor.store.contract import Place, Reading, StoreUnavailableError
from processor.store.memory_store import MemoryStore
from tests.export.scene import BUILD, TARGETS, TOPICS, AwayStore, Scene, survey


def plan_for(scene: Scene, *, publishes: bool = True) -> ExporterPlan:
    return ExporterPlan(
        definitions=scene.definitions,
        topics_by_entity=TOPICS,
        build=BUILD,
        targets=TARGETS,
        address=("127.0.0.1", free_port()),
        refresh_ms=10,
        stale_after_ms=30_000,
        publishes=publishes,
    )


@asynccontextmanager
async def running(plan: ExporterPlan, store: MemoryStore) -> AsyncIterator[asyncio.Task[None]]:
    """An exporter that serves; it is told to stop at the end, and ends."""
    task = asyncio.create_task(run_exporter(plan, store))
    async with asyncio.timeout(10):
        while not task.done() and await page(plan) is None:
            await asyncio.sleep(0.01)
        yield task
        if not task.done():
            signal.raise_signal(signal.SIGTERM)
        await task


async def page(plan: ExporterPlan, path: str = "/healthz") -> str | None:
    host, port = plan.address
    try:
        async with ClientSession() as session, session.get(f"http://{host}:{port}{path}") as answer:
            return await answer.text()
    except ClientError:
        return None


@pytest.fixture
async def scene() -> Scene:
    return await live(AwayStore())


async def live(store: AwayStore) -> Scene:
    made = Scene(store)
    await made.tell("surveys", survey(1, 10))
    await made.idle("contacts", "carts", "cases")
    return made


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("processor.export.exporter.PUBLISH_EVERY_S", 0.01)


async def test_it_serves_ours_and_the_processs_own_until_it_is_told_to_stop(scene: Scene) -> None:
    plan = plan_for(scene)
    async with running(plan, scene.store):
        text = await page(plan, "/metrics") or ""
        assert "\ncx_up 1\n" in text
        assert "\nprocess_resident_memory_bytes " in text
    assert await page(plan) is None


async def test_the_windows_are_published_with_their_series_names(scene: Scene) -> None:
    plan = plan_for(scene)
    async with running(plan, scene.store), asyncio.timeout(10):
        while not (published := await scene.store.published_windows())[0]:
            await asyncio.sleep(0.01)
    _, series = published
    assert series['cx_nps_answers{window="28d"}'].isdigit()
    assert all('{window="' in name for name in series)
    assert "cx_up" not in {name.partition("{")[0] for name in series}


async def test_who_does_not_publish_writes_nothing(scene: Scene) -> None:
    plan = plan_for(scene, publishes=False)
    async with running(plan, scene.store):
        await asyncio.sleep(0.05)
    assert await scene.store.published_windows() == (0, {})


class DeafStore(AwayStore):
    """A store that can be read, and does not take windows the first time."""

    refused = False

    async def publish_windows(self, now_ms: int, values: Mapping[str, str]) -> None:
        if not self.refused:
            self.refused = True
            raise StoreUnavailableError("read only")
        await super().publish_windows(now_ms, values)


async def test_what_could_not_be_published_is_published_later() -> None:
    store = DeafStore()
    async with running(plan_for(await live(store)), store), asyncio.timeout(10):
        while not (await store.published_windows())[0]:
            await asyncio.sleep(0.01)
    assert store.refused


async def test_a_store_that_is_away_is_shown_and_nothing_is_published() -> None:
    scene = Scene()
    scene.store.away = True
    plan = plan_for(scene)
    async with running(plan, scene.store):
        assert "\ncx_up 0\n" in (await page(plan, "/metrics") or "")
    assert await scene.store.published_windows() == (0, {})


async def test_before_any_worker_has_written_nothing_is_published() -> None:
    store = MemoryStore()
    async with running(plan_for(Scene()), store):
        await asyncio.sleep(0.05)
    assert await store.published_windows() == (0, {})


class BreakingStore(MemoryStore):
    """A store with a fault that nobody foresaw, from the second reading on."""

    readings = 0

    async def read(self, place: Place, since: str) -> Reading | None:
        self.readings += 1
        if self.readings > len(TOPICS):
            raise ZeroDivisionError
        return await super().read(place, since)


async def test_an_error_that_nobody_foresaw_ends_it(scene: Scene) -> None:
    with pytest.raises(ZeroDivisionError):
        await asyncio.wait_for(run_exporter(plan_for(scene), BreakingStore()), 10)


async def test_an_address_that_is_taken_is_an_error_at_the_start(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        plan = msgspec.structs.replace(plan_for(scene), address=taken.getsockname())
        with pytest.raises(OSError, match=r"exporter\.port = "):
            await run_exporter(plan, scene.store)
