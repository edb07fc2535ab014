from schemas.topic import ENTITY_FIELDS, EVENTS, TOPIC_OF_TYPE, TopicKind


def test_every_type_belongs_to_one_topic() -> None:
    assert len(TOPIC_OF_TYPE) == sum(len(events) for events in EVENTS.values()) == 22
    assert [len(EVENTS[kind]) for kind in TopicKind] == [3, 12, 7]


def test_every_event_of_a_topic_can_name_its_entity() -> None:
    for kind, events in EVENTS.items():
        for event in events.values():
            assert ENTITY_FIELDS[kind] in event.__struct_fields__
