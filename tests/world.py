"""A whole system without servers: logs in, views out. The laws and the transcripts run on it.

It has one derived partition and no broker: a summary "arrives" at the clock of the batch that
sent it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from processor.core.definitions import Definitions
from processor.core.entity.summary import Summary, pack_summary, project
from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import CASES, plans
from processor.core.record import Record
from processor.core.tally import TALLY_BY_NAME, Vector
from processor.core.view import Changes, Stored, View
from processor.core.window import Windows

KEY = bytes(range(32))
Place = tuple[str, int]


class World:
    """The views of all partitions, fed by hand."""

    def __init__(self, definitions: Definitions, key: bytes = KEY) -> None:
        self.definitions = definitions
        self.identity = Identity(key)
        self.plans = plans(definitions, self.identity)
        self.views: dict[Place, View[Any]] = {}
        self.cases_log: list[Record] = []

    def view(self, topic: str, partition: int = 0) -> View[Any]:
        place = (topic, partition)
        if place not in self.views:
            head = Head(0, 0, LogIdentity("test", 1))
            self.views[place] = View(self.plans.of(topic), Stored(head, {}, {}, []))
        return self.views[place]

    def feed(
        self,
        topic: str,
        records: Sequence[Record],
        *,
        partition: int = 0,
        to: int | None = None,
    ) -> Changes[Any]:
        """Fold one batch, and its summaries into the derived partition."""
        view = self.view(topic, partition)
        end = to if to is not None else (records[-1].offset + 1 if records else view.head.position)
        changes = view.fold(records, end)
        self._derive(changes)
        return changes

    def windows(self, now_ms: int, as_of_ms: Mapping[str, int] | int | None = None) -> Windows:
        """All windows at a now; as-of (default: now) for all, by topic or by `topic/number`."""
        windows = Windows(self.definitions)
        for (topic, number), view in self.views.items():
            partition = windows.partition(topic, number)
            known = as_of_ms
            if isinstance(as_of_ms, Mapping):
                known = as_of_ms.get(f"{topic}/{number}", as_of_ms.get(topic))
            partition.as_of_ms = now_ms if known is None else known  # type: ignore[assignment]
            partition.change(view.panes.stored)
        windows.move(now_ms)
        return windows

    def _derive(self, changes: Changes[Any]) -> None:
        records: list[Record] = []
        for entity, (addressees, state) in changes.moved.items():
            value = pack_summary(Summary(entity, project(state)))
            for customer in sorted(addressees):
                offset = len(self.cases_log) + len(records)
                records.append(Record(offset, changes.head.clock_ms, customer, value))
        if records:
            self.cases_log += records
            self.feed(CASES, records)


def totals(windows: Windows, window: str) -> dict[str, Vector]:
    """Everything a window holds, by cell."""
    cells: dict[str, Vector] = {}
    for tally in TALLY_BY_NAME.values():
        cells |= windows.totals(window, tally)
    return cells
