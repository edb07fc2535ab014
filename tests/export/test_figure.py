"""What a number says: how sure it is, and whether it may be judged at all."""

import pytest

from processor.core.metric import SCORE
from processor.export.figure import Figure, Judgement, figure, judge
from tests.export.scene import NOW_MS, Scene, cart, surveys

OTHERS = ("contacts", "carts", "cases")
TARGETS = {"nps_score": 50.0, "nps_detractor_ratio": 0.1, "cart_abandonment_ratio": 0.7}


async def shown(scene: Scene, metric: str, window: str = "1h") -> Figure:
    await scene.watch.refresh()
    return figure(scene.watch, scene.window(window), SCORE[metric], TARGETS)


async def judgement(scene: Scene, metric: str) -> Judgement:
    return judge(scene.watch, await shown(scene, metric))


async def scene_with(ratings: list[int]) -> Scene:
    scene = Scene()
    await scene.tell("surveys", *surveys(ratings))
    await scene.idle(*OTHERS)
    return scene


@pytest.mark.parametrize(
    ("ratings", "expected"),
    [
        ([10] * 95 + [0] * 5, Judgement("good")),
        ([10] * 60 + [0] * 10 + [8] * 30, Judgement("watch")),
        ([10] * 20 + [0] * 60, Judgement("bad")),
        ([10] * 29, Judgement("few", "Too few answers to judge")),
        ([10] * 30, Judgement("good")),
        ([], Judgement("none", "No answers yet")),
    ],
)
async def test_a_number_is_judged_by_its_interval_and_only_if_it_stands_on_enough(
    ratings: list[int], expected: Judgement
) -> None:
    assert await judgement(await scene_with(ratings), "nps_score") == expected


@pytest.mark.parametrize(("low", "state"), [(0, "good"), (10, "watch"), (50, "bad")])
async def test_where_less_is_better_a_number_below_its_target_is_good(low: int, state: str) -> None:
    scene = await scene_with([0] * low + [10] * (100 - low))
    assert await judgement(scene, "nps_detractor_ratio") == Judgement(state)


async def test_a_number_without_a_target_is_not_judged() -> None:
    assert await judgement(await scene_with([0] * 50), "nps_promoter_ratio") == Judgement("plain")


async def test_a_window_of_which_too_little_is_in_is_incomplete() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10] * 50), as_of_ms=NOW_MS - 20 * 60_000)
    assert await judgement(scene, "nps_score") == Judgement(
        "incomplete", "Only 67% of the window is in"
    )


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
    assert await judgement(scene, "cart_abandonment_ratio") == Judgement(
        "incomplete", "43% of orders come without a cart"
    )


async def test_while_rebuilding_nothing_is_judged() -> None:
    scene = await scene_with([10] * 50)
    scene.now_ms += 40_000
    await scene.idle(*OTHERS)
    await scene.idle("surveys", as_of_ms=NOW_MS, log_end=1_000)
    assert await judgement(scene, "nps_score") == Judgement(
        "rebuilding", "Catching up with the log"
    )


async def test_a_metric_that_is_not_kept_for_the_window_is_shown_for_its_shortest() -> None:
    scene = await scene_with([10])
    assert (await shown(scene, "fcr_settled_ratio", "1h")).window.name == "7d"
    assert (await shown(scene, "fcr_settled_ratio", "28d")).window.name == "28d"
    assert (await shown(scene, "nps_score", "1h")).window.name == "1h"


async def test_a_figure_carries_its_coverage_and_the_target_in_its_own_unit() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 0]), as_of_ms=NOW_MS - 15 * 60_000)
    found = await shown(scene, "nps_detractor_ratio")
    assert (found.score.value, found.target, found.coverage) == (0.5, 0.1, 0.75)
