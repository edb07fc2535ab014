"""A record's value as one JSON document: whether it means the same to every reader.

What lives here: syntax, depth and names given twice. What must never live here: the contract's
names. What the rest may lean on: a document that `read_document` returned is an object of UTF-8
text, at most 8 levels deep, in which no object gives a name twice. Readers differ on doubled
names (first wins, last wins, error: RFC 8259 section 4), so such a record is refused and never
read one way here and another way in an archive.
"""

import json
from typing import Any, Final, TypeAlias

import msgspec

from schemas.reason import Reason, Rejection

Document: TypeAlias = dict[str, Any]

DEPTH_MAX: Final = 8
"""Levels of objects and lists, the record itself counted."""
READ_ERRORS: Final = (msgspec.MsgspecError, ValueError, RecursionError)
"""What msgspec raises on bytes that it cannot read: wrong JSON, wrong UTF-8, endless nesting."""

_QUOTE: Final = ord('"')
_BACKSLASH: Final = ord("\\")

decode_json = msgspec.json.Decoder().decode
encode_json = msgspec.json.Encoder().encode


class _NamedTwiceError(Exception):
    """Carries the name out of the parser."""


def read_document(value: bytes) -> Document | Rejection:
    """The record's object, or why it is none (`undecodable`)."""
    try:
        document = decode_json(value)
    except READ_ERRORS as error:
        return Rejection(Reason.UNDECODABLE, "", _in_words(error))
    if type(document) is not dict:
        return Rejection(Reason.UNDECODABLE, "", "not one JSON object")
    if not _is_shallow(document):
        return Rejection(Reason.UNDECODABLE, "", f"nested deeper than {DEPTH_MAX}")
    if _names_something_twice(value):
        return Rejection(Reason.UNDECODABLE, "", "an object gives a name twice")
    return document


def is_unambiguous(value: bytes) -> bool:
    """Whether `read_document` would return the object, for less: mostly without a call per object.

    Without backslashes a quotation mark is never part of a string, and writing what was read
    gives two of them per name and per string. A name given twice is read once, so fewer are
    written than were read.
    """
    try:
        document = decode_json(value)
    except READ_ERRORS:
        return False
    if type(document) is not dict or not _is_shallow(document):
        return False
    if _BACKSLASH in value:
        return not _names_something_twice(value)
    return bool(encode_json(document).count(_QUOTE) == value.count(_QUOTE))


def is_written_from(value: bytes, written: bytes) -> bool:
    """Whether `written`, the encoding of what a struct kept of `value`, shows that it kept all.

    Equal lengths: encoding never makes a text, an integer or a constant longer, so nothing else
    can have been there. Equal quotation marks without backslashes: every name and every string
    was kept, so no name was unknown, doubled or null, and nothing was skipped unread. False shows
    nothing. Holds for structs without floats.
    """
    if len(value) == len(written):
        return True
    return _BACKSLASH not in value and value.count(_QUOTE) == written.count(_QUOTE)


def _is_shallow(document: Document) -> bool:
    level: list[Any] = [document]
    for _ in range(DEPTH_MAX):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return True
    return False


def _names_something_twice(value: bytes) -> bool:
    try:
        # The numbers are not looked at: a hook spares the conversion of very long ones.
        json.loads(value.decode(), object_pairs_hook=_once, parse_int=len, parse_float=len)
    except _NamedTwiceError:
        return True
    return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise _NamedTwiceError
    return named


def _in_words(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return f"nested deeper than {DEPTH_MAX}"
    return "not JSON, or a number beyond every type"
