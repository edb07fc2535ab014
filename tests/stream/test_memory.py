"""Memory: whatever is kept, in the store and in the worker and the reader, has an end.

Simulated time runs for many times the longest retention; what is measured are keys and bytes of the
store, and the bytes of all objects that a worker's views and a reader hold.
"""

import asyncio
import functools
import gc
import sys
from collections.abc import AsyncIterator, Iterator
from types import FunctionType, ModuleType
from typing import Any, NamedTuple
from uuid import uuid4

import msgspec
import pytest

from processor.core.definitions import (
    CartRules,
    CaseRules,
    Definitions,
    Topic,
    Window,
)
from processor.core.pane import PaneChanges
from processor.core.record import Record
from processor.store.connection import connect
from processor.store.contract import Applied, Commit, Place, Refused, Store
from processor.store.memory_store import MemoryStore
from processor.store.reader import Reader
from processor.store.redis_store import RedisStore
from tests.servers.redis import RedisServer
from tests.store.conftest import connection_to
from tests.stream.row import Row
from tests.wire import HOUR, MINUTE, NOON, SECOND, record

STEP_MS = MINUTE
STEPS = 480
SETTLED_MS = 2 * HOUR
"""By then the longest of all: a life of 30 min, the tolerance of 5 min and the journal's hour of
slack have passed once, and nothing but what is new replaces what is old."""

LIFE_MS = 30 * MINUTE
BRIEF = Definitions(
    topics=(
        Topic("surveys", "response", lateness_max_ms=10 * MINUTE, life_ms=LIFE_MS),
        Topic("contacts", "contact", lateness_max_ms=10 * MINUTE, life_ms=LIFE_MS),
        Topic("carts", "cart", lateness_max_ms=10 * MINUTE, life_ms=LIFE_MS),
    ),
    windows=(Window("5m", 5 * MINUTE, 10 * SECOND), Window("1h", HOUR, MINUTE)),
    case=CaseRules(repeat_window_ms=5 * MINUTE),
    cart=CartRules(quiet_ms=5 * MINUTE),
)
"""Everything is over soon."""


RECENT = 100
"""Of so many of the last commits the store knows what they changed."""


class Size(NamedTuple):
    """How much is kept at a moment."""

    keys: int
    stored: int
    worker: int
    reader: int


def traffic(step: int, arrival_ms: int) -> Iterator[tuple[str, Record]]:
    """A minute of a steady day: new entities, and more about those of a minute and ten ago.

    Everything that a producer chooses freely is chosen anew each time.
    """
    for number in range(4):
        for age in (0, 1, 10):
            free = {
                "event_id": uuid4().hex,
                "source": f"source-{step}",
                "occurred_at": arrival_ms - number * 7 * SECOND,
                "created_at": arrival_ms - age * STEP_MS - 30 * SECOND,
                "attributes": {"brand": f"brand-{step}", f"a{step}": "x"},
            }
            for topic, said in happenings(f"{step - age}-{number}", step):
                yield topic, record(free | said, arrival_ms)
    bad = {"type": f"survey.{step}", "response_id": f"bad-{step}"}
    yield "surveys", record(bad, arrival_ms)


