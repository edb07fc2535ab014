"""What the wallboard shows, as its page wants it: a few tiles, each with its figure and course.

Only names and units are decided here: what is said about a number stands in `figure`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from processor.core.definitions import Window
from processor.core.formula import ScoreMetric
from processor.core.metric import SCORE
from processor.core.score import Score
from processor.export.course import course
from processor.export.figure import figure, judge
from processor.export.watch import Condition, Watch

TILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nps_score", ("nps_promoter_ratio", "nps_detractor_ratio")),
    ("csat_ratio", ("ces_ratio",)),
    ("fcr_ratio", ("fcr_settled_ratio", "repeat_contact_ratio")),
    ("cart_abandonment_ratio", ("checkout_abandonment_ratio", "cart_recovery_ratio")),
)
"""The four headlines, and what stands beside each."""

_STATE_OF_VIEW = {
    Condition.LIVE: "live",
    Condition.STALE: "live",
    Condition.REBUILDING: "rebuilding",
    Condition.DOWN: "down",
}
"""A stale view still moves: the page greys out the tiles whose own as-of is too old."""


def board_model(
    watch: Watch, window: Window, build: Mapping[str, str], targets: Mapping[str, float]
) -> dict[str, Any]:
    """The board for one window."""
    status = watch.status()
    return {
        "version": build["version"],
        "now_ms": watch.windows.now_ms,
        "window": window.name,
        "windows": [known.name for known in watch.windows.definitions.windows],
        "view": {
            "state": _STATE_OF_VIEW[status.condition],
            "text": status.text,
            "progress": status.progress,
        },
        "tiles": [_tile(watch, window, name, beside, targets) for name, beside in TILES],
    }


def _tile(
    watch: Watch, window: Window, name: str, beside: Sequence[str], targets: Mapping[str, float]
) -> dict[str, Any]:
    metric = SCORE[name]
    return {
        **_shown(watch, window, metric, targets),
        "as_of_ms": min(watch.as_of_ms(topic) for topic in watch.partitions_of(metric.tally)),
        "series": list(_series(watch, window, metric)),
        "beside": [_shown(watch, window, SCORE[other], targets) for other in beside],
    }


def _shown(
    watch: Watch, window: Window, metric: ScoreMetric, targets: Mapping[str, float]
) -> dict[str, Any]:
    found = figure(watch, window, metric, targets)
    judgement = judge(watch, found)
    scale = _scale(metric)
    score = _scaled(found.score, scale)
    elsewhere = "" if found.window is window else f" {found.window.name}"
    return {
        "metric": metric.name,
        "title": metric.title + elsewhere,
        "unit": "percent" if metric.unit == "ratio" else metric.unit,
        "decimals": 0,
        "good": metric.good,
        "counted": metric.counted,
        "value": score.value,
        "lower": score.lower,
        "upper": score.upper,
        "n": score.n,
        "target": _times(found.target, scale),
        "coverage": found.coverage,
        "state": judgement.state,
        "text": judgement.text,
    }


def _series(
    watch: Watch, window: Window, metric: ScoreMetric
) -> Iterator[tuple[int, float | None, float | None, float | None, int]]:
    """The course as the page draws it: (start_ms, value, lower, upper, n)."""
    for point in course(watch.windows, window, metric):
        score = _scaled(point.score, _scale(metric))
        yield (point.start_ms, score.value, score.lower, score.upper, score.n)


def _scale(metric: ScoreMetric) -> int:
    """People read a ratio in percent."""
    return 100 if metric.unit == "ratio" else 1


def _scaled(score: Score, scale: int) -> Score:
    return msgspec.structs.replace(
        score,
        value=_times(score.value, scale),
        lower=_times(score.lower, scale),
        upper=_times(score.upper, scale),
    )


def _times(value: float | None, scale: int) -> float | None:
    return None if value is None else value * scale
