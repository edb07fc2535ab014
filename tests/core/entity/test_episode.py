"""The legs of a contact as a whole."""

from typing import Any

import pytest

from processor.core.entity.episode import AGENT, EXTERNAL, QUEUE, Episode
from processor.core.entity.segment import LEFT_REASONS, Leg

CALLBACK, TIMEOUT, ABANDONED = (
    LEFT_REASONS.index(reason) for reason in ("callback", "timeout", "abandoned")
)


def episode(*legs: Leg, inbound: bool = True, transfers: tuple[int, ...] = ()) -> Episode:
    return Episode(list(legs), inbound=inbound, transfer_kinds=list(transfers))


def lost(instance: int = 1, **more: Any) -> Leg:
    return Leg(instance, **({"queued_at": 1, "left_queue_at": 5} | more))


def answered(instance: int, at_ms: int, ended_ms: int | None, **more: Any) -> Leg:
    return Leg(instance, answered_at=at_ms, ended_at=ended_ms, **more)


def test_legs_are_ordered_by_instant_and_then_by_hash() -> None:
    legs = [Leg(9, queued_at=1), Leg(3, queued_at=1), Leg(1, queued_at=2), Leg(0)]
    assert [leg.instance for leg in episode(*legs).queued] == [3, 9, 1]
    legs = [Leg(9, answered_at=1), Leg(3, answered_at=1)]
    assert [leg.instance for leg in episode(*legs).answered] == [3, 9]


@pytest.mark.parametrize(
    ("legs", "pending"),
    [
        ([lost()], False),
        ([Leg(1, queued_at=1)], True),
        ([lost(next_segment_id=2)], True),
        ([lost(next_segment_id=2), Leg(2)], False),
        ([lost(next_segment_id=1)], False),
    ],
)
def test_a_contact_is_pending_while_a_leg_is_open_or_announced(
    legs: list[Leg], pending: bool
) -> None:
    assert episode(*legs).is_pending == pending


@pytest.mark.parametrize(
    ("legs", "is_lost"),
    [
        ([lost()], True),
        ([Leg(1, ended_at=5)], False),
        ([lost(), answered(2, 3, 9)], False),
        ([lost(), Leg(2, queued_at=1)], False),
        ([lost(left_reason=CALLBACK)], False),
        ([lost(left_reason=CALLBACK), lost(2, is_callback=1)], True),
    ],
)
def test_a_contact_is_lost_that_left_its_queues_without_an_agent(
    legs: list[Leg], is_lost: bool
) -> None:
    assert episode(*legs).is_lost == is_lost
    assert not episode(*legs, inbound=False).is_lost


def test_the_last_exit_is_the_one_that_was_left_last() -> None:
    assert episode(lost(1), lost(2, left_queue_at=9), lost(3)).last_exit.instance == 2
    assert episode(lost(1), lost(2)).last_exit.instance == 2


@pytest.mark.parametrize(
    ("legs", "abandoned"),
    [
        ([lost()], True),
        ([lost(left_reason=ABANDONED)], True),
        ([lost(left_reason=TIMEOUT)], False),
        ([lost(left_reason=TIMEOUT), lost(2, left_queue_at=9, left_reason=ABANDONED)], True),
        ([lost(left_reason=TIMEOUT), lost(2, left_queue_at=9)], False),
        ([lost(left_reason=CALLBACK), lost(2, is_callback=1, left_reason=ABANDONED)], False),
        ([lost(is_callback=1)], False),
        # A reason that stands without an instant comes before all others, and before none.
        ([lost(), Leg(2, left_reason=TIMEOUT)], False),
        ([lost(left_reason=ABANDONED), Leg(2, left_reason=TIMEOUT)], True),
    ],
)
def test_the_last_reason_decides_whether_the_customer_gave_up(
    legs: list[Leg], abandoned: bool
) -> None:
    assert episode(*legs).is_abandoned == abandoned


@pytest.mark.parametrize(
    ("legs", "at_ms"),
    [
        ([answered(1, 2, 9, talk_ms=1)], 9),
        ([answered(1, 2, 9)], None),
        ([answered(1, 2, None, talk_ms=1)], None),
        ([Leg(1, answered_at=2, left_queue_at=7, talk_ms=1)], 7),
        ([answered(1, 2, 9, talk_ms=1), lost(2, left_queue_at=20)], 9),
        ([answered(1, 2, 9, talk_ms=1, next_segment_id=4)], None),
        ([lost(talk_ms=1)], None),
    ],
)
def test_a_contact_is_handled_when_its_last_agent_is_done(
    legs: list[Leg], at_ms: int | None
) -> None:
    assert episode(*legs).handled_ms == at_ms


@pytest.mark.parametrize(
    ("legs", "transferred"),
    [
        ([answered(1, 1, 5), answered(2, 5, 9)], True),
        ([answered(1, 1, 9), answered(2, 3, 5)], False),  # a consultation
        ([answered(1, 1, 9), answered(2, 3, 9)], False),
        ([answered(1, 1, None), answered(2, 3, 5)], False),
        ([answered(1, 1, 5), answered(2, 3, None)], False),
        ([answered(1, 1, 5), answered(2, 2, 3), answered(3, 3, 9)], True),
    ],
)
def test_a_transfer_is_seen_from_who_ended_first(legs: list[Leg], transferred: bool) -> None:
    assert episode(*legs).is_transferred == transferred


@pytest.mark.parametrize(("kind", "transferred"), [(AGENT, True), (EXTERNAL, True), (QUEUE, False)])
def test_a_transfer_is_what_is_said_to_be_one(kind: int, transferred: bool) -> None:
    assert episode(lost(), transfers=(kind,)).is_transferred == transferred


def test_one_contradiction_makes_a_contact_inconsistent() -> None:
    assert not episode(lost()).is_inconsistent
    assert episode(lost(), Leg(2, queued_at=5, ended_at=4)).is_inconsistent
