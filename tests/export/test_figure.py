"""What a number says: how sure it is, and whether it may be judged at all."""

import pytest

from processor.core.metric import SCORE
from processor.export.figure import Figure, Judgement, figure, judge
from tests.export.scene import NOW_MS, Scene, cart, contact, log_identity, surveys

OTHERS = ("contacts", "carts", "cases")
TARGETS = {
    "nps_score": 50.0,
    "nps_detractor_ratio": 0.1,
    "cart_abandonment_ratio": 0.7,
    "fcr_ratio": 0.7,
}


async def shown(scene: Scene, metric: str, window: str = "1h") -> Figure:
    await scene.watch.refresh()
    found = figure(scene.watch, scene.window(window), SCORE[metric], TARGETS)
    assert found is not None
    return found


def doubtful(text: str) -> Judgement:
    return Judgement("incomplete", text)


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


@pytest.mark.parametrize(
    ("ordered", "orphans", "expected"),
    [
        (2, 5, Judgement("bad")),
        (2, 30, doubtful("30 orders come without a cart: they could change this")),
        (70, 400, Judgement("good")),
        (21, 0, Judgement("bad")),
        (21, 1, doubtful("1 order comes without a cart: it could change this")),
        (22, 0, Judgement("watch")),
        (22, 20, doubtful("20 orders come without a cart: they could change this")),
    ],
)
async def test_orders_without_a_cart_matter_where_they_could_have_changed_the_verdict(
    ordered: int, orphans: int, expected: Judgement
) -> None:
    """A broken shop sells little, so most of its orders may come without a cart: still bad."""
    scene = Scene()
    orders = [
        {
            "type": "cart.ordered",
            "event_id": f"x{n}",
            "source": "shop",
            "cart_id": f"shop:x{n}",
            "order_id": f"x{n}",
            "occurred_at": NOW_MS - 60_000,
        }
        for n in range(orphans)
    ]
    carts = [e for n in range(100) for e in cart(n, ago_ms=50 * 60_000, ordered=n < ordered)]
    await scene.tell("carts", *orders, *carts)
    assert await judgement(scene, "cart_abandonment_ratio") == expected


@pytest.mark.parametrize("orphans", [0, 300])
async def test_a_number_that_is_not_judged_is_not_doubted(orphans: int) -> None:
    scene = Scene()
    orders = [e for n in range(orphans) for e in cart(1000 + n, ago_ms=60_000, ordered=True)[1:]]
    carts = [e for n in range(100) for e in cart(n, ago_ms=50 * 60_000)]
    await scene.tell("carts", *orders, *carts)
    assert await judgement(scene, "checkout_abandonment_ratio") == Judgement("none", "No carts yet")
    assert await judgement(scene, "cart_recovery_ratio") == Judgement("plain")


@pytest.mark.parametrize(
    ("resolved", "unresolved", "unknown", "expected"),
    [
        (8, 0, 59, doubtful("59 of 67 first contacts: nobody said yet")),
        (90, 10, 5, Judgement("good")),
        (50, 50, 5, Judgement("bad")),
        (90, 10, 60, doubtful("60 of 160 first contacts: nobody said yet")),
        (0, 0, 40, doubtful("40 of 40 first contacts: nobody said yet")),
        (0, 40, 0, Judgement("bad")),
    ],
)
async def test_resolutions_nobody_spoke_of_matter_where_the_verdict_hangs_on_them(
    resolved: int, unresolved: int, unknown: int, expected: Judgement
) -> None:
    scene = Scene()
    words = [True] * resolved + [False] * unresolved + [None] * unknown
    await scene.tell("contacts", *[contact(n, word) for n, word in enumerate(words)])
    assert await judgement(scene, "fcr_ratio") == expected


async def test_what_was_never_read_is_waited_for() -> None:
    assert await judgement(Scene(), "nps_score") == Judgement(
        "none", "Waiting for the first records"
    )


async def test_a_partition_that_was_never_read_keeps_a_number_from_being_judged() -> None:
    scene = Scene()
    scene.world.view("surveys").head.log = log_identity(2)
    await scene.tell("surveys", *surveys([10] * 50))
    assert await judgement(scene, "nps_score") == doubtful("Only 50% of the window is in")


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
