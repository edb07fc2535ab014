"""A worker that is asked to stop: what was folded is committed, nobody is waited for in vain."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.store.contract import Applied, Commit, Place, Refused
from processor.store.memory_store import MemoryStore
from processor.stream.acquisition import Surroundings
from processor.stream.lanes import Lanes
from tests.stream.bench import (
    MARGIN_MS,
    PLACE,
    START_MS,
    Bench,
    FakeConsumer,
    FakeLog,
    FakeOutlet,
    FlakyStore,
    answer,
)
from tests.world import KEY


class SlowStore(FlakyStore):
    """A store that takes its time over commits, and says how many wait."""

    def __init__(self) -> None:
        super().__init__([])
        self.open = asyncio.Event()
        self.open.set()
        self.waiting = 0

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        self.waiting += 1
        await self.open.wait()
        self.waiting -= 1
        return await super().commit(place, commit)


class DeadGroup(FakeConsumer):
    """A consumer that has crashed: it takes what it is told, and never answers."""

    async def move(self, place: Place, position: int, generation: int) -> None:
        self.moves.append((position, generation))

    async def hint(self, positions: dict[Place, int]) -> bool:
        await asyncio.Event().wait()
        return True


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench(store=SlowStore())
    yield made
    await made.stop()


async def test_a_batch_that_was_folded_behind_a_commit_is_committed_too(bench: Bench) -> None:
    """A busy lane always has one commit under way and one batch folded behind it."""
    store = bench.store
    assert isinstance(store, SlowStore)
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    store.open.clear()
    bench.log.records += [answer(n) for n in range(3, 20)]
    view = bench.lane._owned
    assert view is not None
    await bench.until(lambda: store.waiting == 1 and view.view.head.position == 9)
    drained = asyncio.create_task(bench.lane.drain())
    await asyncio.sleep(0.01)
    assert not drained.done()
    store.open.set()
    await drained
    found = await store.head(PLACE)
    assert found is not None
    assert found[1].position == view.view.head.position == 9
    assert bench.lane.head == found[1]


async def test_a_consumer_that_never_answers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("processor.stream.lanes.HINT_TIMEOUT_S", 0.05)
    definitions, log = Definitions(), FakeLog()
    group = DeadGroup(log)
    around = Surroundings(
        MemoryStore(),
        log,  # type: ignore[arg-type]  # asks and answers like a probe
        FakeOutlet([]),  # type: ignore[arg-type]  # as above
        group,
        lambda: START_MS,
        MARGIN_MS,
    )
    lanes = Lanes(definitions, plans(definitions, Identity(KEY)), around, group, lambda *_: None)
    lanes.take([PLACE])
    async with asyncio.timeout(5):
        while not group.moves:
            await asyncio.sleep(0.001)
        await lanes.drain(1.0)
    assert lanes.lanes == {}
