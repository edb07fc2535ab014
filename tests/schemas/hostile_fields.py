"""Records that are wrong in one field: the tables of `tests.schemas.hostile`."""

from typing import Any

from schemas.reason import Reason
from schemas.topic import TopicKind

R = Reason
SURVEYS, CONTACTS, CARTS = TopicKind

ANSWER = {"question_id": "q1", "kind": "nps", "value": 9}
SURVEY = {
    "type": "survey.submitted",
    "event_id": "e-1",
    "source": "forms",
    "response_id": "forms:r1",
    "survey_id": "s1",
    "occurred_at": "2026-03-02T09:00:00Z",
    "created_at": "2026-03-02T09:00:00Z",
    "answers": [ANSWER],
}
SEGMENT = {"segment_id": "acd:c1", "queue": "q-17", "queued_at": "2026-03-02T09:00:00Z"}
CONTACT = {
    "type": "contact.recorded",
    "event_id": "e-2",
    "source": "acd",
    "contact_id": "acd:c1",
    "occurred_at": "2026-03-02T09:10:00Z",
    "created_at": "2026-03-02T09:00:00Z",
    "segments": [SEGMENT],
}
CART = {
    "type": "cart.updated",
    "event_id": "e-3",
    "source": "shop/eu",
    "cart_id": "shop:t1",
    "occurred_at": "2026-03-02T12:00:00Z",
    "items_count": 2,
    "value_minor": 3998,
    "currency": "EUR",
}
BASES: dict[TopicKind, tuple[dict[str, Any], bytes]] = {
    SURVEYS: (SURVEY, b"forms:r1"),
    CONTACTS: (CONTACT, b"acd:c1"),
    CARTS: (CART, b"shop:t1"),
}

Wrong = tuple[TopicKind, dict[str, Any], Reason]

# topic, changes to its base record (a value `...` removes the field), reason
TYPES_AND_FIELDS: tuple[Wrong, ...] = (
    (SURVEYS, {"type": ...}, R.TYPE_MISSING),
    (SURVEYS, {"type": None}, R.TYPE_MISSING),
    (SURVEYS, {"type": ["survey.submitted"]}, R.TYPE_MISSING),
    (CARTS, {"type": {"name": "cart.updated"}}, R.TYPE_MISSING),
    (CARTS, {"type": True}, R.TYPE_MISSING),
    (SURVEYS, {"type": ""}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "Survey.Submitted"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "survey.submitted "}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "survey.submitted\u0000"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "SurveySubmitted"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "survey"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "com.example.survey.submitted"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "survey.submitted_v2"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "__proto__"}, R.TYPE_UNKNOWN),
    (SURVEYS, {"type": "x" * 5000}, R.TYPE_UNKNOWN),
    (CARTS, {"type": "order.placed"}, R.TYPE_UNKNOWN),
    (CONTACTS, {"type": "complaint.opened"}, R.TYPE_UNKNOWN),
    (CONTACTS, {"type": "cart.updated"}, R.TYPE_WRONG_TOPIC),
    (SURVEYS, {"type": "contact.started"}, R.TYPE_WRONG_TOPIC),
    (CARTS, {"type": "survey.offered"}, R.TYPE_WRONG_TOPIC),
    *(
        (SURVEYS, {name: ...}, R.FIELD_MISSING)
        for name in SURVEY
        if name not in ("type", "created_at")
    ),
    *((CARTS, {name: None}, R.FIELD_MISSING) for name in ("cart_id", "items_count", "occurred_at")),
    (CONTACTS, {"segments": None}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.started"}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.queued", "queue": "q"}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.wrapped_up", "wrap_ms": None}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.resolved", "resolved": True}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.updated"}, R.FIELD_MISSING),
    (CONTACTS, {"type": "contact.updated", "attributes": {}}, R.FIELD_MISSING),
    (SURVEYS, {"answers": [{"kind": "nps", "value": 9}]}, R.FIELD_MISSING),
    (SURVEYS, {"answers": [{"question_id": None}]}, R.FIELD_MISSING),
    (SURVEYS, {"event_id": ..., "source": "NO", "occurred_at": 1}, R.FIELD_MISSING),
    (SURVEYS, {"event_id": 5}, R.FIELD_INVALID),
    (SURVEYS, {"response_id": 210554372}, R.FIELD_INVALID),
    (SURVEYS, {"source": ""}, R.FIELD_INVALID),
    (SURVEYS, {"source": "Forms"}, R.FIELD_INVALID),
    (SURVEYS, {"source": "forms\n"}, R.FIELD_INVALID),
    (SURVEYS, {"source": "a" * 65}, R.FIELD_INVALID),
    (SURVEYS, {"source": 'x"} 1\ncx_up'}, R.FIELD_INVALID),
    (SURVEYS, {"source": "förms"}, R.FIELD_INVALID),
    (SURVEYS, {"survey_id": {"id": "s1"}}, R.FIELD_INVALID),
    (SURVEYS, {"answers": {}}, R.FIELD_INVALID),
    (SURVEYS, {"answers": "q1=9"}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [9]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [[ANSWER]]}, R.FIELD_INVALID),
    (SURVEYS, {"completion": "finished"}, R.FIELD_INVALID),
    (SURVEYS, {"completion": True}, R.FIELD_INVALID),
    (SURVEYS, {"excluded": "robot"}, R.FIELD_INVALID),
    (SURVEYS, {"excluded": True}, R.FIELD_INVALID),
    (SURVEYS, {"channel": ""}, R.FIELD_INVALID),
    (SURVEYS, {"channel": "e\u0007mail"}, R.FIELD_INVALID),
    (SURVEYS, {"touchpoint": 7}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": []}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": "market=de"}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": 1.5}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": 1.0}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": -1}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": 2**53}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": {}}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": ["b"]}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a" * 65: "b"}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"ü" * 33: "b"}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": "b" * 129}}, R.FIELD_INVALID),
    (SURVEYS, {"attributes": {"a": "ü" * 65}}, R.FIELD_INVALID),
    (CONTACTS, {"direction": "INBOUND"}, R.FIELD_INVALID),
    (CONTACTS, {"resolved": "true"}, R.FIELD_INVALID),
    (CONTACTS, {"resolved": 1}, R.FIELD_INVALID),
    (CONTACTS, {"resolution_source": "customer"}, R.FIELD_INVALID),
    (CONTACTS, {"transfer_kind": "warm"}, R.FIELD_INVALID),
    (CONTACTS, {"segments": {}}, R.FIELD_INVALID),
    (CONTACTS, {"segments": ["acd:c1"]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [SEGMENT, SEGMENT]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{}, {}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{}, {"segment_id": "acd:c1"}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"talk_ms": "240000"}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"talk_ms": 240.5}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"talk_ms": 240000.0}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"hold_ms": -1}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"hold_ms": True}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"wrap_ms": 90 * 86_400_000 + 1}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"queue_wait_ms": 2**64}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"left_reason": "hangup"}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"end_reason": 3}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"is_callback": "no"}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"queue": 17}]}, R.FIELD_INVALID),
    (CONTACTS, {"segments": [{"wrap_code": ""}]}, R.FIELD_INVALID),
    (CARTS, {"items_count": "2"}, R.FIELD_INVALID),
    (CARTS, {"items_count": 2.0}, R.FIELD_INVALID),
    (CARTS, {"items_count": -1}, R.FIELD_INVALID),
    (CARTS, {"items_count": True}, R.FIELD_INVALID),
    (CARTS, {"items_count": 2**53}, R.FIELD_INVALID),
    (CARTS, {"items_count": [2]}, R.FIELD_INVALID),
    (CARTS, {"type": "cart.touched", "action": "clicked"}, R.FIELD_INVALID),
    (CARTS, {"type": "cart.withdrawn", "permanent": "yes"}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"kind": "NPS"}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"kind": 0}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"status": "done"}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"polarity": "up"}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"scale_min": "0", "scale_max": 10}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"scale_min": -5, "scale_max": 5}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"scale_min": 0, "scale_max": 1e1}]}, R.FIELD_INVALID),
    (SURVEYS, {"answers": [ANSWER | {"question_id": 1}]}, R.FIELD_INVALID),
)

