from typing import Any

import pytest
from msgspec import Struct, inspect

from schemas.field import Currency, Id, Instant, ShortId, Source, Word
from schemas.shape import Field, Role, expectation, fields_of, json_type, values_getter
from tests.schemas.test_event import STRUCTS

TYPES_OF_ROLES: dict[Role, list[Any]] = {
    Role.ID: [Id, ShortId],
    Role.WORD: [Word],
    Role.SOURCE: [Source],
    Role.CURRENCY: [Currency],
    Role.INSTANT: [Instant],
}


def bare(kind: Any) -> list[inspect.Type]:
    """The types that a field may hold, without null."""
    info = inspect.type_info(kind)
    members = info.types if isinstance(info, inspect.UnionType) else (info,)
    return [member for member in members if not isinstance(member, inspect.NoneType)]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_names_and_types_of_fields_say_the_same(struct: type[Struct]) -> None:
    for field in fields_of(struct):
        expected = TYPES_OF_ROLES.get(field.role)
        if expected is not None:
            assert bare(field.type) in [bare(kind) for kind in expected], field.name
        elif field.role is Role.PLAIN:
            assert not any(isinstance(kind, inspect.StrType) for kind in bare(field.type)), field


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_can_say_what_it_expects(struct: type[Struct]) -> None:
    for field in fields_of(struct):
        assert expectation(field), field.name
        assert (field.bytes_max > 0) == (field.role in (Role.ID, Role.WORD))


def test_expectations_name_the_limits() -> None:
    fields: dict[str, Field] = {f.name: f for struct in STRUCTS for f in fields_of(struct)}
    assert expectation(fields["event_id"]) == "string of 1 to 128 bytes"
    assert expectation(fields["queue"]) == "string of 1 to 256 bytes"
    assert expectation(fields["talk_ms"]) == "integer in [0, 7776000000]"
    assert expectation(fields["items_count"]) == "integer in [0, 2^53)"
    assert expectation(fields["permanent"]) == "boolean"
    assert expectation(fields["segments"]) == "list of at most 32 objects"
    assert expectation(fields["direction"]) == "one of inbound, outbound, internal"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "number"),
        ("", "string"),
        ([], "list"),
        ({}, "object"),
    ],
)
def test_json_types_have_json_names(value: object, name: str) -> None:
    assert json_type(value) == name


def test_a_getter_of_one_field_is_refused_because_it_would_give_no_tuple() -> None:
    with pytest.raises(AssertionError):
        values_getter(STRUCTS[0], Role.SOURCE)
