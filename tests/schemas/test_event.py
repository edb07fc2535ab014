import pytest
from msgspec import Struct

from schemas.event import Answer, Event, LifecycleEvent, Segment
from schemas.field import ANSWERS_MAX, SEGMENTS_MAX
from schemas.shape import fields_of
from schemas.topic import EVENTS

STRUCTS: list[type[Struct]] = [event for events in EVENTS.values() for event in events.values()]
STRUCTS += [Answer, Segment]


def test_a_life_cycle_event_has_the_fields_of_a_segment() -> None:
    inherited = set(LifecycleEvent.__mro__[1].__struct_fields__)  # type: ignore[attr-defined]
    own = [field for field in fields_of(LifecycleEvent) if field.name not in inherited]
    assert own == list(fields_of(Segment))


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_what_was_not_said_is_not_written_and_not_collected(struct: type[Struct]) -> None:
    config = struct.__struct_config__
    assert config.omit_defaults
    assert not config.gc
    assert config.tag_field == ("type" if issubclass(struct, Event) else None)


def test_a_type_is_what_its_topic_and_its_class_say() -> None:
    for kind, events in EVENTS.items():
        for name, event in events.items():
            entity, _, verb = name.partition(".")
            assert kind == entity + "s"
            assert event.__name__ == entity.title() + verb.title().replace("_", "")


def test_the_limits_of_lists_are_those_of_the_contract() -> None:
    assert (ANSWERS_MAX, SEGMENTS_MAX) == (100, 32)
