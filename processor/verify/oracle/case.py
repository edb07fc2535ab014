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
    """One customer's contacts."""

    def __init__(self, definitions: Definitions, identity: Identity, customer: bytes) -> None:
        """Begin without contacts."""
        self.definitions = definitions
        self.rules = definitions.case
        self.beyond = [identity.part(code) for code in self.rules.not_level_one]
        self.memory_ms = definitions.contact_life_ms + 2 * self.rules.repeat_window_ms
        self.customer = customer
        self.contacts: list[Entity] = []
        self.forgotten: list[Entity] = []
        self.is_oversized = False

    def meet(self, contact: Entity, clock_ms: int) -> None:
        """Learn of a contact, having forgotten those that are too old to matter."""
        for known in list(self.contacts):
            if known.registers()["anchor",] + self.memory_ms < clock_ms:
                self.contacts.remove(known)
                self.forgotten.append(known)
        if contact not in self.contacts:
            self.contacts.append(contact)
        if len(self.contacts) > self.definitions.bounds.ids_max:
            self.is_oversized = True

    def newest_ms(self) -> int:
        """The latest anchor that any of its contacts claimed."""
        known = self.contacts + self.forgotten
        claims: list[int] = [contact.registers()["anchor claimed",] for contact in known]
        return max(claims)

    def is_dead(self, clock_ms: int) -> bool:
        """Whether all of its contacts are forgotten, so that the next one begins from nothing."""
        return self.newest_ms() + self.memory_ms < clock_ms

    def counts(self) -> Iterator[tuple[Count, Labels]]:
        """What the contacts count for, each in its own slices."""
        for visit, count in self._chains():
            if not self.is_oversized or visit.contact in self.forgotten:
                yield count, visit.contact.rules.labels(visit.registers)
        if self.is_oversized:
            yield Count(self.newest_ms(), "quality", {"oversized": 1}, ("case",)), {}

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
        for contact in self.contacts + self.forgotten:
            registers = contact.registers(contact.sent)
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
