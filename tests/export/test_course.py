"""How a score came about: in steps that add up to it."""

from itertools import pairwise

import pytest

from processor.core.definitions import Window
from processor.core.metric import SCORE
from processor.export.course import POINTS_MAX, Point, course
from processor.export.numbers import total_score
from tests.export.scene import NOW_MS, Scene, survey

AGOS_MS = [1_000, 200_000, 3_000_000, 80_000_000, 500_000_000, 2_400_000_000]


async def nps_course(window: str) -> tuple[Scene, list[Point]]:
    scene = Scene()
    events = [survey(n, n % 11, ago_ms=ago_ms) for n, ago_ms in enumerate(AGOS_MS * 3)]
    await scene.tell("surveys", *sorted(events, key=lambda event: int(event["occurred_at"])))
    await scene.watch.refresh()
    return scene, list(course(scene.watch.windows, scene.window(window), SCORE["nps_score"]))


@pytest.mark.parametrize("window", ["5m", "1h", "24h", "7d", "28d"])
async def test_the_steps_add_up_to_the_window(window: str) -> None:
    scene, points = await nps_course(window)
    whole = total_score(scene.watch.windows, window, SCORE["nps_score"])
    assert sum(point.score.n for point in points) == whole.n > 0


@pytest.mark.parametrize("window", ["5m", "1h", "24h", "7d", "28d"])
async def test_the_steps_are_equal_few_and_cover_the_window(window: str) -> None:
    scene, points = await nps_course(window)
    starts_ms = [point.start_ms for point in points]
    steps_ms = {later - sooner for sooner, later in pairwise(starts_ms)}
    assert len(steps_ms) == 1
    step_ms = steps_ms.pop()
    assert 10 <= len(points) <= POINTS_MAX + 1
    length_ms = scene.window(window).length_ms
    assert starts_ms[0] <= NOW_MS - length_ms < starts_ms[0] + step_ms
    assert starts_ms[-1] < NOW_MS <= starts_ms[-1] + step_ms


async def test_no_step_is_finer_than_the_panes_of_the_window() -> None:
    scene, _ = await nps_course("1h")
    coarse = Window("10m", length_ms=600_000, tier_ms=60_000)
    starts_ms = [
        point.start_ms for point in course(scene.watch.windows, coarse, SCORE["nps_score"])
    ]
    assert {later - sooner for sooner, later in pairwise(starts_ms)} == {60_000}


async def test_a_step_in_which_nothing_happened_has_no_score() -> None:
    _, points = await nps_course("24h")
    empty = [point.score for point in points if point.score.n == 0]
    assert empty
    assert {score.value for score in empty} == {None}
