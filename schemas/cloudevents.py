"""CloudEvents 1.0 in Kafka, structured and binary, brought to the bare form.

What lives here: which attribute is which field (CloudEvents 1.0.2; Kafka protocol binding 1.0.2,
sections 3.2 and 3.3). What must never live here: the contract's checks; the bare form goes
through them. What the rest may lean on: a record that does not announce itself as CloudEvents is
returned untouched, and a name that is given twice with two values is refused, never resolved.

    structured   header `content-type: application/cloudevents+json`, value = attributes + `data`
    binary       header `ce_specversion`, attributes in headers `ce_...`, value = data
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from schemas.document import Document, encode_json, read_document
from schemas.identity import ORDER_PREFIX
from schemas.instant import instant_ms
from schemas.reason import Reason, Rejection
from schemas.topic import ENTITY_FIELDS, TopicKind

Headers: TypeAlias = Sequence[tuple[str, bytes]]
Claim: TypeAlias = tuple[str, Any]

STRUCTURED_MEDIA_TYPE: Final = b"application/cloudevents+json"
SPEC_VERSION: Final = "1.0"
HEADER_PREFIX: Final = "ce_"
FIELD_OF_ATTRIBUTE: Final = {
    "id": "event_id",
    "source": "source",
    "type": "type",
    "time": "occurred_at",
}
_KEY: Final = "partitionkey"
_ATTRIBUTES: Final = frozenset({*FIELD_OF_ATTRIBUTE, "specversion", "subject", _KEY})


def flatten(
    topic_kind: TopicKind,
    key: bytes | None,
    *,
    value: bytes,
    headers: Headers,
    type_prefixes: Sequence[str],
) -> bytes | Rejection:
    """The record's value in the bare form: `value` itself if the headers do not say CloudEvents.

    A rejection is `undecodable` or `envelope_conflict`; everything else is judged on the result.
    """
    structured, in_headers = _announced(headers)
    if not structured and all(name != "specversion" for name, _ in in_headers):
        return value
    document = read_document(value)
    if isinstance(document, Rejection):
        return document
    envelope = document if structured else {}
    fault = _unreadable(envelope, in_headers)
    if fault is not None:
        return fault
    data = envelope.get("data") or {} if structured else document
    claims = [(name, envelope[name]) for name in sorted(_ATTRIBUTES) if name in envelope]
    claims += [(name, raw.decode()) for name, raw in in_headers]
    known = dict(data)
    known["type"] = _cut(known.get("type"), type_prefixes)
    known[_KEY] = None if key is None else key.decode(errors="surrogateescape")
    for attribute, said in claims:
        name, meant = _as_field(topic_kind, (attribute, said), data, type_prefixes)
        if known.get(name) is None:
            known[name] = meant
        elif meant is not None and not _is_same(known[name], meant, name):
            return Rejection(Reason.ENVELOPE_CONFLICT, name, "given twice with two values")
    del known[_KEY]
    return encode_json(known)


def _announced(headers: Headers) -> tuple[bool, list[tuple[str, bytes]]]:
    """Whether the content type is the structured one, and each known attribute in the headers."""
    structured = False
    attributes = []
    for name, raw in headers:
        lowered = name.lower()
        if raw is None:  # Kafka knows headers without a value
            continue
        if lowered == "content-type":
            structured |= raw.split(b";")[0].strip().lower() == STRUCTURED_MEDIA_TYPE
        elif lowered.startswith(HEADER_PREFIX) and lowered[3:] in _ATTRIBUTES:
            attributes.append((lowered[3:], raw))
    return structured, attributes


def _unreadable(envelope: Document, in_headers: list[tuple[str, bytes]]) -> Rejection | None:
    """Why an announced CloudEvent cannot be read at all, or None."""
    versions = [envelope["specversion"]] if "specversion" in envelope else []
    for name, raw in in_headers:
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            return Rejection(Reason.UNDECODABLE, HEADER_PREFIX + name, "a header is not UTF-8")
        if name == "specversion":
            versions.append(text)
    if not versions or any(version != SPEC_VERSION for version in versions):
        detail = f"only CloudEvents {SPEC_VERSION} is read"
        return Rejection(Reason.UNDECODABLE, "specversion", detail)
    if envelope.get("data_base64") is not None:
        return Rejection(Reason.UNDECODABLE, "data_base64", "data must be a JSON object")
    if envelope.get("data") is not None and type(envelope["data"]) is not dict:
        return Rejection(Reason.UNDECODABLE, "data", "data must be a JSON object")
    return None


def _as_field(
    topic_kind: TopicKind, claim: Claim, data: Document, type_prefixes: Sequence[str]
) -> Claim:
    """Which field an attribute is, and what it says there.

    The subject is the entity. An order without a cart is its own entity, so there the subject
    names the order.
    """
    attribute, said = claim
    if attribute == "type":
        return "type", _cut(said, type_prefixes)
    if attribute != "subject":
        return FIELD_OF_ATTRIBUTE.get(attribute, attribute), said
    of_order = type(said) is str and said.startswith(ORDER_PREFIX)
    if topic_kind is TopicKind.CARTS and of_order and data.get("cart_id") is None:
        return "order_id", said.removeprefix(ORDER_PREFIX)
    return ENTITY_FIELDS[topic_kind], said


def _cut(name: Any, type_prefixes: Sequence[str]) -> Any:
    """A type without the longest configured prefix it has; what is no string stays as it is."""
    if type(name) is str:
        for prefix in sorted(type_prefixes, key=len, reverse=True):
            if name.startswith(prefix):
                return name.removeprefix(prefix)
    return name


def _is_same(one: Any, other: Any, name: str) -> bool:
    """Whether two values are one: times as instants, all else exactly, so that 1 is not true."""
    if name == "occurred_at":
        instant = instant_ms(one)
        if instant is not None and instant == instant_ms(other):
            return True
    return type(one) is type(other) and bool(one == other)
