import json
from typing import Any

import pytest

from schemas.answer import answer_valid
from schemas.diagnose import diagnose
from schemas.example import EXAMPLE_LATEST_MS, REJECTED, Example, load_examples
from schemas.reason import Reason, Rejection
from schemas.topic import TopicKind
from tests.schemas.hostile_fields import ANSWER, BASES

SURVEYS, CONTACTS, CARTS = TopicKind

# One fault of each kind that can stand beside all the later ones in one record.
FAULTS: dict[TopicKind, list[tuple[Reason, dict[str, Any]]]] = {
    SURVEYS: [
        (Reason.TYPE_MISSING, {"type": None}),
        (Reason.FIELD_MISSING, {"event_id": None}),
        (Reason.FIELD_INVALID, {"excluded": "robot"}),
        (Reason.ID_INVALID, {"customer_id": ""}),
        (Reason.TIME_INVALID, {"submitted_at": "soon"}),
        (Reason.TIME_UNIT, {"occurred_at": 1772442000}),
        (Reason.ANSWER_INVALID, {"answers": [ANSWER | {"value": 11}]}),
        (Reason.TOO_MANY, {"attributes": {f"a{i}": 1 for i in range(33)}}),
    ],
    CONTACTS: [
        (Reason.TYPE_UNKNOWN, {"type": "contact.lost"}),
        (Reason.FIELD_MISSING, {"source": None}),
        (Reason.FIELD_INVALID, {"direction": "up"}),
        (Reason.ID_INVALID, {"issue_id": " x"}),
        (Reason.TIME_ORDER, {"segments": [{"queued_at": "2026-02-02T00:00:00Z"}]}),
        (Reason.FUTURE, {"occurred_at": "2027-03-02T09:10:00Z"}),
    ],
    CARTS: [
        (Reason.TYPE_WRONG_TOPIC, {"type": "survey.offered"}),
        (Reason.FIELD_MISSING, {"items_count": None}),
        (Reason.FIELD_INVALID, {"channel": ""}),
        (Reason.ID_INVALID, {"checkout_id": ""}),
        (Reason.FUTURE, {"occurred_at": "2027-03-02T09:10:00Z"}),
        (Reason.TOO_MANY, {"attributes": {f"a{i}": 1 for i in range(33)}}),
        (Reason.MONEY_INVALID, {"value_minor": -1}),
        (Reason.CURRENCY_INVALID, {"currency": "eur"}),
    ],
}


def find(topic: TopicKind, key: bytes | None, said: dict[str, Any]) -> Rejection | None:
    value = json.dumps(said).encode()
    return diagnose(topic, key, value=value, latest_ms=EXAMPLE_LATEST_MS, judge_answer=answer_valid)


@pytest.mark.parametrize("topic", TopicKind)
def test_of_several_faults_the_first_of_the_list_is_told(topic: TopicKind) -> None:
    said, key = BASES[topic]
    faults = FAULTS[topic]
    for at in range(len(faults)):
        merged = dict(said)
        for _, changes in faults[at:]:
            merged |= changes
        fault = find(topic, key, merged)
        assert fault is not None
        assert fault.reason is faults[at][0]
    assert find(topic, key, said) is None


def test_a_wrong_key_comes_after_times_and_before_answers() -> None:
    said, key = BASES[SURVEYS]
    bad_answer = said | {"answers": [ANSWER | {"value": 11}]}
    late = bad_answer | {"occurred_at": "2027-03-02T09:10:00Z"}
    reasons = [
        getattr(find(SURVEYS, wrong, record), "reason", None)
        for wrong, record in ((b"x", late), (None, late), (b"x", bad_answer), (key, bad_answer))
    ]
    assert reasons == [
        Reason.FUTURE,
        Reason.FUTURE,
        Reason.KEY_MISMATCH,
        Reason.ANSWER_INVALID,
    ]


def test_an_invalid_answer_comes_before_too_many_of_them() -> None:
    said, key = BASES[SURVEYS]
    answers = [{"question_id": f"q{i}"} for i in range(101)]
    assert getattr(find(SURVEYS, key, said | {"answers": answers}), "reason") is Reason.TOO_MANY  # noqa: B009
    answers[100] = {"question_id": "q0"}
    fault = find(SURVEYS, key, said | {"answers": answers})
    assert fault is not None
    assert (fault.reason, fault.field) == (Reason.ANSWER_INVALID, "answers[100].question_id")


@pytest.mark.parametrize("example", load_examples(REJECTED), ids=lambda e: f"{e.reason} {e.title}")
def test_no_value_of_the_payload_is_told(example: Example) -> None:
    fault = diagnose(
        example.topic,
        example.key,
        value=example.value or b"",
        latest_ms=EXAMPLE_LATEST_MS,
        judge_answer=answer_valid,
    )
    if fault is not None:
        words = fault.field + " " + fault.detail
        assert len(words) < 200
        for secret in ("forms:r1", "shop:t1", "acd:c1", "k-1", "My Forms", "submited", "1772442"):
            assert secret not in words
