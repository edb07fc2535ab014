"""The fast reader: an event, or None if anything is wrong with the record.

What lives here: one decode into the topic's union, one proof that nothing of the text was
skipped, and cheap checks. What must never live here: reasons; whoever wants to know what is wrong
asks `schemas.diagnose`. What the rest may lean on: it accepts exactly what the diagnosis finds no
fault in (a law, tested), and it brings what it accepts to the types that `schemas.event`
promises: instants to integers, nulls away, texts unread.
"""

from typing import Final

import msgspec
from msgspec import Struct

from schemas.answer import Judge, form_fault, settle_answer
from schemas.document import READ_ERRORS, encode_json, is_unambiguous, is_written_from
from schemas.event import (
    Answer,
    AnyEvent,
    CartEvent,
    ContactEvent,
    ContactRecorded,
    ContactUpdated,
    Event,
    Segment,
    SurveyEvent,
    SurveySubmitted,
)
from schemas.field import (
    ANCHOR_TOLERANCE_MS,
    ATTRIBUTE_NAME_BYTES_MAX,
    ATTRIBUTE_VALUE_BYTES_MAX,
    SHORT_ID_BYTES_MAX,
)
from schemas.identity import cart_key, currency_valid, id_fault, source_valid
from schemas.instant import instant_ms
from schemas.shape import Role, fields_of, names_of, values_getter
from schemas.topic import EVENTS, UNIONS, TopicKind

_DECODE: Final = {kind: msgspec.json.Decoder(union).decode for kind, union in UNIONS.items()}
_STRUCTS: Final[tuple[type[Struct], ...]] = (
    *(event for events in EVENTS.values() for event in events.values()),
    Segment,
    Answer,
)
_TEXTS: Final = {
    struct: values_getter(struct, Role.ID, Role.WORD) for struct in _STRUCTS if struct is not Answer
}
_ENVELOPE_INSTANTS: Final = frozenset({"occurred_at", "created_at"})
_INSTANTS: Final = {
    struct: tuple(sorted(set(names_of(struct, Role.INSTANT)) - _ENVELOPE_INSTANTS))
    for struct in _STRUCTS
}
_BACKSLASH: Final = ord("\\")
_BLANK: Final = ord(" ")
_DELETE: Final = 0x7F  # the one control character that JSON does not want escaped


def accept(
    topic_kind: TopicKind, key: bytes | None, *, value: bytes, latest_ms: int, judge_answer: Judge
) -> AnyEvent | None:
    """The event in `value`, or None if the record breaks any rule of the contract.

    `latest_ms`: no instant in the event may be later. `judge_answer`: see `answer.Judge`.
    """
    event = _read_whole(topic_kind, value)
    if event is None or not source_valid(event.source):
        return None
    if not _is_plain(value) and not _texts_valid(event):
        return None
    earliest_ms = _settle_envelope(event, latest_ms)
    if earliest_ms is None:
        return None
    if event.attributes is not None and None in event.attributes.values():
        event.attributes = {n: v for n, v in event.attributes.items() if v is not None}
    span = (earliest_ms, latest_ms)
    if isinstance(event, SurveyEvent):
        named = event.response_id.encode() == key
        fits = _survey_fits(event, span, judge_answer)
    elif isinstance(event, ContactEvent):
        named = event.contact_id.encode() == key
        fits = _contact_fits(event, span)
    else:
        named = cart_key(event) == key
        fits = _money_fits(event)
    return event if named and fits else None


def _read_whole(topic_kind: TopicKind, value: bytes) -> AnyEvent | None:
    """The event, if all that the text says was read or the rest is harmless: no doubled name."""
    try:
        event: AnyEvent = _DECODE[topic_kind](value)
    except READ_ERRORS:
        return None
    if isinstance(event, CartEvent) and event.created_at is not None:
        event.created_at = None  # whatever it was: what was read of it proves nothing
        return event if is_unambiguous(value) else None
    written = encode_json(event)
    # The comparison of lengths stands in `is_written_from` too; most records never need the call.
    if len(written) == len(value) or is_written_from(value, written) or is_unambiguous(value):
        return event
    return None


