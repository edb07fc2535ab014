import json

from schemas.example import ACCEPTED, load_examples
from schemas.unknown import NAMES_MAX, UNSAFE_NAME, unknown_fields


def test_names_are_told_with_the_list_they_stand_in() -> None:
    value = b'{"tool":1,"answers":[{"question_id":"q","comment":"x"},{"comment":2,"rank":3},7]}'
    expected = ["answers[].comment", "answers[].rank", "tool"]
    assert unknown_fields("survey.submitted", value) == expected


def test_a_segments_field_on_a_record_is_unknown_there() -> None:
    assert unknown_fields("contact.recorded", b'{"talk_ms":1,"segments":[{}]}') == ["talk_ms"]
    assert unknown_fields("contact.ended", b'{"talk_ms":1}') == []


def test_names_of_attributes_are_free() -> None:
    assert unknown_fields("cart.updated", b'{"attributes":{"anything":1}}') == []


def test_a_name_that_could_hold_a_value_or_break_a_label_is_not_told() -> None:
    names = ["jane.doe@example.org", "+49 30 1234", 'a"b', "x" * 49, "", "é", "a\nb"]
    value = json.dumps(dict.fromkeys(names, 1)).encode()
    assert unknown_fields("cart.updated", value) == [UNSAFE_NAME]


def test_the_list_is_short_however_many_there_are() -> None:
    value = json.dumps({f"n{i:04}": 1 for i in range(5000)}).encode()
    assert unknown_fields("cart.updated", value) == [f"n{i:04}" for i in range(NAMES_MAX)]


def test_what_cannot_be_read_has_no_names() -> None:
    for value in (b"", b"[", b"[1]", b"\xff", b"[" * 60_000, b'{"specversion":"1.0","data":1}'):
        assert unknown_fields("cart.updated", value) == []
    assert unknown_fields("cart.unheard_of", b'{"a":1}') == []


def test_of_a_structured_cloud_event_the_data_is_looked_at() -> None:
    value = b'{"specversion":"1.0","traceparent":"x","data":{"tool":1}}'
    assert unknown_fields("cart.updated", value) == ["tool"]


def test_the_examples_name_only_what_they_mean_to() -> None:
    named = {
        name
        for file in ACCEPTED[:3]
        for example in load_examples(file)
        for name in unknown_fields(example.title.split(",")[0], example.value or b"")
    }
    assert named == {"tool_version", "answers[].position"}
