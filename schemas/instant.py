"""The instants of the contract: how a value on the wire becomes milliseconds UTC.

What lives here: the one rule for reading a time, and the reason why a value is not one. What must
never live here: a clock, a time zone of this machine, a guess. What the rest may lean on: an
instant is an integer in [`INSTANT_START_MS`, `INSTANT_END_MS`), the same for every way of writing
it.

Two ways of writing: epoch milliseconds, or RFC 3339 with `Z` or an offset. Reading is memoised by
second and by the rest of the text, because events that are neighbours in a topic share both.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from schemas.reason import Reason

INSTANT_START_MS: Final = 10**12
"""2001-09-09: below it lie epoch seconds (10 digits), which would otherwise pass for 1970."""
INSTANT_END_MS: Final = 4 * 10**12
"""2096-10-02: above it lie microseconds (16 digits) and nanoseconds (19 digits)."""

TEXT_LENGTH_MAX: Final = 35
"""`2026-03-02T09:00:00.123456789+01:00`, the longest text there is; no longer one is memoised."""
_HEAD_LENGTH: Final = 19
_MEMO_SECONDS: Final = 8192  # a bit over two hours of seconds; about 1 MB
_MEMO_TAILS: Final = 4096  # a thousand milliseconds in four offsets; about 0.5 MB
_OTHER_UNITS: Final = (("seconds", 10**9), ("microseconds", 10**15), ("nanoseconds", 10**18))
_OUTSIDE: Final = f"outside [{INSTANT_START_MS}, {INSTANT_END_MS})"

# RFC 3339 section 5.6: the letters may be small, the parts may not be left out, hours end at 23.
_HEAD: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)"
)
_TAIL: Final = re.compile(
    r"(?:\.(?P<fraction>[0-9]{1,9}))?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[01][0-9]|2[0-3]):(?P<minutes>[0-5][0-9]))"
)
INSTANT_PATTERN: Final = (
    f"^{_HEAD.pattern}"
    r"(?:\.[0-9]{1,9})?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
)
"""The shape of a text instant for readers that have only patterns (JSON Schema)."""


def instant_ms(value: object) -> int | None:
    """The instant in ms UTC, or None if `value` is not one.

    A fraction is cut to milliseconds, never rounded: what happened in a millisecond stays in it.
    A leap second (`:60`, RFC 3339 section 5.7) becomes the last millisecond of its minute, since
    POSIX time has no place for it.
    """
    if type(value) is str:
        instant = _text_ms(value)
    elif type(value) is int:  # and not a boolean, which is an instance of int, but of another type
        instant = value
    else:
        return None
    if instant is None or not INSTANT_START_MS <= instant < INSTANT_END_MS:
        return None
    return instant


def instant_fault(value: object) -> tuple[Reason, str] | None:
    """Why `value` is not an instant (reason, what was found), or None if it is one."""
    if instant_ms(value) is not None:
        return None
    if type(value) is int:
        for unit, start in _OTHER_UNITS:
            if start <= value < 10 * start:
                return Reason.TIME_UNIT, f"looks like {unit}; epoch milliseconds have 13 digits"
        return Reason.TIME_INVALID, _OUTSIDE
    if type(value) is not str:
        return Reason.TIME_INVALID, "neither epoch milliseconds nor RFC 3339 text"
    if _text_ms(value) is not None:
        return Reason.TIME_INVALID, _OUTSIDE
    return Reason.TIME_INVALID, "not RFC 3339 with Z or an offset"


def _text_ms(text: str) -> int | None:
    if len(text) > TEXT_LENGTH_MAX:
        return None
    head = _head_ms(text[:_HEAD_LENGTH])
    tail = _tail_ms(text[_HEAD_LENGTH:])
    if head is None or tail is None:
        return None
    fraction, offset = tail
    if text[17] == "6":
        return head + 999 - offset
    return head + fraction - offset


@lru_cache(_MEMO_SECONDS)
def _head_ms(head: str) -> int | None:
    """`2026-03-02T09:00:00` as UTC, in ms; second 60 counts as 59; None if no such time."""
    if _HEAD.fullmatch(head) is None:
        return None
    if head[17] == "6":
        head = head[:17] + "59"
    try:
        moment = datetime.fromisoformat(head + "+00:00")
    except ValueError:
        return None
    # A whole number of seconds is exact as a float for every year that four digits can name.
    return int(moment.timestamp()) * 1000


@lru_cache(_MEMO_TAILS)
def _tail_ms(tail: str) -> tuple[int, int] | None:
    """Fraction and offset of `.123456+01:00`, both in ms; None if neither `Z` nor an offset."""
    match = _TAIL.fullmatch(tail)
    if match is None:
        return None
    fraction = int((match["fraction"] or "").ljust(3, "0")[:3])
    if match["sign"] is None:
        return fraction, 0
    offset = (int(match["hours"]) * 60 + int(match["minutes"])) * 60_000
    return fraction, offset if match["sign"] == "+" else -offset
