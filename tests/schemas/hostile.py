"""Malformed and hostile records, each with the reason that it must give.

Written by hand, as pairs of what is wrong and what is said about it, so that neither reader of
the contract can be its own judge.
"""

import json
from typing import Any, NamedTuple

from schemas.reason import Reason
from schemas.topic import TopicKind
from tests.schemas.hostile_fields import BASES, CARTS, CONTACTS, FIELDS, SURVEY, SURVEYS, R
from tests.schemas.hostile_values import VALUES


class Hostile(NamedTuple):
    """A record that must be refused, and why."""

    title: str
    topic: TopicKind
    key: bytes | None
    value: bytes | None
    reason: Reason
    headers: tuple[tuple[str, bytes], ...] = ()


def compact(said: Any) -> bytes:
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


SURVEY_TEXT = compact(SURVEY)

# Bytes that are not one JSON object in UTF-8. `@` stands for the survey's text.
UNREADABLE: dict[str, bytes] = {
    "one byte": b"x",
    "blanks": b"   ",
    "a NUL": b"\x00",
    "an object after a NUL": b"\x00@",
    "an object before a NUL": b"@\x00",
    "a byte-order mark": b"\xef\xbb\xbf@",
    "UTF-16 with mark": SURVEY_TEXT.decode().encode("utf-16"),
    "UTF-16 little": SURVEY_TEXT.decode().encode("utf-16-le"),
    "UTF-16 big": SURVEY_TEXT.decode().encode("utf-16-be"),
    "UTF-32": SURVEY_TEXT.decode().encode("utf-32"),
    "Latin-1": SURVEY_TEXT.replace(b"q1", b"\xe9"),
    "overlong slash": SURVEY_TEXT.replace(b"q1", b"\xc0\xaf"),
    "overlong NUL": SURVEY_TEXT.replace(b"q1", b"\xc0\x80"),
    "a surrogate in UTF-8": SURVEY_TEXT.replace(b"q1", b"\xed\xa0\x80"),
    "a pair of surrogates in UTF-8": SURVEY_TEXT.replace(b"q1", b"\xed\xa0\xbd\xed\xb8\x80"),
    "beyond Unicode": SURVEY_TEXT.replace(b"q1", b"\xf4\x90\x80\x80"),
    "a cut character": SURVEY_TEXT.replace(b"q1", b"\xe2\x82"),
    "wrong UTF-8 in an unknown field": SURVEY_TEXT[:-1] + b',"x":"\xff"}',
    "wrong UTF-8 in an unknown name": SURVEY_TEXT[:-1] + b',"\xff":1}',
    "a lone high surrogate": SURVEY_TEXT.replace(b"q1", rb"\ud800"),
    "a lone low surrogate": SURVEY_TEXT.replace(b"q1", rb"\udc00"),
    "surrogates in the wrong order": SURVEY_TEXT.replace(b"q1", rb"\udc00\ud800"),
    "a lone surrogate in an unknown field": SURVEY_TEXT[:-1] + rb',"x":"\ud800"}',
    "an unknown escape": SURVEY_TEXT.replace(b"q1", rb"\q"),
    "half an escape": SURVEY_TEXT.replace(b"q1", rb"\u00g0"),
    "a raw newline in a string": SURVEY_TEXT.replace(b"q1", b"a\nb"),
    "a raw NUL in a string": SURVEY_TEXT.replace(b"q1", b"\x00"),
    "null": b"null",
    "true": b"true",
    "a number": b"42",
    "a string": b'"survey.submitted"',
    "an empty list": b"[]",
    "a list of events": b"[@]",
    "two events": b"@@",
    "two lines": b"@\n@",
    "trailing garbage": b"@x",
    "a trailing comma": b"@,",
    "a comma before the end": SURVEY_TEXT[:-1] + b",}",
    "cut off": SURVEY_TEXT[:-1],
    "cut in half": SURVEY_TEXT[: len(SURVEY_TEXT) // 2],
    "single quotes": SURVEY_TEXT.replace(b'"', b"'"),
    "names without quotes": b"{type:1}",
    "a comment": b"/* hello */ @",
    "a line comment": b"@ // hello",
    "NaN": SURVEY_TEXT[:-1] + b',"x":NaN}',
    "Infinity": SURVEY_TEXT[:-1] + b',"x":Infinity}',
    "minus Infinity": SURVEY_TEXT[:-1] + b',"x":-Infinity}',
    "a number beyond doubles": SURVEY_TEXT[:-1] + b',"x":1e999}',
    "a number of 5000 digits": SURVEY_TEXT[:-1] + b',"x":' + b"9" * 5000 + b"}",
    "a leading zero": SURVEY_TEXT[:-1] + b',"x":01}',
    "a leading plus": SURVEY_TEXT[:-1] + b',"x":+1}',
    "a hexadecimal number": SURVEY_TEXT[:-1] + b',"x":0x1F}',
    "a dot without digits": SURVEY_TEXT[:-1] + b',"x":1.}',
    "True of Python": SURVEY_TEXT[:-1] + b',"x":True}',
    "undefined": SURVEY_TEXT[:-1] + b',"x":undefined}',
    "XML": b"<event/>",
    "YAML": b"type: survey.submitted\n",
    "Avro with a schema id": b"\x00\x00\x00\x00\x07\x02e1\x02",
    "JSON with a schema id": b"\x00\x00\x00\x00\x07@",
    "MessagePack": b"\x81\xa4type\x01",
    "gzip": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "a JSON text in a JSON string": json.dumps(SURVEY_TEXT.decode()).encode(),
    "9 lists": SURVEY_TEXT[:-1] + b',"x":' + b"[" * 8 + b"]" * 8 + b"}",
    "9 objects": SURVEY_TEXT[:-1] + b',"x":' + b'{"a":' * 7 + b"{}" + b"}" * 8,
    "30000 lists": b"[" * 30_000 + b"]" * 30_000,
    "30000 open lists": b"[" * 30_000,
    "6000 objects": b'{"a":' * 6_000 + b"1" + b"}" * 6_000,
    "a name twice": SURVEY_TEXT[:-1] + b',"event_id":"e-9"}',
    "a name twice with one value": SURVEY_TEXT[:-1] + b',"event_id":"e-1"}',
    "a name twice, once escaped": SURVEY_TEXT[:-1] + rb',"event\u005fid":"e-9"}',
    "a name twice, once null": SURVEY_TEXT[:-1] + b',"event_id":null}',
    "the type twice": SURVEY_TEXT[:-1] + b',"type":"survey.withdrawn"}',
    "a name twice in an answer": SURVEY_TEXT.replace(b'"value":9', b'"value":0,"value":9'),
    "an attribute twice": SURVEY_TEXT[:-1] + b',"attributes":{"a":1,"a":2}}',
    "a name twice in an unknown field": SURVEY_TEXT[:-1] + b',"x":{"a":1,"a":2}}',
    "an unknown name twice": SURVEY_TEXT[:-1] + b',"x":1,"x":1}',
    "a name twice with a blank before the colon": SURVEY_TEXT[:-1] + b',"event_id" :"e-9"}',
    "the empty name twice": SURVEY_TEXT[:-1] + b',"":1,"":2}',
}


_STRUCTURED = (("content-type", b"application/cloudevents+json"),)
_BINARY = (
    ("ce_specversion", b"1.0"),
    ("ce_id", b"e-1"),
    ("ce_source", b"forms"),
    ("ce_type", b"survey.withdrawn"),
    ("ce_time", b"2026-03-02T09:00:00Z"),
    ("ce_subject", b"forms:r1"),
)
_ENVELOPE = {name[3:]: raw.decode() for name, raw in _BINARY}


def _binary(**changes: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple({**dict(_BINARY), **{f"ce_{name}": raw for name, raw in changes.items()}}.items())


def _structured(**changes: Any) -> bytes:
    return compact({**_ENVELOPE, **changes})


# value, headers, reason; the key is the survey's
CLOUD_EVENTS: tuple[tuple[bytes, tuple[tuple[str, bytes], ...], Reason], ...] = (
    (_structured(specversion="0.3"), _STRUCTURED, R.UNDECODABLE),
    (_structured(specversion=1.0), _STRUCTURED, R.UNDECODABLE),
    (_structured(specversion=["1.0"]), _STRUCTURED, R.UNDECODABLE),
    (SURVEY_TEXT, _STRUCTURED, R.UNDECODABLE),
    (b"[%s]" % _structured(), _STRUCTURED, R.UNDECODABLE),
    (_structured(data="{}"), _STRUCTURED, R.UNDECODABLE),
    (_structured(data=[]), _STRUCTURED, R.UNDECODABLE),
    (_structured(data=False), _STRUCTURED, R.UNDECODABLE),
    (_structured(data_base64="e30="), _STRUCTURED, R.UNDECODABLE),
    (_structured()[:-1] + b',"id":"e-1"}', _STRUCTURED, R.UNDECODABLE),
    (b"{}", _binary(specversion=b"2.0"), R.UNDECODABLE),
    (b"{}", _binary(id=b"\xff"), R.UNDECODABLE),
    (b"[]", _binary(), R.UNDECODABLE),
    (b"e1", _binary(), R.UNDECODABLE),
    (_structured(), (*_STRUCTURED, ("ce_specversion", b"2.0")), R.UNDECODABLE),
    (_structured(data={"event_id": "e-2"}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(data={"source": "other"}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(data={"type": "survey.offered"}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(data={"response_id": "forms:r2"}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(data={"occurred_at": 1772442000001}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(data={"event_id": 1}), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(partitionkey="forms:r2"), _STRUCTURED, R.ENVELOPE_CONFLICT),
    (_structured(), (*_STRUCTURED, ("ce_id", b"e-2")), R.ENVELOPE_CONFLICT),
    (b'{"event_id":"e-2"}', _binary(), R.ENVELOPE_CONFLICT),
    (b'{"occurred_at":"2026-03-02T09:00:01Z"}', _binary(), R.ENVELOPE_CONFLICT),
    (b"{}", (*_binary(), ("ce_id", b"e-2")), R.ENVELOPE_CONFLICT),
    (b"{}", _binary(partitionkey=b"x"), R.ENVELOPE_CONFLICT),
    (_structured(type=None), _STRUCTURED, R.TYPE_MISSING),
    (_structured(type="com.example.survey.withdrawn"), _STRUCTURED, R.TYPE_UNKNOWN),
    (b"{}", _binary(type=b"cart.updated"), R.TYPE_WRONG_TOPIC),
    (_structured(id=None), _STRUCTURED, R.FIELD_MISSING),
    (_structured(subject=None), _STRUCTURED, R.FIELD_MISSING),
    (b"{}", _BINARY[:2] + _BINARY[3:], R.FIELD_MISSING),
    (_structured(source="https://example.org/Forms"), _STRUCTURED, R.FIELD_INVALID),
    (_structured(id=5), _STRUCTURED, R.FIELD_INVALID),
    (b"{}", _binary(id=b" e-1"), R.ID_INVALID),
    (_structured(subject=""), _STRUCTURED, R.ID_INVALID),
    (b"{}", _binary(time=b"2026-03-02T09:00:00"), R.TIME_INVALID),
    (_structured(time=1772442000), _STRUCTURED, R.TIME_UNIT),
    (_structured(subject="forms:r2"), _STRUCTURED, R.KEY_MISMATCH),
    (SURVEY_TEXT[:-1], (("CE_SpecVersion", b"1.0"),), R.UNDECODABLE),
)

KEYS: tuple[tuple[TopicKind, bytes | None, dict[str, Any], Reason], ...] = (
    (SURVEYS, None, {}, R.KEY_MISSING),
    (SURVEYS, b"", {}, R.KEY_MISSING),
    (SURVEYS, b"forms:R1", {}, R.KEY_MISMATCH),
    (SURVEYS, b"forms:r1\x00", {}, R.KEY_MISMATCH),
    (SURVEYS, b'"forms:r1"', {}, R.KEY_MISMATCH),
    (SURVEYS, b"\xff\xfe", {}, R.KEY_MISMATCH),
    (SURVEYS, b"\x00\x00\x00\x00\x07forms:r1", {}, R.KEY_MISMATCH),
    (SURVEYS, "forms:é".encode("latin-1"), {"response_id": "forms:é"}, R.KEY_MISMATCH),
    (SURVEYS, "forms:e\u0301".encode(), {"response_id": "forms:é"}, R.KEY_MISMATCH),
    (CONTACTS, b"acd:c2", {}, R.KEY_MISMATCH),
    (CARTS, b"order:o-5", {"type": "cart.ordered", "order_id": "o-5"}, R.KEY_MISMATCH),
    (CARTS, b"o-5", {"type": "cart.ordered", "order_id": "o-5", "cart_id": None}, R.KEY_MISMATCH),
    (CARTS, b"shop:t1", {"value_minor": 0.5, "event_id": ""}, R.ID_INVALID),
    (
        SURVEYS,
        None,
        {"answers": [{"question_id": "q1", "kind": "nps", "value": 11}]},
        R.KEY_MISSING,
    ),
)


def _changed(topic: TopicKind, changes: dict[str, Any]) -> bytes:
    merged = BASES[topic][0] | changes
    return compact({name: said for name, said in merged.items() if said is not ...})


HOSTILE: list[Hostile] = [
    Hostile("null", SURVEYS, b"forms:r1", None, R.EMPTY_VALUE),
    Hostile("nothing", SURVEYS, b"forms:r1", b"", R.EMPTY_VALUE),
    Hostile("null without a key", CARTS, None, None, R.EMPTY_VALUE),
    Hostile("64 KiB and a byte", SURVEYS, b"k", SURVEY_TEXT.ljust(65_536), R.OVERSIZE_RECORD),
    Hostile("a long key", SURVEYS, b"k" * 65_400, SURVEY_TEXT, R.OVERSIZE_RECORD),
    Hostile("large and broken", CARTS, b"k", b"[" * 70_000, R.OVERSIZE_RECORD),
    *(
        Hostile(title, SURVEYS, b"forms:r1", text.replace(b"@", SURVEY_TEXT), R.UNDECODABLE)
        for title, text in UNREADABLE.items()
    ),
    *(
        Hostile(f"{changes!r:.60}", topic, BASES[topic][1], _changed(topic, changes), reason)
        for topic, changes, reason in (*FIELDS, *VALUES)
    ),
    *(
        Hostile(f"{value!r:.60}", SURVEYS, b"forms:r1", value, reason, headers)
        for value, headers, reason in CLOUD_EVENTS
    ),
    *(
        Hostile(f"key {key!r:.20} {changes!r:.40}", topic, key, _changed(topic, changes), reason)
        for topic, key, changes, reason in KEYS
    ),
]
