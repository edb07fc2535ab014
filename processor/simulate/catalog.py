"""The company: its brands, markets, channels, queues and issues, as tables.

What lives here: names, weights and the few facts that hang on them. What must never live here:
draws or time. What the rest may lean on: every name is plain, lower-case and invented; who a
customer is follows from their number, so nobody has to remember customers.
"""

from typing import Final

from msgspec import Struct

from processor.simulate.chance import Wheel


class Brand(Struct, frozen=True, gc=False):
    """A brand and how its customers feel on an ordinary day (0: neither way)."""

    name: str
    mood: float


class Market(Struct, frozen=True, gc=False):
    """A market: its currency, the factor of its prices in minor units, and its UTC offset."""

    name: str
    currency: str
    price_factor: float
    utc_offset_minutes: int


NORTH: Final = Brand("north", 0.20)
HARBOR: Final = Brand("harbor", 0.05)
ATLAS: Final = Brand("atlas", -0.10)
MEADOW: Final = Brand("meadow", 0.30)
BRANDS: Final = Wheel({NORTH: 0.40, HARBOR: 0.30, ATLAS: 0.20, MEADOW: 0.10})
BRAND_NAMES: Final = ("north", "harbor", "atlas", "meadow")

MARKETS: Final = Wheel(
    {
        Market("de", "EUR", 1.0, 60): 0.34,
        Market("fr", "EUR", 1.0, 60): 0.22,
        Market("us", "USD", 1.1, -300): 0.26,
        Market("gb", "GBP", 0.85, 0): 0.10,
        Market("jp", "JPY", 1.6, 540): 0.08,  # no minor units: 1.6 yen to the euro cent
    }
)
MARKET_NAMES: Final = ("de", "fr", "us", "gb", "jp")
CURRENCIES: Final = ("EUR", "USD", "GBP", "JPY")

CONTACT_CHANNELS: Final = Wheel({"voice": 0.62, "chat": 0.26, "message": 0.12})
SHOP_CHANNELS: Final = Wheel({"web": 0.70, "app": 0.30})
# How a survey is asked: after a contact by the contact's channel, else one of these.
ASKED_AFTER_CONTACT: Final = {"voice": "ivr", "chat": "chat", "message": "sms"}
ASKED_AFTER_PURCHASE: Final = Wheel({"email": 0.75, "web": 0.25})
ASKED_ANYTIME: Final = Wheel({"in_app": 0.55, "email": 0.35, "web": 0.10})

# What a contact is about, and the queue that such contacts wait in.
ISSUES: Final = Wheel(
    {
        "invoice": 0.22,
        "delivery": 0.26,
        "return": 0.16,
        "login": 0.12,
        "defect": 0.14,
        "advice": 0.10,
    }
)
QUEUE_OF_ISSUE: Final = {
    "invoice": "billing",
    "delivery": "orders",
    "return": "orders",
    "login": "technical",
    "defect": "technical",
    "advice": "sales",
}
QUEUES: Final = ("billing", "orders", "technical", "sales")
OVERFLOW_QUEUE: Final = "reserve"

# Any odd numbers that are far apart do: they scatter consecutive customers over brands and markets.
BRAND_SCATTER: Final = 7919
MARKET_SCATTER: Final = 104_729
SCATTER_STEPS: Final = 1000


class Person(Struct, gc=False):
    """Somebody who deals with the company; `customer_id` is None while nobody knows who it is."""

    customer_id: str | None
    brand: Brand
    market: Market


def person(number: int, *, known: bool) -> Person:
    """Customer `number`: the same brand and market whenever they come back."""
    return Person(
        f"cust-{number:06d}" if known else None,
        BRANDS.at(number * BRAND_SCATTER % SCATTER_STEPS / SCATTER_STEPS),
        MARKETS.at(number * MARKET_SCATTER % SCATTER_STEPS / SCATTER_STEPS),
    )
