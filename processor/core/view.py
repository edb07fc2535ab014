"""A partition's view in its owner's memory, and what a batch of records does to it.

The view is a pure function of the log below its position. `fold` moves it forward and returns the
`Changes` that one commit must write to make the store hold the same; nothing else moves it. If that
commit is refused, the view is thrown away and read anew: there is no way back inside it.

    records in [position, to) ──> admission ──> step ──> states, panes, accounting ──> Changes
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from processor.core.admission import Admitted
from processor.core.definitions import HOUR_MS, Definitions
from processor.core.head import Accounting, Head
from processor.core.pane import Cells, Pane, PaneChanges, Panes
from processor.core.record import Outcome, Record, Refusal
from processor.core.remark import Remark
from processor.core.step import Known, Rules, known, step

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)

JOURNAL_SLACK_MS = HOUR_MS
"""How much longer than any life the journal keeps what was written: room for skew between brokers'
clocks."""


class Admission(Protocol[S]):
    """What turns a record into an addition, or refuses it."""

    def admit(self, record: Record) -> Admitted[S] | Refusal:
        """A pure function of the record."""


class Stored(msgspec.Struct):
    """A partition's view as a store holds it.

    Attributes:
        states: packed states by entity.
        written: which entities were written when, oldest first: (clock_ms of the commit, entities).
    """

    head: Head
    states: dict[bytes, bytes]
    panes: dict[Pane, Cells]
    written: Sequence[tuple[int, Sequence[bytes]]]


class Changes(msgspec.Struct, Generic[S]):
    """What one batch changed; `head` is the new head.

    Attributes:
        read: what became of the batch's positions.
        states: packed states by entity, as they are now.
        trimmed_ms: what the journal wrote at a clock before this is dead.
        refusals: the records that were expired or dead letters, with the reason.
        moved: the entities whose state changed and somebody else must hear of: {name: (addressees,
            state)}.
        remarks: what an operator should hear, with how often.
    """

    head: Head
    read: Accounting
    states: dict[bytes, bytes]
    panes: PaneChanges
    trimmed_ms: int
    refusals: list[tuple[Record, Refusal]]
    moved: dict[bytes, tuple[set[bytes], S]]
    remarks: Counter[Remark]


class Plan(msgspec.Struct, Generic[S], frozen=True):
    """How the records of one topic become a view.

    Attributes:
        life_ms: the longest life of a state of this topic.
        addressees: who must hear of a change (before, after); None if nobody ever does.
        final_name: the name of an entity that is dead, while its id may be given again.
    """

    rules: Rules[S]
    admission: Admission[S]
    definitions: Definitions
    life_ms: int
    addressees: Callable[[S | None, S], set[bytes]] | None = None
    final_name: Callable[[bytes, S], bytes] | None = None


class View(Generic[S]):
    """The view of one partition."""

    def __init__(self, plan: Plan[S], stored: Stored) -> None:
        """Take over what the store holds; it is this object's from now on."""
        self.head = stored.head
        self._plan = plan
        self._states = stored.states
        self.panes = Panes(plan.definitions, plan.rules.slices, stored.panes)
        self._written = deque(stored.written)
        self._batch: dict[bytes, Known[S]] = {}
        self._changed: set[bytes] = set()

    @property
    def live_states(self) -> int:
        """How many states are in memory."""
        return len(self._states)

    def fold(self, records: Sequence[Record], to: int) -> Changes[S]:
        """Move the view to position `to`, given `records`, all those of the interval up to it."""
        changes = self._begin(to)
        for record in records:
            self._read(record, changes)
        changes.read.invisible = to - self.head.position - len(records)
        if records:
            offset, checksum = records[-1].offset, records[-1].checksum
            log = changes.head.log
            changes.head.log = msgspec.structs.replace(log, offset=offset, checksum=checksum)
        self._finish(changes)
        return changes

    def lose(self, to: int, covered_from_ms: int) -> Changes[S]:
        """Move the view over positions that retention took away.

        It vouches anew from `covered_from_ms` on.
        """
        changes = self._begin(to)
        changes.read.lost = to - self.head.position
        changes.head.covered_from_ms = covered_from_ms
        self._finish(changes)
        return changes

    def _begin(self, to: int) -> Changes[S]:
        head = msgspec.structs.replace(self.head, position=to)
        return Changes(head, Accounting(), {}, PaneChanges({}, []), 0, [], {}, Counter())

    def _read(self, record: Record, changes: Changes[S]) -> None:
        head = changes.head
        head.clock_ms = max(head.clock_ms, record.arrival_ms)
        admitted = self._plan.admission.admit(record)
        if isinstance(admitted, Refusal):
            changes.refusals.append((record, admitted))
            changes.read.count(admitted.outcome, admitted.reason)
            return
        if admitted.remarks:
            changes.remarks.update(admitted.remarks)
        before = self._recall(admitted.entity, head.clock_ms)
        after, delta = step(self._plan.rules, before, admitted.addition)
        if after is before:
            changes.read.count(Outcome.NO_EFFECT)
            return
        changes.read.count(Outcome.APPLIED)
        self._batch[admitted.entity] = after
        self._changed.add(admitted.entity)
        self.panes.apply(delta, head.clock_ms)
        if self._plan.addressees is not None:
            self._tell(admitted.entity, before, after, changes)

    def _recall(self, entity: bytes, clock_ms: int) -> Known[S] | None:
        rules = self._plan.rules
        met = self._batch.get(entity)
        if met is None:
            packed = self._states.get(entity)
            if packed is None:
                return None
            met = known(rules, rules.unpack(packed))
        state = rules.recall(met.state, clock_ms)
        if state is None or state is met.state:
            return None if state is None else met
        return known(rules, state)

    def _tell(
        self, entity: bytes, before: Known[S] | None, after: Known[S], changes: Changes[S]
    ) -> None:
        plan, moved = self._plan, changes.moved
        assert plan.addressees is not None
        assert plan.final_name is not None
        if before is None and entity in moved:
            # Its id was given again within this batch; nobody may take the two for one.
            told, dead = moved.pop(entity)
            moved[plan.final_name(entity, dead)] = (told, dead)
        addressees = plan.addressees(before.state if before else None, after.state)
        if addressees or entity in changes.moved:
            told = changes.moved[entity][0] if entity in changes.moved else set()
            changes.moved[entity] = (told | addressees, after.state)

    def _finish(self, changes: Changes[S]) -> None:
        head = changes.head
        head.accounting = self.head.accounting.plus(changes.read)
        pack = self._plan.rules.pack
        changes.states = {entity: pack(self._batch[entity].state) for entity in self._changed}
        changes.panes = self.panes.take(head.clock_ms)
        changes.trimmed_ms = head.clock_ms - self._plan.life_ms - JOURNAL_SLACK_MS
        self._states |= changes.states
        if changes.states:
            self._written.append((head.clock_ms, tuple(changes.states)))
        self._trim(changes.trimmed_ms, head.clock_ms)
        self._batch = {}
        self._changed = set()
        self.head = head

    def _trim(self, trimmed_ms: int, clock_ms: int) -> None:
        """Forget the states last written longer ago than any life, as the journal does."""
        rules = self._plan.rules
        while self._written and self._written[0][0] < trimmed_ms:
            for entity in self._written.popleft()[1]:
                packed = self._states.get(entity)
                if packed is not None and rules.recall(rules.unpack(packed), clock_ms) is None:
                    del self._states[entity]
