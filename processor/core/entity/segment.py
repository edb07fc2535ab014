"""One leg of a contact: as facts of the contact's state, and back as a row.

A leg is one stay in a queue and/or with one agent. Both shapes of a contact (life-cycle events,
complete record) write the same registers, the record's version being the greater. Fields that count
for nothing (`ring_ms`, `end_reason`, `previous_segment_id`) are not kept.
"""

from collections.abc import Callable, Iterator

import msgspec

from processor.core.entity.life import FIRST_OWN_CODE, code_of, instance_of, register
from processor.core.identity import Identity
from processor.core.state import Content, Register
from schemas.event import LifecycleEvent, Segment

LEFT_REASONS = ("abandoned", "callback", "timeout", "overflow", "key", "empty", "full")
ABANDONED = LEFT_REASONS.index("abandoned")
CALLBACK = LEFT_REASONS.index("callback")

_FIELDS = (
    "queue",
    "queued_at",
    "answered_at",
    "left_queue_at",
    "left_reason",
    "ended_at",
    "queue_wait_ms",
    "talk_ms",
    "hold_ms",
    "wrap_ms",
    "wrap_code",
    "next_segment_id",
    "is_callback",
)
_CODES = {name: FIRST_OWN_CODE + at for at, name in enumerate(_FIELDS)}
FIRST_FREE_CODE = FIRST_OWN_CODE + len(_FIELDS)

QUEUE_CODES = frozenset({_CODES["queue"], _CODES["queued_at"]})
WRAP_CODE_CODE = _CODES["wrap_code"]
ANSWERED_AT_CODE = _CODES["answered_at"]
ENDED_AT_CODE = _CODES["ended_at"]


class Leg(msgspec.Struct, frozen=True):
    """What is known of one leg; None where nothing was said. Instants in ms.

    Ids and codes are hashes.
    """

    instance: int
    queue: int | None = None
    queued_at: int | None = None
    answered_at: int | None = None
    left_queue_at: int | None = None
    left_reason: int | None = None
    ended_at: int | None = None
    queue_wait_ms: int | None = None
    talk_ms: int | None = None
    hold_ms: int | None = None
    wrap_ms: int | None = None
    wrap_code: int | None = None
    next_segment_id: int | None = None
    is_callback: int | None = None

    @property
    def gone_ms(self) -> int | None:
        """When the leg left its queue, else when it ended."""
        return self.ended_at if self.left_queue_at is None else self.left_queue_at

    @property
    def is_open(self) -> bool:
        """Whether a queue or an agent still has it, as far as we know."""
        began = self.queued_at is not None or self.answered_at is not None
        return began and self.gone_ms is None

    @property
    def wait_ms(self) -> int | None:
        """The time in the queue before the agent; None if unknown or contradictory."""
        if self.queue_wait_ms is not None:
            return self.queue_wait_ms
        if self.queued_at is None:
            return None
        for left_ms in (self.answered_at, self.left_queue_at, self.ended_at):
            if left_ms is not None:
                return left_ms - self.queued_at if left_ms >= self.queued_at else None
        return None

    @property
    def is_inconsistent(self) -> bool:
        """Whether two of its instants contradict each other."""
        pairs = (
            (self.queued_at, self.answered_at),
            (self.queued_at, self.left_queue_at),
            (self.answered_at, self.ended_at),
            (self.queued_at, self.ended_at),
        )
        return any(a is not None and b is not None and b < a for a, b in pairs)


def leg_facts(
    segment: Segment | LifecycleEvent,
    instance: int,
    identity: Identity,
    queue_label: Callable[[str], int | None],
) -> Iterator[tuple[Register, Content]]:
    """What an event says of a leg. `queue_label` gives a queue's label, None for an unknown one."""
    for name, code in _CODES.items():
        value = getattr(segment, name)
        if value is None:
            continue
        match name:
            case "queue":
                value = queue_label(value)
            case "left_reason":
                value = LEFT_REASONS.index(value)
            case "wrap_code" | "next_segment_id":
                value = identity.part(value)
        if value is not None:
            yield register(code, instance), int(value)


def legs(said: dict[Register, Content], instances: list[int]) -> list[Leg]:
    """The legs of a contact, given its facts and the instances of its known segments."""
    fields: dict[int, dict[str, Content]] = {instance: {} for instance in instances}
    for key, content in said.items():
        code = code_of(key)
        if FIRST_OWN_CODE <= code < FIRST_FREE_CODE:
            fields[instance_of(key)][_FIELDS[code - FIRST_OWN_CODE]] = content
    return [
        Leg(instance, **known)  # type: ignore[arg-type]  # a leg's contents are integers
        for instance, known in sorted(fields.items())
    ]
