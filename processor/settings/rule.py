"""The tables `contact`, `case`, `cart` and `bounds`: the rules by which entities count."""

from typing import Annotated, Final

from processor.core.definitions import Bounds, CartRules, CaseRules, ContactRules
from processor.settings.collection import Words
from processor.settings.form import Choice, Duration, Flag, Whole
from processor.settings.section import Section, setting
from processor.settings.text import Text, Word

_CONTACT: Final = ContactRules()
_CASE: Final = CaseRules()
_CART: Final = CartRules()
_BOUNDS: Final = Bounds()


class ContactSettings(Section):
    """When a contact of the contact center was answered in time, and when it was abandoned."""

    service_level_ms: Annotated[int, Duration("1s", "1d")] = setting(
        _CONTACT.service_level_ms,
        "A contact that waits at most this long in the queue is answered in time.",
        stored=True,
    )
    short_abandon_ms: Annotated[int, Duration("0s", "1h")] = setting(
        _CONTACT.short_abandon_ms,
        "Who leaves the queue sooner than this did not abandon: it counts as another exit. 0s"
        " counts all of them.",
        stored=True,
    )


class CaseSettings(Section):
    """When an issue was resolved at the first contact."""

    repeat_window_ms: Annotated[int, Duration("1h", "90d")] = setting(
        _CASE.repeat_window_ms,
        "Contacts of one customer about one issue that begin less than this apart belong"
        " together: the later ones are repeats. First contact resolution is settled when so much"
        " time has passed.",
        stored=True,
    )
    directions: Annotated[
        tuple[str, ...], Words(Choice(("inbound", "outbound", "internal")), "directions", 1, 3)
    ] = setting(_CASE.directions, "The directions of the contacts that are looked at.", stored=True)
    resolution_order: Annotated[
        tuple[str, ...], Words(Choice(("survey", "case", "agent")), "sources", 1, 3)
    ] = setting(
        _CASE.resolution_order,
        "Who is believed on whether the issue was resolved: the first of these that said"
        " anything. One that is left out is not asked.",
        stored=True,
    )
    transferred_breaks_fcr: Annotated[bool, Flag()] = setting(
        _CASE.transferred_breaks_fcr,
        "Whether a contact that was transferred cannot have been resolved at first contact.",
        stored=True,
    )
    reopened_breaks_fcr: Annotated[bool, Flag()] = setting(
        _CASE.reopened_breaks_fcr,
        "Whether a contact that was reopened cannot have been resolved at first contact.",
        stored=True,
    )
    not_level_one: Annotated[tuple[str, ...], Words(Word(), "wrap codes")] = setting(
        _CASE.not_level_one,
        "The wrap codes of contacts that nobody could resolve at first contact; they are left out"
        " of net first contact resolution.",
        stored=True,
    )


class CartSettings(Section):
    """When a cart was abandoned, and whose money is summed."""

    quiet_time_ms: Annotated[int, Duration("1m", "7d")] = setting(
        _CART.quiet_ms,
        "A cart with items in it and no activity for this long is abandoned.",
        stored=True,
    )
    order_grace_ms: Annotated[int, Duration("0s", "1h")] = setting(
        _CART.order_grace_ms,
        "Activity this soon after an order still belongs to it: events overtake each other, and"
        " clocks differ.",
        stored=True,
    )
    cancelled_undoes_conversion: Annotated[bool, Flag()] = setting(
        _CART.cancelled_undoes_conversion,
        "Whether an order that is cancelled counts as if it had never been.",
        stored=True,
    )
    currencies: Annotated[
        tuple[str, ...],
        Words(Text(r"[A-Z]{3}", "3 capital letters (ISO 4217)"), "currencies", 0, 50),
    ] = setting(
        _CART.currencies,
        "The currencies whose amounts are summed, each apart. Carts in any other are counted,"
        " without their value.",
        stored=True,
    )


class BoundsSettings(Section):
    """Above these an entity is oversized: it counts nothing any more, and that is exported."""

    ids_max: Annotated[int, Whole(16, 4_096)] = setting(
        _BOUNDS.ids_max,
        "The most questions of a response, transfers and reopenings of a contact, contacts of a"
        " customer, or acts and orders of a cart.",
        stored=True,
    )
    segments_max: Annotated[int, Whole(1, 256)] = setting(
        _BOUNDS.segments_max, "The most segments (legs) of a contact.", stored=True
    )
    cart_extent_max_ms: Annotated[int, Duration("1h", "365d")] = setting(
        _BOUNDS.cart_extent_max_ms,
        "The most time between the first and the last act of a cart.",
        stored=True,
    )
