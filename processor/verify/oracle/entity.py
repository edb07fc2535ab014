"""One life of one entity: its admitted events, and what they count for together.

What lives here: what makes an entity count at all, and the quality of its facts. What must never
live here: what the events of one kind of entity mean. What the rest may lean on: only the events
are kept; everything else is made from them each time.
"""

from collections.abc import Iterator

from processor.verify.oracle.register import (
    CLOCK_SKEW_MS,
    Count,
    Labels,
    Registers,
    Rules,
    is_withdrawn,
    joined,
)
from schemas.event import AnyEvent

KEPT_WHEN_OVERSIZED = (
    *("newest", "withdrawn", "permanent", "excluded"),
    *("anchor", "anchor claimed", "customer"),
)
CONFLICT_MS = 1_000
"""Anchors that were claimed further apart than this are in conflict."""


class Entity:
    """One life of one entity."""

    def __init__(self, topic: str, name: bytes, rules: Rules, life_ms: int) -> None:
        """Begin without events."""
        self.topic = topic
        self.name = name
        self.rules = rules
        self.life_ms = life_ms
        self.events: list[AnyEvent] = []

    def registers(self, first: int | None = None) -> Registers:
        """What the events leave, or only the first of them."""
        events = self.events[:first]
        registers = joined(write for event in events for write in self.rules.writes(event))
        if self.rules.is_oversized(registers):
            registers = {k: v for k, v in registers.items() if k[0] in KEPT_WHEN_OVERSIZED}
            registers["oversized",] = 1
        return registers

    def counts(self) -> Iterator[tuple[Count, Labels]]:
        """What it counts for, and the labels it stands under."""
        registers = self.registers()
        labels = self.rules.labels(registers)
        if ("excluded",) in registers or is_withdrawn(registers):
            return
        anchored = ("anchor",) in registers or self.rules.entity == "cart"
        flags = {"unanchored": int(not anchored), "oversized": int(("oversized",) in registers)}
        claims = [registers.get((name,), 0) for name in ("anchor", "anchor claimed")]
        flags["anchor_conflict"] = int(claims[1] - claims[0] > CONFLICT_MS)
        if anchored and ("oversized",) not in registers:
            counts = list(self.rules.counts(registers))
            inside = [count for count in counts if self._is_inside(registers, count.at_ms)]
            yield from ((count, labels) for count in inside)
            flags |= self.rules.faults(registers)
            flags["inconsistent"] |= int(len(inside) < len(counts))
        yield Count(registers["newest",][0], "quality", flags, (self.rules.entity,)), labels

    def _is_inside(self, registers: Registers, at_ms: int) -> bool:
        if self.rules.entity == "cart":
            return True
        anchor_ms: int = registers["anchor",]
        return anchor_ms - CLOCK_SKEW_MS <= at_ms <= anchor_ms + self.life_ms
