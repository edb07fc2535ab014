"""Board messages as the exporter sends them, small enough to be read beside the assertion.

Lives here: the four tiles in every state, at one fixed instant. Never here: a server, a browser.
The rest may lean on `NOW_MS`: every message is stamped with it, and `BoardServer` moves it on.
"""

import math
from collections.abc import Sequence
from typing import Any

Message = dict[str, Any]

NOW_MS = 1_772_442_000_000  # 2026-03-02 09:00:00 UTC, 10:00:00 in Berlin
WINDOWS = ("5m", "1h", "24h", "7d", "28d")
STATES = ("good", "plain", "watch", "bad", "few", "incomplete", "none", "rebuilding")
_STEP_MS = 40_000
_POINTS = 60


def series(value: float | None, half: float) -> list[list[float | None]]:
    """A course that ends at `value`, with an interval of +- `half` and a gap of no answers."""
    if value is None:
        return []
    rows: list[list[float | None]] = []
    for step in range(_POINTS):
        at = NOW_MS - (_POINTS - 1 - step) * _STEP_MS
        gap = 20 < step < 26
        here = value + half * math.sin((_POINTS - 1 - step) / 6)
        rows.append([at, None, None, None, 0] if gap else [at, here, here - half, here + half, 300])
    return rows


def tile(metric: str, title: str, **said: Any) -> Message:
    """A tile of NPS 41.2 of 312 answers, but for what is said otherwise."""
    made: Message = {
        "metric": metric,
        "title": title,
        "unit": "points",
        "decimals": 0,
        "good": "up",
        "counted": "answers",
        "value": 41.2,
        "lower": 36.1,
        "upper": 46.0,
        "n": 312,
        "target": 50,
        "coverage": 1.0,
        "as_of_ms": NOW_MS - 2_000,
        "state": "bad",
        "text": "Below target with certainty",
        "beside": [],
    }
    made["series"] = series(said.get("value", 41.2), 5.0)
    return made | said


def beside(metric: str, title: str, value: float | None, **said: Any) -> Message:
    """A percentage beside a headline, +- 3, of 1204."""
    made: Message = {"metric": metric, "title": title, "unit": "percent", "decimals": 0}
    made |= {"value": value, "n": 1204, "target": None, "good": "up", "state": "plain"}
    bounds = {} if value is None else {"lower": value - 3, "upper": value + 3}
    return made | bounds | said


def board(tiles: Sequence[Message], **said: Any) -> Message:
    """A whole message with these tiles."""
    made: Message = {
        "version": "0.1.0",
        "now_ms": NOW_MS,
        "window": "1h",
        "windows": list(WINDOWS),
        "stale_after_ms": 30_000,
        "view": {"state": "live", "text": "", "progress": None},
        "tiles": list(tiles),
    }
    return made | said


def usual() -> Message:
    """An afternoon: one metric missed, one uncertain, two well."""
    watch = "The interval contains the target"
    percent: Message = {"unit": "percent", "text": "On target with certainty", "state": "good"}
    return board(
        [
            tile("nps", "NPS"),
            tile(
                "csat",
                "CSAT",
                **(percent | {"state": "watch", "text": watch, "target": 80, "n": 341}),
                value=82.4,
                lower=78.2,
                upper=86.0,
                beside=[beside("ces", "CES easy", 71.0, target=70, state="watch")],
            ),
            tile(
                "fcr",
                "FCR (provisional)",
                **(percent | {"target": 70, "n": 905, "counted": "contacts"}),
                value=78.8,
                lower=76.0,
                upper=81.4,
                beside=[
                    beside("fcr_settled", "Settled", 76.4, target=75),
                    beside("repeat_rate", "Repeat rate", 12.2, good="down", state="bad", target=10),
                ],
            ),
            tile(
                "cart_abandonment",
                "Cart abandonment",
                **(percent | {"target": 70, "n": 1450, "counted": "carts", "good": "down"}),
                value=68.0,
                lower=65.2,
                upper=69.7,
                beside=[
                    beside("checkout_abandonment", "Checkout abandonment", 38.1, good="down"),
                    beside("recovery", "Recovery", 9.6),
                ],
            ),
        ]
    )


def longest() -> Message:
    """Every number as long as it gets."""
    made = usual()
    for number, one in enumerate(made["tiles"]):
        long: Message = {"value": 100.0, "lower": 99.0, "upper": 100.0, "decimals": 1}
        if number == 0:
            long = {"value": -100.0, "lower": -100.0, "upper": -99.2}
        one.update(long | {"n": 123_456, "state": "bad", "text": "Off target with certainty"})
        one["series"] = series(one["value"], 0.5)
        for other in one["beside"]:
            other |= {"value": 100.0, "lower": 99.0, "upper": 100.0, "n": 123_456}
    return made


def emptiest() -> Message:
    """Nothing was ever answered, and nothing is aimed at."""
    made = usual()
    for one in made["tiles"]:
        one |= {"value": None, "lower": None, "upper": None, "n": 0, "target": None}
        one |= {"state": "none", "text": "", "series": [], "as_of_ms": NOW_MS}
        for other in one["beside"]:
            other |= {"value": None, "lower": None, "upper": None, "n": 0, "state": "none"}
    return made


def first_start() -> Message:
    """No worker has written anything yet."""
    made = emptiest()
    made["view"] = {"state": "down", "text": "No worker has written anything yet"}
    for one in made["tiles"]:
        one |= {"as_of_ms": None, "text": "Waiting for the first records"}
    return made


def ownerless() -> Message:
    """All workers were stopped two minutes ago."""
    made = usual()
    made["view"] = {"state": "stale", "text": "13 partitions without a working owner"}
    for one in made["tiles"]:
        one["as_of_ms"] -= 120_000
    return made


def doubted() -> Message:
    """Two numbers that are not judged, because the log left something open."""
    made = usual()
    left_open = (
        (2, "5,940 of 6,712 first contacts: nobody said yet"),
        (3, "12,345 orders come without a cart: they could change this"),
    )
    for at, text in left_open:
        made["tiles"][at] |= {"state": "incomplete", "text": text}
    return made


def only(count: int) -> Message:
    """An exporter that is fed so little that there are only so many tiles."""
    made = usual()
    made["tiles"] = made["tiles"][:count]
    return made


def all_in(state: str) -> Message:
    """The usual board with every tile in one state."""
    made = usual()
    for one in made["tiles"]:
        one |= {"state": state, "text": "What the server says about it"}
    if state == "rebuilding":
        made["view"] = {"state": "rebuilding", "text": "The log is read again", "progress": 0.42}
    return made
