"""Which entity an event is about, and what an id may look like.

What lives here: the bytes that a Kafka key must equal, and the form of ids, words, sources and
currencies. What must never live here: hashing or resolving of ids. What the rest may lean on: an
id is taken as it comes, never trimmed, folded or normalised, so equal bytes are the same entity
and nothing else is.
"""

import re
from functools import lru_cache
from typing import Final

from schemas.event import AnyEvent, CartEvent, ContactEvent, SurveyEvent

ORDER_PREFIX: Final = "order:"
"""Before the id of an order without a cart, in its key; cart ids should not begin with it."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # Unicode's category Cc
_SOURCE: Final = re.compile(r"[a-z0-9_./-]{1,64}")
_BYTES_PER_CHARACTER_MAX: Final = 4
_SOURCES_MAX: Final = (
    1024  # sources are few; the memo only must not grow with what a stranger sends
)


def entity_id(event: AnyEvent) -> bytes:
    """The bytes that the record's key must equal: the response's, contact's or cart's id in UTF-8.

    An order without a cart is its own entity, `order:<order_id>`. Raises ValueError for a cart
    event that names neither; no such event comes from `schemas.decode`.
    """
    if isinstance(event, SurveyEvent):
        return event.response_id.encode()
    if isinstance(event, ContactEvent):
        return event.contact_id.encode()
    return cart_key(event)


def cart_key(event: CartEvent) -> bytes:
    """As `entity_id`, for carts and orders."""
    if event.cart_id is not None:
        return event.cart_id.encode()
    if event.order_id is not None:
        return (ORDER_PREFIX + event.order_id).encode()
    message = "a cart event names a cart or an order"
    raise ValueError(message)


def id_fault(text: str, bytes_max: int) -> str | None:
    """What is wrong with an id or word, in words, or None."""
    if not text:
        return "empty"
    if len(text) * _BYTES_PER_CHARACTER_MAX > bytes_max and len(text.encode()) > bytes_max:
        return f"longer than {bytes_max} bytes of UTF-8"
    if _CONTROL.search(text) is not None:
        return "holds a control character"
    if text.strip() != text:
        return "has blanks around it"
    return None


@lru_cache(_SOURCES_MAX)
def source_valid(source: str) -> bool:
    """Whether a source has only the characters that are safe in labels, keys and file names."""
    return _SOURCE.fullmatch(source) is not None


def currency_valid(currency: str) -> bool:
    """Whether it looks like an ISO 4217 code. Which codes exist is configuration, not contract."""
    return len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()  # noqa: PLR2004  # three letters
