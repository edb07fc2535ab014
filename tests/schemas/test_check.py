import pytest

from schemas.answer import answer_valid
from schemas.check import CHECKS
from schemas.example import EXAMPLE_LATEST_MS
from schemas.reason import Reason
from schemas.record import Record, parts_of
from schemas.topic import EVENTS, TopicKind
from tests.schemas.hostile_fields import BASES
from tests.schemas.test_diagnose import find

SURVEYS, CONTACTS, CARTS = TopicKind


@pytest.mark.parametrize("topic", TopicKind)
def test_no_check_has_anything_against_a_good_record(topic: TopicKind) -> None:
    said, key = BASES[topic]
    event = EVENTS[topic][said["type"]]
    parts = tuple(parts_of(event, said))
    record = Record(topic, key, event, said, parts, EXAMPLE_LATEST_MS, answer_valid)
    for check in CHECKS:
        assert list(check(record)) == []


def test_there_is_a_check_for_each_reason_that_needs_a_known_type() -> None:
    later = list(Reason)[list(Reason).index(Reason.FIELD_MISSING) :]
    assert len(CHECKS) == len(later)


@pytest.mark.parametrize("name", ["segments", "answers"])
def test_twenty_thousand_entries_are_judged_in_no_time(name: str) -> None:
    topic = CONTACTS if name == "segments" else SURVEYS
    said, key = BASES[topic]
    field = "segment_id" if name == "segments" else "question_id"
    fault = find(topic, key, said | {name: [{field: f"s{i}"} for i in range(20_000)]})
    assert fault is not None
    assert fault.reason is Reason.TOO_MANY
