import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from msgspec import Struct

from schemas.accept import accept
from schemas.answer import answer_valid
from schemas.diagnose import diagnose
from schemas.event import AnyEvent, CartEvent, SurveySubmitted
from schemas.example import EXAMPLE_LATEST_MS
from schemas.reason import Rejection
from schemas.shape import Role, names_of
from schemas.topic import TopicKind
from tests.schemas.fuzz import mutated_examples
from tests.schemas.hostile_fields import ANSWER, CART, CONTACT, SURVEY
from tests.schemas.records import records

SURVEYS, CONTACTS, CARTS = TopicKind


def read(topic: TopicKind, key: bytes | None, value: bytes) -> AnyEvent | None:
    return accept(topic, key, value=value, latest_ms=EXAMPLE_LATEST_MS, judge_answer=answer_valid)


def fault(topic: TopicKind, key: bytes | None, value: bytes) -> Rejection | None:
    return diagnose(topic, key, value=value, latest_ms=EXAMPLE_LATEST_MS, judge_answer=answer_valid)


def written(said: dict[str, Any], **changes: Any) -> bytes:
    return json.dumps(said | changes, separators=(",", ":"), ensure_ascii=False).encode()


@settings(max_examples=1500, deadline=None)
@given(records())
def test_the_fast_reader_accepts_exactly_what_the_diagnosis_finds_no_fault_in(
    record: tuple[TopicKind, bytes | None, bytes],
) -> None:
    assert (read(*record) is None) == (fault(*record) is not None)


def test_both_readers_agree_on_mutated_examples() -> None:
    for topic, (key, value, _) in mutated_examples(11, 8_000):
        if value:
            assert (read(topic, key, value) is None) == (fault(topic, key, value) is not None), (
                topic,
                key,
                value,
            )


@settings(max_examples=500, deadline=None)
@given(records())
def test_what_is_accepted_keeps_the_promises_of_the_types(
    record: tuple[TopicKind, bytes | None, bytes],
) -> None:
    event = read(*record)
    if event is not None:
        assert_promises_kept(event)


def assert_promises_kept(event: AnyEvent) -> None:
    parts: list[Struct] = [event]
    if isinstance(event, SurveySubmitted):
        parts += event.answers
        assert all(answer.status is not None for answer in event.answers)
        assert all(answer.kind != "text" or answer.value is None for answer in event.answers)
    parts += getattr(event, "segments", [])
    for part in parts:
        assert part is not None
        for name in names_of(type(part), Role.INSTANT):
            assert type(getattr(part, name)) in (int, type(None)), name
    assert event.attributes is None or None not in event.attributes.values()
    assert not isinstance(event, CartEvent) or event.created_at is None


@settings(max_examples=300, deadline=None)
@given(records())
def test_reading_what_was_written_from_an_event_gives_the_event(
    record: tuple[TopicKind, bytes | None, bytes],
) -> None:
    event = read(*record)
    if event is not None:
        assert read(record[0], record[1], msgspec.json.encode(event)) == event


WAYS_OF_WRITING = [
    {"separators": (",", ":")},
    {"separators": (", ", ": ")},
    {"separators": (" , ", " : ")},
    {"indent": 2},
    {"indent": "\t"},
    {"sort_keys": True},
]


@pytest.mark.parametrize("style", WAYS_OF_WRITING, ids=str)
@pytest.mark.parametrize("ascii_only", [True, False])
def test_the_way_of_writing_changes_nothing(style: dict[str, Any], ascii_only: bool) -> None:
    said = SURVEY | {"customer_id": "Zoë k", "attributes": {"a": "ü", "b": None}, "x": [{}], "y": 1}
    text = json.dumps(said, ensure_ascii=ascii_only, **style).encode()
    event = read(SURVEYS, b"forms:r1", text)
    assert event is not None
    assert (event.customer_id, event.attributes) == ("Zoë k", {"a": "ü"})


def test_null_is_the_same_as_absent_wherever_it_stands() -> None:
    nothing = {name: None for name in ("kind", "status", "polarity", "scale_min", "answered_at")}
    said = [{"question_id": "q1", **nothing}, None, {"question_id": "q2", "value": None}]
    event = read(SURVEYS, b"forms:r1", written(SURVEY, answers=said, attributes=None))
    plain = [{"question_id": "q1"}, {"question_id": "q2"}]
    assert event == read(SURVEYS, b"forms:r1", written(SURVEY, answers=plain))
    assert read(CONTACTS, b"acd:c1", written(CONTACT, segments=[None])) == read(
        CONTACTS, b"acd:c1", written(CONTACT, segments=[])
    )


def test_null_among_the_options_of_a_choice_is_no_option() -> None:
    answer = {"question_id": "q1", "kind": "multi_choice", "value": [None, "a", None]}
    event = read(SURVEYS, b"forms:r1", written(SURVEY, answers=[answer]))
    assert isinstance(event, SurveySubmitted)
    assert event.answers[0].value == ["a"]


