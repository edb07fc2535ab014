"""What the wallboard shows: a few tiles, each with its number, certainty, target, size and recent course."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from processor.core.definitions import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, Window
from processor.core.formula import ScoreMetric
from processor.core.metric import SCORE
from processor.core.score import Score
from processor.core.tally import Tally, Vector, add, zero
from processor.core.window import Windows, reading_of, window_ranges
from processor.export.numbers import coverage, row
from processor.export.watch import Condition, Watch

TILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nps_score", ("nps_promoter_ratio", "nps_detractor_ratio")),
    ("csat_ratio", ("ces_ratio",)),
    ("fcr_ratio", ("fcr_settled_ratio", "repeat_contact_ratio")),
    ("cart_abandonment_ratio", ("checkout_abandonment_ratio", "cart_recovery_ratio")),
)
"""The four headlines, and what stands beside each."""

FEW = 30
"""Below this many answers an interval is wider than any decision (NPS +-28 points, CSAT +-14 percentage points)."""

WHOLE = 0.9
"""A window of which less than this is vouched for is called incomplete."""

UNJOINED_MAX = 0.2
"""Above this share of orders without a cart, abandonment is unreliable: carts and orders do not meet."""

POINTS_MAX = 30
"""Points of a sparkline."""

_STEPS_MS = (
    10 * SECOND_MS, 30 * SECOND_MS, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS,
    HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 7 * DAY_MS,
)  # fmt: skip


def board_model(
    watch: Watch, window: Window, build: Mapping[str, str], targets: Mapping[str, float]
) -> dict[str, Any]:
    """The board for one window."""
    status = watch.status()
    states = {Condition.LIVE: "live", Condition.STALE: "live", Condition.REBUILDING: "rebuilding"}
    return {
        "version": build["version"],
        "now_ms": watch.windows.now_ms,
        "window": window.name,
        "windows": [known.name for known in watch.windows.definitions.windows],
        "view": {
            "state": states.get(status.condition, "down"),
            "text": status.text,
            "progress": status.progress,
        },
        "tiles": [_tile(watch, window, name, beside, targets) for name, beside in TILES],
    }


def _tile(
    watch: Watch, window: Window, name: str, beside: Sequence[str], targets: Mapping[str, float]
) -> dict[str, Any]:
    metric = SCORE[name]
    tile = _figure(watch, window, metric, targets)
    tile |= {
        "as_of_ms": min(watch.as_of_ms(topic) for topic in watch.partitions_of(metric.tally)),
        "series": list(_course(watch.windows, window, metric)),
        "beside": [_figure(watch, window, SCORE[other], targets) for other in beside],
    }
    return tile


def _figure(
    watch: Watch, window: Window, metric: ScoreMetric, targets: Mapping[str, float]
) -> dict[str, Any]:
    """One metric in one window; a metric that is not kept for it is shown for the shortest that it is kept for."""
    kept = watch.windows.definitions.windows_of(metric.tally)
    shown = window if window in kept else min(kept, key=lambda w: w.length_ms)
    score = metric.of(row(watch.windows, shown.name, metric.tally, metric.tally.name).vector)
    share = coverage(watch.windows, shown.name, metric.tally, watch.partitions_of(metric.tally))
    target = targets.get(metric.name)
    state, text = _judgement(watch, shown, metric, score, share, target)
    scale = 100 if metric.unit == "ratio" else 1
    return {
        "metric": metric.name,
        "title": metric.title if shown is window else f"{metric.title} {shown.name}",
        "unit": "percent" if metric.unit == "ratio" else metric.unit,
        "decimals": 0,
        "good": metric.good,
        "counted": metric.counted,
        "value": _scaled(score.value, scale),
        "lower": _scaled(score.lower, scale),
        "upper": _scaled(score.upper, scale),
        "n": score.n,
        "target": _scaled(target, scale),
        "coverage": share,
        "state": state,
        "text": text,
    }


def _judgement(
    watch: Watch,
    window: Window,
    metric: ScoreMetric,
    score: Score,
    share: float,
    target: float | None,
) -> tuple[str, str]:
    """The state of a figure in one word; and why, where the numbers beside it do not say it."""
    doubt = _doubt(watch, window, metric, score, share)
    if doubt is not None:
        return doubt
    if target is None or score.lower is None or score.upper is None:
        return "good", ""
    above, below = score.lower >= target, score.upper <= target
    if above is below:
        return "watch", ""
    return ("good" if above is (metric.good == "up") else "bad"), ""


def _doubt(
    watch: Watch, window: Window, metric: ScoreMetric, score: Score, share: float
) -> tuple[str, str] | None:
    """Why a figure must not be judged, if so."""
    if watch.status().condition is Condition.REBUILDING:
        return "rebuilding", "Catching up with the log"
    if score.n == 0:
        return "none", f"No {metric.counted} yet"
    if share < WHOLE:
        return "incomplete", f"Only {share:.0%} of the window is in"
    if metric.name.startswith("cart_"):
        orders = SCORE["order_unjoined_ratio"]
        unjoined = orders.of(
            row(watch.windows, window.name, orders.tally, orders.tally.name).vector
        )
        if unjoined.value is not None and unjoined.value > UNJOINED_MAX:
            return "incomplete", f"{unjoined.value:.0%} of orders come without a cart"
    if score.n < FEW:
        return "few", f"Too few {metric.counted} to judge"
    return None


def _course(
    windows: Windows, window: Window, metric: ScoreMetric
) -> Iterator[tuple[int, float | None, float | None, float | None, int]]:
    """The metric in parts of the window, oldest first: (start_ms, value, lower, upper, n).

    The first part and the last are cut by the window's ends, so that the parts add up to the window.
    """
    scale = 100 if metric.unit == "ratio" else 1
    step_ms = next(
        step
        for step in (*_STEPS_MS, window.length_ms)
        if step % window.tier_ms == 0 and window.length_ms <= POINTS_MAX * step
    )
    for start_ms, vector in _parts(windows, window, metric.tally, step_ms):
        score = metric.of(vector)
        bounds = (
            _scaled(score.value, scale),
            _scaled(score.lower, scale),
            _scaled(score.upper, scale),
        )
        yield (start_ms, *bounds, score.n)


def _parts(
    windows: Windows, window: Window, tally: Tally, step_ms: int
) -> Iterator[tuple[int, Vector]]:
    """The tally's total in steps over the window, from its closed and open panes."""
    reading = reading_of(windows.definitions, tally)
    first_ms = windows.now_ms - window.length_ms
    parts: dict[int, Vector] = {
        at_ms: zero(tally)
        for at_ms in range(first_ms - first_ms % step_ms, windows.now_ms, step_ms)
    }
    for partition in windows.partitions.values():
        panes = partition.panes(reading)
        end_ms = reading.end_ms(windows.now_ms, partition.as_of_ms)
        for tier_ms, (start_ms, until_ms) in window_ranges(
            window, reading, windows.now_ms, end_ms
        ).items():
            for at_ms in range(start_ms, until_ms, tier_ms):
                cells = panes.get((tier_ms, at_ms))
                part_ms = at_ms - at_ms % step_ms
                if cells and tally.name in cells and part_ms in parts:
                    parts[part_ms] = add(parts[part_ms], cells[tally.name])
    yield from parts.items()


def _scaled(value: float | None, scale: int) -> float | None:
    return None if value is None else value * scale
