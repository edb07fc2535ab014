"""Carts, read slowly."""

from typing import Any

import pytest

from processor.core.definitions import CartRules as Settings
from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.verify.oracle.cart import (
    CHECKOUT,
    EMPTY,
    ITEMS,
    PROLONGS,
    STARTS,
    CartRules,
    Order,
    has_items,
    marks_of,
)
from schemas.event import (
    CartCheckoutStarted,
    CartOrdered,
    CartTouched,
    CartUpdated,
    CartWithdrawn,
)

RULES = CartRules(Definitions(cart=Settings(quiet_ms=30, order_grace_ms=10)), Identity(bytes(32)))
ADDED = PROLONGS | STARTS | ITEMS
SAID: dict[str, Any] = {"event_id": "e", "source": "s", "occurred_at": 5, "cart_id": "c"}


@pytest.mark.parametrize(
    ("event", "marks"),
    [
        (CartUpdated(**SAID, items_count=1), ADDED),
        (CartUpdated(**SAID, items_count=0), PROLONGS | EMPTY),
        (CartTouched(**SAID, action="added"), ADDED),
        (CartTouched(**SAID, action="added", items_count=0), ADDED),
        (CartTouched(**SAID, action="removed"), PROLONGS),
        (CartTouched(**SAID, action="removed", items_count=0), PROLONGS | EMPTY),
        (CartTouched(**SAID, action="step", items_count=2), PROLONGS | ITEMS),
        (CartTouched(**SAID, action="viewed"), 0),
        (CartTouched(**SAID, action="viewed", items_count=2), ITEMS),
        (CartTouched(**SAID, action="viewed", items_count=0), EMPTY),
        (CartCheckoutStarted(**SAID), ADDED | CHECKOUT),
        (CartOrdered(**SAID, order_id="o"), 0),
        (CartWithdrawn(**SAID), 0),
    ],
)
def test_the_marks_of_an_event(event: Any, marks: int) -> None:
    assert marks_of(event) == marks


@pytest.mark.parametrize(
    ("leg", "holds"),
    [
        ({1: PROLONGS}, True),
        ({1: ITEMS, 2: EMPTY}, False),
        ({1: EMPTY, 2: ITEMS}, True),
        ({1: EMPTY | ITEMS}, True),
        ({1: ITEMS, 9: EMPTY}, True),
    ],
)
def test_whether_a_cart_holds_something(leg: dict[int, int], holds: bool) -> None:
    assert has_items(leg, 5) == holds


def test_a_cart_that_nobody_orders_falls_silent() -> None:
    cart = RULES.cart({100: ADDED, 129: PROLONGS, 160: PROLONGS | STARTS | CHECKOUT}, None, None)
    assert (cart.start_ms, cart.checkouts, cart.quiets) == (100, [160], [159, 190])
    assert cart.is_quiet


def test_a_cart_that_is_ordered_in_time_was_never_left() -> None:
    cart = RULES.cart({100: ADDED}, Order(129, 1, None), None)
    assert (cart.quiets, cart.is_quiet) == ([], False)
    assert RULES.cart({100: ADDED}, Order(130, 1, None), None).quiets == [130]


def test_an_order_may_come_before_what_it_was_ordered_from() -> None:
    assert RULES.cart({}, Order(129, 1, None), None).start_ms == 129


def test_a_cart_that_came_to_an_empty_end_is_not_quiet() -> None:
    cart = RULES.cart({100: ADDED, 140: PROLONGS | EMPTY}, None, None)
    assert (cart.quiets, cart.is_quiet) == ([130], False)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ({"action": "viewed"}, True),
        ({"action": "added"}, False),
        ({"action": "added", "items_count": 1}, True),
        ({"action": "removed", "items_count": 0}, True),
        ({"action": "step"}, False),
    ],
)
def test_an_act_shows_the_cart_if_it_says_how_many_items_there_are(
    said: dict[str, Any], shown: bool
) -> None:
    event = CartTouched(**SAID, **said, value_minor=7, currency="EUR")
    assert any(write.key == ("amount",) for write in RULES.facts(event)) == shown
