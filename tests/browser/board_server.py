"""A stand-in for the exporter: the page's own files, and the board it is told to send.

Lives here: what the page can meet on the other side of the wire, faults included. Never here:
what the page should make of it. The page gets the strictest policy it is meant to live with, so
every test also proves that this policy suffices.
"""

import asyncio
import copy
import json
import time
from pathlib import Path
from typing import Literal

from aiohttp import web

from tests.browser.messages import Message

STATIC = Path(__file__).parents[2] / "processor" / "export" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'"
)
_BEAT_S = 0.1  # ten times as often as the exporter, so that no test waits for the next message

Manner = Literal["talking", "silent", "refusing"]


class BoardServer:
    """Sends `board` to every stream; `manner` says how it behaves, `opened` who came,
    `listening` who is still there.

    While `silent` it keeps streams open and says nothing; while `refusing` it answers 503, after
    which an EventSource gives up for good.
    """

    def __init__(self, board: Message) -> None:
        self.board = board
        self.manner: Manner = "talking"
        self.opened: list[str] = []
        self.listening: list[str] = []
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._born_s = time.monotonic()
        self._frozen_s: float | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    async def start(self) -> None:
        """Listens on a free port, and on the same one again after a stop."""
        app = web.Application()
        app.router.add_get("/", self._index)
        app.router.add_get("/api/board", self._board)
        app.router.add_get("/api/board/stream", self._stream)
        app.router.add_static("/static/", STATIC)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    def freeze(self) -> None:
        """From now on every message is stamped with this instant."""
        self._frozen_s = time.monotonic()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _stamped(self, window: str) -> str:
        """The board as of now: its instants moved on by the age of this server."""
        board = copy.deepcopy(self.board)
        now_s = time.monotonic() if self._frozen_s is None else self._frozen_s
        age_ms = int((now_s - self._born_s) * 1000)
        if "now_ms" in board:
            board |= {"now_ms": board["now_ms"] + age_ms, "window": window}
        for tile in board["tiles"]:
            if tile.get("as_of_ms") is not None:
                tile["as_of_ms"] += age_ms
        return json.dumps(board)

    async def _index(self, request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": POLICY})

    async def _board(self, request: web.Request) -> web.Response:
        window = self._admit(request)
        while self.manner == "silent":
            await asyncio.sleep(_BEAT_S)
        return web.Response(text=self._stamped(window), content_type="application/json")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        window = self._admit(request)
        self.opened.append(window)
        response = web.StreamResponse(headers={"Cache-Control": "no-cache"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        self.listening.append(window)
        try:
            await self._talk(response, window)
        finally:
            self.listening.remove(window)
        return response

    async def _talk(self, response: web.StreamResponse, window: str) -> None:
        number = 0
        while True:
            if self.manner == "talking":
                number += 1
                event = f"event: board\nid: {number}\ndata: {self._stamped(window)}\n\n"
                await response.write(event.encode())
            await asyncio.sleep(_BEAT_S)

    def _admit(self, request: web.Request) -> str:
        windows = self.board.get("windows", ["1h"])
        window = request.query.get("window", "1h" if "1h" in windows else windows[0])
        if self.manner == "refusing":
            raise web.HTTPServiceUnavailable
        if window not in windows:
            raise web.HTTPBadRequest
        return window
