"""Cases, read slowly: from the contacts of a customer themselves, not from the derived topic.

What lives here: which contacts a case knows, and what they count for. What must never live here:
how summaries are written, sent and merged. What the rest may lean on: a case is told of a contact
when the contact is, by the customers before and after each record.
"""

from collections.abc import Iterator
from typing import NamedTuple

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.verify.oracle.contact import DIRECTIONS, is_transferred, segments
from processor.verify.oracle.entity import Entity
from processor.verify.oracle.register import Count, Labels, Registers, content, is_withdrawn


class Visit(NamedTuple):
    """A contact as its case sees it; in the order of a chain."""

    at_ms: int
    name: bytes
    contact: Entity
    registers: Registers


class Case:
    """One customer's contacts, and what was told of each.

    W after its life a contact is final: what it counts for then, it counts for ever. Another W
    later it is no neighbour of others any more.
    """

    def __init__(self, definitions: Definitions, identity: Identity, customer: bytes) -> None:
        """Begin without contacts."""
        self.definitions = definitions
        self.rules = definitions.case
        self.beyond = [identity.part(code) for code in self.rules.not_level_one]
        self.final_after_ms = definitions.contact_life_ms + self.rules.repeat_window_ms
        self.memory_ms = self.final_after_ms + self.rules.repeat_window_ms
        self.customer = customer
        self.told: dict[Entity, int] = {}
        """Of each contact it knows: how many of its events."""
        self.final: set[Entity] = set()
        self.frozen: list[tuple[Count, Labels]] = []
        self.newest_ms = 0
        """The latest anchor that was claimed for any contact it was told of."""
        self.is_oversized = False

    def age(self, clock_ms: int) -> None:
        """Become as old as the clock says: some contacts are final now, some forgotten."""
        anchors = {c: c.registers(told)["anchor",] for c, told in self.told.items()}
        final = {c for c, at_ms in anchors.items() if at_ms + self.final_after_ms < clock_ms}
        new = final - self.final
        self.frozen += (
            (count, visit.contact.rules.labels(visit.registers))
            for visit, count in self._chains()
            if visit.contact in new
        )
        self.final |= new
        for contact, at_ms in anchors.items():
            if at_ms + self.memory_ms < clock_ms:
                del self.told[contact]

    def meet(self, contact: Entity) -> None:
        """Be told of all that a contact's events say by now."""
        if not self.is_oversized:
            self.told[contact] = len(contact.events)
        claimed_ms: int = contact.registers()["anchor claimed",]
        self.newest_ms = max(self.newest_ms, claimed_ms)
        if len(self.told) > self.definitions.bounds.ids_max:
            self.is_oversized = True
            self.told.clear()

    def is_dead(self, clock_ms: int) -> bool:
        """Whether all of its contacts are forgotten, so that the next one begins from nothing."""
        return self.newest_ms + self.memory_ms < clock_ms

    def counts(self) -> Iterator[tuple[Count, Labels]]:
        """What the contacts count for, each in its own slices."""
        yield from self.frozen
        for visit, count in self._chains():
            if visit.contact not in self.final:
                yield count, visit.contact.rules.labels(visit.registers)
        if self.is_oversized:
            yield Count(self.newest_ms, "quality", {"oversized": 1}, ("case",)), {}

    def _chains(self) -> Iterator[tuple[Visit, Count]]:
        visits = list(self._visits())
        for issue in {content(visit.registers, "issue") for visit in visits}:
            chain = [visit for visit in visits if content(visit.registers, "issue") == issue]
            chain.sort(key=lambda visit: visit[:2])
            for at, visit in enumerate(chain):
                gap_before = visit.at_ms - chain[at - 1].at_ms if at else None
                gap_after = chain[at + 1].at_ms - visit.at_ms if at + 1 < len(chain) else None
                yield from ((visit, c) for c in self._visit(visit, gap_before, gap_after))

    def _visits(self) -> Iterator[Visit]:
        for contact, told in self.told.items():
            registers = contact.registers(told)
            if {("excluded",), ("oversized",)} & registers.keys() or is_withdrawn(registers):
                continue
            is_here = content(registers, "customer") == self.customer
            direction = content(registers, "direction")
            if is_here and direction is not None and DIRECTIONS[direction] in self.rules.directions:
                yield Visit(registers["anchor",], contact.name, contact, registers)

    def _visit(
        self, visit: Visit, gap_before_ms: int | None, gap_after_ms: int | None
    ) -> Iterator[Count]:
        window_ms = self.rules.repeat_window_ms
        yield Count(visit.at_ms, "repeat", {"contacts": 1})
        if gap_before_ms is not None and gap_before_ms < window_ms:
            yield Count(visit.at_ms, "repeat", {"repeats": 1})
            return
        resolved = self._resolution(visit.registers)
        comes_back = gap_after_ms is not None and gap_after_ms < window_ms
        is_clean = resolved is True and not comes_back and not self._is_broken(visit.registers)
        is_net = not any(leg.get("wrap_code") in self.beyond for leg in segments(visit.registers))
        amounts = {
            "first": 1,
            "resolved": int(is_clean),
            "unknown": int(resolved is None),
            "net_first": int(is_net),
            "net_resolved": int(is_net and is_clean),
        }
        yield Count(visit.at_ms, "fcr", amounts)
        yield Count(visit.at_ms + window_ms, "fcr_settled", amounts)

    def _resolution(self, registers: Registers) -> bool | None:
        """What the first of the configured sources that has spoken says."""
        for source in self.rules.resolution_order:
            said = content(registers, "resolved", source)
            if said is not None:
                return bool(said)
        return None

    def _is_broken(self, registers: Registers) -> bool:
        reopened = any(key[0] == "reopened" for key in registers)
        return (reopened and self.rules.reopened_breaks_fcr) or (
            is_transferred(registers) and self.rules.transferred_breaks_fcr
        )
