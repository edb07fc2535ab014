"""Events as a producer writes them, for every test that needs a log."""

import json
from collections.abc import Mapping
from typing import Any

from processor.core.record import Record

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

NOON = 1_772_452_800_000
"""2026-03-02T12:00:00Z, a Monday; a boundary of every tier."""


def topic_of(event: Mapping[str, Any]) -> str:
    """The topic an event belongs to."""
    return {"survey": "surveys", "contact": "contacts", "cart": "carts"}[_prefix(event)]


def key_of(event: Mapping[str, Any]) -> bytes:
    """The key that the contract asks for."""
    name = {"survey": "response_id", "contact": "contact_id", "cart": "cart_id"}[_prefix(event)]
    return str(event.get(name) or f"order:{event['order_id']}").encode()


def _prefix(event: Mapping[str, Any]) -> str:
    return str(event["type"]).partition(".")[0]


def record(event: Mapping[str, Any], arrival_ms: int | None = None, offset: int = 0) -> Record:
    """An event as a record; it happens and arrives at noon and calls itself by its place."""
    said = {"event_id": f"e{offset}", "source": "test", "occurred_at": NOON, **event}
    if arrival_ms is None:
        arrival_ms = said["occurred_at"]
    return Record(offset, arrival_ms, key_of(said), json.dumps(said).encode())