def happenings(name: str, step: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """An event of each topic about entities of this name."""
    answer = {"question_id": f"q{step}", "kind": "nps", "value": step % 11}
    said = {"response_id": name, "survey_id": f"s{step}", "answers": [answer]}
    yield "surveys", {"type": "survey.submitted", **said}
    segment = {"segment_id": name, "queued_at": NOON + step * STEP_MS, "queue": f"queue-{step}"}
    legs = {"direction": "inbound", "customer_id": f"k-{step}-{name}", "segments": [segment]}
    yield "contacts", {"type": "contact.recorded", "contact_id": name, **legs}
    yield "carts", {"type": "cart.updated", "cart_id": name, "items_count": 1}


def deep_bytes(*roots: object) -> int:
    """The bytes of everything that can be reached; not of code."""
    seen: set[int] = set()
    level: list[object] = list(roots)
    total = 0
    while level:
        found = level.pop()
        if id(found) in seen or isinstance(found, type | ModuleType | FunctionType):
            continue
        seen.add(id(found))
        total += sys.getsizeof(found)
        level += gc.get_referents(found)
    return total


async def stored_size(store: Store) -> tuple[int, int]:
    """Keys, and bytes."""
    if isinstance(store, RedisStore):
        keys = [key async for key in store._client.scan_iter(f"*{store._namespace}*", count=1000)]
        pipeline = store._client.pipeline(transaction=False)
        for key in keys:
            pipeline.memory_usage(key, samples=0)
        return len(keys), sum(await pipeline.execute())
    assert isinstance(store, MemoryStore)
    partitions = store._partitions.values()
    return sum(len(p.panes) + len(p.journal) for p in partitions), deep_bytes(partitions)


async def measure(row: Row, reader: Reader) -> Size:
    views = [lane._owned.view for lane in row.lanes.values() if lane._owned is not None]
    kept = (reader.windows, reader.heads, reader.changed_ms, reader._seen)
    return Size(*await stored_size(row.store), deep_bytes(*views), deep_bytes(*kept))


async def live(row: Row, *, steps: int = STEPS, first: int = 0) -> list[Size]:
    """Steady traffic, and what is kept every ten simulated minutes once things have settled."""
    reader = Reader(row.store, row.definitions, [place.topic for place in row.logs])
    sizes = []
    for step in range(first, first + steps):
        now_ms = NOON + step * STEP_MS
        for topic, one in traffic(step, now_ms):
            row.append(topic, [one])
        await row.read_all()
        row.letters.clear()
        row.refused.clear()
        await reader.refresh(now_ms)
        if now_ms - NOON >= SETTLED_MS and step % 10 == 0:
            sizes.append(await measure(row, reader))
    return sizes


def growth(sizes: list[Size]) -> dict[str, float]:
    """How much more is kept in the last third of the time than in the first."""
    third = len(sizes) // 3
    before, after = (map(max, zip(*part, strict=True)) for part in (sizes[:third], sizes[-third:]))
    return {name: now / then for name, then, now in zip(Size._fields, before, after, strict=True)}


async def idle(row: Row, seconds: int) -> list[Size]:
    """Nothing arrives; every second each partition says how current it is."""
    reader = Reader(row.store, row.definitions, [place.topic for place in row.logs])
    begin_ms = max(row.head(place.topic).as_of_ms for place in row.logs)
    sizes = []
    for second in range(1, seconds + 1):
        now_ms = begin_ms + second * SECOND
        row.sample(now_ms)
        while any(row.head(place.topic).as_of_ms < now_ms for place in row.logs):
            await asyncio.sleep(0)
        if second % 50 == 0:
            await reader.refresh(now_ms)
            sizes.append(await measure(row, reader))
    return sizes


def is_flat(sizes: list[Size]) -> bool:
    return max(growth(sizes).values()) < 1.05


@pytest.fixture(autouse=True)
def short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last commits fewer are kept than in life, so that these are over soon as well."""
    for module in ("memory_store", "layout"):
        monkeypatch.setattr(f"processor.store.{module}.RECENT_MAX", RECENT)


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    made: Store = MemoryStore()
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        made = RedisStore(connect(connection_to(server)), f"test:{uuid4().hex}")
    yield made
    await made.close()


async def test_steady_traffic_and_then_silence_leave_everything_as_large_as_it_was(
    store: Store,
) -> None:
    row = Row(BRIEF, store)
    busy = await live(row)
    assert is_flat(busy), growth(busy)
    quiet = await idle(row, 600)
    assert is_flat(quiet), growth(quiet)
    assert quiet[-1].stored <= busy[-1].stored * 1.05
    await row.stop()


class Hoarder(MemoryStore):
    """A store that trims no journal."""

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        return await super().commit(place, msgspec.structs.replace(commit, trimmed_ms=0))


class Clinging(MemoryStore):
    """A store that keeps every pane, and has its readers keep them."""

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        panes = PaneChanges(commit.panes.cells, [])
        return await super().commit(place, msgspec.structs.replace(commit, panes=panes))


def no_trim(*_: object) -> None:
    """A view that forgets no state."""


@pytest.mark.parametrize(
    ("store", "patched", "grown"),
    [
        (Hoarder(), "", "stored"),
        (Clinging(), "", "reader"),
        (MemoryStore(), "processor.core.view.View._trim", "worker"),
    ],
)
async def test_what_is_kept_for_ever_is_found(
    monkeypatch: pytest.MonkeyPatch, store: MemoryStore, patched: str, grown: str
) -> None:
    if patched:
        monkeypatch.setattr(patched, no_trim)
    row = Row(BRIEF, store)
    sizes = await live(row, steps=300)
    assert growth(sizes)[grown] > 1.2
    await row.stop()


def caches() -> dict[Any, int]:
    """Every function of ours that remembers, and how much."""
    found = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    ours = [one for one in found if one.__module__.startswith(("processor.", "schemas."))]
    return {one: one.cache_info().currsize for one in ours}


async def test_functions_that_remember_do_so_up_to_a_bound() -> None:
    """Or for a closed list, which was met whole within the first steps."""
    for one in caches():
        one.cache_clear()
    row = Row(BRIEF)
    await live(row, steps=20)
    before = caches()
    await live(row, steps=60, first=20)
    await row.stop()
    assert len(before) > 5
    grown = [one for one, size in caches().items() if size > before.get(one, 0)]
    assert grown
    for one in grown:
        assert one.cache_info().maxsize is not None, f"{one.__qualname__} remembers for ever"
