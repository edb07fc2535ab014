"""Counts into a score with its bounds. Pure formulas, each with its publisher.

A score of nothing is None, never 0. All intervals are two-sided, 95 %.
"""

from math import sqrt

from msgspec import Struct

CONFIDENCE = 0.95
Z = 1.959963984540054
"""Standard errors on either side: NormalDist().inv_cdf((1 + CONFIDENCE) / 2), written out so that
a score has the same digits on every platform."""


class Score(Struct, frozen=True):
    """A number shown to people, and how sure it is.

    Attributes:
        value: the score; None of nothing.
        lower, upper: the bounds of its interval; None where there is none.
        n: on how many answers, contacts or carts it stands.
    """

    value: float | None
    lower: float | None
    upper: float | None
    n: int


def nothing() -> Score:
    """The score of nothing."""
    return Score(None, None, None, 0)


def net_promoter(promoters: int, detractors: int, answers: int) -> Score:
    """The Net Promoter Score, -100 to 100 points, with the adjusted Wald interval.

    Score: Reichheld, "The One Number You Need to Grow", Harvard Business Review 2003. Interval:
    three answers are added, 3/4 promoter and 3/4 detractor (Rocks, "Interval Estimation for the Net
    Promoter Score", The American Statistician 2016; Lewis and Sauro, MeasuringU 2021), so that it
    stays open when all answers agree.
    """
    if answers == 0:
        return nothing()
    adjusted = answers + 3
    p, d = (promoters + 0.75) / adjusted, (detractors + 0.75) / adjusted
    margin = Z * net_promoter_error(p, d, adjusted)
    value = 100 * (promoters - detractors) / answers
    # The adjusted interval of one single answer leaves out that very answer: who could read that?
    return Score(
        value,
        max(-100.0, min(value, 100 * (p - d - margin))),
        min(100.0, max(value, 100 * (p - d + margin))),
        answers,
    )


def net_promoter_error(p: float, d: float, n: float) -> float:
    """The standard error of `p - d`, shares among n answers: sqrt((p + d - (p - d)^2) / n)."""
    return sqrt((p + d - (p - d) ** 2) / n)


def share(part: int, whole: int) -> Score:
    """A ratio, 0 to 1, with the Wilson score interval.

    Wilson, JASA 1927; recommended by Brown, Cai and DasGupta, Statistical Science 2001.
    """
    if whole == 0:
        return nothing()
    p = part / whole
    centre = (p + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    margin = Z / (1 + Z * Z / whole) * sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole))
    # At 0 and at 1 the bound is the value itself; rounding must not put it on the other side.
    return Score(p, max(0.0, min(p, centre - margin)), min(1.0, max(p, centre + margin)), whole)


def mean(total: int, squares: int | None, n: int, unit: int = 1) -> Score:
    """The mean of n integers in units of `unit`, with the normal interval if squares are known.

    The variance is the sample's, `(squares - total^2 / n) / (n - 1)`; of one value alone there is
    none.
    """
    if n == 0:
        return nothing()
    value = total / n / unit
    if squares is None or n == 1:
        return Score(value, None, None, n)
    # In integers until the last step: the difference of two large floats would lose what matters.
    variance = (squares * n - total * total) / (n * (n - 1))
    margin = Z * sqrt(variance / n) / unit
    return Score(value, value - margin, value + margin, n)
