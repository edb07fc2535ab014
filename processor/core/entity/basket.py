r"""The carts that were filled one after another under one cart id, read from activity and orders.

    f = first STARTS instant      G = order grace      Q = quiet time

          leg 1              leg 2                       tail
    --f---t--t----o1-|G|--t---------t--o2-|G|------t----t-----------------> time
      \_________/         \_/       \_/               \____/
         run               run  gap  run                run    then quiet: abandoned at its end + Q
                                >= Q: an abandonment

Leg i is `(o(i-1) + G, o(i) + G]`; the tail is what comes after the last order. A basket begins at
its first STARTS instant; a run that ends with items in the basket and is followed by nothing, or by
something Q or more later, is an abandonment. Pure arithmetic on instants; states and tallies are
`core.entity.cart`'s business.
"""

from collections.abc import Iterator, Sequence

import msgspec

PROLONGS = 1
STARTS = 2
ITEMS = 4
EMPTY = 8
CHECKOUT = 16

Activity = Sequence[tuple[int, int]]
"""(instant, bits) in order of time."""


class Basket(msgspec.Struct, frozen=True):
    """One cart.

    Attributes:
        start_ms: its first evidence.
        ordered_at: which of the orders it became (an index); None for the tail.
        checkout_ms: when its first checkout was started.
        abandonment_ms: the instants (end of a run + Q) at which it was abandoned, in order.
        is_abandoned: whether the last of them is its outcome.
    """

    start_ms: int
    ordered_at: int | None
    checkout_ms: int | None
    abandonment_ms: tuple[int, ...]
    is_abandoned: bool


def baskets(
    activity: Activity, orders_ms: Sequence[int], *, quiet_ms: int, grace_ms: int
) -> Iterator[Basket]:
    """The baskets in order of time. `orders_ms` are the instants of the orders, sorted."""
    first_ms = next((at_ms for at_ms, bits in activity if bits & STARTS), None)
    if first_ms is None:
        return
    leg_start_ms: int | None = None
    for at, order_ms in enumerate(orders_ms):
        leg_end_ms = order_ms + grace_ms
        if first_ms <= leg_end_ms:
            leg = [
                (at_ms, bits)
                for at_ms, bits in activity
                if (leg_start_ms is None or at_ms > leg_start_ms) and at_ms <= leg_end_ms
            ]
            yield _ordered(leg, at, order_ms, quiet_ms)
        leg_start_ms = leg_end_ms
    tail = [(ms, bits) for ms, bits in activity if leg_start_ms is None or ms > leg_start_ms]
    start_ms = _start_ms(tail)
    if start_ms is not None:
        runs = list(_runs(tail, start_ms, quiet_ms))
        yield Basket(
            start_ms,
            None,
            _checkout_ms(tail, start_ms),
            tuple(end_ms + quiet_ms for end_ms in runs if _has_items(tail, end_ms)),
            is_abandoned=_has_items(tail, runs[-1]),
        )


def _ordered(leg: Activity, at: int, order_ms: int, quiet_ms: int) -> Basket:
    start_ms = _start_ms(leg)
    if start_ms is None:
        return Basket(order_ms, at, None, (), is_abandoned=False)
    before = [(at_ms, bits) for at_ms, bits in leg if at_ms <= order_ms]
    runs = list(_runs(before, start_ms, quiet_ms))
    if runs and order_ms - runs[-1] < quiet_ms:
        runs.pop()  # The last run ended in the order, not in silence.
    abandonments = tuple(end_ms + quiet_ms for end_ms in runs if _has_items(before, end_ms))
    return Basket(start_ms, at, _checkout_ms(leg, start_ms), abandonments, is_abandoned=False)


def _start_ms(activity: Activity) -> int | None:
    return next((at_ms for at_ms, bits in activity if bits & STARTS), None)


def _checkout_ms(activity: Activity, start_ms: int) -> int | None:
    return next((ms for ms, bits in activity if bits & CHECKOUT and ms >= start_ms), None)


def _runs(activity: Activity, start_ms: int, quiet_ms: int) -> Iterator[int]:
    """The ends of the runs from `start_ms` on; the last is the last instant of activity."""
    end_ms = None
    for at_ms, bits in activity:
        if at_ms < start_ms or not bits & PROLONGS:
            continue
        if end_ms is not None and at_ms - end_ms >= quiet_ms:
            yield end_ms
        end_ms = at_ms
    if end_ms is not None:
        yield end_ms


def _has_items(activity: Activity, at_ms: int) -> bool:
    """Whether the basket has items then: unless the latest mark that tells says it is empty."""
    told = [bits for ms, bits in activity if ms <= at_ms and bits & (ITEMS | EMPTY)]
    return not told or bool(told[-1] & ITEMS)
