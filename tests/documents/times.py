"""Instants and lengths of time, as the pages write them."""

from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (1, "ms"))

TODAY = "2026-03-02"
"""The day on which everything in the worked example happens, a Monday."""


def at(time: str, day: str = TODAY) -> int:
    """The instant of a time of day in UTC, such as `11:42:07.250`, in ms."""
    moment = datetime.fromisoformat(f"{day}T{time}+00:00")
    return round(moment.timestamp() * 1000)


def written(at_ms: int) -> str:
    """The instant as an event writes it: RFC 3339 with milliseconds."""
    moment = datetime.fromtimestamp(at_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def clock(at_ms: int) -> str:
    """The instant for people: the time of day, and the day if it is another one."""
    day, time = written(at_ms).rstrip("Z").split("T")
    time = time.removesuffix(".000")
    return time if day == TODAY else f"{day} {time}"


def length(ms: int) -> str:
    """A length of time in the largest unit that fits without a rest."""
    size, unit = next(each for each in _UNITS if ms % each[0] == 0)
    return f"{ms // size} {unit}"
