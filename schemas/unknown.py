"""The names in a record that the contract does not know.

What lives here: naming them for the operator, who learns that a producer is ahead of its readers
or misspells an optional field. What must never live here: a decision; unknown fields are ignored.
What the rest may lean on: few names, each short and safe as a label; never a value.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from schemas.document import READ_ERRORS, Document, decode_json
from schemas.event import Event
from schemas.shape import LISTS, Role, fields_of, names_of
from schemas.topic import EVENTS, TOPIC_OF_TYPE

NAMES_MAX: Final = 20
"""Names reported per record; more would say no more about the producer."""
UNSAFE_NAME: Final = "__unsafe__"
"""Stands for a name that is too long for a label, or may be a value in disguise."""

_SAFE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,47}")


def unknown_fields(event_type: str, value: bytes) -> list[str]:
    """The unknown names, sorted, in lists as `answers[].comment`; [] if nothing can be read.

    Of a structured CloudEvent only `data` is looked at. Meant for a sample of the accepted
    records: it reads the record a second time.
    """
    try:
        said = decode_json(value)
    except READ_ERRORS:
        return []
    if type(said) is dict and "specversion" in said:
        said = said.get("data")
    if type(said) is not dict or event_type not in TOPIC_OF_TYPE:
        return []
    event = EVENTS[TOPIC_OF_TYPE[event_type]][event_type]
    return sorted(set(_unknown(event, said)))[:NAMES_MAX]


def _unknown(event: type[Event], said: Document) -> Iterator[str]:
    yield from _unknown_of(event, said, "")
    for name in names_of(event, Role.LIST):
        entries = said.get(name)
        for entry in entries if type(entries) is list else ():
            if type(entry) is dict:
                yield from _unknown_of(LISTS[name], entry, f"{name}[].")


def _unknown_of(struct: type[Struct], said: Document, path: str) -> Iterator[str]:
    known = {"type", *(field.name for field in fields_of(struct))}
    for name in said.keys() - known:
        yield path + (name if _SAFE.fullmatch(name) else UNSAFE_NAME)
