"""A cart: what happened in it, when it fell silent, and which orders came of it.

Registers (beside those of life): marks of activity per instant, orders (a set: first instant,
latest amount), the cart's latest amount, the dimensions. What follows the last order is a new cart
under the same id (`core.entity.basket` draws it). Nobody watches a clock: an abandonment is a count
in the pane of the last activity plus the quiet time, from the moment that activity is known, and
the next touch takes it away.
"""

import msgspec

from processor.core.contribution import Contribution
from processor.core.definitions import Definitions
from processor.core.entity.basket import (
    CHECKOUT,
    EMPTY,
    ITEMS,
    PROLONGS,
    STARTS,
    Basket,
    baskets,
)
from processor.core.entity.dimension import Dimensions
from processor.core.entity.life import (
    FIRST_OWN_CODE,
    alive_until_ms,
    code_of,
    instance_of,
    is_oversized,
    join_bounded,
    lift_life,
    oversize,
    register,
    standing,
    withdraw,
)
from processor.core.entity.outcome import Worth, outcome_counts, shop_counts
from processor.core.entity.quality import quality
from processor.core.identity import Identity
from processor.core.remark import UNLISTED_CURRENCY, Remark
from processor.core.slice import OTHER, OTHER_NAME, Label, Slices
from processor.core.state import (
    Content,
    Register,
    State,
    Version,
    contents,
    pack,
    unpack,
    version_of,
)
from schemas.event import (
    AnyCartEvent,
    CartCheckoutStarted,
    CartOrderCancelled,
    CartOrdered,
    CartOrderRefunded,
    CartTouched,
    CartUpdated,
    CartWithdrawn,
)

ACTIVITY = FIRST_OWN_CODE
"""marks, per instant: what happened (the bits of core.entity.basket)."""
AMOUNT: Register = FIRST_OWN_CODE + 1
"""facts: (minor units, currency) of the cart; currency is its place in the configured list, 0 if
not listed."""
ORDER = FIRST_OWN_CODE + 2
"""least, most, per order: the first and the last instant it was reported at. facts, per order: its
amount, as above."""
PART_OF = FIRST_OWN_CODE + 3
"""facts, per order and order id: both (a checkout may be split into several order ids)."""
CANCELLED = FIRST_OWN_CODE + 4
"""marks, per order id."""

ONCE_AND_FOR_ALL: Version = (0, 0, 0)
"""The version of facts that make a set: who says one again says nothing new."""

Amount = tuple[int, Label]


class Order(msgspec.Struct, frozen=True):
    """One order of the cart: when it was first heard of, and its own amount."""

    at_ms: int
    instance: int
    amount: Amount | None


