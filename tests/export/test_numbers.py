"""Which cells are told in which window, and how much of a window is vouched for."""

import pytest

from processor.core.counted import COUNTS
from processor.core.metric import SCORE, SCORES
from processor.core.score import net_promoter
from processor.core.slice import cell_name
from processor.core.tally import CSAT, NPS, TALLIES, zero
from processor.export.numbers import COUNTS_OF, SCORES_OF, coverage, rows, total_score
from tests.export.scene import NOW_MS, Scene, cart, log_identity, survey, surveys

EMAIL = cell_name(NPS, (), (("channel", "email"),))


async def vectors(scene: Scene) -> dict[tuple[str, str], list[int]]:
    await scene.watch.refresh()
    told = {
        (row.window, cell_name(row.cell.tally, row.cell.dimensions, row.cell.slice)): row.vector
        for row in rows(scene.watch.windows)
    }
    assert len(told) == len(list(rows(scene.watch.windows))), "a cell is told twice"
    return told


async def test_before_anything_happens_the_totals_stand_as_zero() -> None:
    told = await vectors(Scene())
    assert told["1h", "nps"] == zero(NPS)
    totals = {cell_name(tally, (), ()) for tally in TALLIES if not tally.dimensions}
    assert {cell for _, cell in told} == totals


async def test_money_has_no_total_without_a_currency() -> None:
    scene = Scene()
    await scene.tell("carts", *cart(1, ago_ms=50 * 60_000))
    cells = {cell for _, cell in await vectors(scene) if cell.startswith("cart_value")}
    assert cells
    assert all(cell.startswith("cart_value;currency=EUR") for cell in cells)


async def test_a_cell_of_any_window_stands_in_all_that_keep_it() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10, ago_ms=30 * 60_000, channel="email"))
    told = await vectors(scene)
    windows = [window.name for window in scene.definitions.windows]
    assert [sum(told[window, EMAIL]) for window in windows] == [0, 1, 1, 1, 1]


async def test_a_tally_is_told_only_in_the_windows_it_is_kept_for() -> None:
    settled = SCORE["fcr_settled_ratio"].tally
    told = await vectors(Scene())
    assert {window for window, cell in told if cell == settled.name} == {"7d", "28d"}


async def test_rows_of_a_tally_stand_together_in_the_order_of_the_table() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10, channel="sms"), survey(2, 1, channel="email"))
    await scene.watch.refresh()
    tallies = [row.cell.tally for row in rows(scene.watch.windows)]
    assert tallies == sorted(tallies, key=TALLIES.index)


async def test_a_total_score_is_that_of_the_total_alone() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 10, 3], channel="email"))
    await scene.watch.refresh()
    windows = scene.watch.windows
    assert total_score(windows, "1h", SCORE["nps_score"]) == net_promoter(2, 1, 3)
    assert total_score(windows, "1h", SCORE["csat_ratio"]).value is None


@pytest.mark.parametrize(
    ("behind_ms", "topics", "share"),
    [
        (0, {"surveys": 1}, 1.0),
        (15 * 60_000, {"surveys": 1}, 0.75),
        (2 * 3_600_000, {"surveys": 1}, 0.0),
        (0, {"surveys": 4}, 0.25),
        (0, {"surveys": 1, "more": 1}, 0.5),
        (0, {"elsewhere": 2}, 0.0),
        (0, {}, 0.0),
    ],
)
async def test_coverage_is_over_all_partitions_there_should_be(
    behind_ms: int, topics: dict[str, int], share: float
) -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10), as_of_ms=NOW_MS - behind_ms)
    await scene.watch.refresh()
    assert coverage(scene.watch.windows, "1h", NPS, topics) == share


async def test_a_topic_that_shrank_on_paper_does_not_cover_more_than_all() -> None:
    scene = Scene()
    scene.world.view("surveys").head.log = log_identity(1)
    await scene.tell("surveys", survey(1, 10))
    await scene.watch.refresh()
    assert coverage(scene.watch.windows, "1h", CSAT, {"surveys": 0}) == 1.0


def test_every_count_and_score_is_told_of_its_tally() -> None:
    assert sorted(c.name for group in COUNTS_OF.values() for c in group) == sorted(
        count.name for count in COUNTS
    )
    assert sorted(s.name for group in SCORES_OF.values() for s in group) == sorted(
        score.name for score in SCORES
    )
    assert all(count.tally is tally for tally, group in COUNTS_OF.items() for count in group)
    assert all(score.tally is tally for tally, group in SCORES_OF.items() for score in group)
