"""The worked example's stage: logs that the real core folds and a store keeps, batch by batch.

It does what a lane does (`processor.stream.lane`): fold, vouch, commit. Two things differ, so that
the page stays the same: commits are numbered instead of drawn, and time is given. Beside the fold
every record is taken through admission and step once more, one by one, so that the page can show
what happens between them; both ways must give the same states.
"""

from typing import Any, NamedTuple

import msgspec

from processor.core.admission import Admitted
from processor.core.contribution import Delta
from processor.core.entity.summary import Summary, pack_summary, project
from processor.core.head import Head, LogIdentity
from processor.core.pane import Cells, Pane
from processor.core.plan import plans
from processor.core.record import Record
from processor.core.step import known, step
from processor.core.view import Changes, Plan, Stored, View
from processor.settings.definition import cases_topic, identity, namespace, to_definitions
from processor.settings.model import Settings
from processor.store.contract import NONE, Applied, Commit, Place
from processor.store.layout import Argument, Keys, script_arguments
from processor.store.memory_store import MemoryStore

CLUSTER = "example"


class Told(NamedTuple):
    """One admitted record's way through the core: its entity's state before and after."""

    record: Record
    entity: bytes
    before: Any | None
    after: Any
    delta: Delta


class Act(NamedTuple):
    """One batch and its commit."""

    place: Place
    plan: Plan[Any]
    told: tuple[Told, ...]
    head_before: Head
    panes_before: dict[Pane, Cells]
    changes: Changes[Any]
    commit: Commit
    keys: list[str]
    arguments: list[Argument]


class Stage:
    """The views of a namespace, and the store they are committed to."""

    def __init__(self, settings: Settings) -> None:
        self.definitions = to_definitions(settings)
        self.identity = identity(settings)
        self.namespace = namespace(settings)
        self.margin_ms = settings.clock.margin_ms
        self.cases = Place(cases_topic(settings), 0)
        self.plans = plans(self.definitions, self.identity, cases_topic=self.cases.topic)
        self.store = MemoryStore()
        self.acts: list[Act] = []
        self._views: dict[Place, View[Any]] = {}
        self._states: dict[Place, dict[bytes, bytes]] = {}
        self._commits: dict[Place, str] = {}

    @property
    def places(self) -> list[Place]:
        """The partitions somebody has taken over."""
        return list(self._views)

    def view(self, place: Place) -> View[Any]:
        """A partition's view."""
        return self._views[place]

    async def take_over(self, place: Place) -> Act:
        """Take a partition over of which the store knows nothing yet: the first link of a chain."""
        head = Head(0, 0, LogIdentity(CLUSTER, 1))
        self._views[place] = View(self.plans.of(place.topic), Stored(head, {}, {}, []))
        self._states[place] = {}
        return await self._commit(place, (), head, self._views[place].fold((), 0))

    async def read(self, place: Place, *records: Record) -> Act:
        """Fold a batch and commit it, with what a partition that is behind may vouch for."""
        view = self._views[place]
        clock_ms = max(view.head.clock_ms, *(record.arrival_ms for record in records))
        told = [self._tell(place, record, clock_ms) for record in records]
        before = msgspec.structs.replace(view.head)
        changes = view.fold(records, records[-1].offset + 1)
        if place != self.cases:
            changes.head.vouch(changes.head.clock_ms - 1 - self.margin_ms)
        for entity, packed in changes.states.items():
            assert self._states[place][entity] == packed, "the fold went another way than its steps"
        return await self._commit(place, tuple(told), before, changes)

    async def vouch(self, place: Place, as_of_ms: int) -> Act:
        """Nothing arrived, and the log's end is reached: say how current the view is."""
        view = self._views[place]
        before = msgspec.structs.replace(view.head)
        changes = view.fold((), view.head.position)
        changes.head.vouch(as_of_ms)
        return await self._commit(place, (), before, changes)

    def summaries(self, act: Act) -> list[tuple[bytes, bytes]]:
        """What a batch of contacts sends to the derived topic: keys and values."""
        return [
            (customer, pack_summary(Summary(contact, project(state))))
            for contact, (customers, state) in act.changes.moved.items()
            for customer in sorted(customers)
        ]

    def _tell(self, place: Place, record: Record, clock_ms: int) -> Told:
        plan = self.plans.of(place.topic)
        admitted = plan.admission.admit(record)
        assert isinstance(admitted, Admitted), "the story tells of records that are admitted"
        states, rules = self._states[place], plan.rules
        packed = states.get(admitted.entity)
        state = None if packed is None else rules.recall(rules.unpack(packed), clock_ms)
        before = None if state is None else known(rules, state)
        after, delta = step(rules, before, admitted.addition)
        states[admitted.entity] = rules.pack(after.state)
        return Told(record, admitted.entity, state, after.state, delta)

    async def _commit(
        self, place: Place, told: tuple[Told, ...], before: Head, changes: Changes[Any]
    ) -> Act:
        changes.head.log_end = changes.head.position
        link = Commit(
            f"{len(self.acts) + 1:024x}",
            self._commits.get(place, NONE),
            changes.head,
            changes.states,
            changes.panes,
            changes.trimmed_ms,
        )
        panes = self._panes(place)
        assert await self.store.commit(place, link) == Applied()
        self._commits[place] = link.id
        arguments = script_arguments(Keys(self.namespace, place), link)
        plan = self.plans.of(place.topic)
        act = Act(place, plan, told, before, panes, changes, link, *arguments)
        self.acts.append(act)
        return act

    def _panes(self, place: Place) -> dict[Pane, Cells]:
        """The panes of a partition as the commits so far left them."""
        panes: dict[Pane, Cells] = {}
        for act in self.acts:
            if act.place != place:
                continue
            for pane, cells in act.commit.panes.cells.items():
                kept = {**panes.get(pane, {}), **cells}
                panes[pane] = {name: packed for name, packed in kept.items() if packed is not None}
            for pane in act.commit.panes.gone:
                del panes[pane]
        return panes
