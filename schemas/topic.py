"""The three topics and the types of event that belong to each.

What lives here: which type is known, and where. What must never live here: names of topics in a
broker; those are settings, and several topics may be of one kind. What the rest may lean on: the
tables are made from the unions of `schemas.event`, so that a new type is known everywhere at
once.
"""

from enum import StrEnum
from typing import Final, get_args

from schemas.event import AnyCartEvent, AnyContactEvent, AnySurveyEvent, Event

TYPE_LENGTH_MAX: Final = 64


class TopicKind(StrEnum):
    """What a topic speaks about; the types of one kind share a key."""

    SURVEYS = "surveys"
    CONTACTS = "contacts"
    CARTS = "carts"


UNIONS: Final = {
    TopicKind.SURVEYS: AnySurveyEvent,
    TopicKind.CONTACTS: AnyContactEvent,
    TopicKind.CARTS: AnyCartEvent,
}


ENTITY_FIELDS: Final = {
    TopicKind.SURVEYS: "response_id",
    TopicKind.CONTACTS: "contact_id",
    TopicKind.CARTS: "cart_id",
}
"""Which field names the entity."""


def type_name(event: type[Event]) -> str:
    """The `type` on the wire, such as `cart.updated`."""
    tag = event.__struct_config__.tag
    assert isinstance(tag, str), event
    return tag


EVENTS: Final[dict[TopicKind, dict[str, type[Event]]]] = {
    kind: {type_name(event): event for event in get_args(union)} for kind, union in UNIONS.items()
}
"""Per topic kind: type name -> struct."""

TOPIC_OF_TYPE: Final = {name: kind for kind, events in EVENTS.items() for name in events}

assert all(len(name) <= TYPE_LENGTH_MAX for name in TOPIC_OF_TYPE)
