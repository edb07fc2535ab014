"""Published worked examples, and the formulas held against somebody else's."""

from math import sqrt

import pytest
from statsmodels.stats.proportion import (  # type: ignore[import-untyped]  # it has no types
    proportion_confint,
)

from processor.core.score import Score, Z, mean, net_promoter, net_promoter_error, share

# A bank's NPS answers of 2021 by market (Kaggle, "NPS Bank"): promoters, detractors, answers.
MEXICO = (791, 509, 1649)
KINGDOM = (755, 609, 1720)


def error(promoters: int, detractors: int, answers: int) -> float:
    """The plain Wald standard error, in points."""
    return 100 * net_promoter_error(promoters / answers, detractors / answers, answers)


@pytest.mark.parametrize(("of", "value", "se"), [(MEXICO, 17.10, 2.146), (KINGDOM, 8.49, 2.137)])
def test_the_score_of_a_banks_market(of: tuple[int, int, int], value: float, se: float) -> None:
    score = net_promoter(*of)
    assert score.value == pytest.approx(value, abs=0.005)
    assert error(*of) == pytest.approx(se, abs=0.0005)
    assert score.n == of[2]


def test_the_published_error_of_one_market_is_that_of_a_sample() -> None:
    """The analysis prints 2.138: the sample's, over n - 1. The formula over n gives 2.137."""
    promoters, detractors, answers = KINGDOM
    of_sample = error(*KINGDOM) * sqrt(answers / (answers - 1))
    assert of_sample == pytest.approx(2.138, abs=0.0005)
    assert error(promoters, detractors, answers) == pytest.approx(2.137, abs=0.0005)


def test_two_markets_differ_significantly() -> None:
    a, b = net_promoter(*MEXICO).value, net_promoter(*KINGDOM).value
    assert a is not None
    assert b is not None
    z = (a - b) / sqrt(error(*MEXICO) ** 2 + error(*KINGDOM) ** 2)
    assert z == pytest.approx(2.84, abs=0.005)
    assert z > Z


@pytest.mark.parametrize(
    ("of", "centre", "margin"),
    [
        ((15, 9, 36), 15.385, 24.914),  # -9.53 to 40.30
        ((2, 1, 3), 16.667, 68.001),  # 2.75 and 1.75 of 6
        (MEXICO, 17.070, 4.200),
        (KINGDOM, 8.474, 4.184),
    ],
)
def test_the_interval_is_that_of_three_answers_more(
    of: tuple[int, int, int], centre: float, margin: float
) -> None:
    """0.75 detractors, 1.5 passives and 0.75 promoters, as Rocks' own R package NPS adds them.

    Reckoned the other way round: the mean of the answers as -1, 0 and 1, and their variance.
    """
    promoters, detractors, answers = of
    more = {1: promoters + 0.75, 0: answers - promoters - detractors + 1.5, -1: detractors + 0.75}
    whole = sum(more.values())
    mean_of = sum(value * count for value, count in more.items()) / whole
    variance = sum(count * (value - mean_of) ** 2 for value, count in more.items()) / whole
    assert 100 * mean_of == pytest.approx(centre, abs=0.0005)
    assert 100 * 1.96 * sqrt(variance / whole) == pytest.approx(margin, abs=0.005)
    score = net_promoter(*of)
    assert score.lower == pytest.approx(centre - margin, abs=0.005)
    assert score.upper == pytest.approx(centre + margin, abs=0.005)


def test_with_many_answers_the_adjusted_interval_is_the_plain_one() -> None:
    promoters, detractors, answers = (1000 * count for count in MEXICO)
    score = net_promoter(promoters, detractors, answers)
    margin = Z * error(promoters, detractors, answers)
    assert score.lower == pytest.approx((score.value or 0) - margin, abs=1e-3)
    assert score.upper == pytest.approx((score.value or 0) + margin, abs=1e-3)


@pytest.mark.parametrize(("p", "d", "n"), [(0.5, 0.3, 200), (1 / 3, 1 / 3, 1000), (0.9, 0.0, 7)])
def test_the_standard_error_is_the_closed_form(p: float, d: float, n: int) -> None:
    """Var(p) + Var(d) - 2 Cov(p, d) of a categorical sample (Engelhardt, cybaea.net)."""
    closed = p * (1 - p) / n + d * (1 - d) / n + 2 * p * d / n
    assert net_promoter_error(p, d, n) == pytest.approx(sqrt(closed))


