"""Moods: how the customers of a brand feel on a channel, drifting slowly.

What lives here: one slow, smooth function of time per brand and channel. What must never live
here: single customers. What the rest may lean on: a mood is a pure function of seed, brand,
channel, time and scenario, whoever asks and in whatever order; about 0, rarely beyond 0.6 either
way unless a scenario says so.
"""

from math import pi, sin
from typing import Final

from processor.simulate.catalog import Brand
from processor.simulate.chance import Chance
from processor.simulate.scenario import Influence, Target
from processor.simulate.simulation import DAY_MS, HOUR_MS, MINUTE_MS

# (shortest period, longest period, amplitude): swings within a day, a week and a month.
SWINGS: Final = (
    (5 * HOUR_MS, 9 * HOUR_MS, 0.08),
    (30 * HOUR_MS, 60 * HOUR_MS, 0.12),
    (6 * DAY_MS, 11 * DAY_MS, 0.12),
)


class Moods:
    """The moods of all brands on all channels."""

    __slots__ = ("_chance", "_influence", "_known", "_waves")

    def __init__(self, chance: Chance, influence: Influence) -> None:
        """Draw each mood from a stream of its own, when it is first asked for."""
        self._chance = chance
        self._influence = influence
        self._waves: dict[tuple[str, str], tuple[tuple[float, float, float], ...]] = {}
        self._known: dict[tuple[str, str], tuple[int, float]] = {}

    def of(self, brand: Brand, channel: str, *, at_ms: int) -> float:
        """The mood at an instant: the brand's own, its drift, and what the scenario adds."""
        key = (brand.name, channel)
        minute = at_ms // MINUTE_MS
        known = self._known.get(key)
        if known is None or known[0] != minute:
            known = minute, brand.mood + self._drift(key, minute * MINUTE_MS)
            self._known[key] = known
        return known[1] + self._influence.added(
            Target.MOOD, at_ms, brand=brand.name, channel=channel
        )

    def _drift(self, key: tuple[str, str], at_ms: int) -> float:
        """The sum of the swings at an instant."""
        waves = self._waves.get(key)
        if waves is None:
            waves = self._waves[key] = self._draw(key)
        return sum(size * sin(2 * pi * at_ms / period + phase) for period, phase, size in waves)

    def _draw(self, key: tuple[str, str]) -> tuple[tuple[float, float, float], ...]:
        """`(period_ms, phase, size)` of each swing."""
        stream = self._chance.stream(f"mood/{key[0]}/{key[1]}")
        return tuple(
            (float(stream.between(low, high)), stream.random() * 2 * pi, size)
            for low, high, size in SWINGS
        )
