"""How a contact's course becomes records: life-cycle events leg by leg, or one complete record.

What lives here: the writing of courses. What must never live here: decisions about them. What the
rest may lean on: both ways say the same about every leg, so a contact told twice counts once.
"""

from processor.simulate.course import Course, Leg
from processor.simulate.story import Teller


def stated(leg: Leg, *names: str) -> dict[str, object]:
    """Those fields of a leg that hold something."""
    return {name: value for name in names if (value := getattr(leg, name)) is not None}


def _place(leg: Leg, contact_id: str) -> dict[str, object]:
    """What tells a leg from the first one; nothing for the first one itself."""
    if leg.segment_id == contact_id:
        return {}
    return stated(leg, "segment_id", "is_callback", "previous_segment_id")


def tell_leg(teller: Teller, leg: Leg, *, contact_id: str, issue_id: str | None) -> None:
    """Write the life-cycle events of one leg; the agent notes the issue when wrapping up."""
    place = _place(leg, contact_id)
    if leg.queued_at is not None:
        teller.say("contact.queued", leg.queued_at, place | stated(leg, "queued_at", "queue"))
    if leg.left_queue_at is not None:
        left = stated(leg, "left_queue_at", "left_reason", "queue_wait_ms", "next_segment_id")
        teller.say("contact.left_queue", leg.left_queue_at, place | left)
    if leg.answered_at is not None:
        answered = stated(leg, "answered_at", "queue_wait_ms")
        teller.say("contact.answered", leg.answered_at, place | answered)
    if leg.ended_at is None:
        return
    ended = stated(leg, "ended_at", "end_reason", "talk_ms", "hold_ms", "next_segment_id")
    teller.say("contact.ended", leg.ended_at, place | ended)
    if leg.wrap_ms is not None:
        wrapped = place | stated(leg, "wrap_ms", "wrap_code")
        if issue_id:
            wrapped["issue_id"] = issue_id
        teller.say("contact.wrapped_up", leg.ended_at + leg.wrap_ms, wrapped)


def tell_hand_over(teller: Teller, course: Course) -> None:
    """Write the transfer of the first leg, if it is one that is announced."""
    first = course.legs[0]
    at_ms = first.left_queue_at if course.handed_to == "queue" else first.ended_at
    if course.handed_to is not None and at_ms is not None:
        handed = stated(first, "next_segment_id") | {"transfer_kind": course.handed_to}
        teller.say("contact.transferred", at_ms, handed)


def tell_record(teller: Teller, course: Course, *, at_ms: int, about: dict[str, object]) -> int:
    """Write the complete record; returns its place in the story."""
    return teller.say("contact.recorded", at_ms, about | {"segments": course.legs})
