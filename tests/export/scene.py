"""A store with something in it, and a watch over it, without servers."""

import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Any

from processor.core.definitions import Definitions, Dimension, Window
from processor.core.head import Head, LogIdentity
from processor.core.pane import PaneChanges
from processor.core.record import Record
from processor.export.watch import Watch
from processor.store.contract import NONE, Commit, Place, Reading, StoreUnavailableError
from processor.store.memory_store import MemoryStore
from processor.store.reader import Reader
from tests.world import World

NOW_MS = 1_772_445_600_000
BRANDS = Dimension("brand", ("north", 'say "hi"\\', "line\nbreak"))
TOPICS: Mapping[str, tuple[str, ...]] = {
    "response": ("surveys",),
    "contact": ("contacts",),
    "cart": ("carts",),
    "case": ("cases",),
}
BUILD = {"version": "1.2.3", "namespace": "cxpulse:test"}
TARGETS = {"nps_score": 50.0, "csat_ratio": 0.8}


class AwayStore(MemoryStore):
    """A store that can be away."""

    away = False

    async def read(self, place: Place, since: str) -> Reading | None:
        if self.away:
            raise StoreUnavailableError("connection refused")
        return await super().read(place, since)


class Scene:
    """Logs folded by the core, committed to a store, watched at a now that is set by hand."""

    def __init__(self, store: AwayStore | None = None) -> None:
        self.now_ms = NOW_MS
        self.definitions = Definitions(dimensions=(BRANDS,))
        self.world = World(self.definitions)
        self.store = store or AwayStore()
        self.log: list[tuple[str, Record]] = []
        self._commits: dict[Place, str] = {}
        self._offsets = itertools.count()
        self.watch = Watch(
            Reader(self.store, self.definitions, tuple(t for ts in TOPICS.values() for t in ts)),
            TOPICS,
            now_ms=lambda: self.now_ms,
            stale_after_ms=30_000,
        )

    async def tell(
        self, topic: str, *events: Mapping[str, Any], as_of_ms: int | None = None
    ) -> None:
        """Events arrive on partition 0 of a topic and are committed."""
        view = self.world.view(topic)
        records = [self._record(view.head.position + at, event) for at, event in enumerate(events)]
        self.log += ((topic, record) for record in records)
        changes = self.world.feed(topic, records)
        await self._commit(topic, changes.head, changes.panes, as_of_ms)
        if "cases" in {place for place, _ in self.world.views} and topic == "contacts":
            cases = self.world.view("cases")
            panes = {pane: dict(cells) for pane, cells in cases.panes.stored.items()}
            await self._commit("cases", cases.head, PaneChanges(panes, []), as_of_ms)

    async def idle(self, *topics: str, as_of_ms: int | None = None, log_end: int = 0) -> None:
        """Nothing arrives, and that is committed."""
        for topic in topics:
            head = self.world.view(topic).head
            head.log_end = log_end
            await self._commit(topic, head, PaneChanges({}, []), as_of_ms)

    def window(self, name: str) -> Window:
        """A window by its name."""
        return next(window for window in self.definitions.windows if window.name == name)

    async def _commit(
        self, topic: str, head: Head, panes: PaneChanges, as_of_ms: int | None
    ) -> None:
        place = Place(topic, 0)
        head.vouch(self.now_ms if as_of_ms is None else as_of_ms)
        predecessor = self._commits.get(place, NONE)
        self._commits[place] = f"commit {next(self._offsets)}"
        await self.store.commit(place, Commit(self._commits[place], predecessor, head, {}, panes))

    def _record(self, offset: int, event: Mapping[str, Any]) -> Record:
        ids = ("response_id", "contact_id", "cart_id")
        key = next(str(event[name]) for name in ids if name in event)
        return Record(
            offset, int(event["occurred_at"]) + 500, key.encode(), json.dumps(event).encode()
        )


def survey(number: int, rating: int, *, ago_ms: int = 60_000, **fields: Any) -> dict[str, Any]:
    """One NPS answer, given some time before now."""
    at_ms = NOW_MS - ago_ms
    return {
        "type": "survey.submitted",
        "event_id": f"e{number}",
        "source": "forms",
        "response_id": f"forms:r{number}",
        "survey_id": "s1",
        "occurred_at": at_ms,
        "created_at": at_ms,
        "answers": [{"question_id": "q1", "kind": "nps", "value": rating}],
        **fields,
    }


def surveys(ratings: Iterable[int], **fields: Any) -> list[dict[str, Any]]:
    """One answer each."""
    return [survey(number, rating, **fields) for number, rating in enumerate(ratings)]


def contact(number: int, resolved: bool | None, *, ago_ms: int = 60_000) -> dict[str, Any]:
    """A call of a customer of its own, and whether it was resolved if anybody said."""
    at_ms = NOW_MS - ago_ms
    said = {} if resolved is None else {"resolved": resolved, "resolution_source": "agent"}
    return {
        "type": "contact.recorded",
        "event_id": f"c{number}",
        "source": "acd",
        "contact_id": f"acd:c{number}",
        "customer_id": f"customer-{number}",
        "direction": "inbound",
        "occurred_at": at_ms + 30_000,
        "created_at": at_ms,
        "segments": [],
        **said,
    }


def cart(number: int, *, ago_ms: int, ordered: bool = False) -> list[dict[str, Any]]:
    """A cart touched once, and ordered a minute later if so."""
    at_ms = NOW_MS - ago_ms
    envelope = {
        "source": "shop",
        "cart_id": f"shop:t{number}",
        "value_minor": 1999,
        "currency": "EUR",
    }
    touch = {
        "type": "cart.updated",
        "event_id": f"a{number}",
        "occurred_at": at_ms,
        "items_count": 1,
    }
    order = {
        "type": "cart.ordered",
        "event_id": f"o{number}",
        "occurred_at": at_ms + 60_000,
        "order_id": f"order-{number}",
    }
    return [envelope | touch, *([envelope | order] if ordered else [])]


def log_identity(partitions: int) -> LogIdentity:
    return LogIdentity("test", partitions)
