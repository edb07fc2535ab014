"""The board is legible from five metres, on a phone, in the dark and in the light."""

from collections.abc import Callable
from functools import partial

import pytest
from playwright.async_api import Page

from tests.browser.board_server import BoardServer
from tests.browser.conftest import Open, Scheme
from tests.browser.eyes import keep_picture, misplaced, pale, small
from tests.browser.messages import (
    STATES,
    Message,
    all_in,
    doubted,
    emptiest,
    first_start,
    longest,
    only,
    ownerless,
    usual,
)

pytestmark = pytest.mark.asyncio(loop_scope="package")

WALLS = [(1920, 1080), (1366, 768), (1024, 768), (3840, 2160), (1080, 1920)]
HANDS = [(390, 844), (360, 640), (844, 390), (820, 1180)]
BOARDS = {"usual": usual, "longest": longest, "emptiest": emptiest}
RARER: dict[str, Callable[[], Message]] = {
    "first-start": first_start,
    "ownerless": ownerless,
    "doubted": doubted,
    "one": partial(only, 1),
    "two": partial(only, 2),
    "three": partial(only, 3),
}
SCHEMES: tuple[Scheme, ...] = ("dark", "light")

# Anything one acts on; smaller print only in the row beside, the explanation and the foot.
MATTERS = ".title, .word, .unit, .target, .interval, .count, .as-of, #as-of, #link-word, .windows a"


def board_named(name: str) -> Message:
    return BOARDS[name]()


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("size", WALLS, ids=str)
async def test_a_wall_shows_everything_without_scrolling_or_overprinting(
    open_board: Open, server: BoardServer, size: tuple[int, int], name: str
) -> None:
    server.board = board_named(name)
    page = (await open_board(size)).page
    await keep_picture(page, f"{name}-{size[0]}x{size[1]}")
    assert await misplaced(page, must_fit=True) == []


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("size", HANDS, ids=str)
async def test_in_a_hand_nothing_is_cut_off_sideways_or_overprinted(
    open_board: Open, server: BoardServer, size: tuple[int, int], name: str
) -> None:
    server.board = board_named(name)
    page = (await open_board(size)).page
    await keep_picture(page, f"{name}-{size[0]}x{size[1]}")
    assert await misplaced(page, must_fit=False) == []


@pytest.mark.parametrize("name", RARER)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_is_rarely_seen_fits_and_is_legible_too(
    open_board: Open, server: BoardServer, name: str, scheme: Scheme
) -> None:
    server.board = RARER[name]()
    page = (await open_board(scheme=scheme, calm=True)).page
    await keep_picture(page, f"{name}-{scheme}")
    assert await pale(page) == []
    assert await misplaced(page, must_fit=True) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    await keep_picture(page, f"{name}-{scheme}-390")
    assert await pale(page) == []
    assert await misplaced(page, must_fit=False) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("state", STATES)
async def test_every_state_fits_and_is_legible_in_both_palettes(
    open_board: Open, server: BoardServer, state: str, scheme: Scheme
) -> None:
    server.board = all_in(state)
    page = (await open_board(scheme=scheme, calm=True)).page
    await keep_picture(page, f"{state}-{scheme}")
    assert await pale(page) == []
    assert await misplaced(page, must_fit=True) == []
    await page.set_viewport_size({"width": 390, "height": 844})
    await keep_picture(page, f"{state}-{scheme}-390")
    assert await pale(page) == []
    assert await misplaced(page, must_fit=False) == []


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_what_is_stale_and_cut_off_from_the_server_is_still_legible(
    open_board: Open, server: BoardServer, scheme: Scheme
) -> None:
    visit = await open_board(scheme=scheme, calm=True)
    visit.server_may_fail = True
    server.manner = "silent"
    await visit.page.clock.fast_forward(11_000)
    await visit.page.locator(".tile[data-state=stale]").nth(3).wait_for()
    await keep_picture(visit.page, f"stale-{scheme}")
    assert await pale(visit.page) == []
    assert await misplaced(visit.page, must_fit=True) == []
    await visit.page.set_viewport_size({"width": 390, "height": 844})
    assert await misplaced(visit.page, must_fit=False) == []


