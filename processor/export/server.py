"""The exporter's HTTP surface: read only, and bounded in everything a client could make large.

/                      the wallboard               /metrics       the exposition
/api/board[/stream]    what the board shows        /api/windows   all numbers as JSON
/static/               the page's files            /healthz       whether this process answers
"""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path

import msgspec
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from processor.core.definitions import Window
from processor.export.api import windows_model
from processor.export.board import board_model
from processor.export.exposition import exposition
from processor.export.watch import Watch

STREAM_COMMENT_S = 15.0
"""A silent stream says something this often, for the proxies between."""

STREAM_WRITE_S = 20.0
"""A board that takes nothing for this long is gone, though its network may not say so for hours."""

STREAMS_MAX = 200
"""Boards that may hang on a stream at the same time."""

_GZIP_LEVEL = 1
_GZIP_MIN = 1024

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    )
)
"""The page needs its own files and nothing else. Boards are shown in other people's frames."""

_encode = msgspec.json.Encoder().encode


class Surface:
    """The handlers, and what they share."""

    def __init__(
        self,
        watch: Watch,
        registry: CollectorRegistry,
        build: Mapping[str, str],
        targets: Mapping[str, float],
    ) -> None:
        """Serve what `watch` sees; `registry` holds the process's own metrics."""
        self._watch = watch
        self._registry = registry
        self._build = dict(build)
        self._targets = dict(targets)
        self._windows = {window.name: window for window in watch.windows.definitions.windows}
        self._made: dict[object, tuple[int, bytes]] = {}
        self._streams = 0
        self._static = Path(str(files("processor.export") / "static"))

    def app(self) -> web.Application:
        """The application with its routes."""
        app = web.Application(client_max_size=1024)
        app.on_response_prepare.append(_guard)
        app.router.add_get("/", self._page)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/api/windows", self._api_windows)
        app.router.add_get("/api/board", self._api_board)
        app.router.add_get("/api/board/stream", self._stream)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_static("/static/", self._static)
        return app

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(self._static / "index.html")

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _metrics(self, request: web.Request) -> web.Response:
        """Our families as text, then the process's own as prometheus-client negotiates them."""
        encode: Callable[[CollectorRegistry], bytes]
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        ours = await self._fresh("metrics", self._exposition)
        body = ours + encode(self._registry)
        return await _answer(request, body, content_type)

    async def _api_windows(self, request: web.Request) -> web.Response:
        body = await self._fresh(
            "windows", lambda: _encode(windows_model(self._watch, self._build))
        )
        return await _answer(request, body, "application/json")

    async def _api_board(self, request: web.Request) -> web.Response:
        return await _answer(request, await self._board(self._window(request)), "application/json")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        window = self._window(request)
        if self._streams >= STREAMS_MAX:
            raise web.HTTPServiceUnavailable(text=f"{STREAMS_MAX} boards are open already\n")
        response = web.StreamResponse(
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        response.content_type = "text/event-stream"
        self._streams += 1
        try:
            await response.prepare(request)
            while True:
                board = await self._board(window)
                async with asyncio.timeout(STREAM_WRITE_S):
                    await response.write(
                        b"event: board\nid: %d\ndata: %b\n\n" % (self._watch.refreshes, board)
                    )
                await self._wait_for_news(response)
        except ConnectionResetError:
            pass
        except TimeoutError:
            _hang_up(request)
        finally:
            self._streams -= 1
        return response

    async def _wait_for_news(self, response: web.StreamResponse) -> None:
        while True:
            try:
                return await asyncio.wait_for(self._watch.next(), STREAM_COMMENT_S)
            except TimeoutError:
                async with asyncio.timeout(STREAM_WRITE_S):
                    await response.write(b": still here\n\n")

    def _window(self, request: web.Request) -> Window:
        name = request.query.get(
            "window", "1h" if "1h" in self._windows else next(iter(self._windows))
        )
        if name not in self._windows:
            raise web.HTTPBadRequest(text=f"window must be one of {', '.join(self._windows)}\n")
        return self._windows[name]

    async def _board(self, window: Window) -> bytes:
        def make() -> bytes:
            return _encode(board_model(self._watch, window, self._build, self._targets))

        return await self._fresh(("board", window.name), make)

    def _exposition(self) -> bytes:
        return exposition(self._watch, self._build, self._targets).encode()

    async def _fresh(self, name: object, make: Callable[[], bytes]) -> bytes:
        """What was made for this refresh, made once."""
        made = self._made.get(name)
        if made is None or made[0] != self._watch.refreshes:
            made = self._made[name] = (self._watch.refreshes, make())
        return made[1]


async def _guard(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-cache")


def _hang_up(request: web.Request) -> None:
    """Drop a connection with all that waits to be sent: a proper end would wait for it again."""
    if request.transport is not None:
        request.transport.abort()


async def _answer(request: web.Request, body: bytes, content_type: str) -> web.Response:
    headers = {"Content-Type": content_type, "Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if len(body) >= _GZIP_MIN and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = await asyncio.to_thread(gzip.compress, body, _GZIP_LEVEL)
    return web.Response(body=body, headers=headers)
