"""Windows are chosen by hand, by key and by address."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import Open

pytestmark = pytest.mark.asyncio(loop_scope="package")

CURRENT = "#windows a[aria-current]"


async def shows(page: Page, server: BoardServer, window: str) -> None:
    await expect(page.locator(CURRENT)).to_have_text(window)
    await expect(page.locator(".tile .value").first).to_have_text("41")
    assert server.opened[-1] == window
    assert f"window={window}" in page.url
    await expect(page).to_have_title(f"{window} · CX Pulse")


async def test_the_address_chooses_the_window(open_board: Open, server: BoardServer) -> None:
    page = (await open_board(query="window=24h")).page
    await shows(page, server, "24h")


async def test_without_an_address_it_is_one_hour(open_board: Open, server: BoardServer) -> None:
    page = (await open_board(query="")).page
    await expect(page.locator(CURRENT)).to_have_text("1h")
    assert server.opened == ["1h"]


async def test_a_window_the_server_does_not_know_gives_way_to_one_hour(
    open_board: Open, server: BoardServer
) -> None:
    visit = await open_board(query="window=9y")
    await expect(visit.page.locator(CURRENT)).to_have_text("1h")
    assert len(visit.complaints) > 0, "the browser notes the refusal"
    visit.complaints.clear()


async def test_the_server_says_which_window_is_shown_to_whoever_names_none(
    open_board: Open, server: BoardServer
) -> None:
    server.board["windows"] = ["90m", "4h"]
    page = (await open_board(query="theme=light")).page
    await expect(page.locator("#windows a")).to_have_text(["90m", "4h"])
    await expect(page.locator(CURRENT)).to_have_text("90m")
    await expect(page).to_have_title("90m · CX Pulse")
    assert server.opened == ["90m"]
    await page.keyboard.press("ArrowRight")
    await shows(page, server, "4h")
    await page.go_back()
    await expect(page.locator(CURRENT)).to_have_text("90m")
    await expect(page.locator(".tile .value").first).to_have_text("41")


async def test_where_there_is_no_hour_an_unknown_window_gives_way_to_what_there_is(
    open_board: Open, server: BoardServer
) -> None:
    server.board["windows"] = ["90m", "4h"]
    visit = await open_board(query="window=1h")
    await expect(visit.page.locator(CURRENT)).to_have_text("90m")
    visit.complaints.clear()


async def test_a_click_chooses_a_window_and_keeps_the_rest_of_the_address(
    open_board: Open, server: BoardServer
) -> None:
    page = (await open_board(query="theme=light&window=1h")).page
    await page.get_by_role("link", name="7d").click()
    await shows(page, server, "7d")
    assert "theme=light" in page.url


async def test_digits_and_arrows_choose_a_window(page: Page, server: BoardServer) -> None:
    await page.keyboard.press("1")
    await shows(page, server, "5m")
    await page.keyboard.press("ArrowLeft")
    await shows(page, server, "5m")
    await page.keyboard.press("5")
    await shows(page, server, "28d")
    await page.keyboard.press("ArrowLeft")
    await shows(page, server, "7d")
    await page.keyboard.press("ArrowRight")
    await shows(page, server, "28d")


async def test_a_shortcut_of_the_browser_is_left_alone(page: Page, server: BoardServer) -> None:
    await page.keyboard.press("Alt+1")
    await page.keyboard.press("Control+1")
    assert server.opened == ["1h"]


async def test_tab_and_enter_choose_a_window_and_the_focus_is_seen(
    page: Page, server: BoardServer
) -> None:
    for _ in range(3):
        await page.keyboard.press("Tab")
    focused = page.locator(":focus")
    await expect(focused).to_have_text("24h")
    assert await focused.evaluate("link => parseFloat(getComputedStyle(link).outlineWidth)") >= 2
    await page.keyboard.press("Enter")
    await shows(page, server, "24h")
    await expect(page.locator(":focus")).to_have_text("24h")


async def test_going_back_shows_the_window_before(page: Page, server: BoardServer) -> None:
    await page.keyboard.press("4")
    await shows(page, server, "7d")
    await page.go_back()
    await shows(page, server, "1h")


async def test_the_old_windows_numbers_go_at_once(page: Page, server: BoardServer) -> None:
    server.manner = "silent"
    await page.keyboard.press("1")
    await expect(page.locator(".tile .word").first).to_have_text("Loading")
    await expect(page.locator(".tile .value")).to_have_text(["\N{EN DASH}"] * 4)
    await expect(page.locator("main")).to_have_attribute("aria-busy", "true")


async def test_only_one_stream_stays_open(page: Page, server: BoardServer) -> None:
    for key in "12345":
        await page.keyboard.press(key)
    await shows(page, server, "28d")
    for _ in range(50):
        if server.listening == ["28d"]:
            break
        await page.wait_for_timeout(100)
    assert server.listening == ["28d"]
