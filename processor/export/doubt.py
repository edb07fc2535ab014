"""Doubts about a number: what it would be if the log had told what it left open.

Each is another reading of the same window, and the sentence that explains it. Whether a doubt
matters is not decided here: it does if the other reading would be judged otherwise (`figure`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from processor.core.counted import COUNT
from processor.core.tally import CART, FCR, FCR_SETTLED, Tally, Vector
from processor.core.window import Windows
from processor.export.numbers import total


class Doubt(NamedTuple):
    """Another reading of a tally, and why it is possible."""

    vector: Vector
    text: str


def doubts(windows: Windows, window: str, tally: Tally) -> Iterator[Doubt]:
    """What else the total of a tally in a window could be."""
    told = dict(zip(tally.fields, total(windows, window, tally), strict=True))
    if tally == CART:
        yield from _orders_without_cart(windows, window, told)
    if tally in (FCR, FCR_SETTLED):
        yield from _resolution_unknown(told)


def _orders_without_cart(windows: Windows, window: str, told: dict[str, int]) -> Iterator[Doubt]:
    """Each order without a cart may be that of a cart which was taken for abandoned."""
    unjoined = COUNT["orders_unjoined"]
    n = unjoined.of(total(windows, window, unjoined.tally))
    if n == 0:
        return
    joined = {
        "abandoned": max(0, told["abandoned"] - n),
        "checkout_abandoned": max(0, told["checkout_abandoned"] - n),
        "converted": told["converted"] + n,
        "recovered": told["recovered"] + n,
    }
    counted = "1 order comes" if n == 1 else f"{n:,} orders come"
    could = f"{counted} without a cart: {'it' if n == 1 else 'they'} could change this"
    yield Doubt(list((told | joined).values()), could)


def _resolution_unknown(told: dict[str, int]) -> Iterator[Doubt]:
    """A first contact of which nobody said whether it resolved the issue counts as unresolved."""
    first, unknown = told["first"], told["unknown"]
    if unknown:
        known = told | {"first": first - unknown, "unknown": 0}
        text = f"{unknown:,} of {first:,} first contacts: nobody said yet"
        yield Doubt(list(known.values()), text)