_IDS = (
    "", " ", "\u00a0", " forms:r1", "forms:r1 ", "forms:r1\n", "\tforms:r1", "a\u0000b",
    "a\u001fb", "a\u007fb", "a\u0085b", "x" * 257, "ü" * 129, "\U0001f600" * 65, "\u3000a",
    "a\u2028",
)  # fmt: skip
IDS = tuple((SURVEYS, {"response_id": text}, R.ID_INVALID) for text in _IDS) + tuple(
    (topic, {name: ""}, R.ID_INVALID)
    for topic, names in (
        (SURVEYS, ("event_id", "survey_id", "offer_id", "contact_id", "order_id", "customer_id")),
        (CONTACTS, ("contact_id", "issue_id", "transfer_id")),
        (CARTS, ("cart_id", "order_id", "checkout_id", "customer_id")),
    )
    for name in names
)
MORE_IDS: tuple[Wrong, ...] = (
    (SURVEYS, {"event_id": "x" * 129}, R.ID_INVALID),
    (SURVEYS, {"event_id": "ü" * 65}, R.ID_INVALID),
    (SURVEYS, {"answers": [{"question_id": " q1"}]}, R.ID_INVALID),
    (SURVEYS, {"answers": [{"question_id": "x" * 129}]}, R.ID_INVALID),
    (CONTACTS, {"segments": [{"segment_id": ""}]}, R.ID_INVALID),
    (CONTACTS, {"segments": [{"queue": "q\u0001"}]}, R.ID_INVALID),
    (CONTACTS, {"segments": [{"next_segment_id": "x "}]}, R.ID_INVALID),
    (CARTS, {"type": "cart.ordered", "order_id": "o-5", "cart_id": ""}, R.ID_INVALID),
)
FIELDS: tuple[Wrong, ...] = (*TYPES_AND_FIELDS, *IDS, *MORE_IDS)
