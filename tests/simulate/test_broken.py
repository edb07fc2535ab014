import pytest

from processor.simulate.broken import FAULTS, Breakage, Change, sound_draft
from processor.simulate.chance import Chance
from processor.simulate.story import encode
from schemas.decode import Rejection, TopicKind, decode
from schemas.reason import Reason
from tests.simulate.streams import MINUTE, MORNING

ROWS = [
    pytest.param(reason, kind, change, id=f"{reason}-{number}")
    for reason, faults in FAULTS.items()
    for number, (kind, change) in enumerate(faults)
]


def breakage() -> Breakage:
    return Breakage(Chance(1).stream("breakage"), "test")


def test_every_reason_of_the_closed_list_has_a_fault_and_no_other() -> None:
    assert set(FAULTS) == {reason.value for reason in Reason}


@pytest.mark.parametrize("kind", ["submitted", "answered", "recorded", "updated"])
def test_without_a_fault_the_draft_is_sound(kind: str) -> None:
    draft = sound_draft(kind, "1", at_ms=MORNING)
    event = decode(
        TopicKind(draft.topic), draft.key, encode(draft.body), draft.headers, latest_ms=MORNING
    )
    assert not isinstance(event, Rejection)


@pytest.mark.parametrize(("reason", "kind", "change"), ROWS)
def test_a_fault_has_its_reason(reason: str, kind: str, change: Change) -> None:
    draft = sound_draft(kind, "1", at_ms=MORNING)
    change(draft)
    sound = encode(draft.body) if draft.raw is None else draft.raw
    value = None if draft.empty else sound
    latest_ms = MORNING + 5 * MINUTE
    found = decode(TopicKind(draft.topic), draft.key, value, draft.headers, latest_ms=latest_ms)
    assert isinstance(found, Rejection)
    assert found.reason == reason


def test_one_round_has_every_reason_once() -> None:
    supply = breakage()
    first, second = ([supply.spoil(MORNING).expected for _ in FAULTS] for _ in range(2))
    assert first == second == list(FAULTS)


def test_faults_take_turns() -> None:
    supply = breakage()
    sent = [supply.spoil(MORNING) for _ in range(len(FAULTS) * 9)]
    undecodable = {s.value for s in sent if s.expected == "undecodable"}
    assert len(undecodable) == len(FAULTS["undecodable"])


def test_no_two_broken_records_are_about_the_same_thing() -> None:
    supply = breakage()
    sound = [s for s in (supply.spoil(MORNING) for _ in range(200)) if s.expected == "future"]
    assert len({s.key for s in sound}) == len(sound) == 10
