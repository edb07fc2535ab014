"""The log under a view is not always the view's: it is noticed, and nothing is counted from it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka.errors import UnknownTopicOrPartitionError

from processor.core.record import Record
from processor.store.contract import Place
from processor.stream import acquisition
from processor.stream.batch import Batch
from processor.stream.lane import Sample, Stage
from processor.stream.probe import LogBounds
from tests.stream.bench import PLACE, START_MS, Bench, FakeLog, answer


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.stop()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acquisition, "SHORT_WAIT_S", 0.0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda log: setattr(log, "cluster", "another"), "another cluster"),
        (lambda log: setattr(log, "partition_count", 2), "more partitions"),
        (lambda log: setattr(log, "records", log.records[:2]), "a shorter log"),
        (lambda log: log.records.__setitem__(-1, answer(4, rating=1)), "another last record"),
    ],
)
async def test_another_log_under_the_same_name_stops_the_partition(
    change: object, why: str
) -> None:
    bench = Bench()
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    before = await bench.store.head(PLACE)
    change(bench.log)  # type: ignore[operator]  # a function of the log
    heir = Bench(bench.log, bench.store)
    await heir.until(lambda: heir.lane.stage is Stage.STOPPED)
    assert await bench.store.head(PLACE) == before, why
    await bench.stop()
    await heir.stop()


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("again", [5, 0])
async def test_a_log_that_was_replaced_stops_its_owner_too(bench: Bench, again: int) -> None:
    """By a shorter one, as when a leader is elected that missed records, or by an empty one."""
    bench.log.records += [answer(n) for n in range(10)]
    await bench.until_committed(10)
    bench.lane.offer(Sample(10, START_MS))
    bench.log.records[:] = [answer(n, rating=1) for n in range(again)]
    bench.lane.offer(Sample(again, START_MS + 60_000))
    await bench.until(lambda: bench.lane.stage is Stage.STOPPED)
    bench.log.records[:] = [answer(n, rating=1) for n in range(20)]
    bench.lane.offer(Sample(20, START_MS + 120_000))
    assert bench.consumer.held
    assert await bench.ratings() == 10
    found = await bench.store.head(PLACE)
    assert found is not None
    assert found[1].as_of_ms <= START_MS + 10_000, "it vouches for what it cannot know"


@pytest.mark.usefixtures("_impatient")
async def test_a_topic_that_has_got_more_partitions_stops_its_owner(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    bench.log.partition_count = 8
    bench.lane.restart()
    await bench.until(lambda: bench.lane.stage is Stage.STOPPED)


async def test_a_new_leader_that_is_behind_for_a_moment_is_waited_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acquisition, "SHORT_WAIT_S", 0.001)
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    whole, bench.log.records = bench.log.records, bench.log.records[:4]
    asked = []

    async def bounds(place: Place) -> LogBounds:
        asked.append(place)
        if len(asked) == 3:
            bench.log.records = whole
        return LogBounds(0, bench.log.end)

    monkeypatch.setattr(bench.log, "bounds", bounds)
    bench.lane.restart()
    await bench.until(lambda: len(asked) > 2 and bench.lane.stage is Stage.READING)
    bench.log.records.append(answer(5))
    await bench.until_committed(6)


async def test_deliveries_to_a_lane_that_is_not_reading_hold_up_nobody(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    generation = bench.lane.generation
    bench.log.cluster = "another"
    bench.lane.restart()
    await bench.until(lambda: bench.lane.stage is Stage.STOPPED)
    async with asyncio.timeout(1):
        for _ in range(10):
            await bench.lane.deliver(Batch(PLACE, generation, 5, 6))
            await bench.lane.deliver(Batch(PLACE, generation + 1, 5, 6))


class ForgetfulLog(FakeLog):
    """Brokers that do not know their topics for a while, then cannot find a record."""

    def __init__(self, log: FakeLog) -> None:
        super().__init__()
        self.records, self._refusals = log.records, 2

    async def partitions(self, topic: str) -> int:
        if self._refused():
            raise UnknownTopicOrPartitionError(topic)
        return await super().partitions(topic)

    async def record(self, place: Place, offset: int) -> Record | None:
        return None if self._refused() else await super().record(place, offset)

    def _refused(self) -> bool:
        self._refusals -= 1
        return self._refusals >= 0


async def test_brokers_that_do_not_know_yet_are_asked_again() -> None:
    bench = Bench()
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    heir = Bench(ForgetfulLog(bench.log), bench.store)
    bench.log.records.append(answer(5))
    await heir.until_committed(6)
    await bench.stop()
    await heir.stop()
