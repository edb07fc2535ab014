"""Carts, read slowly: activity, orders, and the outcome of every cart that lived under one id.

What lives here: what a cart's events say and what its id counts for. What must never live here:
kept state. What the rest may lean on: pure functions of registers.
"""

from collections.abc import Iterator
from math import inf
from typing import Any, Final, NamedTuple

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.core.slice import OTHER_NAME
from processor.verify.oracle.register import Count, Registers, Source, Write
from schemas.event import (
    AnyCartEvent,
    CartCheckoutStarted,
    CartOrderCancelled,
    CartOrdered,
    CartTouched,
    CartUpdated,
)

PROLONGS, STARTS, ITEMS, EMPTY, CHECKOUT = 1, 2, 4, 8, 16
NOTHING: Final = 0


class Order(NamedTuple):
    """An order: its instant, its id's hash, its latest own amount (minor units, currency)."""

    at_ms: int
    name: int
    amount: tuple[int, int] | None


class Cart(NamedTuple):
    """One cart of those under an id.

    Attributes:
        start_ms: its first instant.
        checkouts: the instants of its checkouts.
        quiets: the instants at which it counted as abandoned, Q after the activity before.
        order: what it became; None if nothing yet.
        amount: minor units and currency, if known.
        is_quiet: whether the last of `quiets` is how it is now.
    """

    start_ms: int
    checkouts: list[int]
    quiets: list[int]
    order: Order | None
    amount: tuple[int, int] | None
    is_quiet: bool


