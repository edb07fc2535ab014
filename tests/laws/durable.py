"""A store of the tests' own, as simple as can be: what was committed, and nothing else.

It applies the absolute writes of `Changes` and gives a view back as it was committed, so that a
crash can be put between any two of the things a worker does with a batch.
"""

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from processor.core.definitions import Definitions
from processor.core.entity.summary import Summary, pack_summary, project
from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import CASES, plans
from processor.core.record import Record
from processor.core.view import Changes, Stored, View
from tests.laws.logs import Entry
from tests.world import KEY, Place


def commit(stored: Stored, changes: Changes[Any]) -> None:
    """Write what a batch changed, as a store does it."""
    stored.head = deepcopy(changes.head)
    stored.states |= changes.states
    for pane, cells in changes.panes.cells.items():
        kept = stored.panes.setdefault(pane, {})
        for cell, packed in cells.items():
            if packed is None:
                del kept[cell]
            else:
                kept[cell] = packed
    for pane in changes.panes.gone:
        del stored.panes[pane]
    written = [*stored.written]
    if changes.states:
        written.append((changes.head.clock_ms, tuple(changes.states)))
    stored.written = [entry for entry in written if entry[0] >= changes.trimmed_ms]
    kept_states = {entity for _, entities in stored.written for entity in entities}
    stored.states = {name: state for name, state in stored.states.items() if name in kept_states}


class Worker:
    """A worker that may die at any moment, its log, and its store."""

    def __init__(self, definitions: Definitions) -> None:
        self.plans = plans(definitions, Identity(KEY))
        self.logs: dict[Place, list[Record]] = defaultdict(list)
        self.stored: dict[Place, Stored] = {}
        self.views: dict[Place, View[Any]] = {}

    def view(self, place: Place) -> View[Any]:
        """The view in memory, read from the store if it is not there."""
        if place not in self.stored:
            head = Head(0, 0, LogIdentity("test", 1))
            self.stored[place] = Stored(head, {}, {}, [])
        if place not in self.views:
            self.views[place] = View(self.plans.of(place[0]), deepcopy(self.stored[place]))
        return self.views[place]

    def die(self) -> None:
        """Lose everything that is not in the store."""
        self.views.clear()

    def append(self, entries: Sequence[Entry]) -> None:
        """What producers write."""
        for one in entries:
            log = self.logs[one.topic, one.partition]
            log.append(one.at(len(log)))

    def work(self, place: Place, to: int, *, dies_after: str = "") -> None:
        """One batch of a partition, from where the store says; death may follow a step of it."""
        view = self.view(place)
        records = self.logs[place][view.head.position : to]
        changes = view.fold(records, max(to, view.head.position))
        assert changes.head.is_accounted
        if dies_after != "fold":
            self._tell(changes)
        if dies_after not in ("fold", "tell"):
            commit(self.stored[place], changes)
        if dies_after:
            self.die()

    def finish(self) -> None:
        """Read every log to its end, the derived one last."""
        for place in [*(place for place in self.logs if place[0] != CASES), (CASES, 0)]:
            self.work(place, len(self.logs[place]))

    def _tell(self, changes: Changes[Any]) -> None:
        log = self.logs[CASES, 0]
        for entity, (addressees, state) in changes.moved.items():
            value = pack_summary(Summary(entity, project(state)))
            for customer in sorted(addressees):
                log.append(Record(len(log), changes.head.clock_ms, customer, value))
