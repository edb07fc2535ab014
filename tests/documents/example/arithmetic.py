"""Scores with their arithmetic spelled out, step by step, held against the core's own formulas."""

from math import isclose, sqrt
from typing import NamedTuple

from processor.core.score import Score, Z, mean, net_promoter, share


class Spelled(NamedTuple):
    """A score, and the steps a person can follow to it."""

    score: Score
    steps: tuple[str, ...]


def net_promoter_steps(promoters: int, detractors: int, answers: int) -> Spelled:
    """The Net Promoter Score and its adjusted Wald interval."""
    adjusted = answers + 3
    p, d = (promoters + 0.75) / adjusted, (detractors + 0.75) / adjusted
    error = sqrt((p + d - (p - d) ** 2) / adjusted)
    value = 100 * (promoters - detractors) / answers
    low, high = 100 * (p - d - Z * error), 100 * (p - d + Z * error)
    steps = (
        f"score = 100 * ({promoters} - {detractors}) / {answers} = {_n(value)}",
        f"n' = n + 3 = {adjusted}",
        f"p = (promoters + 3/4) / n' = {_n(promoters + 0.75)} / {adjusted} = {_n(p)}",
        f"d = (detractors + 3/4) / n' = {_n(detractors + 0.75)} / {adjusted} = {_n(d)}",
        f"se = sqrt((p + d - (p - d)²) / n') = sqrt({_n(p + d - (p - d) ** 2)} / {adjusted})"
        f" = {_n(error)}",
        f"lower = 100 * (p - d - z * se) = 100 * ({_n(p - d)} - {_n(Z)} * {_n(error)})"
        f" = {_n(low)}{_cut(low, max(-100.0, min(value, low)))}",
        f"upper = 100 * (p - d + z * se) = 100 * ({_n(p - d)} + {_n(Z)} * {_n(error)})"
        f" = {_n(high)}{_cut(high, min(100.0, max(value, high)))}",
    )
    held = (value, max(-100.0, min(value, low)), min(100.0, max(value, high)))
    return _spelled(net_promoter(promoters, detractors, answers), held, steps)


def share_steps(part: int, whole: int) -> Spelled:
    """A share and its Wilson interval."""
    p = part / whole
    below = 1 + Z * Z / whole
    centre = (p + Z * Z / (2 * whole)) / below
    root = sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole))
    margin = Z / below * root
    low, high = centre - margin, centre + margin
    steps = (
        f"score = p = {part} / {whole} = {_n(p)}",
        f"D = 1 + z² / n = 1 + {_n(Z * Z)} / {whole} = {_n(below)}",
        f"centre = (p + z² / 2n) / D = ({_n(p)} + {_n(Z * Z / (2 * whole))}) / {_n(below)}"
        f" = {_n(centre)}",
        f"margin = z / D * sqrt(p (1 - p) / n + z² / 4n²) = {_n(Z / below)} * {_n(root)}"
        f" = {_n(margin)}",
        f"lower = centre - margin = {_n(low)}{_cut(low, max(0.0, min(p, low)))}",
        f"upper = centre + margin = {_n(high)}{_cut(high, min(1.0, max(p, high)))}",
    )
    held = (p, max(0.0, min(p, low)), min(1.0, max(p, high)))
    return _spelled(share(part, whole), held, steps)


def mean_steps(total: int, squares: int, n: int, unit: int) -> Spelled:
    """A mean of two values or more, and its normal interval; `unit` turns it into seconds."""
    value = total / n / unit
    variance = (squares * n - total * total) / (n * (n - 1))
    margin = Z * sqrt(variance / n) / unit
    scaled = f" / {unit}" if unit > 1 else ""
    steps = (
        f"score = total / n{scaled} = {total} / {n}{scaled} = {_n(value)}",
        f"variance = (squares * n - total²) / (n (n - 1)) = ({squares} * {n} - {total}²)"
        f" / {n * (n - 1)} = {_n(variance)}",
        f"margin = z * sqrt(variance / n){scaled} = {_n(Z)} * sqrt({_n(variance / n)}){scaled}"
        f" = {_n(margin)}",
        f"lower = score - margin = {_n(value - margin)}",
        f"upper = score + margin = {_n(value + margin)}",
    )
    held = (value, value - margin, value + margin)
    return _spelled(mean(total, squares, n, unit), held, steps)


def _spelled(score: Score, held: tuple[float, float, float], steps: tuple[str, ...]) -> Spelled:
    """The steps, if they lead to the score.

    Raises:
        ValueError: they lead elsewhere.
    """
    told = (score.value, score.lower, score.upper)
    for ours, theirs in zip(held, told, strict=True):
        if theirs is None or not isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12):
            raise ValueError(f"the steps lead to {held}, the score is {told}")
    return Spelled(score, steps)


def _n(number: float) -> str:
    """A number as the steps show it: six digits."""
    return f"{number:.6g}"


def _cut(found: float, held: float) -> str:
    return "" if isclose(found, held) else f", held at {_n(held)}"
