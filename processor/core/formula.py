"""How a row of the table of metrics makes a number of a vector: counts, and scores of counts."""

from typing import Literal, TypeAlias

from msgspec import Struct

from processor.core.score import Score, mean, net_promoter, share
from processor.core.tally import Tally, Vector

Good: TypeAlias = Literal["up", "down"]
Unit: TypeAlias = Literal["points", "ratio", "rating", "seconds"]


class CountMetric(Struct, frozen=True):
    """A count over a window: the sum of some fields of a tally, by `unit` in the exposition.

    Its series is `cx_<name>`; by slice, `cx_<name>_by_<slice>`. `label` tells series of one name
    apart.
    """

    name: str
    tally: Tally
    fields: tuple[str, ...]
    help: str
    unit: int = 1
    label: tuple[str, str] | None = None

    def of(self, vector: Vector) -> int:
        """The count in a vector of the tally, in the tally's own unit."""
        return sum(vector[self.tally.fields.index(field)] for field in self.fields)


class NetPromoter(Struct, frozen=True):
    """100 * (promoters - detractors) / answers."""

    promoters: CountMetric
    detractors: CountMetric
    answers: CountMetric


class Share(Struct, frozen=True):
    """part / (the sum of wholes)."""

    part: CountMetric
    wholes: tuple[CountMetric, ...]


class Mean(Struct, frozen=True):
    """total / count, in the total's unit."""

    total: CountMetric
    squares: CountMetric | None
    count: CountMetric


class ScoreMetric(Struct, frozen=True):
    """A score over a window.

    Series: `cx_<name>` with `_lower` and `_upper`, `cx_<name>_n` (on how many),
    `cx_<name>_coverage_ratio`.

    Attributes:
        title: what people call it.
        good: the direction in which it is good.
        counted: what n counts.
        source: who defines it so, and the kind of its interval.
        target: the default target, in the metric's unit; None if there is none.
    """

    name: str
    title: str
    formula: NetPromoter | Share | Mean
    unit: Unit
    good: Good
    counted: str
    help: str
    source: str
    target: float | None = None

    @property
    def tally(self) -> Tally:
        """The tally that it is made from."""
        formula = self.formula
        if isinstance(formula, NetPromoter):
            return formula.answers.tally
        return (formula.part if isinstance(formula, Share) else formula.total).tally

    def of(self, vector: Vector) -> Score:
        """The score of a vector of its tally."""
        formula = self.formula
        if isinstance(formula, NetPromoter):
            counts = (formula.promoters, formula.detractors, formula.answers)
            promoters, detractors, answers = (count.of(vector) for count in counts)
            return net_promoter(promoters, detractors, answers)
        if isinstance(formula, Share):
            whole = sum(whole.of(vector) for whole in formula.wholes)
            return share(formula.part.of(vector), whole)
        squares = formula.squares.of(vector) if formula.squares else None
        count = formula.count.of(vector)
        return mean(formula.total.of(vector), squares, count, formula.total.unit)
