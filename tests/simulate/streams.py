"""Streams that several tests look at: made once, never changed."""

from functools import cache

from processor.simulate.company import generate
from processor.simulate.delivery import Sending
from processor.simulate.simulation import Simulation
from processor.simulate.truth import Truth

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# 2026-03-02, a Monday.
MONDAY = 1_772_409_600_000
MORNING = MONDAY + 9 * HOUR


@cache
def told(settings: Simulation) -> tuple[tuple[Sending, ...], Truth]:
    """The whole stream of these settings, and the truth about it."""
    truth = Truth()
    return tuple(generate(settings, truth=truth)), truth


@cache
def busy_morning() -> tuple[tuple[Sending, ...], Truth]:
    """40,000 records of an ordinary morning: the stream that most tests look at."""
    return told(Simulation(seed=11, start_ms=MORNING, count=40_000, rate=20.0))
