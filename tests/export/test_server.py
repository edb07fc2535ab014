"""The HTTP surface: what is where, in which form, and what a client cannot do."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import pytest
from aiohttp import StreamReader as ContentReader
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry, Counter

from processor.export.server import Surface
from tests.export.scene import BUILD, TARGETS, Scene, surveys

Client: TypeAlias = TestClient[web.Request, web.Application]


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.tell("surveys", *surveys([10, 9, 3] * 20, channel="email"))
    await made.idle("contacts", "carts", "cases")
    await made.watch.refresh()
    return made


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[Client]:
    registry = CollectorRegistry()
    Counter("own", "The process's own.", registry=registry).inc()
    app = Surface(scene.watch, registry, BUILD, TARGETS).app()
    async with TestClient(TestServer(app)) as made:
        yield made


async def test_metrics_holds_our_families_and_the_processs_own(client: Client) -> None:
    response = await client.get("/metrics")
    text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert 'cx_nps_answers{window="1h"} 60' in text
    assert "own_total 1.0" in text


async def test_openmetrics_is_answered_to_whoever_asks_for_it(client: Client) -> None:
    response = await client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}
    )
    text = await response.text()
    assert response.headers["Content-Type"].startswith("application/openmetrics-text")
    assert text.count("# EOF") == 1
    assert text.endswith("# EOF\n")


async def test_large_answers_are_compressed_for_whoever_can_read_that(scene: Scene) -> None:
    app = Surface(scene.watch, CollectorRegistry(), BUILD, TARGETS).app()
    async with TestClient(TestServer(app), auto_decompress=False) as client:
        packed = await client.get("/metrics", headers={"Accept-Encoding": "gzip"})
        plain = await client.get("/metrics", headers={"Accept-Encoding": "identity"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await packed.read()) == await plain.read()


async def test_the_api_tells_the_same_numbers_as_the_exposition(client: Client) -> None:
    model = await (await client.get("/api/windows")).json()
    text = await (await client.get("/metrics")).text()
    assert model["status"]["condition"] == "live"
    assert model["topics"]["surveys"]["partitions"]["0"]["accounting"]["applied"] == 60
    score = next(
        s for s in model["windows"]["1h"]["scores"] if s["name"] == "nps_score" and not s["labels"]
    )
    assert f'cx_nps_score{{window="1h"}} {score["value"]!r}' in text
    assert f'cx_nps_score_lower{{window="1h"}} {score["lower"]!r}' in text
    count = next(c for c in model["windows"]["1h"]["counts"] if c["name"] == "nps_promoters")
    assert count["value"] == 40


async def test_the_board_is_served_with_a_policy_that_lets_nothing_foreign_in(
    client: Client,
) -> None:
    response = await client.get("/")
    assert response.status == 200
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "CX Pulse" in await response.text()


async def test_an_unknown_window_is_refused_with_the_ones_there_are(client: Client) -> None:
    response = await client.get("/api/board", params={"window": "<script>"})
    assert response.status == 400
    assert await response.text() == "window must be one of 5m, 1h, 24h, 7d, 28d\n"


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/%2e%2e/server.py", "/nothing"])
async def test_only_the_pages_own_files_are_served(client: Client, path: str) -> None:
    assert (await client.get(path)).status == 404


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/static/vendor/uPlot.min.css"])
async def test_the_pages_files_are_asked_for_anew_by_every_browser(
    client: Client, path: str
) -> None:
    """A page of one version with a script of another would be worse than one request more."""
    response = await client.get(path)
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
    same = await client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (same.status, same.headers["Cache-Control"]) == (304, "no-cache")


@pytest.mark.parametrize("path", ["/", "/metrics", "/api/windows", "/api/board"])
async def test_nothing_can_be_written(client: Client, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert (await client.request(method, path)).status == 405


async def test_the_stream_sends_the_board_again_after_every_refresh(
    scene: Scene, client: Client
) -> None:
    async with client.get("/api/board/stream", params={"window": "5m"}) as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        first = await _message(response.content)
        scene.now_ms += 1_000
        await scene.watch.refresh()
        second = await _message(response.content)
    assert (first["window"], first["now_ms"] + 1_000) == ("5m", second["now_ms"])


async def test_a_silent_stream_says_that_it_is_still_there(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("processor.export.server.STREAM_COMMENT_S", 0.01)
    async with client.get("/api/board/stream") as response:
        await _message(response.content)
        assert await response.content.readline() == b": still here\n"


async def test_only_so_many_streams_may_be_open(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("processor.export.server.STREAMS_MAX", 1)
    async with client.get("/api/board/stream") as response:
        await _message(response.content)
        assert (await client.get("/api/board/stream")).status == 503


async def test_a_board_that_stopped_reading_gives_its_place_to_another(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A television that was unplugged closes nothing: its buffers fill, and then writes hang."""
    monkeypatch.setattr("processor.export.server.STREAMS_MAX", 1)
    monkeypatch.setattr("processor.export.server.STREAM_WRITE_S", 0.05)
    large = {"padding": "x" * 16_000_000}
    monkeypatch.setattr("processor.export.server.board_model", lambda *_: large)
    app = Surface(scene.watch, CollectorRegistry(), BUILD, TARGETS).app()
    async with TestClient(TestServer(app)) as client:
        reader, writer = await asyncio.open_connection(client.host, client.port, limit=1024)
        writer.write(b"GET /api/board/stream HTTP/1.1\r\nHost: board\r\n\r\n")
        await reader.readline()
        async with asyncio.timeout(10):
            while (await _stream_status(client)) == 503:
                await scene.watch.refresh()
        assert await _rest(reader) < len(large["padding"]), "what waited was sent after all"
        writer.close()


async def _rest(reader: asyncio.StreamReader) -> int:
    """How many bytes still come, until the other end hangs up."""
    count = 0
    async with asyncio.timeout(5):
        try:
            while part := await reader.read(1_000_000):
                count += len(part)
        except ConnectionResetError:
            pass
    return count


async def _stream_status(client: Client) -> int:
    async with client.get("/api/board/stream") as response:
        return response.status


async def _message(content: ContentReader) -> dict[str, Any]:
    lines = []
    while (line := (await content.readline()).decode()) != "\n":
        lines.append(line)
    assert lines[0] == "event: board\n"
    assert lines[1].startswith("id: ")
    model: dict[str, Any] = json.loads(lines[2].removeprefix("data: "))
    return model