@pytest.mark.parametrize("said", ["I was treated badly by …", 5, True, ["a"], ""], ids=repr)
def test_the_value_of_a_text_is_dropped_unread(said: Any) -> None:
    answer = {"question_id": "q1", "kind": "text", "value": said}
    event = read(SURVEYS, b"forms:r1", written(SURVEY, answers=[answer]))
    assert isinstance(event, SurveySubmitted)
    assert event.answers[0].value is None


@pytest.mark.parametrize(
    "said", ["2019-01-01", 1, 1.5, 1e22, True, [], {"a": {"b": 1}}, ""], ids=repr
)
def test_a_cart_ignores_whatever_created_at_holds(said: Any) -> None:
    event = read(CARTS, b"shop:t1", written(CART, created_at=said))
    assert event == read(CARTS, b"shop:t1", written(CART))


def test_a_cart_with_a_doubled_name_inside_created_at_is_refused() -> None:
    text = written(CART)[:-1] + b',"created_at":{"a":1,"a":2}}'
    assert read(CARTS, b"shop:t1", text) is None
    # A float is written longer than it was read: 1E5 becomes 100000.0, five bytes more than three
    # bytes of text, which would hide a doubled name from a comparison of lengths.
    assert read(CARTS, b"shop:t1", written(CART)[:-1] + b',"x":1,"x":1,"created_at":1E9}') is None


def test_limits_are_inclusive() -> None:
    answers = [{"question_id": f"q{i}"} for i in range(100)]
    attributes = {f"a{i}": "b" * 128 for i in range(31)} | {"a" * 64: 2**53 - 1}
    said = SURVEY | {"customer_id": "x" * 256, "event_id": "e" * 128, "source": "s" * 64}
    text = written(said, answers=answers, attributes=attributes)
    assert read(SURVEYS, b"forms:r1", text) is not None
    segments = [{"segment_id": f"s{i}", "talk_ms": 90 * 86_400_000} for i in range(32)]
    assert read(CONTACTS, b"acd:c1", written(CONTACT, segments=segments)) is not None
    assert read(CARTS, b"shop:t1", written(CART, value_minor=2**53 - 1, items_count=0)) is not None
    eight_deep = written(CART, x=[[[[[[[]]]]]]])
    assert read(CARTS, b"shop:t1", eight_deep) is not None


@pytest.mark.parametrize(("sooner_ms", "accepted"), [(0, True), (1, False)])
def test_five_minutes_before_created_at_and_not_a_millisecond_more(
    sooner_ms: int, accepted: bool
) -> None:
    text = written(
        SURVEY, created_at=1772442000500, occurred_at=1772442000500 - 300_000 - sooner_ms
    )
    assert (read(SURVEYS, b"forms:r1", text) is not None) == accepted


@pytest.mark.parametrize(("later_ms", "accepted"), [(0, True), (1, False)])
def test_the_latest_instant_is_still_accepted(later_ms: int, accepted: bool) -> None:
    text = written(CART, occurred_at=EXAMPLE_LATEST_MS + later_ms)
    assert (read(CARTS, b"shop:t1", text) is not None) == accepted


def test_a_beginning_after_the_latest_instant_is_refused() -> None:
    late = {"created_at": EXAMPLE_LATEST_MS + 1, "occurred_at": EXAMPLE_LATEST_MS}
    assert read(SURVEYS, b"forms:r1", written(SURVEY, **late)) is None
    late["created_at"] -= 1
    assert read(SURVEYS, b"forms:r1", written(SURVEY, **late)) is not None


@pytest.mark.parametrize("name", ["customer_id", "channel", "survey_id", "event_id"])
@pytest.mark.parametrize("at", ["{}x", "x{}", "x{}x"])
@pytest.mark.parametrize("character", ["\x00", "\n", "\x1f", "\x7f", "\x80", "\u0085", "\x9f"])
def test_no_text_holds_a_control_character(name: str, at: str, character: str) -> None:
    for ascii_only in (True, False):
        said = json.dumps(SURVEY | {name: at.format(character)}, ensure_ascii=ascii_only)
        for text in (said, said.replace(", ", ",").replace(": ", ":")):
            assert read(SURVEYS, b"forms:r1", text.encode()) is None


def test_the_judge_decides_about_answered_answers_only() -> None:
    asked: list[str] = []

    def judge(event: SurveySubmitted, answer: Any) -> bool:
        asked.append(f"{event.source} {event.survey_id} {answer.question_id}")
        return True

    answers = [ANSWER | {"value": 99}, {"question_id": "q2", "status": "skipped", "value": 4}]
    event = accept(
        SURVEYS,
        b"forms:r1",
        value=written(SURVEY, answers=answers),
        latest_ms=EXAMPLE_LATEST_MS,
        judge_answer=judge,
    )
    assert event is not None
    assert asked == ["forms s1 q1"]


@pytest.mark.parametrize("start", [b"[", b'{"a":', b'{"type":"cart.updated","x":['])
def test_endless_nesting_is_refused_and_not_followed(start: bytes) -> None:
    assert read(CARTS, b"shop:t1", start * 10_000) is None
