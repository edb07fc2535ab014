import pytest

from processor.simulate.simulation import Simulation
from processor.simulate.world import make_world
from tests.simulate.streams import MORNING


def test_an_unknown_scenario_is_refused_with_the_names_of_the_known() -> None:
    with pytest.raises(ValueError, match="steady, nps-drop"):
        make_world(Simulation(start_ms=MORNING, scenario="paradise"))


def test_two_simulations_do_not_share_ids() -> None:
    tags = {
        make_world(Simulation(seed=seed, start_ms=start)).tag
        for seed in (1, 2)
        for start in (MORNING, MORNING + 1)
    }
    assert len(tags) == 4


def test_without_a_daily_shape_every_hour_is_the_same() -> None:
    world = make_world(Simulation(start_ms=MORNING, daily=False))
    assert world.contact_curve.peak == world.shop_curve.peak == 1.0
