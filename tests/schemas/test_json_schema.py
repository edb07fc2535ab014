import json
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from schemas.example import ACCEPTED, REJECTED, Example, load_examples
from schemas.generate import SCHEMA_FOLDER
from schemas.topic import EVENTS, TopicKind
from tests.schemas.records import records
from tests.schemas.test_accept import read

VALIDATORS = {
    kind: Draft202012Validator(
        json.loads((SCHEMA_FOLDER / f"{kind}.schema.json").read_text(encoding="utf-8"))
    )
    for kind in TopicKind
}
BARE = [example for name in ACCEPTED[:3] for example in load_examples(name)]
EXPRESSIBLE = [e for e in load_examples(REJECTED) if e.in_schema and not e.headers]


@pytest.mark.parametrize("kind", TopicKind)
def test_a_schema_is_one_of_its_dialect_and_shows_valid_examples(kind: TopicKind) -> None:
    validator = VALIDATORS[kind]
    Draft202012Validator.check_schema(validator.schema)
    schema: Any = validator.schema
    assert schema["examples"]
    for shown in schema["examples"]:
        validator.validate(shown)


@pytest.mark.parametrize("example", BARE, ids=lambda example: example.title)
def test_every_good_example_is_valid(example: Example) -> None:
    VALIDATORS[example.topic].validate(json.loads(example.value or b""))


@pytest.mark.parametrize("example", EXPRESSIBLE, ids=lambda example: example.title)
def test_every_bad_example_that_a_schema_can_see_is_invalid(example: Example) -> None:
    try:
        said = json.loads(example.value or b"")
    except ValueError:
        return
    assert not VALIDATORS[example.topic].is_valid(said)


@settings(max_examples=300, deadline=None)
@given(records())
def test_whatever_is_accepted_is_valid(record: tuple[TopicKind, bytes | None, bytes]) -> None:
    if read(*record) is not None:
        VALIDATORS[record[0]].validate(json.loads(record[2]))


def test_every_property_says_what_it_means() -> None:
    for kind in TopicKind:
        schema: Any = VALIDATORS[kind].schema
        definitions = schema["$defs"]
        assert {event.__name__ for event in EVENTS[kind].values()} <= set(definitions)
        for definition in definitions.values():
            assert definition["title"]
            assert definition["description"]
            for shown in definition.get("properties", {}).values():
                assert shown["description"]
