"""What became of baskets, as counts: started, ordered, abandoned, recovered, and their worth."""

from collections.abc import Iterator, Sequence

import msgspec

from processor.core.contribution import Count
from processor.core.entity.basket import Basket
from processor.core.slice import OTHER_NAME, Label
from processor.core.tally import CART, CART_VALUE, SHOP

_STARTED = SHOP.amounts(started=1)
_ORDER = SHOP.amounts(orders=1)
_UNJOINED = SHOP.amounts(orders=1, unjoined=1)
_CHECKOUT = SHOP.amounts(checkouts=1)
_ABANDONMENT = CART.amounts(abandonments=1)


class Worth(msgspec.Struct, frozen=True):
    """An amount in minor units (ISO 4217) of a currency.

    OTHER_NAME if that is not a configured one.
    """

    minor: int
    currency: str


def shop_counts(
    filled: Sequence[Basket], orders_ms: Sequence[int], labels: tuple[Label, ...]
) -> Iterator[Count]:
    """What counts when it happens: carts started, checkouts, orders with and without a cart."""
    converted = {basket.ordered_at for basket in filled}
    for at, order_ms in enumerate(orders_ms):
        yield Count(order_ms, SHOP, _ORDER if at in converted else _UNJOINED, labels)
    for basket in filled:
        yield Count(basket.start_ms, SHOP, _STARTED, labels)
        if basket.checkout_ms is not None:
            yield Count(basket.checkout_ms, SHOP, _CHECKOUT, labels)


def outcome_counts(
    basket: Basket, order_ms: int | None, worth: Worth | None, labels: tuple[Label, ...]
) -> Iterator[Count]:
    """What a basket came to. `order_ms` is the instant of its order, None if it has none."""
    for at_ms in basket.abandonment_ms:
        yield Count(at_ms, CART, _ABANDONMENT, labels)
    if order_ms is not None:
        at_ms = order_ms
        outcomes = ("converted", "recovered") if basket.abandonment_ms else ("converted",)
        counts = dict.fromkeys(outcomes, 1)
    elif basket.is_abandoned:
        at_ms = basket.abandonment_ms[-1]
        outcomes = ("abandoned",)
        counts = {"abandoned": 1, "checkout_abandoned": int(basket.checkout_ms is not None)}
    else:
        return
    yield Count(at_ms, CART, CART.amounts(**counts), labels)
    if worth is not None:
        # No sum over currencies exists, so what is not a configured currency is counted only.
        minor = 0 if worth.currency == OTHER_NAME else worth.minor
        values = dict.fromkeys(outcomes, 1) | {f"{outcome}_minor": minor for outcome in outcomes}
        yield Count(at_ms, CART_VALUE, CART_VALUE.amounts(**values), labels, (worth.currency,))