async def test_print_is_large_enough_for_five_metres(page: Page) -> None:
    assert await small(page, ".value", 150) == []
    assert await small(page, MATTERS, 48) == []
    assert await small(page, ".beside-value", 36) == []
    assert await small(page, "*", 20) == []


async def test_a_long_number_keeps_its_size(open_board: Open, server: BoardServer) -> None:
    server.board = longest()
    page = (await open_board()).page
    assert await small(page, ".value", 150) == []


@pytest.mark.parametrize("size", [(390, 844), (1024, 768)], ids=str)
async def test_print_is_large_enough_for_a_hand_and_a_small_screen(
    open_board: Open, size: tuple[int, int]
) -> None:
    page = (await open_board(size)).page
    assert await small(page, ".value", 72) == []
    assert await small(page, MATTERS, 17) == []
    assert await small(page, "*", 12) == []


async def test_tiles_stand_two_by_two_on_a_wall_and_in_one_column_on_a_phone(page: Page) -> None:
    lefts = "new Set([...document.querySelectorAll('.tile')].map(tile => tile.offsetLeft)).size"
    assert await page.evaluate(lefts) == 2
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate(lefts) == 1


async def test_the_lines_of_neighbouring_tiles_meet(page: Page) -> None:
    for part in ("value", "scale", "interval", "count", "beside"):
        tops = f"[...document.querySelectorAll('.{part}')].map(e => e.getBoundingClientRect().top)"
        first, second, third, fourth = await page.evaluate(tops)
        assert first == pytest.approx(second, abs=1), part
        assert third == pytest.approx(fourth, abs=1), part


GROUND = "getComputedStyle(document.body).backgroundColor"
DARK, LIGHT = "rgb(10, 14, 19)", "rgb(233, 237, 241)"


@pytest.mark.parametrize(
    ("query", "scheme", "ground"),
    [
        ("window=1h", "dark", DARK),
        ("window=1h", "light", LIGHT),
        ("theme=light", "dark", LIGHT),
        ("theme=dark", "light", DARK),
    ],
)
async def test_the_palette_follows_the_system_unless_the_address_says_otherwise(
    open_board: Open, query: str, scheme: Scheme, ground: str
) -> None:
    page = (await open_board(query=query, scheme=scheme)).page
    assert await page.evaluate(GROUND) == ground


async def test_nothing_moves_for_those_who_wish_for_reduced_motion(open_board: Open) -> None:
    page = (await open_board(calm=True)).page
    assert await page.evaluate("document.getAnimations().length") == 0


async def test_something_breathes_for_the_others(page: Page) -> None:
    assert await page.evaluate("document.getAnimations().length") > 0


async def test_more_than_four_tiles_scroll_instead_of_squeezing_each_other(
    open_board: Open, server: BoardServer
) -> None:
    server.board = usual()
    server.board["tiles"] += [
        tile | {"metric": f"{tile['metric']}_again"} for tile in usual()["tiles"]
    ]
    page = (await open_board()).page
    assert await page.locator(".tile").count() == 8
    assert await misplaced(page, must_fit=False) == []


async def test_the_checks_see_planted_faults(page: Page) -> None:
    """Print that is cut off, overprinted, outside, pale, small; a page that must scroll."""
    style = "document.querySelector('.tile:first-child {}').style"
    await page.evaluate(f"{style.format('.title')}.width = '40px'")
    await page.evaluate(f"{style.format('.count')}.transform = 'translateX(-560px)'")
    await page.evaluate(f"{style.format('.interval')}.transform = 'translateX(-90px)'")
    await page.evaluate(f"{style.format('.unit')}.color = '#444444'")
    await page.evaluate(f"{style.format('.target')}.fontSize = '12px'")
    await page.evaluate("document.querySelector('.foot').style.marginTop = '40px'")
    complaints = await misplaced(page, must_fit=True)
    assert "cut off: NPS" in complaints
    assert "outside: 36 to 46" in complaints
    assert any(complaint.startswith("page ") for complaint in complaints)
    assert "overprinted: 36 to 46 / 312 answers" in complaints
    assert [complaint for complaint in await pale(page) if complaint.endswith(": points")]
    assert await small(page, MATTERS, 48) == ["12 px: target 50"]
