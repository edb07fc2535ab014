"""Broken records: what a topic should never hold, each with the one reason for which it is refused.

What lives here: a table of faults, reason by reason, and the three sound records that they spoil.
What must never live here: a record that could count. What the rest may lean on: a broken record
has one fault and no other, so its reason does not depend on the order in which faults are looked
for; and whoever takes enough of them meets every reason.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Final

from msgspec import Struct

from processor.simulate.chance import Stream
from processor.simulate.delivery import Sending
from processor.simulate.simulation import DAY_MS, MINUTE_MS
from processor.simulate.story import (
    CARTS_TOPIC,
    CONTACTS_TOPIC,
    ENTITY_FIELD,
    SURVEYS_TOPIC,
    Headers,
    encode,
)

OVERSIZE_BYTES: Final = 70_000  # the contract ends at 64 KiB
DEPTH_FAR: Final = 2_000
TRANSIT_MS: Final = 150


class Draft(Struct, gc=False):
    """A record before it is sent; `raw`, if any, is sent in place of the body."""

    topic: str
    key: bytes | None
    body: dict[str, object]
    at_ms: int
    headers: Headers = ()
    raw: bytes | None = None
    empty: bool = False


Change = Callable[[Draft], None]


def put(**fields: object) -> Change:
    """Set fields."""

    def change(draft: Draft) -> None:
        draft.body.update(fields)

    return change


def drop(field: str) -> Change:
    """Leave a field out."""

    def change(draft: Draft) -> None:
        del draft.body[field]

    return change


def shift(field: str, by_ms: int) -> Change:
    """Set an instant to so much after the record's own."""

    def change(draft: Draft) -> None:
        draft.body[field] = draft.at_ms + by_ms

    return change


def rewrite(write: Callable[[bytes], bytes]) -> Change:
    """Replace the bytes of the sound record."""

    def change(draft: Draft) -> None:
        draft.raw = write(encode(draft.body))

    return change


def time(write: Callable[[int], object]) -> Change:
    """Write the record's own instant in another way."""

    def change(draft: Draft) -> None:
        draft.body["occurred_at"] = write(draft.at_ms)

    return change


def name(write: Callable[[str], str]) -> Change:
    """Rename the entity, in the body and in the key."""

    def change(draft: Draft) -> None:
        field = ENTITY_FIELD[draft.topic]
        entity = write(str(draft.body[field]))
        draft.body[field] = entity
        draft.key = entity.encode()

    return change


def rekey(write: Callable[[bytes], bytes | None]) -> Change:
    """Send the record under another key."""

    def change(draft: Draft) -> None:
        draft.key = write(draft.key or b"")

    return change


def answer(**fields: object) -> Change:
    """Give one answer, that one."""
    return put(answers=[{"question_id": "recommend", "kind": "nps"} | fields])


def _send_elsewhere(draft: Draft) -> None:
    """Send the record to a topic of another entity."""
    draft.topic = CARTS_TOPIC if draft.topic != CARTS_TOPIC else SURVEYS_TOPIC


def _send_nothing(draft: Draft) -> None:
    """Send a key without a value."""
    draft.empty = True


def _contradict(draft: Draft) -> None:
    """Name the event once in the headers and otherwise in the body."""
    draft.headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"somebody-else"),
        ("ce_source", str(draft.body["source"]).encode()),
        ("ce_type", str(draft.body["type"]).encode()),
    )


