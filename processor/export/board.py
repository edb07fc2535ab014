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
from processor.export.figure import Figure, figure, judge
from processor.export.watch import Watch

TILES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("nps_score", ("nps_promoter_ratio", "nps_detractor_ratio")),
    ("csat_ratio", ("ces_ratio",)),
    ("fcr_ratio", ("fcr_settled_ratio", "repeat_contact_ratio")),
    ("cart_abandonment_ratio", ("checkout_abandonment_ratio", "cart_recovery_ratio")),
)
"""The four headlines, and what stands beside each; what is not counted here is left out."""


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
        "stale_after_ms": watch.stale_after_ms,
        "view": {
            "state": status.condition.value,
            "text": status.text,
            "progress": status.progress,
        },
        "tiles": [
            _tile(watch, window, shown, list(_figures(watch, window, beside, targets)))
            for name, beside in TILES
            for shown in _figures(watch, window, (name,), targets)
        ],
    }


def _figures(
    watch: Watch, window: Window, names: Sequence[str], targets: Mapping[str, float]
) -> Iterator[Figure]:
    """The metrics of these names that there can be."""
    for name in names:
        found = figure(watch, window, SCORE[name], targets)
        if found is not None:
            yield found


def _tile(watch: Watch, window: Window, shown: Figure, beside: Sequence[Figure]) -> dict[str, Any]:
    """A headline; its as-of is null where a partition was never read."""
    return {
        **_shown(watch, window, shown),
        "as_of_ms": shown.as_of_ms or None,
        "series": list(_series(watch, shown)),
        "beside": [_shown(watch, window, other) for other in beside],
    }


def _shown(watch: Watch, window: Window, shown: Figure) -> dict[str, Any]:
    metric = shown.metric
    judgement = judge(watch, shown)
    scale = _scale(metric)
    score = _scaled(shown.score, scale)
    elsewhere = "" if shown.window is window else f" {shown.window.name}"
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
        "target": _times(shown.target, scale),
        "coverage": shown.coverage,
        "state": judgement.state,
        "text": judgement.text,
    }


def _series(
    watch: Watch, shown: Figure
) -> Iterator[tuple[int, float | None, float | None, float | None, int]]:
    """The course as the page draws it: (start_ms, value, lower, upper, n)."""
    for point in course(watch.windows, shown.window, shown.metric):
        score = _scaled(point.score, _scale(shown.metric))
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
