"""Contacts, read slowly: segments, and the outcome that they add up to.

What lives here: what a contact's events say and what a contact counts for. What must never live
here: the cases made of contacts, or kept state. What the rest may lean on: pure functions.
"""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.verify.oracle.register import Count, Registers, Source, Write, content
from schemas.event import (
    AnyContactEvent,
    ContactRecorded,
    ContactReopened,
    ContactTransferred,
    LifecycleEvent,
)
from schemas.event import Segment as SegmentFields

DIRECTIONS: Final = ("inbound", "outbound", "internal")
TRANSFER_KINDS: Final = ("agent", "queue", "external")
LEFT_REASONS: Final = ("abandoned", "callback", "timeout", "overflow", "key", "empty", "full")
NUMBERS: Final = (
    *("queued_at", "answered_at", "left_queue_at", "ended_at"),
    *("queue_wait_ms", "talk_ms", "hold_ms", "wrap_ms"),
)
ORDER: Final = (
    ("queued_at", "answered_at"),
    ("queued_at", "left_queue_at"),
    ("answered_at", "ended_at"),
    ("queued_at", "ended_at"),
)
"""What comes first in every segment."""

Segment: TypeAlias = dict[str, Any]


class ContactRules(Source):
    """The rules of contacts."""

    def __init__(self, definitions: Definitions, identity: Identity) -> None:
        """Keep the settings."""
        super().__init__(definitions, identity, "contact")

    def facts(self, event: AnyContactEvent) -> Iterator[Write]:
        """What a contact's event says."""
        version = self.version(event)
        part = self.identity.part
        if event.direction is not None:
            said = DIRECTIONS.index(event.direction)
            yield Write("latest", ("direction",), (version, said))
        if event.customer_id is not None and self.known(event, event.customer_id):
            customer = self.identity.customer(event.customer_id)
            yield Write("latest", ("customer",), (version, customer))
        if event.issue_id is not None:
            yield Write("latest", ("issue",), (version, part(event.issue_id)))
        if event.resolved is not None and event.resolution_source is not None:
            key = ("resolved", event.resolution_source)
            yield Write("latest", key, (version, int(event.resolved)))
        if isinstance(event, ContactReopened):
            yield Write("marks", ("reopened", self.identity.event(event.event_id)), 1)
        if isinstance(event, ContactTransferred):
            transfer = event.transfer_id or event.segment_id or event.contact_id
            kind = TRANSFER_KINDS.index(event.transfer_kind or "agent")
            yield Write("latest", ("transfer", part(transfer)), (version, kind))
        if isinstance(event, ContactRecorded):
            for segment in event.segments:
                yield from self._segment(event, segment, (1, *version))
        elif isinstance(event, LifecycleEvent):
            yield from self._segment(event, event, (0, *version))

    def _segment(
        self,
        event: AnyContactEvent,
        said: SegmentFields | LifecycleEvent,
        version: tuple[int, int, int],
    ) -> Iterator[Write]:
        part = self.identity.part
        name = part(said.segment_id or event.contact_id)
        yield Write("marks", ("segment", name), 1)
        contents: dict[str, int] = {
            field: getattr(said, field) for field in NUMBERS if getattr(said, field) is not None
        }
        if said.left_reason is not None:
            contents["left_reason"] = LEFT_REASONS.index(said.left_reason)
        if said.wrap_code is not None:
            contents["wrap_code"] = part(said.wrap_code)
        if said.next_segment_id is not None:
            contents["next"] = part(said.next_segment_id)
        if said.is_callback is not None:
            contents["is_callback"] = int(said.is_callback)
        sliced = "queue" in self.definitions.sliced_by(self.entity)
        if sliced and said.queue is not None and self.known(event, said.queue):
            contents["queue"] = self.label("queue", said.queue)
        for field, value in contents.items():
            yield Write("latest", ("segment", name, field), (version, value))

    def is_oversized(self, registers: Registers) -> bool:
        """More segments, or more transfers and reopenings, than the bounds."""
        bounds = self.definitions.bounds
        ids = [key for key in registers if key[0] in ("transfer", "reopened")]
        return len(segments(registers)) > bounds.segments_max or len(ids) > bounds.ids_max

    def labels(self, registers: Registers) -> dict[str, str]:
        """As of any entity; the queue is that of the first queued segment."""
        labels = super().labels(registers)
        if "queue" in labels:
            queued = having(segments(registers), "queued_at")
            label = queued[0].get("queue") if queued else None
            labels["queue"] = self.label_name("queue", label)
        return labels

    def faults(self, registers: Registers) -> dict[str, int]:
        """Whether some segment's instants are out of order."""
        contradicts = any(
            first in leg and then in leg and leg[then] < leg[first]
            for leg in segments(registers)
            for first, then in ORDER
        )
        return {"inconsistent": int(contradicts)}

    def counts(self, registers: Registers) -> Iterator[Count]:
        """What a contact counts for."""
        yield Count(registers["anchor",], "contact", {"contacts": 1})
        legs = segments(registers)
        queued, answered = having(legs, "queued_at"), having(legs, "answered_at")
        is_inbound = content(registers, "direction") == DIRECTIONS.index("inbound")
        if is_inbound and queued:
            yield Count(queued[0]["queued_at"], "contact", {"offered": 1})
        if is_inbound and answered:
            yield from self._answered(answered[0])
        if is_inbound and queued and not answered:
            yield from self._lost(legs)
        if content(registers, "direction") != DIRECTIONS.index("internal"):
            yield from self._handled(registers, legs)

    def _answered(self, leg: Segment) -> Iterator[Count]:
        yield Count(leg["answered_at"], "contact", {"answered": 1})
        waited_ms = wait_ms(leg)
        if waited_ms is not None and not leg.get("is_callback"):
            in_time = int(waited_ms <= self.definitions.contact.service_level_ms)
            amounts = {"waited": 1, "wait_ms": waited_ms, "in_time": in_time}
            yield Count(leg["answered_at"], "contact", amounts)

    def _lost(self, legs: list[Segment]) -> Iterator[Count]:
        if any(is_open(leg) for leg in legs) or waits_for_leg(legs):
            return
        callback = LEFT_REASONS.index("callback")
        has_callback = any(leg.get("is_callback") for leg in legs)
        callback_asked = has_callback or any(leg.get("left_reason") == callback for leg in legs)
        if callback_asked and not has_callback:
            return
        exits = sorted(legs, key=lambda leg: (left_ms(leg), leg["id"]))
        last = exits[-1]
        reasons = [leg["left_reason"] for leg in exits if "left_reason" in leg]
        waited_ms = wait_ms(last)
        is_short = waited_ms is not None and waited_ms < self.definitions.contact.short_abandon_ms
        gave_up = not reasons or reasons[-1] == LEFT_REASONS.index("abandoned")
        field = "abandoned" if gave_up and not callback_asked and not is_short else "other_exit"
        yield Count(left_ms(last), "contact", {field: 1})

    def _handled(self, registers: Registers, legs: list[Segment]) -> Iterator[Count]:
        if not having(legs, "answered_at") or not having(legs, "talk_ms"):
            return
        if any(is_open(leg) for leg in legs) or waits_for_leg(legs):
            return
        field = "ended_at" if having(legs, "ended_at") else "left_queue_at"
        at_ms = having(legs, field)[-1][field]
        spent = {f: sum(leg.get(f, 0) for leg in legs) for f in ("talk_ms", "hold_ms", "wrap_ms")}
        handle_ms = sum(spent.values())
        squares = handle_ms * handle_ms
        amounts = {"handled": 1, "handle_ms": handle_ms, "handle_ms_squares": squares}
        amounts |= spent | {"transferred": int(is_transferred(registers))}
        yield Count(at_ms, "contact", amounts)


