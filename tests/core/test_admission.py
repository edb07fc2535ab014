"""Admission is a pure function of one record."""

from typing import Any

import pytest

from processor.core.admission import SAMPLED_EVERY, Admitted, CaseAdmission, SourceAdmission
from processor.core.definitions import Definitions, Topic
from processor.core.entity.case import Case
from processor.core.entity.contact import CUSTOMER as CUSTOMER_SAID
from processor.core.entity.contact import ISSUE, SEGMENT, Contact
from processor.core.entity.life import ANCHOR, DIMENSION, FIRST_OWN_CODE, register
from processor.core.entity.response import Response
from processor.core.entity.summary import Summary, pack_summary
from processor.core.identity import Identity
from processor.core.record import LATENESS, LIFE, Outcome, Record, Refusal
from processor.core.remark import UNKNOWN_FIELD, UNMAPPED_QUESTION, Remark
from processor.core.slice import NONE
from processor.core.state import State
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND, record

DEFINITIONS = Definitions()
IDENTITY = Identity(bytes(32))
TOPIC = Topic("surveys", "response", lateness_max_ms=HOUR, life_ms=DAY, future_max_ms=MINUTE)
ADMISSION = SourceAdmission(TOPIC, Response(DEFINITIONS, IDENTITY, DAY), IDENTITY, ("com.forms.",))
MEMORY_MS = 2 * DAY
QUEUE_CODE = FIRST_OWN_CODE
CASES = CaseAdmission(Case(DEFINITIONS, IDENTITY, Contact(DEFINITIONS, IDENTITY, DAY)), MEMORY_MS)


def offered(**more: Any) -> dict[str, Any]:
    return {"type": "survey.offered", "response_id": "r", "survey_id": "s"} | more


def test_an_admitted_record_says_which_entity_it_is_about() -> None:
    admitted = ADMISSION.admit(record(offered(created_at=NOON)))
    assert isinstance(admitted, Admitted)
    assert admitted.entity == IDENTITY.entity(b"r")
    assert admitted.addition.least[ANCHOR] == NOON // SECOND


@pytest.mark.parametrize(("late", "refusal"), [(HOUR, None), (HOUR + 1, LATENESS)])
def test_a_version_may_be_as_old_as_the_topics_lateness(late: int, refusal: object) -> None:
    admitted = ADMISSION.admit(record(offered(), NOON + late))
    assert (admitted if isinstance(admitted, Refusal) else None) == refusal


@pytest.mark.parametrize(("old", "refusal"), [(DAY, None), (DAY + 1, LIFE)])
def test_an_entity_may_be_as_old_as_its_life(old: int, refusal: object) -> None:
    """Its beginning counts in whole seconds."""
    began = NOON - old + 400 - old % SECOND
    admitted = ADMISSION.admit(record(offered(created_at=began), NOON + old % SECOND))
    assert (admitted if isinstance(admitted, Refusal) else None) == refusal


@pytest.mark.parametrize(("ahead", "is_dead"), [(MINUTE, False), (MINUTE + 1, True)])
def test_a_record_may_be_as_far_ahead_as_the_topics_tolerance(ahead: int, is_dead: bool) -> None:
    admitted = ADMISSION.admit(record(offered(), NOON - ahead))
    assert isinstance(admitted, Refusal) == is_dead
    if isinstance(admitted, Refusal):
        assert (admitted.outcome, admitted.reason) == (Outcome.DEAD_LETTER, "future")


def test_a_dead_letter_says_which_field_and_what_of_it() -> None:
    refusal = ADMISSION.admit(record(offered(survey_id=7)))
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.field) == ("field_invalid", "survey_id")
    assert refusal.detail


def test_the_registry_judges_answers() -> None:
    answers = [{"question_id": "q", "kind": "nps", "value": 11}]
    event = {"type": "survey.submitted", "response_id": "r", "survey_id": "s", "answers": answers}
    refusal = ADMISSION.admit(record(event))
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "answer_invalid"


def test_what_an_operator_should_hear_comes_along() -> None:
    answers = [{"question_id": "q", "value": 11}]
    event = {"type": "survey.submitted", "response_id": "r", "survey_id": "s", "answers": answers}
    admitted = ADMISSION.admit(record(event))
    assert isinstance(admitted, Admitted)
    assert [remark.kind for remark in admitted.remarks] == [UNMAPPED_QUESTION]


def test_a_cloudevents_type_may_have_a_prefix() -> None:
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", b"com.forms.survey.offered"),
        ("ce_id", b"e"),
        ("ce_source", b"forms"),
        ("ce_subject", b"r"),
        ("ce_time", b"2026-03-02T12:00:00Z"),
    ]
    admitted = ADMISSION.admit(Record(0, NOON, b"r", b'{"survey_id": "s"}', headers))
    assert isinstance(admitted, Admitted)


