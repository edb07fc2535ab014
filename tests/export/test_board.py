"""What a tile says: the number, how sure it is, and whether it may be judged at all."""

from typing import Any

import pytest

from processor.core.definitions import Window
from processor.export.board import board_model
from tests.export.scene import BUILD, NOW_MS, TARGETS, Scene, cart, survey, surveys


async def tile(scene: Scene, metric: str, window: str = "1h") -> dict[str, Any]:
    await scene.watch.refresh()
    return next(t for t in board(scene, window)["tiles"] if t["metric"] == metric)


def board(scene: Scene, window: str = "1h") -> dict[str, Any]:
    return board_model(scene.watch, known(scene, window), BUILD, TARGETS)


def known(scene: Scene, name: str) -> Window:
    return next(window for window in scene.definitions.windows if window.name == name)


async def scene_with(ratings: list[int], **fields: Any) -> Scene:
    scene = Scene()
    await scene.tell("surveys", *surveys(ratings, **fields))
    await scene.idle("contacts", "carts", "cases")
    return scene


@pytest.mark.parametrize(
    ("ratings", "state", "text"),
    [
        ([10] * 95 + [0] * 5, "good", ""),
        ([10] * 60 + [0] * 10 + [8] * 30, "watch", ""),
        ([10] * 20 + [0] * 60, "bad", ""),
        ([10] * 29, "few", "Too few answers to judge"),
        ([], "none", "No answers yet"),
    ],
)
async def test_a_number_is_judged_by_its_interval_and_only_if_it_stands_on_enough(
    ratings: list[int], state: str, text: str
) -> None:
    nps = await tile(await scene_with(ratings), "nps_score")
    assert (nps["state"], nps["text"], nps["n"]) == (state, text, len(ratings))


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


async def test_a_window_of_which_too_little_is_in_is_incomplete() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10] * 50), as_of_ms=NOW_MS - 20 * 60_000)
    nps = await tile(scene, "nps_score")
    assert (nps["state"], nps["text"]) == ("incomplete", "Only 67% of the window is in")


async def test_carts_and_orders_that_do_not_meet_make_abandonment_unreliable() -> None:
    scene = Scene()
    orphans = [
        {
            "type": "cart.ordered",
            "event_id": f"x{n}",
            "source": "shop",
            "cart_id": f"shop:x{n}",
            "order_id": f"x{n}",
            "occurred_at": NOW_MS - 60_000,
        }
        for n in range(30)
    ]
    carts = [e for n in range(40) for e in cart(n, ago_ms=50 * 60_000, ordered=True)]
    await scene.tell("carts", *orphans, *carts)
    shown = await tile(scene, "cart_abandonment_ratio")
    assert (shown["state"], shown["text"]) == ("incomplete", "43% of orders come without a cart")


async def test_a_metric_that_is_not_kept_for_the_window_is_shown_for_its_shortest() -> None:
    scene = await scene_with([10])
    fcr = await tile(scene, "fcr_ratio")
    assert [beside["title"] for beside in fcr["beside"]] == ["FCR settled 7d", "Repeat contacts"]
    week = await tile(scene, "fcr_ratio", "7d")
    assert week["beside"][0]["title"] == "FCR settled"


@pytest.mark.parametrize("window", ["5m", "1h", "24h", "7d", "28d"])
async def test_the_course_adds_up_to_the_number_above_it(window: str) -> None:
    scene = Scene()
    agos_ms = [1_000, 200_000, 3_000_000, 80_000_000, 500_000_000, 2_400_000_000]
    events = [survey(n, n % 11, ago_ms=ago_ms) for n, ago_ms in enumerate(agos_ms * 3)]
    await scene.tell("surveys", *sorted(events, key=lambda event: int(event["occurred_at"])))
    nps = await tile(scene, "nps_score", window)
    assert sum(point[4] for point in nps["series"]) == nps["n"] > 0
    starts = [point[0] for point in nps["series"]]
    assert starts == sorted(starts)
    assert 10 <= len(starts) <= 31
    assert len({b - a for a, b in zip(starts, starts[1:], strict=False)}) == 1


async def test_while_rebuilding_nothing_is_judged() -> None:
    scene = await scene_with([10] * 50)
    scene.now_ms += 40_000
    await scene.idle("contacts", "carts", "cases")
    await scene.idle("surveys", as_of_ms=NOW_MS, log_end=1_000)
    nps = await tile(scene, "nps_score")
    assert nps["state"] == "rebuilding"
    assert board(scene)["view"]["progress"] == 50 / 1_000
