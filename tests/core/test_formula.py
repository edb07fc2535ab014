"""A row of the table of metrics makes a number of a vector."""

import pytest

from processor.core.formula import CountMetric, Mean, NetPromoter, ScoreMetric, Share
from processor.core.score import mean, net_promoter, share
from processor.core.tally import CSAT_RATING, NPS

NINES = CountMetric("nines", NPS, ("r9",), "")
ZEROS = CountMetric("zeros", NPS, ("r0",), "")
BOTH = CountMetric("both", NPS, ("r0", "r9"), "")
SUM = CountMetric("sum", CSAT_RATING, ("sum",), "", unit=10)
SQUARES = CountMetric("squares", CSAT_RATING, ("squares",), "")
ANSWERS = CountMetric("answers", CSAT_RATING, ("answers",), "")

VECTOR = [2, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0]


def row(formula: NetPromoter | Share | Mean) -> ScoreMetric:
    return ScoreMetric(
        name="score",
        title="",
        formula=formula,
        unit="ratio",
        good="up",
        target=None,
        counted="",
        help="",
        source="",
    )


def test_a_count_is_the_sum_of_its_fields() -> None:
    assert [count.of(VECTOR) for count in (NINES, ZEROS, BOTH)] == [3, 2, 5]


def test_a_net_promoter_score_of_its_three_counts() -> None:
    metric = row(NetPromoter(NINES, ZEROS, BOTH))
    assert metric.tally is NPS
    assert metric.of(VECTOR) == net_promoter(3, 2, 5)


def test_a_share_of_the_sum_of_its_wholes() -> None:
    metric = row(Share(NINES, (NINES, ZEROS)))
    assert metric.tally is NPS
    assert metric.of(VECTOR) == share(3, 5)


@pytest.mark.parametrize(("squares", "known"), [(SQUARES, 50), (None, None)])
def test_a_mean_with_or_without_squares(squares: CountMetric | None, known: int | None) -> None:
    metric = row(Mean(SUM, squares, ANSWERS))
    assert metric.tally is CSAT_RATING
    assert metric.of([2, 10, 50]) == mean(10, known, 2, 10)
