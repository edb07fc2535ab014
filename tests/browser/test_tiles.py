"""Each tile says what the message says, in words, numbers and shapes."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.board_server import BoardServer
from tests.browser.conftest import Open
from tests.browser.messages import STATES, all_in, board, emptiest, longest, tile, usual

pytestmark = pytest.mark.asyncio(loop_scope="package")

DASH = "\N{EN DASH}"
WORDS = {
    "good": "On target",
    "plain": "No target",
    "watch": "Watch",
    "bad": "Below target",
    "few": "Too few answers",
    "incomplete": "Incomplete",
    "none": "No answers yet",
    "rebuilding": "Rebuilding",
}


def tile_of(page: Page, metric: str) -> Locator:
    return page.locator(f'.tile[data-metric="{metric}"]')


async def says(tile: Locator, **texts: str) -> None:
    for part, text in texts.items():
        await expect(tile.locator(f".{part}")).to_have_text(text)


async def test_a_tile_says_what_the_message_says(page: Page) -> None:
    await says(
        tile_of(page, "nps"),
        title="NPS",
        value="41",
        unit="points",
        target="target 50",
        interval="36 to 46",
        count="312 answers",
        word="Below target",
        sentence="Below target with certainty",
    )
    await says(tile_of(page, "csat"), value="82", unit="%", target="target 80", count="341 answers")
    await says(tile_of(page, "fcr"), title="FCR (provisional)", value="79", count="905 contacts")
    await says(tile_of(page, "cart_abandonment"), interval="65 to 70", count="1,450 carts")


async def test_numbers_beside_a_headline_bring_their_interval_target_count_and_state(
    page: Page,
) -> None:
    repeats = tile_of(page, "fcr").locator(".beside li").nth(1)
    await expect(repeats.locator(".beside-title")).to_have_text("Repeat rate")
    await expect(repeats.locator(".beside-value")).to_have_text("12 %")
    await expect(repeats.locator(".beside-detail")).to_have_text("9 to 15 · target 10 · n 1,204")
    await expect(repeats).to_have_attribute("title", "Above target")
    await expect(repeats.locator(".shape")).to_have_attribute("data-shape", "bad")


@pytest.mark.parametrize("state", ["plain", "few", "incomplete", "none", "rebuilding"])
@pytest.mark.parametrize("headline", ["good", "watch", "bad"])
async def test_a_number_that_is_not_judged_takes_no_colour_from_its_headline(
    open_board: Open, server: BoardServer, headline: str, state: str
) -> None:
    server.board = all_in(headline)
    server.board["tiles"][2]["beside"][0]["state"] = state
    page = (await open_board()).page
    item = tile_of(page, "fcr").locator(".beside li").first
    colour = """item => {
        const [first] = item.querySelectorAll(".shape path");
        const {fill, stroke} = getComputedStyle(first);
        const soft = getComputedStyle(item.querySelector(".beside-title")).color;
        return [fill === "none" ? stroke : fill, soft];
    }"""
    drawn, soft = await item.evaluate(colour)
    assert drawn == soft


async def test_tiles_stand_in_the_order_of_the_message(page: Page) -> None:
    titles = page.locator("main h2")
    expected = ["NPS", "CSAT", "FCR (provisional)", "Cart abandonment"]
    await expect(titles).to_have_text(expected)


@pytest.mark.parametrize("state", STATES)
async def test_a_state_shows_its_word_and_its_shape(
    open_board: Open, server: BoardServer, state: str
) -> None:
    server.board = all_in(state)
    page = (await open_board()).page
    nps = tile_of(page, "nps")
    await expect(nps).to_have_attribute("data-state", state)
    await expect(nps.locator(".word")).to_have_text(WORDS[state])
    assert await nps.locator(".state .shape").bounding_box() is not None
    await expect(nps.locator(".state .shape")).to_have_attribute("data-shape", state)


async def test_no_two_states_share_a_shape(open_board: Open, server: BoardServer) -> None:
    names = (*STATES, "something new")
    server.board = board([tile(f"m{place}", name, state=name) for place, name in enumerate(names)])
    page = (await open_board()).page
    paths = "shapes => shapes.map(s => [...s.children].map(p => p.getAttribute('d')).join('|'))"
    drawn: list[str] = await page.locator(".state .shape").evaluate_all(paths)
    assert len(drawn) == len(names)
    assert len(set(drawn)) == len(names)


async def test_where_less_is_better_a_miss_is_called_above_target(
    open_board: Open, server: BoardServer
) -> None:
    server.board = all_in("bad")
    page = (await open_board()).page
    await says(tile_of(page, "cart_abandonment"), word="Above target")


async def test_what_is_counted_is_named(open_board: Open, server: BoardServer) -> None:
    server.board = usual()
    server.board["tiles"][2] |= {"state": "none", "value": None, "n": 0}
    server.board["tiles"][3] |= {"state": "few", "n": 1}
    page = (await open_board()).page
    await says(tile_of(page, "fcr"), word="No contacts yet", value=DASH, count="0 contacts")
    await says(tile_of(page, "cart_abandonment"), word="Too few carts", count="1 cart")


async def test_long_numbers_are_written_out(open_board: Open, server: BoardServer) -> None:
    server.board = longest()
    page = (await open_board()).page
    minus = "\N{MINUS SIGN}"
    interval = f"{minus}100 to {minus}99"
    await says(
        tile_of(page, "nps"), value=f"{minus}100", interval=interval, count="123,456 answers"
    )
    await says(tile_of(page, "csat"), value="100.0", interval="99.0 to 100.0")


async def test_no_number_is_a_dash_and_never_nought(open_board: Open, server: BoardServer) -> None:
    server.board = emptiest()
    page = (await open_board()).page
    await says(tile_of(page, "nps"), value=DASH, target="no target", interval="", count="0 answers")
    await expect(page.locator(".beside-value").first).to_have_text(DASH)


async def test_what_rounds_to_nought_has_no_sign(open_board: Open, server: BoardServer) -> None:
    server.board = board([tile("nps", "NPS", value=-0.4, lower=-3.6, upper=2.7)])
    page = (await open_board()).page
    await says(tile_of(page, "nps"), value="0", interval="\N{MINUS SIGN}4 to 3")


async def test_the_band_lies_where_the_interval_is_and_the_mark_where_the_target_is(
    page: Page,
) -> None:
    places = "[...document.querySelectorAll('.tile:first-child .scale span')]"
    measured = await page.evaluate(f"{places}.map(span => [span.style.left, span.style.width])")
    good, band, value, target = measured
    assert good == ["75%", "25%"]
    assert [float(part.rstrip("%")) for part in band] == pytest.approx([68.05, 4.95])
    assert float(value[0].rstrip("%")) == pytest.approx(70.6)
    assert target[0] == "75%"


async def test_the_course_is_drawn(page: Page) -> None:
    """Counts pixels that are not empty: a plot without a line or a band has almost none."""
    inked = """canvas => canvas.getContext('2d')
        .getImageData(0, 0, canvas.width, canvas.height).data
        .filter((value, place) => place % 4 === 3 && value > 0).length"""
    canvases = page.locator(".spark canvas")
    assert await canvases.count() == 4
    assert await canvases.first.evaluate(inked) > 5_000


async def test_a_course_without_numbers_stays_empty(open_board: Open, server: BoardServer) -> None:
    server.board = emptiest()
    page = (await open_board()).page
    await expect(page.locator(".spark").first).to_have_attribute("aria-label", "No course yet")


async def test_text_is_inserted_as_text(open_board: Open, server: BoardServer) -> None:
    hostile = "<img src=x onerror=alert(1)><b>bold</b>"
    server.board = usual() | {"version": hostile}
    server.board["view"] = {"state": "down", "text": hostile}
    server.board["tiles"][1] |= {"title": hostile, "text": hostile, "counted": hostile}
    server.board["tiles"][1]["beside"][0]["title"] = hostile
    page = (await open_board()).page
    await says(tile_of(page, "csat"), title=hostile, sentence=hostile)
    await expect(page.locator("#notice")).to_have_text(hostile)
    assert await page.locator("img, b").count() == 0


async def test_unknown_fields_are_ignored(open_board: Open, server: BoardServer) -> None:
    server.board = usual() | {"weather": "fair"}
    server.board["tiles"][0] |= {
        "mood": {"deep": [1]},
        "series": [*usual()["tiles"][0]["series"], 7],
    }
    page = (await open_board()).page
    await says(tile_of(page, "nps"), value="41")


async def test_missing_fields_are_tolerated(open_board: Open, server: BoardServer) -> None:
    server.board = {"tiles": [{"metric": "nps"}, {"metric": "csat", "value": 7, "state": "odd"}]}
    page = (await open_board()).page
    await says(tile_of(page, "nps"), title="nps", value=DASH, word="Unknown", count="")
    await says(tile_of(page, "csat"), value="7", word="Unknown")


async def test_a_tile_that_cannot_be_read_does_not_freeze_the_others(
    open_board: Open, server: BoardServer
) -> None:
    server.board = usual()
    server.board["tiles"][0]["beside"] = [None]
    visit = await open_board()
    await says(tile_of(visit.page, "nps"), word="Unknown", value=DASH)
    await says(tile_of(visit.page, "csat"), value="82", word="Watch")
    assert visit.complaints, "a tile that cannot be read must leave a trace in the console"
    visit.complaints.clear()
    server.board = usual()
    await says(tile_of(visit.page, "nps"), word="Below target", value="41")
    visit.complaints.clear()


async def test_a_rebuild_tells_how_far_it_is(open_board: Open, server: BoardServer) -> None:
    server.board = all_in("rebuilding")
    page = (await open_board()).page
    await expect(page.locator("#link-word")).to_have_text("Rebuilding 42 %")
    await expect(page.locator("#notice")).to_have_text("The log is read again")
    await says(tile_of(page, "nps"), sentence="42 % of the log is read")


async def test_a_change_of_state_is_said_aloud_once_and_a_mere_number_never(
    open_board: Open, server: BoardServer
) -> None:
    page = (await open_board()).page
    news = page.locator("#news")
    server.board = usual()
    server.board["tiles"][0]["value"] = 44.0
    await says(tile_of(page, "nps"), value="44")
    await expect(news).to_have_text("")
    server.board = usual()
    server.board["tiles"][0] |= {"state": "good", "value": 55.0}
    await expect(news).to_have_text("NPS: On target, 55 points")
    await expect(news).to_have_attribute("role", "status")


async def test_the_head_says_as_of_when_the_numbers_hold(page: Page) -> None:
    await expect(page.locator("#as-of")).to_have_text(re.compile(r"^(09:59:5\d|10:00:\d\d)$"))
    await expect(page.locator("#link-word")).to_have_text("Live")
    await expect(page.locator("#version")).to_have_text("version 0.1.0")
