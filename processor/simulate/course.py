"""The courses that a contact can take: its legs, and what each course is meant to count for.

What lives here: one function per course, from the menu to the consultation. What must never live
here: records or the order in which they are sent. What the rest may lean on: a course says what it
means in the fields of `Course`, written where the decision is made and never worked out from the
legs.
"""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from processor.simulate.catalog import OVERFLOW_QUEUE, QUEUES
from processor.simulate.chance import Stream, Wheel
from processor.simulate.simulation import HOUR_MS, MINUTE_MS

SECOND_MS: Final = 1000
SERVICE_LEVEL_MS: Final = 20 * SECOND_MS
PATIENCE_LEAST_MS: Final = 15 * SECOND_MS
PATIENCE_MEAN_MS: Final = 150 * SECOND_MS
TALK_MEAN_MS: Final = 190 * SECOND_MS
WRAP_MEAN_MS: Final = 35 * SECOND_MS
HOLD_MEAN_MS: Final = 40 * SECOND_MS


class Leg(Struct, omit_defaults=True, kw_only=True, gc=False):
    """One stay in a queue and/or with one agent; encodes as a segment of the contract."""

    segment_id: str
    queue: str | None = None
    queued_at: int | None = None
    answered_at: int | None = None
    left_queue_at: int | None = None
    left_reason: str | None = None
    ended_at: int | None = None
    end_reason: str | None = None
    queue_wait_ms: int | None = None
    talk_ms: int | None = None
    hold_ms: int | None = None
    wrap_ms: int | None = None
    wrap_code: str | None = None
    next_segment_id: str | None = None
    previous_segment_id: str | None = None
    is_callback: bool | None = None


class Course(Struct, kw_only=True, gc=False):
    """Legs and their meaning; None is what did not happen.

    `wait_ms` is the wait of the leg that was answered first, None if it is unknown or a callback's.
    `handed_to` is the kind of the transfer that is to be announced, `transferred` whether the
    contact counts as transferred.
    """

    legs: list[Leg]
    queued_ms: int | None = None
    answered_ms: int | None = None
    wait_ms: int | None = None
    abandoned_ms: int | None = None
    other_exit_ms: int | None = None
    handed_to: str | None = None
    transferred: bool = False


class Scene(Struct, gc=False):
    """Where a course begins: its draws, its names, its time, and how long queues are now."""

    stream: Stream
    contact_id: str
    queue: str
    at_ms: int
    wait_mean_ms: float


def _converse(scene: Scene, leg: Leg, *, at_ms: int) -> None:
    """Connect an agent to the leg at an instant, and let both talk to the end."""
    stream = scene.stream
    leg.answered_at = at_ms
    leg.talk_ms = 15 * SECOND_MS + stream.around(TALK_MEAN_MS)
    leg.hold_ms = stream.around(HOLD_MEAN_MS) if stream.likely(0.25) else 0
    leg.wrap_ms = stream.around(WRAP_MEAN_MS)
    leg.wrap_code = f"{leg.queue or scene.queue}_done"
    leg.ended_at = at_ms + leg.talk_ms + leg.hold_ms
    leg.end_reason = "customer" if stream.likely(0.6) else "agent"


def _enter_queue(scene: Scene) -> Leg:
    """The first leg, just queued."""
    queued_ms = scene.at_ms + 2 * SECOND_MS + scene.stream.around(9 * SECOND_MS)
    return Leg(segment_id=scene.contact_id, queue=scene.queue, queued_at=queued_ms)


def _queued(leg: Leg) -> int:
    """When a leg was queued that is known to have been."""
    assert leg.queued_at is not None
    return leg.queued_at


def leave_in_menu(scene: Scene) -> Course:
    """Listened to the menu and hung up: a contact, and nothing else."""
    ended_ms = scene.at_ms + scene.stream.around(25 * SECOND_MS)
    leg = Leg(segment_id=scene.contact_id, ended_at=ended_ms, end_reason="customer")
    return Course(legs=[leg])


def give_up(scene: Scene, leg: Leg, *, patience_ms: int) -> Course:
    """Waited as long as patience lasted: abandoned.

    Half of the lines say that the queue was left; the others only that the contact ended.
    """
    queued_ms = _queued(leg)
    gone_ms = queued_ms + patience_ms
    leg.end_reason = "customer"
    if scene.stream.likely(0.5):
        leg.left_queue_at, leg.left_reason = gone_ms, "abandoned"
        leg.queue_wait_ms = patience_ms
        leg.ended_at = gone_ms + scene.stream.between(0, 900)
    else:
        leg.ended_at = gone_ms
    return Course(legs=[leg], queued_ms=queued_ms, abandoned_ms=gone_ms)


def wait_in_queue(scene: Scene) -> Course:
    """Waited, and was answered or gave up, whichever came first."""
    leg = _enter_queue(scene)
    wait_ms = scene.stream.around(scene.wait_mean_ms)
    patience_ms = PATIENCE_LEAST_MS + scene.stream.around(PATIENCE_MEAN_MS)
    if patience_ms < wait_ms:
        return give_up(scene, leg, patience_ms=patience_ms)
    queued_ms = _queued(leg)
    _converse(scene, leg, at_ms=queued_ms + wait_ms)
    if scene.stream.likely(0.6):
        leg.queue_wait_ms = wait_ms
    return Course(legs=[leg], queued_ms=queued_ms, answered_ms=queued_ms + wait_ms, wait_ms=wait_ms)


