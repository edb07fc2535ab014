"""One score in one window, as a board shows it: the number, how sure it is, and what it says.

What is judged is the interval, never the number alone; and nothing is judged that stands on too
little. A judgement's word is a state that `static/state.js` knows how to draw.
"""

from collections.abc import Mapping
from typing import NamedTuple

from processor.core.definitions import Window
from processor.core.formula import ScoreMetric
from processor.core.metric import SCORE
from processor.core.score import Score
from processor.export.numbers import coverage, total_score
from processor.export.watch import Condition, Watch

FEW = 30
"""Below this many answers an interval is wider than any decision: NPS +-28, CSAT +-14 points."""

WHOLE = 0.9
"""A window of which less than this is vouched for is called incomplete."""

UNJOINED_MAX = 0.2
"""Above this share of orders without a cart, carts and orders do not meet: abandonment is noise."""


class Judgement(NamedTuple):
    """One word for the state of a figure; and why, where the numbers beside it do not say it."""

    state: str
    text: str = ""


class Figure(NamedTuple):
    """A score of everything that is in a window.

    Attributes:
        coverage: the share of the window that the view vouches for, 0 to 1.
        target: in the score's own unit; None if there is none.
    """

    metric: ScoreMetric
    window: Window
    score: Score
    coverage: float
    target: float | None


def figure(
    watch: Watch, window: Window, metric: ScoreMetric, targets: Mapping[str, float]
) -> Figure:
    """A metric in a window; one that is not kept for it, in the shortest that it is kept for."""
    kept = watch.windows.definitions.windows_of(metric.tally)
    shown = window if window in kept else min(kept, key=lambda known: known.length_ms)
    topics = watch.partitions_of(metric.tally)
    return Figure(
        metric,
        shown,
        total_score(watch.windows, shown.name, metric),
        coverage(watch.windows, shown.name, metric.tally, topics),
        targets.get(metric.name),
    )


def judge(watch: Watch, shown: Figure) -> Judgement:
    """What a figure says about its target, or why it must not be judged."""
    doubt = _doubt(watch, shown)
    if doubt is not None:
        return doubt
    score, target = shown.score, shown.target
    if target is None or score.lower is None or score.upper is None:
        return Judgement("plain")
    above, below = score.lower >= target, score.upper <= target
    if above is below:
        return Judgement("watch")
    return Judgement("good" if above is (shown.metric.good == "up") else "bad")


def _doubt(watch: Watch, shown: Figure) -> Judgement | None:
    counted = shown.metric.counted
    if watch.status().condition is Condition.REBUILDING:
        return Judgement("rebuilding", "Catching up with the log")
    if shown.score.n == 0:
        return Judgement("none", f"No {counted} yet")
    if shown.coverage < WHOLE:
        return Judgement("incomplete", f"Only {shown.coverage:.0%} of the window is in")
    if shown.metric.name.startswith("cart_"):
        orders = total_score(watch.windows, shown.window.name, SCORE["order_unjoined_ratio"])
        if orders.value is not None and orders.value > UNJOINED_MAX:
            return Judgement("incomplete", f"{orders.value:.0%} of orders come without a cart")
    if shown.score.n < FEW:
        return Judgement("few", f"Too few {counted} to judge")
    return None
