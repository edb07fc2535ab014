"""One score in one window, as a board shows it: the number, how sure it is, and what it says.

What is judged is the interval, never the number alone; nothing is judged that stands on too little,
or on what the log left open if that could change the verdict. A judgement's word is a state that
`static/state.js` knows how to draw.
"""

from collections.abc import Mapping
from typing import NamedTuple

from processor.core.definitions import Window
from processor.core.formula import ScoreMetric
from processor.core.score import Score
from processor.export.doubt import doubts
from processor.export.numbers import coverage, total_score
from processor.export.watch import Condition, Watch

FEW = 30
"""Below this many answers an interval is wider than any decision: NPS +-28, CSAT +-14 points."""

WHOLE = 0.9
"""A window of which less than this is vouched for is called incomplete."""

_VERDICTS = ("good", "watch", "bad")
"""What a figure can say about its target."""


class Judgement(NamedTuple):
    """One word for the state of a figure; and why, where the numbers beside it do not say it."""

    state: str
    text: str = ""


class Figure(NamedTuple):
    """A score of everything that is in a window.

    Attributes:
        coverage: the share of the window that the view vouches for, 0 to 1.
        as_of_ms: everything that had arrived by then is in; 0 if a partition was never read.
        target: in the score's own unit; None if there is none.
    """

    metric: ScoreMetric
    window: Window
    score: Score
    coverage: float
    as_of_ms: int
    target: float | None


def figure(
    watch: Watch, window: Window, metric: ScoreMetric, targets: Mapping[str, float]
) -> Figure | None:
    """A metric in a window; one that is not kept for it, in the shortest that it is kept for.

    None if no window is long enough for it, or no topic feeds it.
    """
    kept = watch.windows.definitions.windows_of(metric.tally)
    topics = watch.partitions_of(metric.tally)
    if not kept or not topics:
        return None
    shown = window if window in kept else min(kept, key=lambda known: known.length_ms)
    return Figure(
        metric,
        shown,
        total_score(watch.windows, shown.name, metric),
        coverage(watch.windows, shown.name, metric.tally, topics),
        min(map(watch.as_of_ms, topics)),
        targets.get(metric.name),
    )


def judge(watch: Watch, shown: Figure) -> Judgement:
    """What a figure says about its target, or why it must not be judged."""
    unready = _unready(watch, shown)
    if unready is not None:
        return unready
    state = _verdict(shown, shown.score)
    if state == "few":
        return Judgement(state, f"Too few {shown.metric.counted} to judge")
    if state in _VERDICTS:
        for doubt in doubts(watch.windows, shown.window.name, shown.metric.tally):
            if _verdict(shown, shown.metric.of(doubt.vector)) != state:
                return Judgement("incomplete", doubt.text)
    return Judgement(state)


def _unready(watch: Watch, shown: Figure) -> Judgement | None:
    """Why a figure is not there yet."""
    if watch.status().condition is Condition.REBUILDING:
        return Judgement("rebuilding", "Catching up with the log")
    if shown.score.n == 0:
        waiting = shown.as_of_ms == 0
        text = "Waiting for the first records" if waiting else f"No {shown.metric.counted} yet"
        return Judgement("none", text)
    if shown.coverage < WHOLE or shown.as_of_ms == 0:
        return Judgement("incomplete", f"Only {shown.coverage:.0%} of the window is in")
    return None


def _verdict(shown: Figure, score: Score) -> str:
    """The word for a score where `shown` stands."""
    target = shown.target
    if score.n < FEW:
        return "few"
    if target is None or score.lower is None or score.upper is None:
        return "plain"
    above, below = score.lower >= target, score.upper <= target
    if above is below:
        return "watch"
    return "good" if above is (shown.metric.good == "up") else "bad"
