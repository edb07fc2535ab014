import msgspec
import pytest

from schemas.example import ACCEPTED, REJECTED, load_examples
from schemas.topic import EVENTS, TopicKind


@pytest.mark.parametrize("kind", TopicKind)
def test_every_type_has_a_minimal_and_a_full_example(kind: TopicKind) -> None:
    titles = {example.title for example in load_examples(kind)}
    for name in EVENTS[kind]:
        assert {f"{name}, minimal", f"{name}, full"} <= titles


def test_full_examples_use_every_field_of_their_topic() -> None:
    for kind, events in EVENTS.items():
        used = {
            name
            for example in load_examples(kind)
            for name in msgspec.json.decode(example.value or b"{}")
        }
        for event in events.values():
            assert set(event.__struct_fields__) <= used, set(event.__struct_fields__) - used


def test_both_modes_of_cloud_events_are_shown_for_every_topic() -> None:
    shown = {(e.topic, e.title.split(",")[0]) for e in load_examples("cloudevents")}
    assert shown == {(kind, mode) for kind in TopicKind for mode in ("structured", "binary")}


def test_titles_are_unique_and_reasons_stand_only_among_the_rejected() -> None:
    for name in (*ACCEPTED, REJECTED):
        examples = load_examples(name)
        assert len({example.title for example in examples}) == len(examples)
        assert all((example.reason is not None) == (name == REJECTED) for example in examples)


def test_a_value_is_padded_with_blanks() -> None:
    padded = next(e for e in load_examples(REJECTED) if e.title.startswith("blanks"))
    assert padded.value is not None
    assert len(padded.value) == 65_530
    assert padded.value.rstrip().endswith(b"}")
