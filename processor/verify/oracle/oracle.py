"""The oracle: what a view must hold, recomputed from the log as `docs/counting.md` has it.

What lives here: admission, life, and what all entities together count, by instant, pane and
window. It keeps nothing but the admitted events of each entity and scans them again whenever it is
asked. What must never live here: speed, or a line of the core's logic; the two share settings,
names and hashes and nothing else. What the rest may lean on: where the oracle and a view differ,
one of them or the rules are wrong.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from aiokafka.partitioner import murmur2

from processor.core.definitions import Definitions, EntityName, Topic, Window
from processor.core.identity import Identity
from processor.core.record import Outcome, Record
from processor.core.slice import cell_name
from processor.core.tally import TALLY_BY_NAME, Tally
from processor.verify.oracle.cart import CartRules
from processor.verify.oracle.case import Case
from processor.verify.oracle.contact import ContactRules
from processor.verify.oracle.entity import Entity
from processor.verify.oracle.register import Count, Labels, Rules, content, is_dead
from processor.verify.oracle.response import ResponseRules
from schemas.decode import Rejection, TopicKind, answer_valid, decode, entity_id
from schemas.event import AnyEvent

CASES = "cases"
"""The topic under which the counts of cases stand, whatever it is called in a broker."""
KINDS: dict[EntityName, TopicKind] = {
    "response": TopicKind.SURVEYS,
    "contact": TopicKind.CONTACTS,
    "cart": TopicKind.CARTS,
}

Place: TypeAlias = tuple[str, int]
Cells: TypeAlias = dict[str, dict[str, int]]
"""Sums by cell and field, without zeros."""


class Oracle:
    """Everything that was read, and what it counts for."""

    def __init__(
        self, definitions: Definitions, identity: Identity, cases_partitions: int = 1
    ) -> None:
        """Begin with empty logs; the cases are spread over so many partitions."""
        self.definitions = definitions
        self.identity = identity
        self.cases_partitions = cases_partitions
        self.topics: dict[str, Topic] = {topic.name: topic for topic in definitions.topics}
        self.responses = ResponseRules(definitions, identity)
        self.rules: dict[EntityName, Rules] = {
            "response": self.responses,
            "contact": ContactRules(definitions, identity),
            "cart": CartRules(definitions, identity),
        }
        self.clocks: dict[Place, int] = {}
        self.lives: dict[Place, dict[bytes, list[Entity]]] = {}
        self.cases: dict[bytes, list[Case]] = {}

    def read(self, topic: str, partition: int, record: Record) -> tuple[Outcome, str]:
        """What becomes of the next record of a partition, and the reason if it is not admitted."""
        place = (topic, partition)
        self.clocks[place] = max(record.arrival_ms, self.clocks.get(place, 0))
        event = self._decode(self.topics[topic], record)
        if isinstance(event, Rejection):
            return Outcome.DEAD_LETTER, event.reason
        reason = _expired(self.topics[topic], record, event)
        if reason:
            return Outcome.EXPIRED, reason
        entity = self._living(place, entity_id(event))
        before = entity.registers()
        entity.events.append(event)
        after = entity.registers()
        if before == after:
            return Outcome.NO_EFFECT, ""
        if entity.rules.entity == "contact":
            self._send(entity, place, {content(r, "customer") for r in (before, after)} - {None})
        return Outcome.APPLIED, ""

    def counts(
        self, topic: str | None = None, partition: int = 0
    ) -> Iterator[tuple[Count, Labels]]:
        """Every count with its labels, of everything or of one partition."""
        counted: list[Entity | Case] = []
        for place, lives in self.lives.items():
            if topic is None or place == (topic, partition):
                counted += chain.from_iterable(lives.values())
        for customer, cases in self.cases.items():
            if topic is None or self._place_of(customer) == (topic, partition):
                counted += cases
        for one in counted:
            yield from one.counts()

    def cells(self, start_ms: float, end_ms: float, topic: str | None = None) -> Cells:
        """The sums of all counts with instants in `[start, end)`."""
        return self._sums(c for c in self.counts(topic) if start_ms <= c[0].at_ms < end_ms)

    def panes(
        self, topic: str, partition: int = 0, clock_ms: int | None = None
    ) -> dict[tuple[int, int], Cells]:
        """What a partition must store: {(length, start): sums}; nothing past retention.

        `clock_ms`: the partition's clock, where it is known better; the log of cases has its own.
        """
        counts: dict[tuple[int, int], list[tuple[Count, Labels]]] = {}
        if clock_ms is None:
            clock_ms = self.clocks.get((topic, partition), 0)
        for count, labels in self.counts(topic, partition):
            for tier_ms in self.definitions.tiers_of(TALLY_BY_NAME[count.tally]):
                start_ms = count.at_ms - count.at_ms % tier_ms
                if start_ms + tier_ms + self.definitions.retention_ms(tier_ms) > clock_ms:
                    counts.setdefault((tier_ms, start_ms), []).append((count, labels))
        panes = {pane: self._sums(inside) for pane, inside in counts.items()}
        return {pane: cells for pane, cells in panes.items() if cells}

    def windows(
        self, now_ms: int, as_of_ms: Mapping[Place, int] | int | None = None
    ) -> dict[str, Cells]:
        """All windows at a now, by name; as-of for all partitions or by place (default: now)."""
        places = [*self.lives, *((CASES, n) for n in range(self.cases_partitions))]
        if not isinstance(as_of_ms, Mapping):
            as_of_ms = dict.fromkeys(places, now_ms if as_of_ms is None else as_of_ms)
        counts = [
            (count, as_of_ms.get(place, now_ms))
            for place in places
            for count in self.counts(*place)
        ]
        return {
            window.name: self._sums(
                count
                for count, known_ms in counts
                if self._reads(window, count[0], now_ms, known_ms)
            )
            for window in self.definitions.windows
        }

    def _reads(self, window: Window, count: Count, now_ms: int, as_of_ms: int) -> bool:
        """Whether a window at this now covers a count in a partition of this as-of."""
        tally = TALLY_BY_NAME[count.tally]
        if window not in self.definitions.windows_of(tally):
            return False
        finest_ms = self.definitions.tiers_of(tally)[0]
        end_ms = min(now_ms, as_of_ms) // finest_ms * finest_ms
        if not tally.due:
            end_ms = now_ms // finest_ms * finest_ms + finest_ms
        panes_before = -(-(now_ms - window.length_ms) // window.tier_ms)
        return panes_before * window.tier_ms <= count.at_ms < end_ms

    def _decode(self, topic: Topic, record: Record) -> AnyEvent | Rejection:
        return decode(
            KINDS[topic.entity],
            record.key,
            record.value,
            record.headers,
            latest_ms=record.arrival_ms + topic.future_max_ms,
            judge_answer=self.responses.judge if topic.entity == "response" else answer_valid,
            type_prefixes=self.definitions.type_prefixes,
        )

    def _living(self, place: Place, key: bytes) -> Entity:
        topic = self.topics[place[0]]
        lives = self.lives.setdefault(place, {}).setdefault(key, [])
        if not lives or is_dead(lives[-1].registers(), topic.life_ms, self.clocks[place]):
            name = self.identity.entity(key)
            lives.append(Entity(topic.name, name, self.rules[topic.entity], topic.life_ms))
        return lives[-1]

    def _send(self, contact: Entity, place: Place, customers: set[bytes]) -> None:
        """Tell the customers of a contact of it, now."""
        anchor_ms = contact.registers().get(("anchor",))
        if anchor_ms is None or not customers:
            return
        arrival_ms = self.clocks[place]
        for customer in customers:
            home = self._place_of(customer)
            self.clocks[home] = max(arrival_ms, self.clocks.get(home, 0))
        memory_ms = self.definitions.contact_life_ms + 2 * self.definitions.case.repeat_window_ms
        if anchor_ms + memory_ms >= arrival_ms:
            for customer in customers:
                self._meet(customer, contact)

    def _meet(self, customer: bytes, contact: Entity) -> None:
        clock_ms = self.clocks[self._place_of(customer)]
        cases = self.cases.setdefault(customer, [])
        if not cases or cases[-1].is_dead(clock_ms):
            cases.append(Case(self.definitions, self.identity, customer))
        cases[-1].age(clock_ms)
        cases[-1].meet(contact)

    def _place_of(self, customer: bytes) -> Place:
        """Where a customer's case is, by the hash of its key: as Java's client has it."""
        return CASES, (murmur2(customer) & 0x7FFFFFFF) % self.cases_partitions

    def _sums(self, counts: Iterable[tuple[Count, Labels]]) -> Cells:
        sums: Cells = {}
        for count, labels in counts:
            for name in self._cells_of(TALLY_BY_NAME[count.tally], count, labels):
                cell = sums.setdefault(name, {})
                for field, amount in count.amounts.items():
                    cell[field] = cell.get(field, 0) + amount
        bare = {name: {f: n for f, n in cell.items() if n} for name, cell in sums.items()}
        return {name: cell for name, cell in bare.items() if cell}

    def _cells_of(self, tally: Tally, count: Count, labels: Labels) -> Iterator[str]:
        dimensions = tuple(zip(tally.dimensions, count.dimensions, strict=True))
        yield cell_name(tally, dimensions, ())
        if tally.sliced:
            entity: EntityName = tally.entities[0]  # type: ignore[assignment]  # names of entities
            for slice_ in self.definitions.slices_of(entity):
                yield cell_name(tally, dimensions, tuple((name, labels[name]) for name in slice_))


def _expired(topic: Topic, record: Record, event: AnyEvent) -> str:
    """Why a record is not admitted although its event is good; empty if it is admitted."""
    if event.occurred_at < record.arrival_ms - topic.lateness_max_ms:
        return "lateness"
    if topic.entity != "cart" and event.created_at is not None:
        anchor_ms = event.created_at // 1000 * 1000
        if anchor_ms + topic.life_ms < record.arrival_ms:
            return "life"
    return ""