class CartRules(Source):
    """The rules of carts."""

    def __init__(self, definitions: Definitions, identity: Identity) -> None:
        """Keep the settings."""
        super().__init__(definitions, identity, "cart")
        self.rules = definitions.cart

    def facts(self, event: AnyCartEvent) -> Iterator[Write]:
        """What a cart's event says."""
        part = self.identity.part
        marks = marks_of(event)
        if marks:
            yield Write("marks", ("activity", event.occurred_at), marks)
        amount = self._amount(event)
        if isinstance(event, CartOrdered):
            name = part(event.checkout_id or event.order_id)
            yield Write("least", ("order", name), event.occurred_at)
            yield Write("most", ("order last", name), event.occurred_at)
            yield Write("marks", ("order id", name, part(event.order_id)), 1)
            if amount is not None:
                yield Write("latest", ("order amount", name), (self.version(event), amount))
        elif isinstance(event, CartOrderCancelled):
            yield Write("marks", ("cancelled", part(event.order_id)), 1)
        shows_cart = isinstance(event, CartUpdated | CartCheckoutStarted) or (
            isinstance(event, CartTouched)
            and (event.action == "viewed" or event.items_count is not None)
        )
        if shows_cart and amount is not None:
            yield Write("latest", ("amount",), (self.version(event), amount))

    def _amount(self, event: AnyCartEvent) -> tuple[int, int] | None:
        """Minor units and the currency's place in its list, from 1 on; 0 if it is not listed."""
        if event.value_minor is None:
            return None
        listed = self.rules.currencies
        at = listed.index(event.currency) + 1 if event.currency in listed else 0
        return event.value_minor, at

    def is_oversized(self, registers: Registers) -> bool:
        """More instants and ids than the bound, or too far apart."""
        bounds = self.definitions.bounds
        ids = [key for key in registers if key[0] in ("activity", "order", "order id", "cancelled")]
        instants = [key[1] for key in registers if key[0] == "activity"]
        instants += [at_ms for key, at_ms in registers.items() if key[0] in ("order", "order last")]
        extent_ms = max(instants) - min(instants) if instants else 0  # type: ignore[operator]  # instants are integers
        return len(ids) > bounds.ids_max or extent_ms > bounds.cart_extent_max_ms

    def faults(self, registers: Registers) -> dict[str, int]:
        """No two instants of a cart could contradict each other."""
        del registers
        return {"inconsistent": 0}

    def orders(self, registers: Registers) -> list[Order]:
        """The orders by instant and hash; without the cancelled ones if a cancellation undoes."""
        orders = []
        for key, at_ms in registers.items():
            if key[0] != "order":
                continue
            ids = [k[2] for k in registers if k[0] == "order id" and k[1] == key[1]]
            cancelled = all(("cancelled", order_id) in registers for order_id in ids)
            if cancelled and self.rules.cancelled_undoes_conversion:
                continue
            amount = registers.get(("order amount", key[1]))
            orders.append(Order(at_ms, int(key[1]), amount[1] if amount else None))
        return sorted(orders)

    def counts(self, registers: Registers) -> Iterator[Count]:
        """What an id's carts and orders count for."""
        activity = {int(key[1]): m for key, m in registers.items() if key[0] == "activity"}
        starts = [at_ms for at_ms, marks in activity.items() if marks & STARTS]
        orders = self.orders(registers)
        begin: float = -inf
        for order in orders:
            end = order.at_ms + self.rules.order_grace_ms
            yield Count(order.at_ms, "shop", {"orders": 1})
            if starts and min(starts) <= end:
                leg = {at_ms: marks for at_ms, marks in activity.items() if begin < at_ms <= end}
                is_last = order == orders[-1]
                amount = order.amount or (self._shown(registers, -inf, end) if is_last else None)
                yield from self._cart(self.cart(leg, order, amount))
            else:
                yield Count(order.at_ms, "shop", {"unjoined": 1})
            begin = end
        tail = {at_ms: marks for at_ms, marks in activity.items() if at_ms > begin}
        if any(marks & STARTS for marks in tail.values()):
            yield from self._cart(self.cart(tail, None, self._shown(registers, begin, inf)))

    @staticmethod
    def _shown(registers: Registers, after: float, until: float) -> tuple[int, int] | None:
        """The cart's latest amount, if it was said in that time."""
        if ("amount",) not in registers:
            return None
        (at_ms, _), amount = registers["amount",]
        return amount if after < at_ms <= until else None

    def cart(
        self, leg: dict[int, int], order: Order | None, amount: tuple[int, int] | None
    ) -> Cart:
        """The cart that lived in a leg: marks by instant."""
        quiet_ms = self.rules.quiet_ms
        starts = [at_ms for at_ms, marks in leg.items() if marks & STARTS]
        start_ms = min(starts) if starts or not order else order.at_ms
        end_ms = order.at_ms if order else inf
        active = sorted(t for t, m in leg.items() if m & PROLONGS and start_ms <= t <= end_ms)
        quiets = []
        for at, at_ms in enumerate(active):
            following = active[at + 1] if at + 1 < len(active) else end_ms
            if following - at_ms >= quiet_ms and has_items(leg, at_ms):
                quiets.append(at_ms + quiet_ms)
        checkouts = sorted(t for t, m in leg.items() if m & CHECKOUT and t >= start_ms)
        is_quiet = bool(quiets) and order is None and quiets[-1] == active[-1] + quiet_ms
        return Cart(start_ms, checkouts, quiets, order, amount, is_quiet)

    def _cart(self, cart: Cart) -> Iterator[Count]:
        yield Count(cart.start_ms, "shop", {"started": 1})
        if cart.checkouts:
            yield Count(cart.checkouts[0], "shop", {"checkouts": 1})
        for quiet_ms in cart.quiets:
            yield Count(quiet_ms, "cart", {"abandonments": 1})
        if cart.is_quiet:
            at_ms = cart.quiets[-1]
            yield Count(at_ms, "cart", {"abandoned": 1})
            yield Count(at_ms, "cart", {"checkout_abandoned": int(bool(cart.checkouts))})
            yield from self._value(at_ms, "abandoned", cart)
        if cart.order:
            outcomes = ["converted", "recovered"] if cart.quiets else ["converted"]
            for outcome in outcomes:
                yield Count(cart.order.at_ms, "cart", {outcome: 1})
                yield from self._value(cart.order.at_ms, outcome, cart)

    def _value(self, at_ms: int, outcome: str, cart: Cart) -> Iterator[Count]:
        if cart.amount is not None:
            minor, at = cart.amount
            currency = (OTHER_NAME, *self.rules.currencies)[at]
            amounts = {outcome: 1, f"{outcome}_minor": minor if at else 0}
            yield Count(at_ms, "cart_value", amounts, (currency,))


def has_items(leg: dict[int, int], at_ms: int) -> bool:
    """Whether the cart held items then: unless the latest word on it says that it was empty."""
    said = {t: m for t, m in leg.items() if t <= at_ms and m & (ITEMS | EMPTY)}
    return not said or bool(said[max(said)] & ITEMS)


def marks_of(event: Any) -> int:
    """What an event says about its cart at its instant."""
    count = getattr(event, "items_count", None)
    held = NOTHING if count is None else ITEMS if count else EMPTY
    match event:
        case CartUpdated():
            return PROLONGS | held | (STARTS if count else NOTHING)
        case CartTouched(action="added"):
            return PROLONGS | STARTS | ITEMS
        case CartTouched(action="viewed"):
            return held
        case CartTouched():
            return PROLONGS | held
        case CartCheckoutStarted():
            return PROLONGS | STARTS | ITEMS | CHECKOUT
    return NOTHING
