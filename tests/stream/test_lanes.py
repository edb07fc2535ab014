"""A worker's lanes as a whole: which are ours, and what a sample may claim."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from processor.core.definitions import Definitions
from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.store.contract import NONE, Commit, Place
from processor.store.memory_store import MemoryStore
from processor.stream.acquisition import Surroundings
from processor.stream.lane import Sample
from processor.stream.lanes import Lanes
from tests.stream.bench import MARGIN_MS, START_MS, FakeConsumer, FakeLog, FakeOutlet
from tests.world import KEY

SURVEYS, CONTACTS, CASES = Place("surveys", 0), Place("contacts", 0), Place("cases", 0)


class SlowLog(FakeLog):
    """A log whose end takes time to be told, and a note of what was asked when."""

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = START_MS
        self.asked: list[str] = []

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        self.asked.append("ends")
        self.now_ms += 700
        return dict.fromkeys(places, 42)

    async def partitions(self, topic: str) -> int:
        self.asked.append(f"partitions of {topic}")
        return 2


class Group(FakeConsumer):
    """A consumer that can be told how far we are."""

    def __init__(self, log: FakeLog) -> None:
        super().__init__(log)
        self.hints: list[dict[Place, int]] = []

    async def move(self, place: Place, position: int, generation: int) -> None:
        self.moves.append((position, generation))

    async def hint(self, positions: dict[Place, int]) -> bool:
        self.hints.append(positions)
        return True


@pytest.fixture
async def log() -> SlowLog:
    return SlowLog()


@pytest.fixture
async def group(log: SlowLog) -> Group:
    return Group(log)


@pytest.fixture
async def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def lanes(log: SlowLog, group: Group, store: MemoryStore) -> AsyncIterator[Lanes]:
    definitions = Definitions()
    around = Surroundings(
        store,
        log,  # type: ignore[arg-type]  # asks and answers like a probe
        FakeOutlet([]),  # type: ignore[arg-type]  # as above
        group,
        lambda: log.now_ms,
        MARGIN_MS,
    )
    made = Lanes(definitions, plans(definitions, Identity(KEY)), around, group, lambda *_: None)
    yield made
    await made.drain(1.0)


async def until_moved(group: Group, count: int) -> None:
    async with asyncio.timeout(5):
        while len(group.moves) < count:
            await asyncio.sleep(0.001)


def samples(lanes: Lanes, monkeypatch: pytest.MonkeyPatch) -> dict[Place, Sample]:
    offered: dict[Place, Sample] = {}
    for place, lane in lanes.lanes.items():
        monkeypatch.setattr(
            lane, "offer", lambda sample, place=place: offered.update({place: sample})
        )
    return offered


async def test_an_assignment_makes_lanes_and_the_next_one_keeps_those_that_stay(
    lanes: Lanes, group: Group
) -> None:
    lanes.take([SURVEYS, CONTACTS])
    await until_moved(group, 2)
    kept = lanes.lanes[SURVEYS]
    lanes.take([SURVEYS, CASES])
    await until_moved(group, 4)
    assert set(lanes.lanes) == {SURVEYS, CASES}
    assert lanes.lanes[SURVEYS] is kept


async def test_a_sample_claims_no_later_instant_than_the_one_before_the_end_was_asked_for(
    lanes: Lanes, log: SlowLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes.take([SURVEYS])
    offered = samples(lanes, monkeypatch)
    await lanes._sample()
    assert offered == {SURVEYS: Sample(42, START_MS - MARGIN_MS)}
    assert log.now_ms == START_MS + 700


async def test_a_derived_partition_is_as_current_as_the_slowest_of_all_its_sources(
    lanes: Lanes, log: SlowLog, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever owns the sources, and settled before the derived log's end is asked for."""
    for partition, as_of_ms in ((0, START_MS - 9_000), (1, START_MS - 4_000)):
        head = Head(0, 0, LogIdentity("cluster", 2), as_of_ms=as_of_ms)
        await store.commit(Place("contacts", partition), Commit(f"c{partition}", NONE, head))
    lanes.take([CASES])
    await asyncio.sleep(0.01)
    log.asked.clear()
    offered = samples(lanes, monkeypatch)
    await lanes._sample()
    assert offered == {CASES: Sample(42, START_MS - 9_000)}
    assert log.asked == ["partitions of contacts", "ends"]


async def test_a_derived_partition_covers_no_more_than_its_sources(
    lanes: Lanes, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A contact before the log's first may have had a repeat; its case needs two windows more."""
    for partition, covered_from_ms in ((0, 0), (1, START_MS - 5_000)):
        log_identity = LogIdentity("cluster", 2)
        head = Head(0, 0, log_identity, as_of_ms=START_MS, covered_from_ms=covered_from_ms)
        await store.commit(Place("contacts", partition), Commit(f"c{partition}", NONE, head))
    lanes.take([CASES])
    offered = samples(lanes, monkeypatch)
    await lanes._sample()
    two_weeks_ms = 2 * Definitions().case.repeat_window_ms
    assert offered == {CASES: Sample(42, START_MS, START_MS - 5_000 + two_weeks_ms)}


async def test_while_a_source_has_no_view_a_derived_partition_claims_nothing(
    lanes: Lanes, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Head(0, 0, LogIdentity("cluster", 2), as_of_ms=START_MS)
    await store.commit(CONTACTS, Commit("c0", NONE, head))
    lanes.take([CASES])
    offered = samples(lanes, monkeypatch)
    await lanes._sample()
    assert offered == {CASES: Sample(42, 0)}


async def test_draining_tells_the_group_where_we_stand_and_lets_go(
    lanes: Lanes, group: Group
) -> None:
    lanes.take([SURVEYS])
    await until_moved(group, 1)
    await lanes.drain(1.0)
    assert group.hints == [{SURVEYS: 0}]
    assert lanes.lanes == {}
