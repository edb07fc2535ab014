"""The carts that were filled one after another under one id."""

from collections.abc import Sequence

import pytest

from processor.core.entity.basket import (
    CHECKOUT,
    EMPTY,
    ITEMS,
    PROLONGS,
    STARTS,
    Basket,
    baskets,
)

ADDED = PROLONGS | STARTS | ITEMS
PAYS = ADDED | CHECKOUT
EMPTIED = PROLONGS | EMPTY
MOVED = PROLONGS
Q, G = 30, 10


def drawn(activity: Sequence[tuple[int, int]], *orders_ms: int) -> list[Basket]:
    return list(baskets(activity, orders_ms, quiet_ms=Q, grace_ms=G))


def tail(start_ms: int, *quiets_ms: int, checkout_ms: int | None = None) -> Basket:
    return Basket(start_ms, None, checkout_ms, quiets_ms, is_abandoned=bool(quiets_ms))


def test_nothing_that_starts_is_no_cart() -> None:
    assert drawn([]) == []
    assert drawn([(100, MOVED), (110, EMPTIED)]) == []
    assert drawn([(100, MOVED)], 105) == []


def test_a_cart_falls_silent_a_quiet_time_after_its_last_activity() -> None:
    assert drawn([(100, ADDED)]) == [tail(100, 130)]
    assert drawn([(100, ADDED), (129, MOVED)]) == [tail(100, 159)]


def test_a_gap_of_the_quiet_time_is_an_abandonment_of_its_own() -> None:
    assert drawn([(100, ADDED), (130, MOVED)]) == [tail(100, 130, 160)]


@pytest.mark.parametrize(
    ("then", "abandoned"), [((120, EMPTIED), False), ((120, ITEMS), True), ((120, EMPTY), True)]
)
def test_what_a_cart_holds_when_it_falls_silent(then: tuple[int, int], abandoned: bool) -> None:
    """A look at an empty cart after its last activity does not undo that it held something."""
    assert drawn([(100, ADDED), then])[0].is_abandoned == abandoned


def test_a_cart_may_be_left_full_and_come_to_an_empty_end() -> None:
    (basket,) = drawn([(100, ADDED), (140, EMPTIED)])
    assert basket.abandonment_ms == (130,)
    assert not basket.is_abandoned


def test_an_order_takes_the_cart_before_it() -> None:
    assert drawn([(100, ADDED)], 110) == [Basket(100, 0, None, (), is_abandoned=False)]
    assert drawn([(100, ADDED)], 130) == [Basket(100, 0, None, (130,), is_abandoned=False)]


def test_what_follows_an_order_after_its_grace_is_a_new_cart() -> None:
    assert drawn([(100, ADDED), (120, ADDED)], 110) == [
        Basket(100, 0, None, (), is_abandoned=False)
    ]
    assert drawn([(100, ADDED), (121, ADDED)], 110)[1:] == [tail(121, 151)]


def test_an_order_before_any_cart_has_none() -> None:
    assert drawn([(121, ADDED)], 110) == [tail(121, 151)]
    assert drawn([(120, ADDED)], 110) == [Basket(120, 0, None, (), is_abandoned=False)]


def test_a_second_order_without_a_new_beginning_has_a_cart_from_its_own_instant() -> None:
    assert drawn([(100, ADDED)], 110, 115) == [
        Basket(100, 0, None, (), is_abandoned=False),
        Basket(115, 1, None, (), is_abandoned=False),
    ]


def test_each_leg_knows_its_own_checkout() -> None:
    found = drawn([(100, PAYS), (105, PAYS), (125, PAYS)], 110)
    assert [basket.checkout_ms for basket in found] == [100, 125]


def test_activity_before_the_beginning_is_not_the_carts() -> None:
    assert drawn([(100, MOVED), (150, ADDED)]) == [tail(150, 180)]


def test_activity_in_the_grace_is_not_what_an_order_waited_for() -> None:
    (basket,) = drawn([(100, ADDED), (112, MOVED)], 110)
    assert basket.abandonment_ms == ()


def test_a_cart_that_began_in_the_grace_of_its_order_has_no_run() -> None:
    assert drawn([(115, PAYS)], 110) == [Basket(115, 0, 115, (), is_abandoned=False)]
