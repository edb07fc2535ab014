"""A cart, from its events to its counts."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, CartRules, Definitions
from processor.core.remark import UNLISTED_CURRENCY, Remark
from tests.core.counted_log import counts_of, read
from tests.wire import HOUR, MINUTE, NOON, SECOND, record
from tests.world import World

UNDOES = Definitions(cart=CartRules(cancelled_undoes_conversion=True))


def touched(at_ms: int = NOON, action: str = "added", **more: Any) -> dict[str, Any]:
    event = {"type": "cart.touched", "cart_id": "c", "action": action, "occurred_at": at_ms}
    return event | more


def ordered(at_ms: int = NOON, order_id: str = "o", **more: Any) -> dict[str, Any]:
    event = {"type": "cart.ordered", "cart_id": "c", "order_id": order_id, "occurred_at": at_ms}
    return event | more


def cancelled(order_id: str = "o") -> dict[str, Any]:
    event = {"type": "cart.order_cancelled", "cart_id": "c", "order_id": order_id}
    return event | {"occurred_at": NOON + HOUR}


def euros(minor: int) -> dict[str, Any]:
    return {"value_minor": minor, "currency": "EUR"}


def values(*events: dict[str, Any]) -> dict[str, int]:
    return counts_of(*events).get("cart_value;currency=EUR", {})


def updated(at_ms: int = NOON, items: int = 1, **more: Any) -> dict[str, Any]:
    event = {"type": "cart.updated", "cart_id": "c", "items_count": items, "occurred_at": at_ms}
    return event | more


@pytest.mark.parametrize(
    ("event", "amount"),
    [
        (updated(**euros(7)), 7),
        ({"type": "cart.checkout_started", "cart_id": "c", "occurred_at": NOON} | euros(7), 7),
        (touched(NOON, "viewed", **euros(7)), 7),
        (touched(NOON, "added", **euros(7)), None),
        (touched(NOON, "removed", **euros(7)), None),
        (touched(NOON, "step", **euros(7)), None),
        (touched(NOON, "added", items_count=2, **euros(7)), 7),
        (touched(NOON, "removed", items_count=1, **euros(7)), 7),
        (touched(NOON, "step", items_count=1, **euros(7)), 7),
    ],
)
def test_only_what_shows_the_cart_tells_its_amount(
    event: dict[str, Any], amount: int | None
) -> None:
    """The amount beside an act may be that of the one item it is about.

    Unless the message says how many items there are in the cart: then it shows the cart.
    """
    found = values(touched(NOON - 1), event).get("abandoned_minor")
    assert found == amount


def test_an_orders_own_amount_comes_before_its_carts() -> None:
    assert values(updated(**euros(7)), ordered(NOON + 1))["converted_minor"] == 7
    assert values(updated(**euros(7)), ordered(NOON + 1, **euros(9)))["converted_minor"] == 9


def test_the_amount_of_a_new_cart_is_not_that_of_the_old() -> None:
    events = (updated(**euros(7)), ordered(NOON + 1), touched(NOON + MINUTE))
    assert values(*events) == {"converted": 1, "converted_minor": 7}
    counts = values(*events, updated(NOON + MINUTE, **euros(9)))
    assert counts == {"abandoned": 1, "abandoned_minor": 9}


def test_only_the_last_order_may_have_the_carts_amount() -> None:
    first = ordered(NOON + 1, "o1")
    again = touched(NOON + MINUTE)
    last = ordered(NOON + 2 * MINUTE, "o2")
    assert values(updated(**euros(7)), first, again, last) == {"converted": 1, "converted_minor": 7}


def test_an_amount_in_the_grace_of_an_order_is_the_orders() -> None:
    grace = touched(NOON + 1 + 10 * SECOND, "viewed", **euros(5))
    assert values(touched(), ordered(NOON + 1), grace)["converted_minor"] == 5


def test_messages_of_one_checkout_are_one_order() -> None:
    counts = counts_of(
        ordered(order_id="o1", checkout_id="h"), ordered(order_id="o2", checkout_id="h")
    )
    assert counts["shop"] == {"orders": 1, "unjoined": 1}


def test_an_order_is_undone_when_all_of_its_ids_are_cancelled() -> None:
    both = (ordered(order_id="o1", checkout_id="h"), ordered(order_id="o2", checkout_id="h"))
    one = counts_of(*both, cancelled("o1"), definitions=UNDOES)
    assert one["shop"]["orders"] == 1
    assert "shop" not in counts_of(*both, cancelled("o1"), cancelled("o2"), definitions=UNDOES)
    assert counts_of(*both, cancelled("o1"), cancelled("o2"))["shop"]["orders"] == 1


def test_an_order_id_may_be_part_of_two_orders() -> None:
    """Told without its checkout first: two orders, and a cancellation undoes both."""
    told = (ordered(), ordered(NOON + 1, checkout_id="h"))
    assert counts_of(*told, definitions=UNDOES)["shop"]["orders"] == 2
    assert "shop" not in counts_of(*told, cancelled(), definitions=UNDOES)


def test_a_message_about_an_order_that_says_nothing_new_has_no_effect() -> None:
    _, became = read(touched(NOON + HOUR), ordered(NOON + 5), ordered(NOON + 5), ordered(NOON + 5))
    assert became == ["applied", "applied", "no_effect", "no_effect"]


def test_a_refund_undoes_nothing() -> None:
    refund = {"type": "cart.order_refunded", "cart_id": "c", "order_id": "o", "occurred_at": NOON}
    counts = counts_of(ordered(), refund | euros(5), definitions=UNDOES)
    assert counts["shop"] == {"orders": 1, "unjoined": 1}


@pytest.mark.parametrize(
    "events",
    [
        [touched(NOON + at) for at in range(3)],
        [touched(), ordered(NOON + 1)],
        [ordered(), cancelled(), cancelled("p")],
    ],
)
def test_instants_orders_and_their_ids_are_counted_together(events: list[dict[str, Any]]) -> None:
    small = Definitions(bounds=Bounds(ids_max=2))
    counts = counts_of(*events, definitions=small)
    assert counts == {"quality;entity=cart": {"oversized": 1}}


def test_a_cart_that_lasts_too_long_is_oversized_whatever_came_first() -> None:
    """An order that turns out to be older than it was first told does not make it short again."""
    short = Definitions(bounds=Bounds(cart_extent_max_ms=HOUR))
    events = [touched(), ordered(NOON + 2 * HOUR), ordered(NOON + 1)]
    oversized = {"quality;entity=cart": {"oversized": 1}}
    assert counts_of(*events, definitions=short) == oversized
    assert counts_of(*events[::-1], definitions=short) == oversized
    assert counts_of(touched(), touched(NOON + HOUR), definitions=short)["shop"] == {"started": 1}


def test_a_currency_that_is_not_listed_is_named_to_the_operator() -> None:
    world = World(Definitions())
    event = updated(value_minor=5, currency="SEK")
    changes = world.feed("carts", [record(event)])
    assert changes.remarks == {Remark(UNLISTED_CURRENCY, "test", "SEK"): 1}


@pytest.mark.parametrize(
    ("event", "items"),
    [
        (touched(NOON + 1, "removed", items_count=0), False),
        (touched(NOON + 1, "removed", items_count=2), True),
        (touched(NOON + 1, "step"), True),
        (updated(NOON + 1, 0), False),
        (updated(NOON + 1, 2), True),
    ],
)
def test_whether_a_cart_holds_something(event: dict[str, Any], items: bool) -> None:
    assert ("cart" in counts_of(touched(), event)) == items


def test_items_of_one_instant_beat_emptiness() -> None:
    emptied = updated(NOON, 0)
    assert counts_of(emptied, touched())["cart"] == {"abandoned": 1, "abandonments": 1}


def test_a_withdrawn_cart_counts_nothing() -> None:
    gone = {"type": "cart.withdrawn", "cart_id": "c", "occurred_at": NOON + 1}
    assert counts_of(touched(), gone) == {}
    assert counts_of(touched(), gone | {"permanent": True}, touched(NOON + 2)) == {}
