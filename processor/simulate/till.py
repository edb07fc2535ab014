"""The till: orders, with or without a cart, and what becomes of them.

What lives here: orders as records, their corrections and regrets, and what they are meant to count
for. What must never live here: why somebody orders (`cart`). What the rest may lean on: an order
has one amount in the end, the one it was last said to have.
"""

from typing import Final

from msgspec import Struct

from processor.simulate.basket import PRICE_LEAST, PRICE_MOST, SECOND_MS
from processor.simulate.chance import Stream
from processor.simulate.simulation import DAY_MS, HOUR_MS, MINUTE_MS
from processor.simulate.story import Story, Teller

AGAIN_SHARE: Final = 0.2  # of orders are said twice: once when placed, once when paid
SPLIT_SHARE: Final = 0.02  # of checkouts become two orders
REGRET_SHARE: Final = 0.05
REFUND_MINOR: Final = 500


class Sale(Struct, gc=False):
    """An order: the fields that name it, its instant, its amount if any record knows one.

    `place` is that of its record in the story; `joined` says that there was a cart, `recovered`
    that the cart had been abandoned before.
    """

    names: dict[str, object]
    at_ms: int
    amount: int | None
    place: int
    joined: bool = True
    recovered: bool = False


class Till:
    """The orders of one story."""

    __slots__ = ("_about", "_currency", "_story", "_stream", "_teller", "sales")

    def __init__(
        self,
        story: Story,
        teller: Teller,
        *,
        stream: Stream,
        currency: str,
        about: dict[str, object],
    ) -> None:
        """Take orders in one currency; `about` goes into every one."""
        self._story, self._teller, self._stream = story, teller, stream
        self._currency, self._about = currency, about
        self.sales: list[Sale] = []

    def price(self, most: int = PRICE_MOST) -> int:
        """A price in minor units."""
        return self._stream.spread(PRICE_LEAST, most)

    def _money(self, amount: int | None) -> dict[str, object]:
        """An amount as records say it."""
        return {"value_minor": amount, "currency": self._currency}

    def sell(
        self, names: dict[str, object], at_ms: int, *, amount: int | None, priced: bool
    ) -> Sale:
        """Write an order, with its amount if `priced`.

        Shops often say an order twice, and now and then split a checkout into two.
        """
        stream, fields = self._stream, self._about | names
        if priced:
            fields |= self._money(amount)
        place = self._teller.say("cart.ordered", at_ms, fields)
        if stream.likely(AGAIN_SHARE):
            self._teller.say("cart.ordered", at_ms + 2 * SECOND_MS, fields)
        elif "checkout_id" in names and stream.likely(SPLIT_SHARE):
            other = {"order_id": f"{names['order_id']}-split"}
            self._teller.say("cart.ordered", at_ms + SECOND_MS, fields | other)
        sale = Sale(names, at_ms, amount, place)
        self.sales.append(sale)
        return sale

    def correct(self) -> None:
        """Say that the last order had another amount."""
        sale, story = self.sales[-1], self._story
        sale.amount = self.price()
        at_ms = story.latest_ms + self._stream.spread(5 * SECOND_MS, 2 * HOUR_MS)
        fields = self._about | sale.names | self._money(sale.amount)
        self._teller.say("cart.ordered", at_ms, fields, edits=sale.place)

    def regret(self) -> None:
        """Now and then cancel or refund the last order, which takes nothing back."""
        stream, story = self._stream, self._story
        if not self.sales or not stream.likely(REGRET_SHARE):
            return
        names = self.sales[-1].names
        if stream.likely(0.5):
            at_ms = story.latest_ms + stream.spread(10 * MINUTE_MS, 12 * HOUR_MS)
            self._teller.say("cart.order_cancelled", at_ms, names)
        else:
            at_ms = story.latest_ms + stream.spread(HOUR_MS, 3 * DAY_MS)
            self._teller.say("cart.order_refunded", at_ms, names | self._money(REFUND_MINOR))

    def count(self) -> None:
        """Note what the orders are meant to count for."""
        for sale in self.sales:
            self._story.count("shop.orders", sale.at_ms)
            if sale.joined:
                self._count_conversion(sale)
            else:
                self._story.count("shop.unjoined", sale.at_ms)

    def _count_conversion(self, sale: Sale) -> None:
        """Note a cart that became an order, and what it was worth, if that is known."""
        for outcome in ("converted", "recovered") if sale.recovered else ("converted",):
            self._story.count(f"cart.{outcome}", sale.at_ms)
            if sale.amount is not None:
                value = f"cart_value.{self._currency}.{outcome}"
                self._story.count(value, sale.at_ms)
                self._story.count(f"{value}_minor", sale.at_ms, sale.amount)
