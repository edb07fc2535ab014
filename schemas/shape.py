"""What each field of each struct is: its role, read off its name.

What lives here: the tables by which the fast reader, the diagnosis, the JSON Schemas and the page
walk over the fields. What must never live here: checks. What the rest may lean on: the contract's
names say what a field is (every time ends in `_at`, every amount in `_minor`, every id in `_id`),
and a test holds names and types together.
"""

from collections.abc import Callable
from enum import Enum, auto
from functools import cache
from operator import attrgetter
from typing import Any, Final, Literal, get_args, get_origin

from msgspec import Struct, inspect, structs

from schemas.event import Answer, Segment
from schemas.field import (
    ANSWERS_MAX,
    ATTRIBUTES_MAX,
    ID_BYTES_MAX,
    NUMBER_END,
    OPTIONS_MAX,
    SEGMENTS_MAX,
    SHORT_ID_BYTES_MAX,
    SOURCE_LENGTH_MAX,
)

LISTS: Final[dict[str, type[Struct]]] = {"answers": Answer, "segments": Segment}
"""Fields that hold a list of objects, and what these are."""

LIST_LIMITS: Final = {"answers": ANSWERS_MAX, "segments": SEGMENTS_MAX}

_SHORT_IDS: Final = frozenset({"event_id", "question_id"})


class Role(Enum):
    """What a field is, and hence which reason it gives when it is wrong."""

    ID = auto()
    WORD = auto()
    SOURCE = auto()
    INSTANT = auto()
    AMOUNT = auto()
    CURRENCY = auto()
    ATTRIBUTES = auto()
    LIST = auto()
    VALUE = auto()
    PLAIN = auto()
    IGNORED = auto()


class Field(Struct, frozen=True):
    """One field of a struct; `bytes_max` is for ids and words, 0 elsewhere."""

    name: str
    role: Role
    required: bool
    type: Any
    bytes_max: int


_ROLES: Final = {
    "source": Role.SOURCE,
    "queue": Role.ID,
    "channel": Role.WORD,
    "touchpoint": Role.WORD,
    "wrap_code": Role.WORD,
    "currency": Role.CURRENCY,
    "attributes": Role.ATTRIBUTES,
    "answers": Role.LIST,
    "segments": Role.LIST,
    "value": Role.VALUE,
}
_ROLES_OF_ENDINGS: Final = {"id": Role.ID, "at": Role.INSTANT, "minor": Role.AMOUNT}
_EXPECTATIONS: Final = {
    Role.SOURCE: f"string of 1 to {SOURCE_LENGTH_MAX} characters out of a-z 0-9 _ . / -",
    Role.INSTANT: "time",
    Role.AMOUNT: "integer of minor units in [0, 2^53)",
    Role.CURRENCY: "three capital letters",
    Role.ATTRIBUTES: f"object of at most {ATTRIBUTES_MAX} strings, booleans or integers",
    Role.VALUE: f"integer, boolean, string, or list of at most {OPTIONS_MAX} strings",
    Role.IGNORED: "anything",
}


@cache
def fields_of(struct: type[Struct]) -> tuple[Field, ...]:
    """The fields of a struct in their order on the page; the tag `type` is none of them."""
    fields = []
    for field in structs.fields(struct):
        role = _role(field.name, struct)
        limit = SHORT_ID_BYTES_MAX if field.name in _SHORT_IDS else ID_BYTES_MAX
        bytes_max = limit if role in (Role.ID, Role.WORD) else 0
        fields.append(Field(field.name, role, field.required, field.type, bytes_max))
    return tuple(fields)


@cache
def names_of(struct: type[Struct], *roles: Role) -> tuple[str, ...]:
    """The names of the fields that have one of the roles."""
    return tuple(field.name for field in fields_of(struct) if field.role in roles)


def values_getter(struct: type[Struct], *roles: Role) -> Callable[[Any], tuple[Any, ...]]:
    """A function that gives the values of two or more such fields as a tuple."""
    names = names_of(struct, *roles)
    assert len(names) > 1, struct
    return attrgetter(*names)


def _role(name: str, struct: type[Struct]) -> Role:
    if name == "created_at" and "cart_id" in struct.__struct_fields__:
        return Role.IGNORED
    ending = name.rpartition("_")[2]
    return _ROLES.get(name) or _ROLES_OF_ENDINGS.get(ending, Role.PLAIN)


def expectation(field: Field) -> str:
    """What a field may hold, in words for a log line and for the page."""
    if field.bytes_max:
        return f"string of 1 to {field.bytes_max} bytes"
    if field.role is Role.LIST:
        return f"list of at most {LIST_LIMITS[field.name]} objects"
    if field.role is Role.PLAIN:
        return _plain_expectation(field.type)
    return _EXPECTATIONS[field.role]


def json_type(value: object) -> str:
    """The name of a value's JSON type: what may be said of it in a log."""
    names = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object"}
    return "null" if value is None else names.get(type(value), "list")


def _plain_expectation(annotation: Any) -> str:
    for member in (annotation, *get_args(annotation)):
        if get_origin(member) is Literal:
            return "one of " + ", ".join(get_args(member))
    kind = inspect.type_info(annotation)
    if isinstance(kind, inspect.UnionType):
        kind = next(member for member in kind.types if not isinstance(member, inspect.NoneType))
    if isinstance(kind, inspect.IntType):
        return (
            "integer in [0, 2^53)"
            if kind.lt == NUMBER_END
            else f"integer in [{kind.ge}, {kind.le}]"
        )
    return "boolean"