CUSTOMER = IDENTITY.customer("anna")


def summary(anchor_ms: int = NOON) -> bytes:
    anchor = {ANCHOR: anchor_ms // SECOND}
    return pack_summary(Summary(IDENTITY.entity(b"k"), State(least=anchor, most=anchor)))


def test_a_summary_is_admitted_as_long_as_its_case_remembers_the_contact() -> None:
    admitted = CASES.admit(Record(0, NOON + MEMORY_MS, CUSTOMER, summary()))
    assert isinstance(admitted, Admitted)
    assert admitted.entity == CUSTOMER
    assert CASES.admit(Record(0, NOON + MEMORY_MS + 1, CUSTOMER, summary())) == LIFE


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (CUSTOMER, None, "empty_value"),
        (CUSTOMER, b"nonsense", "undecodable"),
        (CUSTOMER, pack_summary(Summary(b"k", State())), "undecodable"),
        (None, summary(), "key_missing"),
        (b"anna", summary(), "key_mismatch"),
    ],
)
def test_what_is_no_summary_is_a_dead_letter(
    key: bytes | None, value: bytes | None, reason: str
) -> None:
    refusal = CASES.admit(Record(0, NOON, key, value))
    assert isinstance(refusal, Refusal)
    assert (refusal.outcome, refusal.reason) == (Outcome.DEAD_LETTER, reason)


@pytest.mark.parametrize(("offset", "told"), [(0, 1), (1, 0), (SAMPLED_EVERY, 1)])
def test_fields_that_nobody_knows_are_told_of_now_and_then(offset: int, told: int) -> None:
    said = record(offered(respondent_mood="fine"))
    admitted = ADMISSION.admit(Record(offset, said.arrival_ms, said.key, said.value))
    assert isinstance(admitted, Admitted)
    remark = Remark(UNKNOWN_FIELD, "survey.offered", "respondent_mood")
    assert list(admitted.remarks) == [remark] * told


def poisoned(state: State, contact: bytes = IDENTITY.entity(b"k")) -> bytes:
    return pack_summary(Summary(contact, state))


BEGAN = {ANCHOR: NOON // SECOND}
SEEN = {register(SEGMENT, 5): 1}


def saying(facts: dict[int, Any], *, seen: bool = True) -> bytes:
    return poisoned(State({(0, NOON, 1): facts}, BEGAN, BEGAN, SEEN if seen else {}))


@pytest.mark.parametrize(
    "value",
    [
        poisoned(State({}, BEGAN, {})),
        poisoned(State({}, {}, BEGAN)),
        poisoned(State({}, BEGAN, {ANCHOR: BEGAN[ANCHOR] - 1})),
        poisoned(State({}, BEGAN, {ANCHOR: 2**62})),
        poisoned(State({}, {ANCHOR: -1}, BEGAN)),
        poisoned(State({}, BEGAN, BEGAN), b"k"),
        poisoned(State({}, BEGAN, BEGAN, {0: -1})),
        poisoned(
            State(
                {(0, 1, 1): {CUSTOMER_SAID: CUSTOMER}, (0, 2, 1): {CUSTOMER_SAID: CUSTOMER}},
                BEGAN,
                BEGAN,
            )
        ),
        saying({register(DIMENSION, 0): 99}),
        saying({register(DIMENSION, 0): -2}),
        saying({register(DIMENSION, 0): b"web"}),
        saying({CUSTOMER_SAID: 7}),
        saying({CUSTOMER_SAID: b"anna"}),
        saying({ISSUE: (1, 2)}),
        saying({-ISSUE: 1}),
        saying({register(QUEUE_CODE, 5): 99}),
        saying({register(QUEUE_CODE, 5): 0}, seen=False),
        b"\x92\xc4\x10" + bytes(16) + b"\x94\x80\x80\x80" + b"\x91" * 5_000,
    ],
)
def test_a_summary_that_no_contact_is_like_is_a_dead_letter(value: bytes) -> None:
    refusal = CASES.admit(Record(0, NOON, CUSTOMER, value))
    assert refusal == Refusal(Outcome.DEAD_LETTER, "undecodable")


@pytest.mark.parametrize(
    "value",
    [
        saying({register(DIMENSION, 0): NONE, CUSTOMER_SAID: CUSTOMER, ISSUE: 7}),
        saying({register(QUEUE_CODE, 5): 0, register(DIMENSION, 0): 9}),
        poisoned(State({}, BEGAN, BEGAN), IDENTITY.entity(b"k") + bytes(8)),
    ],
)
def test_a_summary_that_a_contact_can_be_like_is_admitted(value: bytes) -> None:
    assert isinstance(CASES.admit(Record(0, NOON, CUSTOMER, value)), Admitted)
