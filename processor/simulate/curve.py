"""The shape of a week: how busy an hour is, compared with an average one.

What lives here: three curves of 168 hours, whose mean is 1, and the reading of them. What must
never live here: randomness. What the rest may lean on: a curve is continuous, periodic by the week
and never zero.
"""

from collections.abc import Sequence
from typing import Final

from processor.simulate.simulation import HOUR_MS

WEEK_HOURS: Final = 168
# 1970-01-01 was a Thursday: three days after the Monday on which the curves begin.
EPOCH_HOUR_OF_WEEK: Final = 72
SATURDAY: Final = 5

# Per hour of the day, from midnight. Business hours with a lunch dip; an evening peak; a broad day.
CONTACT_DAY: Final = (
    *(0.06, 0.05, 0.04, 0.04, 0.05, 0.10, 0.25, 0.60, 1.30, 2.00, 2.30, 2.10),
    *(1.50, 1.55, 2.00, 2.05, 1.85, 1.50, 1.00, 0.70, 0.45, 0.30, 0.18, 0.10),
)
SHOP_DAY: Final = (
    *(0.35, 0.22, 0.15, 0.12, 0.12, 0.18, 0.35, 0.60, 0.85, 1.05, 1.15, 1.20),
    *(1.30, 1.15, 1.05, 1.05, 1.10, 1.25, 1.50, 1.85, 2.10, 1.95, 1.40, 0.75),
)
SURVEY_DAY: Final = (
    *(0.25, 0.15, 0.10, 0.10, 0.12, 0.25, 0.55, 0.95, 1.30, 1.45, 1.40, 1.30),
    *(1.15, 1.20, 1.30, 1.30, 1.25, 1.30, 1.40, 1.45, 1.35, 1.05, 0.75, 0.45),
)


class Curve:
    """Busyness by hour of the week, 1 on average."""

    __slots__ = ("_levels", "_offset_ms", "peak")

    def __init__(self, levels: Sequence[float], *, utc_offset_ms: int = 0) -> None:
        """Scale 168 hourly levels to a mean of 1; the offset is local time minus UTC."""
        mean = sum(levels) / len(levels)
        scaled = tuple(level / mean for level in levels)
        self._levels = (*scaled, scaled[0])
        self._offset_ms = utc_offset_ms + EPOCH_HOUR_OF_WEEK * HOUR_MS
        self.peak = max(scaled)

    def at(self, at_ms: float) -> float:
        """The level at an instant, on the line between the two full hours around it."""
        hours = (at_ms + self._offset_ms) / HOUR_MS % WEEK_HOURS
        hour = int(hours)
        before = self._levels[hour]
        return before + (self._levels[hour + 1] - before) * (hours - hour)


def week(day: Sequence[float], *, weekend: float) -> list[float]:
    """168 levels: five days of that shape and two at `weekend` times it."""
    return [
        level * (weekend if weekday >= SATURDAY else 1.0) for weekday in range(7) for level in day
    ]


def contact_curve(*, utc_offset_ms: int = 0) -> Curve:
    """Contacts: business hours, a dip at lunch, a quiet weekend."""
    return Curve(week(CONTACT_DAY, weekend=0.35), utc_offset_ms=utc_offset_ms)


def shop_curve(*, utc_offset_ms: int = 0) -> Curve:
    """Shoppers: evenings, and weekends a little more than weekdays."""
    return Curve(week(SHOP_DAY, weekend=1.15), utc_offset_ms=utc_offset_ms)


def survey_curve(*, utc_offset_ms: int = 0) -> Curve:
    """Surveys that nothing in particular led to: waking hours."""
    return Curve(week(SURVEY_DAY, weekend=0.7), utc_offset_ms=utc_offset_ms)


def flat_curve() -> Curve:
    """Every hour alike."""
    return Curve([1.0] * WEEK_HOURS)
