"""Formulas in the words of the exposition, for both pages."""

from processor.core.formula import CountMetric, Mean, NetPromoter, ScoreMetric, Share
from processor.core.series import PREFIX
from processor.core.tally import Vector


def formula_words(metric: ScoreMetric) -> str:
    """A score's formula over the counts beside it."""
    formula = metric.formula
    if isinstance(formula, NetPromoter):
        promoters, detractors, answers = map(
            _name, (formula.promoters, formula.detractors, formula.answers)
        )
        return f"100 * ({promoters} - {detractors}) / {answers}"
    if isinstance(formula, Share):
        wholes = " + ".join(map(_name, formula.wholes))
        return f"{_name(formula.part)} / {f'({wholes})' if len(formula.wholes) > 1 else wholes}"
    return f"{_name(formula.total)} / {_name(formula.count)}"


def parts_of(metric: ScoreMetric) -> list[CountMetric]:
    """The counts that a score and its bounds are made of."""
    formula = metric.formula
    if isinstance(formula, NetPromoter):
        return [formula.promoters, formula.detractors, formula.answers]
    if isinstance(formula, Share):
        return list(dict.fromkeys((formula.part, *formula.wholes)))
    squares = [formula.squares] if formula.squares else []
    return [formula.total, formula.count, *squares]


def interval_of(metric: ScoreMetric) -> str:
    """By which method a score's bounds are found; empty if it has none."""
    formula = metric.formula
    if isinstance(formula, Mean):
        return "normal" if formula.squares else ""
    return "adjusted Wald" if isinstance(formula, NetPromoter) else "Wilson"


def counted_words(metric: ScoreMetric, vector: Vector) -> str:
    """The counts of a formula with their numbers in a vector, in the unit of the tally."""
    return ", ".join(f"{_name(count)} {count.of(vector)}" for count in parts_of(metric))


def _name(count: CountMetric) -> str:
    return f"`{PREFIX}{count.name}`"
