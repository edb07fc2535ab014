import msgspec
import pytest

from schemas.answer import Judge
from schemas.decode import decode
from schemas.example import ACCEPTED, EXAMPLE_LATEST_MS, REJECTED, Example, load_examples
from schemas.reason import Reason, Rejection
from schemas.topic import TopicKind
from tests.schemas.fuzz import mutated_examples, mutations
from tests.schemas.hostile import HOSTILE, Hostile
from tests.schemas.hostile_fields import BASES
from tests.schemas.test_accept import assert_promises_kept

SURVEYS, CONTACTS, CARTS = TopicKind
GOOD = [example for name in ACCEPTED for example in load_examples(name)]
BAD = load_examples(REJECTED)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.title)
def test_every_good_example_is_an_event(example: Example) -> None:
    event = decode(
        example.topic, example.key, example.value, example.headers, latest_ms=EXAMPLE_LATEST_MS
    )
    assert not isinstance(event, Rejection), event
    assert_promises_kept(event)


@pytest.mark.parametrize("example", BAD, ids=lambda example: example.title)
def test_every_bad_example_gives_its_reason_and_field(example: Example) -> None:
    outcome = decode(
        example.topic, example.key, example.value, example.headers, latest_ms=EXAMPLE_LATEST_MS
    )
    assert isinstance(outcome, Rejection)
    assert (outcome.reason, outcome.field) == (example.reason, example.field)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: ascii(hostile.title))
def test_every_hostile_record_gives_its_reason(hostile: Hostile) -> None:
    outcome = decode(
        hostile.topic, hostile.key, hostile.value, hostile.headers, latest_ms=EXAMPLE_LATEST_MS
    )
    assert isinstance(outcome, Rejection)
    assert outcome.reason is hostile.reason
    assert len(outcome.field) + len(outcome.detail) < 200


def test_every_reason_has_two_examples_and_a_hostile_record() -> None:
    for reason in Reason:
        assert sum(example.reason is reason for example in BAD) >= 2, reason
        assert any(hostile.reason is reason for hostile in HOSTILE), reason
    assert len(HOSTILE) >= 200


def test_mutated_records_are_events_or_dead_letters_and_nothing_raises() -> None:
    seen = set()
    for topic, (key, value, headers) in mutated_examples(7, 20_000):
        outcome = decode(topic, key, value, headers, latest_ms=EXAMPLE_LATEST_MS)
        if isinstance(outcome, Rejection):
            assert type(outcome.reason) is Reason
            assert outcome.detail != "the two readers disagree"
            seen.add(outcome.reason)
        else:
            assert_promises_kept(outcome)
    assert seen == set(Reason)


def test_records_of_one_topic_in_another_do_no_harm() -> None:
    for topic in TopicKind:
        for key, value, headers in mutations(3, 1_000):
            decode(topic, key, value, headers, latest_ms=EXAMPLE_LATEST_MS)


def test_mutations_repeat_and_keep_to_their_topic() -> None:
    assert list(mutations(5, 200)) == list(mutations(5, 200)) != list(mutations(6, 200))
    assert {topic for topic, _ in mutated_examples(5, 100, topic=CARTS)} == {CARTS}


def test_64_kib_are_accepted_and_a_byte_more_is_not() -> None:
    said, key = BASES[SURVEYS]
    value = msgspec.json.encode(said).ljust(65_536 - len(key))
    assert not isinstance(decode(SURVEYS, key, value, (), latest_ms=EXAMPLE_LATEST_MS), Rejection)
    outcome = decode(SURVEYS, key, value + b" ", (), latest_ms=EXAMPLE_LATEST_MS)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.OVERSIZE_RECORD


@pytest.mark.parametrize("verdict", [True, False])
def test_the_judge_may_overrule_what_the_answer_says_of_itself(verdict: bool) -> None:
    judge: Judge = lambda event, answer: verdict  # noqa: E731  # the shortest judge there is
    said, key = BASES[SURVEYS]
    answers = [{"question_id": "q1", "kind": "nps", "value": 77}]
    value = msgspec.json.encode(said | {"answers": answers})
    outcome = decode(SURVEYS, key, value, (), latest_ms=EXAMPLE_LATEST_MS, judge_answer=judge)
    if verdict:
        assert not isinstance(outcome, Rejection)
    else:
        assert isinstance(outcome, Rejection)
        assert (outcome.reason, outcome.field) == (Reason.ANSWER_INVALID, "answers[0].value")


def test_the_judge_sees_the_same_event_from_both_readers() -> None:
    said, key = BASES[SURVEYS]
    answers = [
        {"question_id": "q1", "kind": "text", "value": "x", "answered_at": "2026-03-02T09:00:00Z"},
        {"question_id": "q2", "status": None, "value": 3},
    ]
    value = msgspec.json.encode(said | {"answers": answers, "attributes": {"a": 1, "b": None}})
    seen: list[bytes] = []

    def judge(event: object, answer: object) -> bool:
        seen.append(msgspec.json.encode([event, answer]))
        return len(seen) % 2 == 1

    decode(SURVEYS, key, value, (), latest_ms=EXAMPLE_LATEST_MS, judge_answer=judge)
    fast, slow = seen[:2], seen[2:]
    assert len(fast) == 2
    assert fast[: len(slow)] == slow