def segments(registers: Registers) -> list[Segment]:
    """The known segments, each as its fields by name."""
    legs = {key[1]: {"id": key[1]} for key in registers if key[0] == "segment"}
    for key in registers:
        if key[0] == "segment" and len(key) == 3:  # noqa: PLR2004  # ("segment", id, field)
            legs[key[1]][str(key[2])] = content(registers, *key)
    return list(legs.values())


def having(legs: list[Segment], field: str) -> list[Segment]:
    """The segments that have the field, by its value and the segment's hash."""
    return sorted((leg for leg in legs if field in leg), key=lambda leg: (leg[field], leg["id"]))


def is_open(leg: Segment) -> bool:
    """Whether somebody waits or talks there still."""
    begun = "queued_at" in leg or "answered_at" in leg
    return begun and "left_queue_at" not in leg and "ended_at" not in leg


def left_ms(leg: Segment) -> int:
    """When the segment was left; before all time if nobody said so."""
    for field in ("left_queue_at", "ended_at"):
        if field in leg:
            return int(leg[field])
    return -1


def waits_for_leg(legs: list[Segment]) -> bool:
    """Whether a leg was announced of which nothing is known."""
    known = [leg["id"] for leg in legs]
    return any(leg["next"] not in known for leg in legs if "next" in leg)


def wait_ms(leg: Segment) -> int | None:
    """How long the customer waited in the queue; None if not known."""
    if "queue_wait_ms" in leg:
        return int(leg["queue_wait_ms"])
    for field in ("answered_at", "left_queue_at", "ended_at"):
        if field in leg:
            waited_ms = leg[field] - leg.get("queued_at", leg[field] + 1)
            return waited_ms if waited_ms >= 0 else None
    return None


def is_transferred(registers: Registers) -> bool:
    """Whether an agent handed the contact on."""
    transfers = [content(registers, *key) for key in registers if key[0] == "transfer"]
    if any(kind != TRANSFER_KINDS.index("queue") for kind in transfers):
        return True
    answered = having(segments(registers), "answered_at")
    return any(
        "ended_at" in leg and leg["ended_at"] < later.get("ended_at", 0)
        for at, leg in enumerate(answered)
        for later in answered[at + 1 :]
    )
