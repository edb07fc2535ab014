"""What can no longer be believed turns grey by this device's clock, and recovers by itself."""

import asyncio

import pytest
from playwright.async_api import Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import Open
from tests.browser.messages import all_in, first_start, ownerless, usual

pytestmark = pytest.mark.asyncio(loop_scope="package")

STALE = ".tile[data-state=stale]"


async def await_opened(server: BoardServer, page: Page, count: int) -> None:
    """Waits until that many streams were opened, while the page's clock runs ahead."""
    for _ in range(100):
        if len(server.opened) >= count:
            return
        await page.clock.run_for(500)
    raise AssertionError(f"only {len(server.opened)} of {count} streams were opened")


async def test_after_ten_seconds_of_silence_every_tile_is_stale_and_says_since_when(
    open_board: Open, server: BoardServer
) -> None:
    visit = await open_board()
    page = visit.page
    server.manner = "silent"
    as_of = await page.locator("#as-of").text_content()
    await page.clock.run_for(8_000)
    await expect(page.locator(STALE)).to_have_count(0)
    await page.clock.run_for(3_000)
    await expect(page.locator(STALE)).to_have_count(4)
    await expect(page.locator(f"{STALE} .word").first).to_have_text("Stale")
    await expect(page.locator(f"{STALE} .sentence").first).to_have_text(f"since {as_of}")
    await expect(page.locator("#link-word")).to_have_text("No connection")
    await expect(page.locator(f"{STALE} .value").first).to_have_text("41")


async def test_it_recovers_when_messages_return(open_board: Open, server: BoardServer) -> None:
    page = (await open_board()).page
    server.manner = "silent"
    await page.clock.run_for(11_000)
    await expect(page.locator(STALE)).to_have_count(4)
    server.manner = "talking"
    await page.clock.run_for(2_000)
    await expect(page.locator(STALE)).to_have_count(0)
    await expect(page.locator("#link-word")).to_have_text("Live")


async def test_it_recovers_when_the_server_was_away_and_came_back(
    open_board: Open, server: BoardServer
) -> None:
    visit = await open_board()
    visit.server_may_fail = True
    page = visit.page
    await server.stop()
    await page.clock.run_for(11_000)
    await expect(page.locator(STALE)).to_have_count(4)
    await server.start()
    await await_opened(server, page, 2)
    await expect(page.locator(STALE)).to_have_count(0)
    await expect(page.locator("#link-word")).to_have_text("Live")


async def test_a_stream_that_is_refused_for_good_is_tried_again_before_anything_is_stale(
    open_board: Open, server: BoardServer
) -> None:
    """After an HTTP error an EventSource is closed and stays so."""
    visit = await open_board()
    visit.server_may_fail = True
    server.manner = "refusing"
    async with visit.page.expect_response(
        lambda answer: "/stream?window=5m" in answer.url
    ) as refusal:
        await visit.page.keyboard.press("1")
    assert (await refusal.value).status == 503
    server.manner = "talking"
    await visit.page.clock.run_for(3_000)
    await expect(visit.page.locator(".tile .value").first).to_have_text("41")
    assert server.opened[-1] == "5m"


async def test_a_connection_that_is_only_half_there_is_opened_anew(
    open_board: Open, server: BoardServer
) -> None:
    """The browser reports no error: only silence shows that the other end is gone."""
    page = (await open_board()).page
    assert len(server.opened) == 1
    server.manner = "silent"
    await page.clock.run_for(12_000)
    await await_opened(server, page, 2)


async def test_a_number_older_than_thirty_seconds_is_stale_alone(
    open_board: Open, server: BoardServer
) -> None:
    server.board = usual()
    server.board["tiles"][3]["as_of_ms"] -= 60_000
    page = (await open_board()).page
    stale = page.locator(STALE)
    await expect(stale).to_have_count(1)
    await expect(stale.locator(".title")).to_have_text("Cart abandonment")
    await expect(stale.locator(".sentence")).to_contain_text("since 09:58:5")
    await expect(page.locator("#link-word")).to_have_text("Live")


async def test_the_server_says_from_which_age_a_number_is_stale(
    open_board: Open, server: BoardServer
) -> None:
    server.board = usual() | {"stale_after_ms": 600_000}
    for place in (2, 3):
        server.board["tiles"][place]["as_of_ms"] -= 600_000 * (place - 2) + 60_000
    page = (await open_board()).page
    await expect(page.locator(f"{STALE} .title")).to_have_text(["Cart abandonment"])


async def test_a_view_without_an_owner_is_not_called_live(
    open_board: Open, server: BoardServer
) -> None:
    server.board = ownerless()
    page = (await open_board()).page
    await expect(page.locator(STALE)).to_have_count(4)
    await expect(page.locator("#link-word")).to_have_text("Stale")
    await expect(page.locator("#link")).to_have_attribute("data-link", "stale")
    await expect(page.locator("#notice")).to_have_text("13 partitions without a working owner")


async def test_before_the_first_record_nothing_is_dated(
    open_board: Open, server: BoardServer
) -> None:
    server.board = first_start()
    page = (await open_board()).page
    await expect(page.locator(".tile[data-state=none]")).to_have_count(4)
    await expect(page.locator(".tile .sentence").first).to_have_text(
        "Waiting for the first records"
    )
    await expect(page.locator("#as-of")).to_have_text("--:--:--")
    server.board = usual()
    await expect(page.locator("#as-of")).not_to_have_text("--:--:--")
    server.board = first_start()
    await expect(page.locator("#as-of")).to_have_text("--:--:--")


async def test_since_yesterday_names_the_day(open_board: Open, server: BoardServer) -> None:
    server.board = usual()
    server.board["tiles"][0]["as_of_ms"] -= 24 * 3_600_000
    page = (await open_board()).page
    await expect(page.locator(f"{STALE} .sentence")).to_have_text("since 1 Mar, 09:59")


async def test_a_server_that_repeats_an_old_message_is_found_out(
    open_board: Open, server: BoardServer
) -> None:
    """Messages keep coming, but their now stands still: a cache speaks, not a server."""
    page = (await open_board()).page
    server.freeze()
    for _ in range(8):
        await page.clock.run_for(5_000)
        await asyncio.sleep(0.3)  # real messages need real time, or the page would hear silence
    await expect(page.locator(STALE)).to_have_count(4)
    assert len(server.opened) == 1, "it was not silence that made them stale"


@pytest.mark.parametrize("ahead_ms", [3_600_000, -3_600_000])
async def test_a_device_whose_wall_clock_is_wrong_believes_what_is_fresh(
    open_board: Open, server: BoardServer, ahead_ms: int
) -> None:
    server.board = usual()
    server.board["now_ms"] -= ahead_ms
    for tile in server.board["tiles"]:
        tile["as_of_ms"] -= ahead_ms
    page = (await open_board()).page
    await expect(page.locator(".tile[data-state=bad]")).to_have_count(1)
    await expect(page.locator(STALE)).to_have_count(0)


async def test_a_rebuild_reads_history_and_is_not_stale(
    open_board: Open, server: BoardServer
) -> None:
    server.board = all_in("rebuilding")
    for tile in server.board["tiles"]:
        tile["as_of_ms"] -= 3_600_000
    page = (await open_board()).page
    await expect(page.locator(".tile[data-state=rebuilding]")).to_have_count(4)
