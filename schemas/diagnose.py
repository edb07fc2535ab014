"""Why a record is refused: the first fault in the order of the closed list.

What lives here: the slow reader, which looks at a record as a plain JSON object and asks one
reason after the other. What must never live here: speed, or the events' meaning. What the rest
may lean on: it finds no fault exactly where `schemas.accept` accepts (a law, tested); a fault's
words hold names, types and limits, never a value.
"""

from itertools import chain

from schemas.answer import Judge
from schemas.check import CHECKS
from schemas.document import read_document
from schemas.event import Event
from schemas.reason import Reason, Rejection
from schemas.record import Record, parts_of
from schemas.shape import json_type
from schemas.topic import EVENTS, TOPIC_OF_TYPE, TopicKind


def diagnose(
    topic_kind: TopicKind, key: bytes | None, *, value: bytes, latest_ms: int, judge_answer: Judge
) -> Rejection | None:
    """The first fault of a record, or None if it has none; parameters as in `accept.accept`."""
    said = read_document(value)
    if isinstance(said, Rejection):
        return said
    event = _event_of(topic_kind, said.get("type"))
    if isinstance(event, Rejection):
        return event
    record = Record(
        topic_kind=topic_kind,
        key=key,
        event=event,
        said=said,
        parts=tuple(parts_of(event, said)),
        latest_ms=latest_ms,
        judge_answer=judge_answer,
    )
    return next(chain.from_iterable(check(record) for check in CHECKS), None)


def _event_of(topic_kind: TopicKind, name: object) -> type[Event] | Rejection:
    if type(name) is not str:
        return Rejection(Reason.TYPE_MISSING, "type", f"expected a string, found {json_type(name)}")
    home = TOPIC_OF_TYPE.get(name)
    if home is None:
        return Rejection(Reason.TYPE_UNKNOWN, "type", "no type of this contract")
    if home is not topic_kind:
        return Rejection(Reason.TYPE_WRONG_TOPIC, "type", f"{name} belongs to topic kind {home}")
    return EVENTS[topic_kind][name]