_NPS: Final = {"kind": "nps", "value": 9}
_MONEY: Final = {"value_minor": 1999, "currency": "EUR"}
# The kind of sound record to spoil, and how. The first of each reason is met first.
FAULTS: Final[dict[str, tuple[tuple[str, Change], ...]]] = {
    "empty_value": (("answered", _send_nothing), ("submitted", _send_nothing)),
    "oversize_record": (
        ("submitted", put(padding="x" * OVERSIZE_BYTES)),
        ("answered", put(padding=["x"] * OVERSIZE_BYTES)),
    ),
    "undecodable": (
        ("submitted", rewrite(lambda sound: sound[: len(sound) // 2])),
        ("answered", rewrite(lambda sound: sound.replace(b"acd", b"\xff\xfe", 1))),
        ("updated", rewrite(lambda sound: b"[" + sound + b"]")),
        ("submitted", rewrite(lambda sound: sound + sound)),
        ("answered", rewrite(lambda _: b'{"a":' * DEPTH_FAR + b"1" + b"}" * DEPTH_FAR)),
        (
            "updated",
            rewrite(lambda sound: sound[:-1] + b',"extra":' + b"[" * 12 + b"]" * 12 + b"}"),
        ),
        ("updated", rewrite(lambda sound: sound.replace(b'"items_count":1', b'"items_count":NaN'))),
        ("submitted", rewrite(lambda _: b"<event type='survey.submitted'/>")),
        ("answered", rewrite(lambda _: b"\x00\x00\x00\x00\x2a")),
    ),
    "envelope_conflict": (("answered", _contradict), ("submitted", _contradict)),
    "type_missing": (("submitted", drop("type")), ("updated", put(type=None))),
    "type_unknown": (
        ("answered", put(type="order.placed")),
        ("submitted", put(type="<script>alert(1)</script>")),
        ("updated", put(type="__proto__")),
    ),
    "type_wrong_topic": (("submitted", _send_elsewhere), ("updated", _send_elsewhere)),
    "field_missing": (
        ("submitted", drop("survey_id")),
        ("answered", drop("answered_at")),
        ("updated", drop("items_count")),
        ("submitted", drop("event_id")),
    ),
    "field_invalid": (
        ("answered", put(direction="sideways")),
        ("submitted", put(completion="finished")),
        ("updated", put(items_count="three")),
        ("submitted", put(attributes=["north"])),
        ("answered", put(source="Not A Source!")),
    ),
    "id_invalid": (
        ("submitted", name(lambda entity: f" {entity}")),
        ("answered", name(lambda entity: f"{entity}\n")),
        ("updated", name(lambda entity: entity + "x" * 256)),
    ),
    "time_invalid": (
        ("submitted", put(occurred_at="2026-03-02T09:00:00")),
        ("answered", put(occurred_at="yesterday")),
        ("updated", put(occurred_at="2026-02-30T09:00:00Z")),
        ("submitted", time(str)),
        ("answered", time(lambda at_ms: at_ms + 0.5)),
    ),
    "time_unit": (
        ("answered", time(lambda at_ms: at_ms // 1000)),
        ("submitted", time(lambda at_ms: at_ms * 1000)),
        ("updated", time(lambda at_ms: at_ms * 1_000_000)),
    ),
    "time_order": (
        ("answered", shift("queued_at", -7 * MINUTE_MS)),
        ("submitted", shift("submitted_at", -7 * MINUTE_MS)),
    ),
    "future": (
        ("updated", shift("occurred_at", DAY_MS)),
        ("answered", shift("ended_at", 10 * MINUTE_MS)),
        ("submitted", shift("occurred_at", 6 * MINUTE_MS)),
    ),
    "key_missing": (("updated", rekey(lambda _: None)), ("answered", rekey(lambda _: None))),
    "key_mismatch": (
        ("answered", rekey(lambda key: key + b"x")),
        ("submitted", rekey(lambda key: key.upper())),
        ("updated", rekey(lambda _: b"\xff\xfe")),
    ),
    "answer_invalid": (
        ("submitted", answer(value=11)),
        ("submitted", answer(value=-1)),
        ("submitted", answer(value="9")),
        ("submitted", answer(value=True)),
        ("submitted", answer(value=9.5)),
        ("submitted", put(answers=[{"question_id": "q", **_NPS}, {"question_id": "q", **_NPS}])),
    ),
    "too_many": (
        ("submitted", put(answers=[{"question_id": f"q{n}", **_NPS} for n in range(101)])),
        ("recorded", put(segments=[{"segment_id": f"leg-{n}"} for n in range(33)])),
    ),
    "money_invalid": (
        ("updated", put(**_MONEY | {"value_minor": -5})),
        ("updated", put(**_MONEY | {"value_minor": 19.99})),
        ("updated", put(**_MONEY | {"value_minor": "1999"})),
    ),
    "currency_invalid": (
        ("updated", put(**_MONEY | {"currency": "eur"})),
        ("updated", put(value_minor=1999)),
        ("updated", put(**_MONEY | {"currency": "€"})),
    ),
}


def sound_draft(kind: str, number: str, *, at_ms: int) -> Draft:
    """A record without a fault, which nothing else in the stream is about."""
    source, topic, fields = _SOUND[kind]
    entity = f"{source}:broken-{number}"
    envelope = {"event_id": f"{entity}.0", "source": source, "occurred_at": at_ms}
    body = envelope | {ENTITY_FIELD[topic]: entity} | fields(at_ms)
    return Draft(topic, entity.encode(), body, at_ms)


_SOUND: Final[dict[str, tuple[str, str, Callable[[int], dict[str, object]]]]] = {
    "submitted": (
        "forms",
        SURVEYS_TOPIC,
        lambda at_ms: {
            "type": "survey.submitted",
            "survey_id": "relationship",
            "created_at": at_ms,
            "answers": [{"question_id": "recommend", "kind": "nps", "value": 10}],
        },
    ),
    "answered": (
        "acd",
        CONTACTS_TOPIC,
        lambda at_ms: {"type": "contact.answered", "created_at": at_ms, "answered_at": at_ms},
    ),
    "recorded": (
        "acd",
        CONTACTS_TOPIC,
        lambda at_ms: {"type": "contact.recorded", "created_at": at_ms, "segments": []},
    ),
    "updated": ("shop", CARTS_TOPIC, lambda _: {"type": "cart.updated", "items_count": 1}),
}


class Breakage:
    """An endless supply of broken records: reason after reason, and for each its next fault."""

    __slots__ = ("_faults", "_numbers", "_stream", "_tag")

    def __init__(self, stream: Stream, tag: str) -> None:
        """Begin with the first fault of the first reason."""
        self._stream, self._tag = stream, tag
        self._numbers = count()
        self._faults = self._rounds()

    def _rounds(self) -> Iterator[tuple[str, str, Change]]:
        """Every reason once per round, each round with the reason's next fault."""
        for round_number in count():
            for reason, faults in FAULTS.items():
                kind, change = faults[round_number % len(faults)]
                yield reason, kind, change

    def spoil(self, at_ms: int) -> Sending:
        """A broken record of about that time, with its reason."""
        reason, kind, change = next(self._faults)
        draft = sound_draft(kind, f"{self._tag}-{next(self._numbers):05d}", at_ms=at_ms)
        change(draft)
        sound = encode(draft.body) if draft.raw is None else draft.raw
        arrival_ms = at_ms + 1 + self._stream.around(TRANSIT_MS)
        value = None if draft.empty else sound
        return Sending(draft.topic, draft.key, value, draft.headers, arrival_ms, reason)
