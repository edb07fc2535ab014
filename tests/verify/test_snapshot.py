"""The exporter's numbers, and the heads they stand at, taken at one moment."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from processor.core.head import Head
from processor.store.contract import Place
from processor.verify import snapshot
from processor.verify.snapshot import NoSnapshotError, take_snapshot

HEAD = '{"start":0,"position":7,"log":{"cluster":"c","partitions":1}}'


def windows(now_ms: int) -> str:
    return f'{{"now_ms":{now_ms},"more":[],"topics":{{"carts":{{"partitions":{{"3":{HEAD}}}}}}}}}'


def metrics(now_ms: int) -> str:
    return (
        f"cx_windows_timestamp_seconds {now_ms / 1000}\n"
        'cx_nps_answers{window="1h"} 3.0\n'
        'cx_brands{window="1h",brand="say \\"hi\\""} 1.0\n'
    )


@asynccontextmanager
async def exporter(
    windows_of: Callable[[], str], metrics_of: Callable[[], str]
) -> AsyncIterator[str]:
    async def answer_windows(_: web.Request) -> web.Response:
        return web.Response(text=windows_of())

    async def answer_metrics(_: web.Request) -> web.Response:
        return web.Response(text=metrics_of())

    app = web.Application()
    app.router.add_get("/api/windows", answer_windows)
    app.router.add_get("/metrics", answer_metrics)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "TRY_EVERY_S", 0.0)


async def test_it_holds_series_and_heads() -> None:
    async with exporter(lambda: windows(1_500), lambda: metrics(1_500)) as url:
        taken = await take_snapshot(url)
    assert taken.now_ms == 1_500
    assert isinstance(taken.heads[Place("carts", 3)], Head)
    assert taken.heads[Place("carts", 3)].position == 7
    assert taken.series["cx_nps_answers", frozenset({("window", "1h")})] == 3
    assert ("cx_brands", frozenset({("window", "1h"), ("brand", 'say "hi"')})) in taken.series


async def test_an_exporter_that_moved_on_between_two_questions_is_asked_again() -> None:
    instants = itertools.chain([1_000, 2_000, 3_000], itertools.repeat(4_000))
    async with exporter(lambda: windows(next(instants)), lambda: metrics(next(instants))) as url:
        assert (await take_snapshot(url)).now_ms == 4_000


async def test_one_that_always_moves_on_is_not_asked_for_ever() -> None:
    instants = itertools.count(1_000, 1_000)
    async with exporter(lambda: windows(next(instants)), lambda: metrics(next(instants))) as url:
        with pytest.raises(NoSnapshotError, match="moves on faster"):
            await take_snapshot(url)


@pytest.mark.parametrize("page", ["", "<html>", "[]", "{}"])
async def test_whoever_is_no_exporter_is_told_so(page: str) -> None:
    async with exporter(lambda: page, lambda: page) as url:
        with pytest.raises(NoSnapshotError, match="no exporter answers at http://127"):
            await take_snapshot(url)


async def test_an_exporter_without_its_clock_is_none() -> None:
    async with exporter(lambda: windows(1_000), lambda: "cx_up 1\n") as url:
        with pytest.raises(NoSnapshotError, match="no exporter"):
            await take_snapshot(url)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(NoSnapshotError, match=r"no exporter answers at http://127\.0\.0\.1:1:"):
        await take_snapshot("http://127.0.0.1:1")
