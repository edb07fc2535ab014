"""A delta is what must be added to make `after` of `before`."""

from processor.core.contribution import Count, difference, within
from processor.core.tally import NPS

A, B = (Count(at_ms, NPS, ((9, 1),), ()) for at_ms in (1, 2))


def test_what_both_have_stays_untouched() -> None:
    assert difference([A], [A, B]) == [(1, B)]
    assert difference([A, B], [B]) == [(-1, A)]
    assert difference([A], [B]) == [(1, B), (-1, A)]
    assert difference([A], [A]) == []
    assert difference([], [A]) == [(1, A)]


def test_a_term_that_stands_twice_is_two_terms() -> None:
    assert difference([A], [A, A]) == [(1, A)]
    assert difference([A, A], [A]) == [(-1, A)]


def test_counts_outside_a_span_are_left_out_and_noticed() -> None:
    assert within([A, B], 1, 2) == ([A, B], False)
    assert within([A, B], 2, 2) == ([B], True)
    assert within([A, B], 0, 1) == ([A], True)
