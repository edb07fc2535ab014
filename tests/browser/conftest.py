"""One browser for all tests of the page, one server and one visit for each of them."""

import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Literal

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.board_server import BoardServer
from tests.browser.messages import NOW_MS, usual

_CHROMIUM = os.environ.get("BOARD_CHROMIUM", "/usr/bin/chromium")
_QUIET = [  # nothing that calls home, and nothing that needs a graphics card
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
_UNREACHABLE = re.compile(r"Failed to load resource")

Scheme = Literal["dark", "light"]


class Visit:
    """A page on the board, and everything a browser complained about meanwhile."""

    def __init__(self, page: Page, server: BoardServer) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.server_may_fail = False  # then the browser may say that it could not load something
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("request", lambda request: self._judge_host(request.url, server.url))

    def _note(self, kind: str, text: str) -> None:
        if not (self.server_may_fail and _UNREACHABLE.search(text)):
            self.complaints.append(f"{kind}: {text}")

    def _judge_host(self, url: str, home: str) -> None:
        if not url.startswith(home):
            self.complaints.append(f"request to another host: {url}")


Open = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        yield chromium
        await chromium.close()


@pytest_asyncio.fixture(loop_scope="package")
async def server() -> AsyncIterator[BoardServer]:
    """Sends the usual board until a test says otherwise."""
    made = BoardServer(usual())
    await made.start()
    yield made
    await made.stop()


@pytest_asyncio.fixture(loop_scope="package")
async def open_board(browser: Browser, server: BoardServer) -> AsyncIterator[Open]:
    """Opens the page as somebody with this screen and these wishes; no complaint may remain."""
    visits: list[Visit] = []
    contexts: list[BrowserContext] = []

    async def opened(
        size: tuple[int, int] = (1920, 1080),
        *,
        query: str = "window=1h",
        scheme: Scheme = "dark",
        calm: bool = False,
    ) -> Visit:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion="reduce" if calm else "no-preference",
            timezone_id="Europe/Berlin",
        )
        contexts.append(context)
        page = await context.new_page()
        await page.clock.install(time=datetime.fromtimestamp(NOW_MS / 1000, UTC))
        visit = Visit(page, server)
        visits.append(visit)
        await page.goto(f"{server.url}?{query}")
        await page.locator(".tile[data-state]:not([data-state=loading])").first.wait_for()
        return visit

    yield opened
    for context in contexts:
        await context.close()
    assert [visit.complaints for visit in visits if visit.complaints] == []


@pytest_asyncio.fixture(loop_scope="package")
async def page(open_board: Open) -> Page:
    """The board on a wall."""
    return (await open_board()).page