def test_a_third_promoters_a_third_detractors_has_the_rule_of_thumb_width() -> None:
    """The 95 % interval of a zero NPS is about 200 * 1.96 * sqrt(2/3) / sqrt(n) wide (the same)."""
    width = 2 * Z * 100 * net_promoter_error(1 / 3, 1 / 3, 400)
    assert width == pytest.approx(320.1 / sqrt(400), abs=0.05)


def test_when_all_agree_the_interval_stays_open() -> None:
    score = net_promoter(10, 0, 10)
    assert score.value == 100
    assert score.upper == 100
    assert (score.lower or 0) < 100


def test_one_single_answer_lies_in_its_own_interval() -> None:
    assert net_promoter(1, 0, 1).upper == 100
    assert net_promoter(0, 1, 1).lower == -100


def test_dismissed_questions_are_not_in_the_denominator() -> None:
    """One promoter and two who dismissed the question: 100, where counting them gives 33.33."""
    assert net_promoter(1, 0, 1).value == 100
    assert net_promoter(1, 0, 3).value == pytest.approx(33.33, abs=0.005)


@pytest.mark.parametrize(("part", "whole"), [(280, 400), (0, 5), (5, 5), (374, 4054), (1, 2)])
def test_the_interval_of_a_share_is_wilsons(part: int, whole: int) -> None:
    score = share(part, whole)
    lower, upper = proportion_confint(part, whole, alpha=0.05, method="wilson")
    assert score.lower == pytest.approx(lower, abs=1e-12)
    assert score.upper == pytest.approx(upper, abs=1e-12)


def test_first_call_resolution_as_published() -> None:
    """280 of 400 customers helped by their first call: 70 % (SQM)."""
    assert share(280, 400).value == 0.7


def test_service_level_as_published() -> None:
    """374 of 4054 answered calls within 20 s, of 5000 that were offered: 9.23 % and 7.48 %."""
    assert share(374, 4054).value == pytest.approx(0.0923, abs=5e-5)
    assert share(374, 5000).value == pytest.approx(0.0748, abs=5e-5)


CYS = {2: 10, 3: 30, 4: 100, 5: 130, 6: 150, 7: 115, 8: 255, 9: 140, 10: 70}
"""A thousand answers of 1 to 10 (support.cys.group, "10 point scale to European standards")."""


def test_the_two_families_of_csat_on_one_set_of_answers() -> None:
    """The page sums up 6865 points, a mean of 6.865 (it prints 6.89); the top two hold 21 %."""
    total = sum(value * count for value, count in CYS.items())
    squares = sum(value * value * count for value, count in CYS.items())
    assert total == 6865
    score = mean(total, squares, 1000)
    assert score.value == 6.865
    spread = sqrt(sum(count * (value - 6.865) ** 2 for value, count in CYS.items()) / 999)
    assert score.upper == pytest.approx(6.865 + Z * spread / sqrt(1000))
    assert share(CYS[9] + CYS[10], 1000).value == 0.21


def test_a_mean_of_one_value_has_no_interval() -> None:
    assert mean(7, 49, 1) == Score(7, None, None, 1)


def test_a_mean_without_squares_has_no_interval() -> None:
    assert mean(90_000, None, 3, 1000) == Score(30, None, None, 3)


def test_durations_come_out_in_seconds() -> None:
    score = mean(90_000, 3_000_000_000, 3, 1000)
    assert score.value == 30
    assert score.lower == pytest.approx(30 - Z * sqrt(150 / 3))


@pytest.mark.parametrize("score", [net_promoter(0, 0, 0), share(0, 0), mean(0, 0, 0)])
def test_of_nothing_there_is_no_score(score: Score) -> None:
    assert score == Score(None, None, None, 0)


def test_a_confidence_of_95_per_cent_is_1_96_standard_errors() -> None:
    assert pytest.approx(1.96, abs=0.0001) == Z
