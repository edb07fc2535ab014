"""What the board's page is given: tiles in its units, with its words."""

from typing import Any

from processor.export.board import TILES, board_model
from tests.export.scene import BUILD, NOW_MS, TARGETS, Scene, cart, surveys


async def board(scene: Scene, window: str = "1h") -> dict[str, Any]:
    await scene.watch.refresh()
    return board_model(scene.watch, scene.window(window), BUILD, TARGETS)


async def tile(scene: Scene, metric: str, window: str = "1h") -> dict[str, Any]:
    tiles = (await board(scene, window))["tiles"]
    return next(tile for tile in tiles if tile["metric"] == metric)


async def scene_with(ratings: list[int]) -> Scene:
    scene = Scene()
    await scene.tell("surveys", *surveys(ratings))
    await scene.idle("contacts", "carts", "cases")
    return scene


async def test_the_four_headlines_stand_in_their_order_with_their_companions() -> None:
    told = await board(await scene_with([10]))
    assert [
        (tile["metric"], tuple(beside["metric"] for beside in tile["beside"]))
        for tile in told["tiles"]
    ] == list(TILES)


async def test_the_board_says_what_it_is_of() -> None:
    told = await board(await scene_with([10]), "24h")
    assert (told["version"], told["now_ms"], told["window"]) == (BUILD["version"], NOW_MS, "24h")
    assert told["windows"] == ["5m", "1h", "24h", "7d", "28d"]
    assert told["view"] == {"state": "live", "text": "", "progress": None}
    assert told["stale_after_ms"] == 30_000


async def test_points_are_shown_as_they_are_with_their_judgement() -> None:
    nps = await tile(await scene_with([10] * 95 + [0] * 5), "nps_score")
    assert (nps["value"], nps["target"], nps["unit"], nps["n"]) == (90.0, 50.0, "points", 100)
    assert (nps["state"], nps["text"], nps["coverage"], nps["as_of_ms"]) == ("good", "", 1, NOW_MS)


async def test_a_percentage_is_shown_times_a_hundred_with_its_target_and_bounds() -> None:
    scene = Scene()
    await scene.tell(
        "carts", *[e for n in range(40) for e in cart(n, ago_ms=50 * 60_000, ordered=n < 10)]
    )
    await scene.idle("surveys", "contacts", "cases")
    shown = await tile(scene, "cart_abandonment_ratio")
    assert (shown["value"], shown["n"], shown["unit"]) == (75.0, 40, "percent")
    assert shown["lower"] < 75.0 < shown["upper"]
    assert shown["target"] is None
    assert {point[1] for point in shown["series"]} == {None, 0.0, 100.0}


async def test_a_metric_of_another_window_says_so_in_its_title() -> None:
    scene = await scene_with([10])
    fcr = await tile(scene, "fcr_ratio")
    assert [beside["title"] for beside in fcr["beside"]] == ["FCR settled 7d", "Repeat contacts"]
    week = await tile(scene, "fcr_ratio", "7d")
    assert week["beside"][0]["title"] == "FCR settled"


async def test_the_course_is_drawn_from_plain_numbers() -> None:
    nps = await tile(await scene_with([10, 10, 0]), "nps_score")
    start_ms, value, lower, upper, n = next(point for point in nps["series"] if point[4])
    assert start_ms <= NOW_MS - 60_000
    assert (value, n) == (100 / 3, 3)
    assert lower < value < upper


async def test_while_rebuilding_the_board_tells_how_far_it_is() -> None:
    scene = await scene_with([10] * 50)
    scene.now_ms += 40_000
    await scene.idle("contacts", "carts", "cases")
    await scene.idle("surveys", as_of_ms=NOW_MS, log_end=1_000)
    told = await board(scene)
    assert (told["view"]["state"], told["view"]["progress"]) == ("rebuilding", 50 / 1_000)


async def test_without_a_store_the_board_is_down_and_says_why() -> None:
    scene = Scene()
    scene.store.away = True
    told = await board(scene)
    assert told["view"]["state"] == "down"
    assert "connection refused" in told["view"]["text"]


async def test_a_view_without_a_working_owner_is_stale_and_says_so() -> None:
    scene = await scene_with([10])
    scene.now_ms += 31_000
    told = await board(scene)
    assert told["view"]["state"] == "stale"
    assert told["view"]["text"] == "4 partitions without a working owner"


async def test_before_the_first_record_there_is_no_as_of() -> None:
    scene = Scene()
    await scene.idle("surveys")
    told = await board(scene)
    assert [tile["as_of_ms"] for tile in told["tiles"]] == [NOW_MS, NOW_MS, None, None]
    assert told["tiles"][3]["text"] == "Waiting for the first records"
