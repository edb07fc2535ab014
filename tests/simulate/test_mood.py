from itertools import pairwise

from processor.simulate.catalog import ATLAS, HARBOR, MEADOW
from processor.simulate.simulation import Simulation
from processor.simulate.world import World, make_world
from tests.simulate.streams import DAY, HOUR, MINUTE, MORNING


def world(**settings: object) -> World:
    return make_world(Simulation(start_ms=MORNING, **settings))  # type: ignore[arg-type]


def test_a_mood_is_the_same_whoever_asks_and_in_whatever_order() -> None:
    first, second = world().moods, world().moods
    second.of(MEADOW, "email", at_ms=MORNING)
    later = second.of(ATLAS, "in_app", at_ms=MORNING + DAY)
    assert first.of(ATLAS, "in_app", at_ms=MORNING + DAY) == later


def test_a_mood_drifts_slowly_and_stays_near_its_brands() -> None:
    moods = [world().moods.of(MEADOW, "email", at_ms=MORNING + t * HOUR) for t in range(24 * 14)]
    assert all(abs(mood - MEADOW.mood) < 0.4 for mood in moods)
    assert all(abs(a - b) < 0.15 for a, b in pairwise(moods))
    assert max(moods) - min(moods) > 0.1


def test_a_scenario_moves_the_mood_it_names_and_no_other() -> None:
    calm, angry = world().moods, world(scenario="nps-drop").moods
    before, after = MORNING + 9 * MINUTE, MORNING + 11 * MINUTE
    assert angry.of(HARBOR, "in_app", at_ms=before) == calm.of(HARBOR, "in_app", at_ms=before)
    assert angry.of(HARBOR, "in_app", at_ms=after) < calm.of(HARBOR, "in_app", at_ms=after) - 1
    assert angry.of(HARBOR, "email", at_ms=after) == calm.of(HARBOR, "email", at_ms=after)
    assert angry.of(ATLAS, "web", at_ms=after) == calm.of(ATLAS, "web", at_ms=after)