class Cart:
    """The rules of carts under one set of definitions."""

    def __init__(self, definitions: Definitions, identity: Identity, life_ms: int) -> None:
        """Index the slices and the currencies."""
        self._rules = definitions.cart
        self._bounds = definitions.bounds
        self._identity = identity
        self._life_ms = life_ms
        self._dimensions = Dimensions(Slices(definitions, "cart"))
        self.slices = self._dimensions.slices
        self._currencies = (OTHER_NAME, *self._rules.currencies)

    def lift(self, event: AnyCartEvent) -> tuple[State, list[Remark]]:
        """What one event says, as a state."""
        state, version = lift_life(event, self._identity, anchored=False)
        if isinstance(event, CartWithdrawn):
            return withdraw(state, version, permanent=event.permanent), []
        facts, remarks = self._dimensions.facts(event)
        said = state.facts[version]
        said |= facts
        amount = self._amount(event, remarks)
        match event:
            case CartOrdered():
                self._lift_order(event, amount, state)
            case CartOrderCancelled():
                state.marks[register(CANCELLED, self._identity.part(event.order_id))] = 1
            case CartOrderRefunded():
                pass
            case _:
                if amount is not None and _shows_cart(event):
                    said[AMOUNT] = amount
                bits = _activity(event)
                if bits:
                    state.marks[register(ACTIVITY, event.occurred_at)] = bits
        return state, remarks

    def join(self, before: State, addition: State) -> State:
        """The merge of the two, within the bound."""
        return join_bounded(before, addition, self.bounded)

    def bounded(self, state: State) -> State:
        """The state itself, or what is left of it beyond the bound."""
        if is_oversized(state) or self._exceeds(state):
            return oversize(state)
        return state

    def contribution(self, state: State) -> Contribution:
        """What the cart, and those that followed it under its id, count for."""
        stands = standing(state)
        counts = quality("cart", stands, anchored=False)
        if stands.oversized or not stands.kept:
            return counts
        said = contents(state)
        labels = self._dimensions.labels(said)
        orders = self._orders(state, said)
        orders_ms = [order.at_ms for order in orders]
        activity = sorted(
            (instance_of(key), bits)
            for key, bits in state.marks.items()
            if code_of(key) == ACTIVITY
        )
        quiet_ms, grace_ms = self._rules.quiet_ms, self._rules.order_grace_ms
        filled = list(baskets(activity, orders_ms, quiet_ms=quiet_ms, grace_ms=grace_ms))
        counts += shop_counts(filled, orders_ms, labels)
        for basket in filled:
            order_ms = None if basket.ordered_at is None else orders_ms[basket.ordered_at]
            worth = self._worth(state, said, basket, orders)
            counts += outcome_counts(basket, order_ms, worth, labels)
        return counts

    def recall(self, state: State, clock_ms: int) -> State | None:
        """The cart, unless it is dead by now."""
        return None if alive_until_ms(state, self._life_ms) < clock_ms else state

    pack = staticmethod(pack)
    unpack = staticmethod(unpack)

    def _lift_order(self, event: CartOrdered, amount: Amount | None, state: State) -> None:
        instance = self._identity.part(event.checkout_id or event.order_id)
        part = self._identity.part(event.order_id)
        key = register(ORDER, instance)
        state.least[key] = event.occurred_at
        state.most[key] = event.occurred_at
        if amount is not None:
            for said in state.facts.values():
                said[key] = amount
        pair = register(PART_OF, self._identity.part(f"{instance} {part}"))
        state.facts[ONCE_AND_FOR_ALL] = {pair: (instance, part)}

    def _amount(self, event: AnyCartEvent, remarks: list[Remark]) -> Amount | None:
        if event.value_minor is None or event.currency is None:
            return None
        currencies = self._rules.currencies
        if event.currency in currencies:
            return event.value_minor, currencies.index(event.currency) + 1
        remarks.append(Remark(UNLISTED_CURRENCY, event.source, event.currency))
        return event.value_minor, OTHER

    def _orders(self, state: State, said: dict[Register, Content]) -> list[Order]:
        """The orders that count, by `(instant, instance)`."""
        undone: set[int] = set()
        if self._rules.cancelled_undoes_conversion:
            undone = self._cancelled(state, said)
        orders = [
            Order(at_ms, instance_of(key), _as_amount(said.get(key)))
            for key, at_ms in state.least.items()
            if code_of(key) == ORDER and instance_of(key) not in undone
        ]
        return sorted(orders, key=lambda order: (order.at_ms, order.instance))

    def _cancelled(self, state: State, said: dict[Register, Content]) -> set[int]:
        """The orders all of whose order ids were cancelled."""
        parts = [
            content
            for key, content in said.items()
            if code_of(key) == PART_OF and isinstance(content, tuple)
        ]
        standing_orders = {
            order for order, part in parts if register(CANCELLED, part) not in state.marks
        }
        return {order for order, _ in parts} - standing_orders

    def _worth(
        self, state: State, said: dict[Register, Content], basket: Basket, orders: list[Order]
    ) -> Worth | None:
        """What a basket is worth: its order's own amount, else the cart's if it is this one's."""
        amount = None if basket.ordered_at is None else orders[basket.ordered_at].amount
        told = version_of(state, AMOUNT)
        if amount is None and told is not None and basket.ordered_at in (None, len(orders) - 1):
            ended_ms = orders[-1].at_ms + self._rules.order_grace_ms if orders else 0
            of_tail = told[1] > ended_ms
            amount = _as_amount(said[AMOUNT]) if of_tail == (basket.ordered_at is None) else None
        return None if amount is None else Worth(amount[0], self._currencies[amount[1]])

    def _exceeds(self, state: State) -> bool:
        active_ms = [instance_of(key) for key in state.marks if code_of(key) == ACTIVITY]
        # The first instant of an order may move back; only with its last the extent never shrinks.
        first_ms = min([*active_ms, *state.least.values()], default=0)
        last_ms = max([*active_ms, *state.most.values()], default=0)
        ids = len(active_ms) + len(state.least)
        ids += sum(code_of(key) == CANCELLED for key in state.marks)
        ids += len(state.facts.get(ONCE_AND_FOR_ALL, ()))
        extent_ms = last_ms - first_ms
        return ids > self._bounds.ids_max or extent_ms > self._bounds.cart_extent_max_ms


def _as_amount(content: Content | None) -> Amount | None:
    return (content[0], content[1]) if isinstance(content, tuple) else None


def _shows_cart(event: CartUpdated | CartTouched | CartCheckoutStarted) -> bool:
    """Whether an event's amount is the cart's.

    Beside an act it may be that of one item, unless the number of items in the cart stands there
    too.
    """
    if not isinstance(event, CartTouched):
        return True
    return event.action == "viewed" or event.items_count is not None


def _activity(event: CartUpdated | CartTouched | CartCheckoutStarted) -> int:
    """The marks an event leaves at its instant: the table in docs/counting.md."""
    match event:
        case CartCheckoutStarted():
            return PROLONGS | STARTS | ITEMS | CHECKOUT
        case CartUpdated():
            return PROLONGS | STARTS | ITEMS if event.items_count else PROLONGS | EMPTY
    if event.action == "added":
        return PROLONGS | STARTS | ITEMS
    told = 0 if event.items_count is None else ITEMS if event.items_count else EMPTY
    return told if event.action == "viewed" else PROLONGS | told
