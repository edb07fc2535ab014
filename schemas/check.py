"""One check per reason, in the order of the closed list.

What lives here: what makes a field missing, invalid, out of order. What must never live here:
anything that needs a second record. What the rest may lean on: a check is asked only when all
before it found nothing, so each may rely on the types that the earlier ones made sure of.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import msgspec

from schemas.answer import form_fault, settle_answer
from schemas.event import Answer, ContactUpdated, Segment, SurveySubmitted
from schemas.field import (
    ANCHOR_TOLERANCE_MS,
    ATTRIBUTE_NAME_BYTES_MAX,
    ATTRIBUTE_VALUE_BYTES_MAX,
    ATTRIBUTES_MAX,
    AnswerValue,
    Number,
)
from schemas.identity import ORDER_PREFIX, currency_valid, id_fault, source_valid
from schemas.instant import instant_fault, instant_ms
from schemas.reason import Reason, Rejection
from schemas.record import Part, Record
from schemas.shape import LIST_LIMITS, Field, Role, expectation, fields_of, json_type, names_of
from schemas.topic import ENTITY_FIELDS, TopicKind

Faults: TypeAlias = Iterator[Rejection]
Check: TypeAlias = Callable[[Record], Faults]

_TEXTS: Final = (Role.ID, Role.WORD, Role.SOURCE)


def _missing(record: Record) -> Faults:
    for part in record.parts:
        for field in fields_of(part.struct):
            if field.required and part.said.get(field.name) is None:
                yield Rejection(Reason.FIELD_MISSING, part.path + field.name, "required")
    if record.event is ContactUpdated:
        said = [record.said.get("customer_id"), record.said.get("issue_id")]
        attributes = record.said.get("attributes")
        said += attributes.values() if type(attributes) is dict else [attributes]
        if all(value is None for value in said):
            detail = "one of customer_id, issue_id, attributes is required"
            yield Rejection(Reason.FIELD_MISSING, "customer_id", detail)


def _invalid(record: Record) -> Faults:
    for part in record.parts:
        for field, said in part.present(*_TEXTS, Role.PLAIN, Role.LIST, Role.ATTRIBUTES):
            if not _is_valid(field, said):
                yield _unexpected(Reason.FIELD_INVALID, part.path, field=field, said=said)
    seen = set()
    for part in record.parts:
        if part.struct is Segment:
            segment_id = part.said.get("segment_id")
            segment_id = record.said["contact_id"] if segment_id is None else segment_id
            if segment_id in seen:
                detail = "two segments have one id (default: the contact's)"
                yield Rejection(Reason.FIELD_INVALID, part.path + "segment_id", detail)
            seen.add(segment_id)


def _is_valid(field: Field, said: Any) -> bool:
    """Whether the check for `field_invalid` has nothing against a field; later checks may."""
    match field.role:
        case Role.ID:
            return type(said) is str
        case Role.WORD:
            return type(said) is str and id_fault(said, field.bytes_max) is None
        case Role.SOURCE:
            return type(said) is str and source_valid(said)
        case Role.LIST:
            return type(said) is list and all(e is None or type(e) is dict for e in said)
        case Role.ATTRIBUTES:
            return type(said) is dict and all(map(_is_attribute, said.items()))
    return _is_of_type(said, field.type)


def _is_attribute(entry: tuple[str, Any]) -> bool:
    name, said = entry
    if len(name.encode()) > ATTRIBUTE_NAME_BYTES_MAX:
        return False
    if type(said) is str:
        return len(said.encode()) <= ATTRIBUTE_VALUE_BYTES_MAX
    return _is_of_type(said, Number | bool | None)


def _is_of_type(said: Any, kind: Any) -> bool:
    try:
        msgspec.convert(said, kind)
    except msgspec.ValidationError:
        return False
    return True


def _ids(record: Record) -> Faults:
    for part in record.parts:
        for field, said in part.present(Role.ID):
            fault = id_fault(said, field.bytes_max)
            if fault is not None:
                yield Rejection(Reason.ID_INVALID, part.path + field.name, fault)


def _instants(reason: Reason) -> Check:
    def check(record: Record) -> Faults:
        for path, said in record.instants():
            fault = instant_fault(said)
            if fault is not None and fault[0] is reason:
                yield Rejection(reason, path, fault[1])

    return check


def _time_order(record: Record) -> Faults:
    if record.topic_kind is TopicKind.CARTS:
        return
    created_at = instant_ms(record.said.get("created_at"))
    if created_at is None:
        return
    for path, said in record.instants():
        if _ms(said) < created_at - ANCHOR_TOLERANCE_MS:
            detail = f"more than {ANCHOR_TOLERANCE_MS} ms before created_at"
            yield Rejection(Reason.TIME_ORDER, path, detail)


def _future(record: Record) -> Faults:
    for path, said in record.instants():
        if _ms(said) > record.latest_ms:
            yield Rejection(Reason.FUTURE, path, "later than arrival and tolerance")


def _key_missing(record: Record) -> Faults:
    if not record.key:
        yield Rejection(Reason.KEY_MISSING, "", "the key must be the entity's id")


def _key_mismatch(record: Record) -> Faults:
    name = ENTITY_FIELDS[record.topic_kind]
    entity: str | None = record.said.get(name)
    if entity is None:
        name, entity = "order_id", ORDER_PREFIX + record.said["order_id"]
    if entity.encode() != record.key:
        yield Rejection(Reason.KEY_MISMATCH, name, "the key is not the bytes of this id")


def _answers(record: Record) -> Faults:
    if record.event is not SurveySubmitted:
        return
    parts = record.parts[1:]
    for part in parts:
        for field, said in part.present(Role.VALUE):
            if not _is_of_type(said, AnswerValue):
                yield _unexpected(Reason.ANSWER_INVALID, part.path, field=field, said=said)
    answers = [_answer(part) for part in parts]
    event = _submitted(record, answers)
    seen: set[str] = set()
    for part, answer in zip(parts, answers, strict=True):
        if answer.question_id in seen:
            detail = "answered twice in one event"
            yield Rejection(Reason.ANSWER_INVALID, part.path + "question_id", detail)
        seen.add(answer.question_id)
        fault = form_fault(answer)
        if fault is not None:
            yield Rejection(Reason.ANSWER_INVALID, part.path + "scale_min", fault)
        elif answer.status == "answered" and not record.judge_answer(event, answer):
            detail = "missing, or not of this kind and scale"
            yield Rejection(Reason.ANSWER_INVALID, part.path + "value", detail)


def _answer(part: Part) -> Answer:
    """The answer as the fast reader would have it."""
    said = {name: value for name, value in part.said.items() if value is not None}
    if "answered_at" in said:
        said["answered_at"] = _ms(said["answered_at"])
    answer = msgspec.convert(said, Answer)
    settle_answer(answer)
    return answer


def _submitted(record: Record, answers: list[Answer]) -> SurveySubmitted:
    """The event as the fast reader would have it, for the judge; later limits are not asked."""
    said = {
        name: record.said[name]
        for name in SurveySubmitted.__struct_fields__
        if name in record.said and name not in ("answers", "attributes")
    }
    for name in names_of(SurveySubmitted, Role.INSTANT):
        if said.get(name) is not None:
            said[name] = _ms(said[name])
    event = msgspec.convert(said | {"type": "survey.submitted", "answers": []}, SurveySubmitted)
    event.answers = answers
    attributes = record.said.get("attributes")
    if attributes is not None:
        event.attributes = {n: v for n, v in attributes.items() if v is not None}
    return event


def _too_many(record: Record) -> Faults:
    for name, limit in (LIST_LIMITS | {"attributes": ATTRIBUTES_MAX}).items():
        if name in record.event.__struct_fields__ and len(record.said.get(name) or ()) > limit:
            yield Rejection(Reason.TOO_MANY, name, f"more than {limit}")


def _money(record: Record) -> Faults:
    for field, said in record.parts[0].present(Role.AMOUNT):
        if not _is_of_type(said, Number):
            yield _unexpected(Reason.MONEY_INVALID, "", field=field, said=said)


def _currency(record: Record) -> Faults:
    for field, said in record.parts[0].present(Role.CURRENCY):
        if type(said) is not str or not currency_valid(said):
            yield _unexpected(Reason.CURRENCY_INVALID, "", field=field, said=said)
    for field, _ in record.parts[0].present(Role.AMOUNT):
        if record.said.get("currency") is None:
            yield Rejection(Reason.CURRENCY_INVALID, "currency", f"{field.name} needs a currency")


def _unexpected(reason: Reason, path: str, *, field: Field, said: object) -> Rejection:
    detail = f"expected {expectation(field)}, found {json_type(said)}"
    return Rejection(reason, path + field.name, detail)


def _ms(said: object) -> int:
    """An instant that earlier checks found good."""
    instant = instant_ms(said)
    assert instant is not None
    return instant


CHECKS: Final[tuple[Check, ...]] = (
    _missing,
    _invalid,
    _ids,
    _instants(Reason.TIME_INVALID),
    _instants(Reason.TIME_UNIT),
    _time_order,
    _future,
    _key_missing,
    _key_mismatch,
    _answers,
    _too_many,
    _money,
    _currency,
)
"""From `field_missing` on; what comes before is judged on bytes and type (`diagnose`)."""
