"""A score lies between its bounds, its bounds in its range; of nothing there is none."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from processor.core.metric import SCORES
from processor.core.score import Score, mean, net_promoter, share
from processor.core.tally import zero
from tests.laws.profile import law

small = st.integers(0, 5)
counts = st.one_of(small, small, st.integers(0, 2**40))


def assert_inside(score: Score, least: float, most: float) -> None:
    assert score.value is not None
    assert score.lower is not None
    assert score.upper is not None
    assert least <= score.lower <= score.value <= score.upper <= most


@law(500)
@given(counts, counts, counts)
def test_a_net_promoter_score_lies_between_its_bounds(p: int, d: int, passives: int) -> None:
    n = p + d + passives
    score = net_promoter(p, d, n)
    if n == 0:
        assert score == Score(None, None, None, 0)
    else:
        assert_inside(score, -100, 100)
        mirrored = net_promoter(d, p, n)
        assert score.value == -(mirrored.value or 0)


@law(500)
@given(counts, counts)
def test_a_share_lies_between_its_bounds(part: int, rest: int) -> None:
    score = share(part, part + rest)
    if part + rest == 0:
        assert score == Score(None, None, None, 0)
    else:
        assert_inside(score, 0, 1)


@law(500)
@given(st.lists(st.integers(0, 10**7), max_size=8), st.sampled_from((1, 1000)))
def test_a_mean_lies_between_its_bounds(values: list[int], unit: int) -> None:
    squares = sum(value * value for value in values)
    score = mean(sum(values), squares, len(values), unit)
    assert score.n == len(values)
    if len(values) > 1:
        assert_inside(score, float("-inf"), float("inf"))
    else:
        assert (score.lower, score.upper) == (None, None)
        assert (score.value is None) == (not values)
    assert mean(sum(values), None, len(values)).lower is None


@law(100)
@given(st.integers(1, 30), st.integers(0, 30))
def test_more_answers_make_narrower_bounds(k: int, extra: int) -> None:
    widths = [
        (score.upper or 0) - (score.lower or 0)
        for score in (share(k * times, (k + extra) * times) for times in (1, 4, 16))
    ]
    assert all(wide > narrow for wide, narrow in pairwise(widths))


def test_every_score_of_nothing_is_none() -> None:
    for metric in SCORES:
        assert metric.of(zero(metric.tally)) == Score(None, None, None, 0)