def _is_plain(value: bytes) -> bool:
    """Whether no string can hold a blank, a control character or a character of several bytes."""
    return (
        value.isascii() and _BLANK not in value and _BACKSLASH not in value and _DELETE not in value
    )


def _texts_valid(event: AnyEvent) -> bool:
    if not _ids_valid(event):
        return False
    if event.attributes is not None and not all(
        len(name.encode()) <= ATTRIBUTE_NAME_BYTES_MAX
        and (type(said) is not str or len(said.encode()) <= ATTRIBUTE_VALUE_BYTES_MAX)
        for name, said in event.attributes.items()
    ):
        return False
    if isinstance(event, SurveySubmitted):
        return not any(
            answer is not None and id_fault(answer.question_id, SHORT_ID_BYTES_MAX)
            for answer in event.answers
        )
    if isinstance(event, ContactRecorded):
        return all(segment is None or _ids_valid(segment) for segment in event.segments)
    return True


def _ids_valid(struct: Struct) -> bool:
    joined = "|".join(filter(None, _TEXTS[type(struct)](struct)))
    if joined.isascii() and joined.isprintable() and " " not in joined:
        return True  # in ASCII the struct's limits on characters are limits on bytes
    return not any(
        field.bytes_max
        and (text := getattr(struct, field.name)) is not None
        and id_fault(text, field.bytes_max)
        for field in fields_of(type(struct))
    )


def _settle_envelope(event: Event, latest_ms: int) -> int | None:
    """The earliest instant the event may name; None if `occurred_at` or `created_at` is wrong."""
    # A number is an instant already, for the struct allows no other: only texts need reading.
    occurred_at: int | None = event.occurred_at
    created_at: int | None = event.created_at
    if type(occurred_at) is not int:
        occurred_at = event.occurred_at = instant_ms(occurred_at) or latest_ms + 1
    if occurred_at > latest_ms:
        return None
    if created_at is None:
        return 0
    if type(created_at) is not int:
        created_at = event.created_at = instant_ms(created_at) or latest_ms + 1
    earliest_ms = created_at - ANCHOR_TOLERANCE_MS
    return earliest_ms if created_at <= latest_ms and occurred_at >= earliest_ms else None


def _settle(struct: Struct, span: tuple[int, int]) -> bool:
    """Bring the struct's other instants to integers; whether all are inside the span."""
    for name in _INSTANTS[type(struct)]:
        said = getattr(struct, name)
        if said is not None:
            instant = said if type(said) is int else instant_ms(said)
            if instant is None or not span[0] <= instant <= span[1]:
                return False
            setattr(struct, name, instant)
    return True


def _survey_fits(event: SurveyEvent, span: tuple[int, int], judge_answer: Judge) -> bool:
    if not isinstance(event, SurveySubmitted):
        return True  # no instants beyond the envelope's
    if event.submitted_at is not None and not _settle(event, span):
        return False
    if None in event.answers:
        event.answers = [answer for answer in event.answers if answer is not None]
    if not _answers_sound(event.answers, span):
        return False
    # Only now, so that the judge sees the event as everybody will see it.
    for answer in event.answers:
        if answer.status == "answered" and not judge_answer(event, answer):
            return False
    return True


def _answers_sound(answers: list[Answer], span: tuple[int, int]) -> bool:
    if len(answers) > 1 and len({answer.question_id for answer in answers}) < len(answers):
        return False
    for answer in answers:
        settle_answer(answer)
        if answer.answered_at is not None and not _settle(answer, span):
            return False
        if form_fault(answer) is not None:
            return False
    return True


def _contact_fits(event: ContactEvent, span: tuple[int, int]) -> bool:
    if not _settle(event, span):
        return False
    if isinstance(event, ContactUpdated):
        return bool(event.customer_id or event.issue_id or event.attributes)
    if not isinstance(event, ContactRecorded):
        return True
    if None in event.segments:
        event.segments = [segment for segment in event.segments if segment is not None]
    segments = event.segments
    names = {segment.segment_id or event.contact_id for segment in segments}
    return len(names) == len(segments) and all(_settle(segment, span) for segment in segments)


def _money_fits(event: CartEvent) -> bool:
    if event.currency is None:
        return event.value_minor is None
    return currency_valid(event.currency)
