"""What a newcomer sees on the board: the promised fall, and nothing else."""

import pytest

from processor.demo.play import Play
from processor.simulate.scenario import SCENARIOS
from tests.demo.audience import Audience, bad, figures

SEEDS = (1, 2, 3)
AFTER_MINUTES = (1, 10)
HEADLINES = {"nps_score", "csat_ratio", "fcr_ratio", "cart_abandonment_ratio"}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "steady"])
async def test_within_a_minute_exactly_the_promised_tiles_are_bad(scenario: str, seed: int) -> None:
    audience = Audience(Play(scenario, seed))
    for minutes in AFTER_MINUTES:
        hour = (await audience.boards(minutes))["1h"]
        assert bad(iter(hour)) == set(SCENARIOS[scenario].shown_by)


@pytest.mark.parametrize("seed", SEEDS)
async def test_while_nothing_happens_nothing_is_bad_in_any_window(seed: int) -> None:
    audience = Audience(Play("steady", seed))
    for minutes in AFTER_MINUTES:
        for tiles in (await audience.boards(minutes)).values():
            assert bad(figures(tiles)) == set()
            assert {tile["metric"] for tile in tiles} == HEADLINES


async def test_the_numbers_fall_while_one_watches_the_last_hour() -> None:
    nps = (await Audience(Play("nps-drop")).boards(1))["1h"][0]
    assert nps["metric"] == "nps_score"
    course = [point[1] for point in nps["series"] if point[1] is not None]
    assert sum(course[:6]) / 6 > nps["target"] > sum(course[-6:]) / 6


def test_every_scenario_but_steady_promises_a_tile() -> None:
    for name, scenario in SCENARIOS.items():
        assert set(scenario.shown_by) <= HEADLINES
        assert bool(scenario.shown_by) == (name != "steady")
