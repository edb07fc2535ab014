"""History: four weeks that are over when the demo begins, in few records.

What lives here: the density that makes every window worth looking at, and the scaling to a budget.
What must never live here: the company itself. What the rest may lean on: the last 5 min, hour,
day, week and four weeks each have answers, and contacts old enough that their repeat windows are
closed.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from processor.simulate.company import RECORD_SHARE, Company
from processor.simulate.curve import contact_curve, shop_curve, survey_curve
from processor.simulate.delivery import Sending
from processor.simulate.pace import KNEE_MS, SECOND_MS, Rising
from processor.simulate.simulation import DAY_MS, MINUTE_MS, Simulation
from processor.simulate.truth import Truth
from processor.simulate.world import SCENARIO_DELAY_MS

HISTORY_MS: Final = 28 * DAY_MS
REHEARSED_SHARE: Final = 0.1
REHEARSED_LEAST: Final = 3000
STEP_MS: Final = 5 * MINUTE_MS


def history(
    seed: int,
    end_ms: int,
    budget: int,
    *,
    onward: Simulation | None = None,
    truth: Truth | None = None,
) -> Iterator[Sending]:
    """28 days up to `end_ms` in order of arrival, denser towards the end.

    Args:
        seed: names the company's fate.
        end_ms: the instant at which the history is over; nothing arrives at or after it.
        budget: how many records the history should have; it has as many, give or take some percent.
        onward: what follows after `end_ms`, told by the same company without a seam: its rate,
            scenario, shares and bounds (a count includes the history). Its start must be `end_ms`,
            and its seed is of no account. None: nothing follows.
        truth: takes in what is meant and what is sent.

    Raises:
        ValueError: the budget is not positive, or `onward` starts elsewhere or names no scenario.
    """
    if budget < 1:
        raise ValueError("budget must be at least 1")
    begin_ms = end_ms - HISTORY_MS
    if onward is None:
        settings = Simulation(seed=seed, start_ms=begin_ms, end_ms=end_ms, drain=False)
    else:
        if onward.start_ms != end_ms:
            raise ValueError("onward must start where the history ends")
        turn_ms = onward.scenario_at_ms or end_ms + SCENARIO_DELAY_MS
        settings = replace(onward, seed=seed, start_ms=begin_ms, scenario_at_ms=turn_ms)
    density = Rising(end_ms, scale=_scale(settings, end_ms, budget=budget), after=settings.rate)
    return Company(settings, density=density, truth=truth).run()


def _scale(settings: Simulation, end_ms: int, *, budget: int) -> float:
    """The density times the age at which about `budget` records arrive before the end.

    How many of the last stories' records come too late for that depends on the hour at which the
    history ends, so a small history is rehearsed and the scale set by what came of it.
    """
    guess = 1.0 / _weight(end_ms, utc_offset_ms=settings.utc_offset_ms)
    planned = max(REHEARSED_LEAST, budget * REHEARSED_SHARE)
    rehearsal = replace(settings, end_ms=end_ms, count=None, drain=False, scenario="steady")
    density = Rising(end_ms, scale=guess * planned, after=settings.rate)
    arrived = sum(1 for _ in Company(rehearsal, density=density).run())
    return guess * budget * planned / max(1, arrived)


def _weight(end_ms: int, *, utc_offset_ms: int) -> float:
    """Records per unit of scale: the integral of busyness / (age + knee), in s per ms."""
    curves = {
        "contact": contact_curve(utc_offset_ms=utc_offset_ms),
        "relationship": survey_curve(utc_offset_ms=utc_offset_ms),
    }
    shop = shop_curve(utc_offset_ms=utc_offset_ms)
    weight = 0.0
    for age_ms in range(STEP_MS // 2, HISTORY_MS, STEP_MS):
        at_ms = end_ms - age_ms
        busyness = sum(
            share * curves.get(kind, shop).at(at_ms) for kind, share in RECORD_SHARE.items()
        )
        weight += busyness / (age_ms + KNEE_MS) * STEP_MS / SECOND_MS
    return weight
