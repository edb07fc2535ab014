import json
from typing import Any

import pytest

from schemas.cloudevents import flatten
from schemas.decode import decode
from schemas.event import CartOrdered, SurveyWithdrawn
from schemas.example import EXAMPLE_LATEST_MS
from schemas.reason import Reason, Rejection
from schemas.topic import TopicKind

SURVEYS, CONTACTS, CARTS = TopicKind
STRUCTURED = [("content-type", b"application/cloudevents+json")]
ENVELOPE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "w-1",
    "source": "forms",
    "type": "survey.withdrawn",
    "time": "2026-03-02T09:00:00Z",
    "subject": "forms:r1",
}
BARE = SurveyWithdrawn(
    event_id="w-1",
    source="forms",
    occurred_at=1772442000000,
    response_id="forms:r1",
    permanent=True,
)


def binary(**attributes: str) -> list[tuple[str, bytes]]:
    return [(f"ce_{name}", text.encode()) for name, text in (ENVELOPE | attributes).items()]


def read(
    value: bytes,
    headers: list[tuple[str, bytes]],
    *,
    topic: TopicKind = SURVEYS,
    key: bytes | None = b"forms:r1",
    prefixes: tuple[str, ...] = (),
) -> Any:
    return decode(topic, key, value, headers, latest_ms=EXAMPLE_LATEST_MS, type_prefixes=prefixes)


def structured(**attributes: Any) -> bytes:
    return json.dumps(ENVELOPE | {"data": {"permanent": True}} | attributes).encode()


def test_both_modes_and_the_bare_form_are_one_event() -> None:
    assert read(structured(), STRUCTURED) == BARE
    assert read(b'{"permanent":true}', binary()) == BARE


@pytest.mark.parametrize(
    "media_type",
    [
        b"application/cloudevents+json",
        b"application/cloudevents+json; charset=UTF-8",
        b" Application/CloudEvents+JSON;charset=utf-8",
    ],
)
@pytest.mark.parametrize("name", ["content-type", "Content-Type", "CONTENT-TYPE"])
def test_the_media_type_is_known_in_any_case_and_with_parameters(
    name: str, media_type: bytes
) -> None:
    assert read(structured(), [(name, media_type)]) == BARE


def test_other_headers_leave_a_bare_record_alone() -> None:
    value = b'{"type":"x"}'
    headers = [("content-type", b"application/json"), ("traceparent", b"\xff"), ("ce_id", b"z")]
    bare = flatten(SURVEYS, b"k", value=value, headers=headers, type_prefixes=())
    assert bare is value


def test_a_header_without_a_value_says_nothing() -> None:
    nothing: Any = None  # what clients give for Kafka's null header value
    headers = [*binary(), ("ce_partitionkey", nothing), ("content-type", nothing)]
    assert read(b'{"permanent":true}', headers) == BARE


def test_a_configured_prefix_is_cut_off_the_type_and_the_longest_one() -> None:
    long = "com.example.cx."
    value = structured(type=long + "survey.withdrawn")
    assert read(value, STRUCTURED, prefixes=("com.example.", long)) == BARE
    refused = read(value, STRUCTURED, prefixes=("com.example.",))
    assert refused.reason is Reason.TYPE_UNKNOWN
    bare = json.dumps({"type": long + "survey.withdrawn"}).encode()
    assert read(bare, [], prefixes=(long,)).reason is Reason.TYPE_UNKNOWN


@pytest.mark.parametrize(
    "data",
    [
        {"event_id": "w-1", "source": "forms", "type": "survey.withdrawn"},
        {"response_id": "forms:r1"},
        {"occurred_at": 1772442000000},
        {"occurred_at": "2026-03-02T10:00:00.000+01:00"},
        {"event_id": None},
    ],
)
def test_one_value_given_twice_is_no_conflict(data: dict[str, Any]) -> None:
    assert read(structured(data=data | {"permanent": True}), STRUCTURED) == BARE
    assert read(json.dumps(data | {"permanent": True}).encode(), binary()) == BARE


def test_one_and_true_are_two_values() -> None:
    fault = read(structured(id=True, data={"event_id": 1}), STRUCTURED)
    assert isinstance(fault, Rejection)
    assert fault.reason is Reason.ENVELOPE_CONFLICT


def test_headers_may_repeat_or_complete_a_structured_event() -> None:
    value = json.dumps({"specversion": "1.0", "data": {"permanent": True}}).encode()
    assert read(value, STRUCTURED + binary()) == BARE


@pytest.mark.parametrize("key", [b"forms:r1", None, b"\xff"])
def test_the_partition_key_is_held_against_the_key(key: bytes | None) -> None:
    outcome = read(structured(partitionkey="forms:r1"), STRUCTURED, key=key)
    if key == b"forms:r1":
        assert outcome == BARE
    else:
        expected = Reason.KEY_MISSING if key is None else Reason.ENVELOPE_CONFLICT
        assert outcome.reason is expected


def test_the_subject_of_an_order_without_a_cart_names_the_order() -> None:
    envelope = {"type": "cart.ordered", "subject": "order:o-5", "data": {}}
    event = read(structured(**envelope), STRUCTURED, topic=CARTS, key=b"order:o-5")
    assert isinstance(event, CartOrdered)
    assert (event.cart_id, event.order_id) == (None, "o-5")


def test_the_subject_of_an_order_with_a_cart_names_the_cart() -> None:
    envelope = {"type": "cart.ordered", "subject": "shop:t1", "data": {"order_id": "o-5"}}
    event = read(structured(**envelope), STRUCTURED, topic=CARTS, key=b"shop:t1")
    assert isinstance(event, CartOrdered)
    assert (event.cart_id, event.order_id) == ("shop:t1", "o-5")


def test_an_orders_subject_beside_a_cart_is_a_conflict() -> None:
    data = {"order_id": "o-5", "cart_id": "shop:t1"}
    envelope = {"type": "cart.ordered", "subject": "order:o-5", "data": data}
    fault = read(structured(**envelope), STRUCTURED, topic=CARTS, key=b"shop:t1")
    assert isinstance(fault, Rejection)
    assert (fault.reason, fault.field) == (Reason.ENVELOPE_CONFLICT, "cart_id")


def test_extensions_and_unknown_attributes_are_ignored() -> None:
    value = structured(traceparent="00-1", dataschema="https://example.org/s", sequence=7)
    assert read(value, STRUCTURED) == BARE