def leave_by_other_exit(scene: Scene) -> Course:
    """Left the queue by a door that is neither an answer nor an abandonment."""
    leg = _enter_queue(scene)
    queued_ms = _queued(leg)
    leg.left_queue_at = queued_ms + scene.stream.around(scene.wait_mean_ms) + 20 * SECOND_MS
    leg.left_reason = ("timeout", "key", "full", "empty")[scene.stream.between(0, 4)]
    return Course(legs=[leg], queued_ms=queued_ms, other_exit_ms=leg.left_queue_at)


def overflow(scene: Scene) -> Course:
    """Moved from a full queue to the reserve queue, and was answered there: no transfer.

    The wait is that of the leg that was answered.
    """
    first = _enter_queue(scene)
    queued_ms = _queued(first)
    moved_ms = queued_ms + 30 * SECOND_MS
    second = Leg(segment_id=f"{scene.contact_id}/2", queue=OVERFLOW_QUEUE, queued_at=moved_ms)
    first.left_queue_at, first.left_reason = moved_ms, "overflow"
    first.next_segment_id = second.segment_id
    second.previous_segment_id = first.segment_id
    wait_ms = scene.stream.around(scene.wait_mean_ms)
    _converse(scene, second, at_ms=moved_ms + wait_ms)
    return Course(
        legs=[first, second],
        queued_ms=queued_ms,
        answered_ms=moved_ms + wait_ms,
        wait_ms=wait_ms,
        handed_to="queue",
    )


def transfer(scene: Scene) -> Course:
    """Answered, and handed on to a second agent in another queue.

    Seven in ten hand-overs are announced; the others show only in that the first agent ended first.
    """
    course = wait_in_queue(scene)
    if course.answered_ms is None:
        return course
    first = course.legs[0]
    assert first.ended_at is not None
    other = QUEUES[scene.stream.between(0, len(QUEUES))]
    queued_ms = first.ended_at + scene.stream.between(100, 900)
    second = Leg(segment_id=f"{scene.contact_id}/2", queue=other, queued_at=queued_ms)
    first.end_reason, first.next_segment_id = "transfer", second.segment_id
    second.previous_segment_id = first.segment_id
    _converse(scene, second, at_ms=queued_ms + scene.stream.around(scene.wait_mean_ms))
    course.legs.append(second)
    course.transferred = True
    course.handed_to = "agent" if scene.stream.likely(0.7) else None
    return course


def hand_outside(scene: Scene) -> Course:
    """Answered, and transferred to somebody outside the company."""
    course = wait_in_queue(scene)
    if course.answered_ms is not None:
        course.legs[0].end_reason = "transfer"
        course.transferred, course.handed_to = True, "external"
    return course


def consult(scene: Scene) -> Course:
    """Answered; the agent asked a colleague meanwhile and came back: no transfer."""
    course = wait_in_queue(scene)
    if course.answered_ms is None:
        return course
    first = course.legs[0]
    assert first.ended_at is not None
    asked_ms = course.answered_ms + 5 * SECOND_MS
    colleague = Leg(segment_id=f"{scene.contact_id}/2", previous_segment_id=first.segment_id)
    colleague.answered_at = asked_ms
    colleague.talk_ms = (first.ended_at - asked_ms) // 2
    colleague.ended_at = asked_ms + colleague.talk_ms
    colleague.end_reason = "agent"
    course.legs.append(colleague)
    return course


def ask_for_callback(scene: Scene) -> Course:
    """Left the queue for a callback, and was reached by it in nine cases of ten.

    A callback's waiting is no wait in a queue; an unreachable customer is another exit.
    """
    first = _enter_queue(scene)
    queued_ms = _queued(first)
    first.queue_wait_ms = 20 * SECOND_MS + scene.stream.around(60 * SECOND_MS)
    first.left_queue_at, first.left_reason = queued_ms + first.queue_wait_ms, "callback"
    back = Leg(segment_id=f"{scene.contact_id}/cb", is_callback=True)
    back.queue, back.previous_segment_id = scene.queue, first.segment_id
    first.next_segment_id = back.segment_id
    called_ms = first.left_queue_at + scene.stream.spread(3 * MINUTE_MS, 3 * HOUR_MS)
    course = Course(legs=[first, back], queued_ms=queued_ms)
    if scene.stream.likely(0.9):
        _converse(scene, back, at_ms=called_ms)
        course.answered_ms = called_ms
    else:
        back.ended_at, back.end_reason = called_ms + 30 * SECOND_MS, "system"
        course.other_exit_ms = back.ended_at
    return course


def answer_before_queueing(scene: Scene) -> Course:
    """A line whose clocks disagree: answered before it was queued, so that its wait is unknown."""
    leg = _enter_queue(scene)
    queued_ms = _queued(leg)
    answered_ms = queued_ms - scene.stream.between(1, 1500)
    _converse(scene, leg, at_ms=answered_ms)
    return Course(legs=[leg], queued_ms=queued_ms, answered_ms=answered_ms)


def call_out(scene: Scene) -> Course:
    """An agent called: no queue; answered in two of three cases, and handled then."""
    leg = Leg(segment_id=scene.contact_id)
    if scene.stream.likely(0.66):
        _converse(scene, leg, at_ms=scene.at_ms + scene.stream.around(8 * SECOND_MS))
    else:
        leg.ended_at, leg.end_reason = scene.at_ms + 25 * SECOND_MS, "system"
    return Course(legs=[leg])


INBOUND: Final[Wheel[Callable[[Scene], Course]]] = Wheel(
    {
        wait_in_queue: 0.742,
        leave_in_menu: 0.07,
        transfer: 0.07,
        ask_for_callback: 0.04,
        consult: 0.03,
        overflow: 0.02,
        leave_by_other_exit: 0.015,
        hand_outside: 0.01,
        answer_before_queueing: 0.003,
    }
)
