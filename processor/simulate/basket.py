"""A basket: one cart in the hands of somebody, act by act.

What lives here: the acts (look, add, empty, check out, order) as records, and the few things about
the cart that its story needs to know. What must never live here: plans (`cart`). What the rest may
lean on: acts within a stay are less than the quiet time apart, and `rest` makes the next one more.
"""

from typing import Final

from processor.simulate.catalog import Market
from processor.simulate.chance import Stream
from processor.simulate.simulation import MINUTE_MS
from processor.simulate.story import Teller

SECOND_MS: Final = 1000
# After the quiet time a cart counts as abandoned; within the grace an order's echoes come.
QUIET_MS: Final = 30 * MINUTE_MS
GRACE_MS: Final = 10 * SECOND_MS
ACT_GAP_MEAN_MS: Final = 70 * SECOND_MS
ACT_GAP_MAX_MS: Final = 20 * MINUTE_MS
PRICE_LEAST: Final = 900
PRICE_MOST: Final = 15_000


class Basket:
    """One cart and the hands that hold it; `at_ms` is the instant of the last act."""

    __slots__ = (
        *("_about", "_items", "_market", "_snapshots", "_stream", "_teller", "_value"),
        *("at_ms", "known_value"),
    )

    def __init__(
        self,
        teller: Teller,
        stream: Stream,
        *,
        market: Market,
        about: dict[str, object],
        at_ms: int,
    ) -> None:
        """An empty cart at an instant; `about` goes into every record of it.

        Half of the shops tell a cart by snapshots, the others by single acts.
        """
        self._teller, self._stream, self._market, self._about = teller, stream, market, about
        self._snapshots = stream.likely(0.5)
        self._items = 0
        self._value = 0
        self.at_ms = at_ms
        self.known_value: int | None = None

    def pause(self) -> None:
        """Let some time pass, less than the quiet time."""
        gap_ms = 2 * SECOND_MS + self._stream.around(ACT_GAP_MEAN_MS)
        self.at_ms += min(gap_ms, ACT_GAP_MAX_MS)

    def _money(self) -> dict[str, object]:
        """The value of what is in the cart, which the shop now knows."""
        self.known_value = self._value
        return {"value_minor": self._value, "currency": self._market.currency}

    def rest(self, longest_ms: int) -> None:
        """Let time pass, more than the quiet time and at most `longest_ms`."""
        self.at_ms += self._stream.spread(QUIET_MS + MINUTE_MS, longest_ms)

    def look(self) -> None:
        """Look at the cart, half a second later; it prolongs nothing."""
        fields = {"action": "viewed", "items_count": self._items}
        self._teller.say("cart.touched", self.at_ms + SECOND_MS // 2, self._about | fields)

    def add(self) -> None:
        """Put something in."""
        self._items += 1
        price = self._stream.spread(PRICE_LEAST, PRICE_MOST)
        self._value += int(price * self._market.price_factor)
        if self._snapshots:
            fields = {"items_count": self._items} | self._money()
            self._teller.say("cart.updated", self.at_ms, self._about | fields)
        else:
            self._teller.say("cart.touched", self.at_ms, self._about | {"action": "added"})

    def empty(self) -> None:
        """Take everything out."""
        self._items = self._value = 0
        if self._snapshots:
            fields = {"items_count": 0} | self._money()
            self._teller.say("cart.updated", self.at_ms, self._about | fields)
        else:
            fields = {"action": "removed", "items_count": 0}
            self._teller.say("cart.touched", self.at_ms, self._about | fields)

    def check_out(self, checkout_id: str) -> int:
        """Go to pay; returns when."""
        begun_ms = self.at_ms
        fields = {"checkout_id": checkout_id} | self._money()
        self._teller.say("cart.checkout_started", begun_ms, self._about | fields)
        if self._stream.likely(0.3):
            self.pause()
            step = {"action": "step", "checkout_id": checkout_id}
            self._teller.say("cart.touched", self.at_ms, self._about | step)
        return begun_ms

    def leave_order(self) -> None:
        """What an order does to the cart: it is empty, and some shops say so a moment later."""
        if self._snapshots and self._stream.likely(0.5):
            echo_ms = self.at_ms + self._stream.between(1, GRACE_MS - SECOND_MS)
            self._teller.say("cart.updated", echo_ms, self._about | {"items_count": 0})
        self._items = self._value = 0
        self.known_value = None
