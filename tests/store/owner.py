"""Partitions that somebody writes, and what may become of the store they are written to."""

import copy
import random
from collections.abc import Mapping
from typing import Any

from processor.core.definitions import Definitions
from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.view import Stored, View
from processor.store.contract import NONE, Applied, Commit, Place, Store, fresh_commit_id
from processor.store.memory_store import MemoryStore
from processor.store.redis_store import RedisStore
from tests.wire import HOUR, MINUTE, NOON, record
from tests.world import KEY

DEFINITIONS = Definitions()
PLANS = plans(DEFINITIONS, Identity(KEY))
TOPICS = ("surveys", "carts")
PARTITIONS = 3
PLACES = [Place(topic, number) for topic in TOPICS for number in range(PARTITIONS)]


class Owner:
    """Whoever writes a partition: a view of its own, and a chain of commits."""

    def __init__(self, store: Store, place: Place, view: View[Any], commit: str) -> None:
        self.store = store
        self.place = place
        self.view = view
        self.commit = commit

    async def write(self, events: list[dict[str, Any]], as_of_ms: int) -> None:
        """One batch becomes one commit."""
        start = self.view.head.position
        records = [record(event, offset=start + n) for n, event in enumerate(events)]
        changes = self.view.fold(records, start + len(records))
        changes.head.vouch(as_of_ms)
        id_ = fresh_commit_id()
        panes = changes.panes
        made = Commit(id_, self.commit, changes.head, changes.states, panes, changes.trimmed_ms)
        assert await self.store.commit(self.place, made) == Applied()
        self.commit = id_


async def owner(store: Store, place: Place, *, start: int = 0) -> Owner:
    """Go on where the store stands; from an empty log's `start` if it holds nothing."""
    view_plan = PLANS.of(place.topic)
    found = await store.head(place)
    if found is None:
        head = Head(start, start, LogIdentity("cluster", PARTITIONS))
        return Owner(store, place, View(view_plan, Stored(head, {}, {}, [])), NONE)
    stored = await store.load(place, found[0])
    assert isinstance(stored, Stored)
    return Owner(store, place, View(view_plan, stored), found[0])


def events(chance: random.Random, topic: str, at_ms: int) -> list[dict[str, Any]]:
    """Some events of few entities: most of them change what an entity counted before."""
    made = []
    for _ in range(chance.randrange(4)):
        name, at = f"{topic}-{chance.randrange(5)}", at_ms - chance.randrange(2 * HOUR)
        common = {"event_id": f"e{chance.random()}", "occurred_at": at}
        if topic == "surveys":
            answer = {"question_id": "q", "kind": "nps", "value": chance.randrange(11)}
            said = {"response_id": name, "survey_id": "s", "created_at": NOON - 3 * HOUR}
            made.append(common | {"type": "survey.submitted", **said, "answers": [answer]})
        else:
            kind = chance.choice(("cart.updated", "cart.ordered"))
            said = {"cart_id": name, "items_count": 1, "order_id": f"o-{name}"}
            made.append(common | {"type": kind, **said})
    return made


class Backup:
    """Everything that a store held at a moment, to be put back: a restored snapshot or replica."""

    def __init__(self, store: Store, held: Mapping[Any, Any]) -> None:
        self.store = store
        self.held = held

    @classmethod
    async def take(cls, store: Store) -> "Backup":
        if isinstance(store, MemoryStore):
            return cls(store, copy.deepcopy(store._partitions))
        assert isinstance(store, RedisStore)
        client, pattern = store._client, f"*{store._namespace}*"
        return cls(store, {key: await client.dump(key) async for key in client.scan_iter(pattern)})

    async def restore(self) -> None:
        await wipe(self.store)
        if isinstance(self.store, MemoryStore):
            self.store._partitions.update(copy.deepcopy(dict(self.held)))
        else:
            assert isinstance(self.store, RedisStore)
            for key, dumped in self.held.items():
                await self.store._client.restore(key, 0, dumped)


async def wipe(store: Store) -> None:
    """Take everything away."""
    if isinstance(store, MemoryStore):
        store._partitions.clear()
    else:
        assert isinstance(store, RedisStore)
        async for key in store._client.scan_iter(f"*{store._namespace}*"):
            await store._client.delete(key)


async def write_some(store: Store, chance: random.Random, now_ms: int) -> None:
    """A worker takes some partition over and writes a batch."""
    place = chance.choice(PLACES)
    writer = await owner(store, place)
    await writer.write(events(chance, place.topic, now_ms), now_ms - chance.randrange(MINUTE))
