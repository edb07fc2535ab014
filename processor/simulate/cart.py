"""Carts: the stories of people who shop, and of orders that come without a cart.

What lives here: the plans (look around, leave, empty, buy, come back, buy twice) and what each is
meant to count for. What must never live here: the acts as records (`basket`). What the rest may
lean on: a plan notes an abandonment where somebody walks away from a full cart, and nowhere else.
"""

from collections.abc import Callable
from typing import Final

from processor.simulate.basket import PRICE_MOST, QUIET_MS, SECOND_MS, Basket
from processor.simulate.catalog import SHOP_CHANNELS
from processor.simulate.chance import Wheel
from processor.simulate.scenario import Target
from processor.simulate.simulation import HOUR_MS, MINUTE_MS
from processor.simulate.story import CARTS_TOPIC, ORDER_PREFIX, Cause, Story, Teller, begin_story
from processor.simulate.till import Sale, Till
from processor.simulate.world import World

SURVEY_SHARE: Final = 0.35
# Records of stories without an order, per story with one: what it must be edited for, too.
UNEDITABLE_RECORDS: Final = 9.0
RETURN_SHARE: Final = 0.30  # of those whose order failed
RETURN_MAX_MS: Final = 20 * HOUR_MS


class Cart:
    """One cart, or one order without, while it is told."""

    __slots__ = (
        *("_about", "_abandoned", "_asked", "_basket", "_cause", "_checked_out", "_id", "_priced"),
        *("_started_ms", "_story", "_stream", "_teller", "_till", "_world"),
    )

    def __init__(self, world: World, cause: Cause) -> None:
        """Decide who shops where; nothing is written yet."""
        self._id = f"{world.tag}-{cause.number:06d}"
        cartless = cause.kind == "sale"
        name = f"{ORDER_PREFIX}s-{self._id}" if cartless else f"shop:{self._id}"
        stream = world.stream_of(name)
        who, channel = cause.person, stream.pick(SHOP_CHANNELS)
        self._world, self._cause, self._stream = world, cause, stream
        self._story = begin_story(name, brand=who.brand.name, channel=channel)
        self._teller = Teller(self._story, "shop", topic=CARTS_TOPIC, entity=name)
        self._about: dict[str, object] = {
            "channel": channel,
            "attributes": {"brand": who.brand.name, "market": who.market.name},
        }
        if who.customer_id:
            self._about["customer_id"] = who.customer_id
        self._basket = Basket(
            self._teller, stream, market=who.market, about=self._about, at_ms=cause.at_ms
        )
        self._till = Till(
            self._story,
            self._teller,
            stream=stream,
            currency=who.market.currency,
            about=self._about,
        )
        self._priced = stream.likely(0.95)
        self._asked = stream.likely(SURVEY_SHARE)
        self._open_cart()

    def _open_cart(self) -> None:
        """Nothing is in the cart, and nothing has happened to it."""
        self._started_ms: int | None = None
        self._checked_out = False
        self._abandoned = False

    def tell(self) -> Story:
        """The whole story."""
        stream, story = self._stream, self._story
        if stream.likely(self._world.settings.excluded):
            self._teller.exclude("bot" if stream.likely(0.7) else "test")
        if self._cause.kind == "sale":
            self._sell_without_cart()
        else:
            stream.pick(PLANS)(self)
        sales, edited = self._till.sales, self._world.settings.corrected
        if sales and stream.likely(edited * (len(story.records) + UNEDITABLE_RECORDS)):
            self._till.correct()
        self._till.regret()
        if self._cause.kind != "sale" and stream.likely(0.003):
            self._teller.say("cart.withdrawn", story.latest_ms + stream.spread(SECOND_MS, HOUR_MS))
            story.silent = True
        self._till.count()
        if sales and not story.silent and self._asked:
            self._ask(sales[0])
        return story

    def look_around(self) -> None:
        """Looked, put nothing in: no cart."""
        self._basket.look()
        while self._stream.likely(0.4):
            self._basket.pause()
            self._basket.look()

    def walk_away(self) -> None:
        """Put something in and left."""
        self._fill()
        self._abandon(for_good=True)

    def walk_away_from_checkout(self) -> None:
        """Put something in, went to pay, and left."""
        self._fill()
        self._check_out()
        self._abandon(for_good=True)

    def empty_it(self) -> None:
        """Put something in and took it out again; one in three then changed their mind and left."""
        self._fill()
        self._basket.pause()
        self._basket.empty()
        if self._stream.likely(0.33):
            self._basket.pause()
            self.walk_away()

    def buy(self) -> None:
        """Put something in and bought it, if the shop let them."""
        self._fill()
        self._check_out()
        self._basket.pause()
        if self._order():
            return
        again = self._stream.likely(RETURN_SHARE)
        self._abandon(for_good=not again)
        if again:
            self._return()

    def come_back_and_buy(self) -> None:
        """Left a full cart, and bought it later that day or the next."""
        self._fill()
        if self._stream.likely(0.5):
            self._check_out()
        self._abandon(for_good=False)
        self._return()

    def buy_twice(self) -> None:
        """Bought, and began a new cart under the same id soon after."""
        self._priced = True  # Only the last order of a cart may borrow its amount from the cart.
        self.buy()
        if not self._till.sales:
            return
        self._basket.at_ms += self._stream.spread(20 * SECOND_MS, 20 * MINUTE_MS)
        if self._stream.likely(0.6):
            self.buy()
        else:
            self.walk_away()

    def _return(self) -> None:
        """Come back to an abandoned cart: only pay, or put more in and go to pay once more."""
        self._basket.rest(RETURN_MAX_MS)
        if self._stream.likely(0.3) and self._order():
            return
        self._fill()
        self._check_out()
        self._basket.pause()
        if not self._order():
            self._abandon(for_good=True)

    def _fill(self) -> None:
        """Put one to four things in."""
        self._basket.add()
        if self._started_ms is None:
            self._started_ms = self._basket.at_ms
            self._story.count("shop.started", self._started_ms)
        for _ in range(self._stream.between(0, 4)):
            self._basket.pause()
            self._basket.add()
        if self._stream.likely(0.2):
            self._basket.look()

    def _check_out(self) -> None:
        """Go to pay."""
        self._basket.pause()
        begun_ms = self._basket.check_out(self._checkout_id())
        if not self._checked_out:
            self._checked_out = True
            self._story.count("shop.checkouts", begun_ms)

    def _checkout_id(self) -> str:
        """The checkout that the next order will come from."""
        return f"ch-{self._id}-{len(self._till.sales)}"

    def _abandon(self, *, for_good: bool) -> None:
        """Walk away from a full cart: it counts as abandoned once the quiet time is over."""
        story, basket = self._story, self._basket
        due_ms = basket.at_ms + QUIET_MS
        story.count("cart.abandonments", due_ms)
        self._abandoned = True
        if not for_good:
            return
        story.count("cart.abandoned", due_ms)
        if self._checked_out:
            story.count("cart.checkout_abandoned", due_ms)
        if basket.known_value is not None:
            value = f"cart_value.{self._cause.person.market.currency}"
            story.count(f"{value}.abandoned", due_ms)
            story.count(f"{value}.abandoned_minor", due_ms, basket.known_value)

    def _order(self) -> bool:
        """Pay for what is in the cart; False if the shop does not let them."""
        stream, basket, world = self._stream, self._basket, self._world
        if not stream.likely(world.influence.factor(Target.ORDER, basket.at_ms)):
            return False
        amount = basket.known_value
        names: dict[str, object] = {"order_id": f"o-{self._id}-{len(self._till.sales)}"}
        if stream.likely(0.8):
            names["checkout_id"] = self._checkout_id()
        if self._priced:
            amount = self._till.price(4 * PRICE_MOST)
        sale = self._till.sell(names, basket.at_ms, amount=amount, priced=self._priced)
        sale.recovered = self._abandoned
        basket.leave_order()
        self._open_cart()
        return True

    def _sell_without_cart(self) -> None:
        """An order from a till or a subscription: nobody filled a cart for it."""
        names: dict[str, object] = {"order_id": f"s-{self._id}"}
        amount = self._till.price()
        self._till.sell(names, self._basket.at_ms, amount=amount, priced=True).joined = False

    def _ask(self, sale: Sale) -> None:
        """Let the shop ask how it was, some minutes after the order."""
        cause = self._cause
        self._story.follow_ups.append(
            Cause(
                kind="after-purchase",
                at_ms=sale.at_ms + self._stream.spread(MINUTE_MS, HOUR_MS),
                number=cause.number,
                person=cause.person,
                thread=str(sale.names["order_id"]),
                gladness=0.30,
            )
        )


PLANS: Final[Wheel[Callable[[Cart], None]]] = Wheel(
    {
        Cart.walk_away: 0.40,
        Cart.walk_away_from_checkout: 0.13,
        Cart.buy: 0.21,
        Cart.come_back_and_buy: 0.05,
        Cart.buy_twice: 0.03,
        Cart.empty_it: 0.06,
        Cart.look_around: 0.12,
    }
)
