"""When things go wrong with a lane nothing is lost, nothing counts twice, nobody waits for ever."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from processor.core.record import Record
from processor.store.contract import Commit, fresh_commit_id
from processor.stream.lane import Sample, Stage
from tests.stream.bench import MARGIN_MS, PLACE, START_MS, Bench, FakeLog, FlakyStore, answer


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.stop()


async def intrude(bench: Bench) -> None:
    """Somebody else takes the partition over."""
    found = await bench.store.head(PLACE)
    assert found is not None
    await bench.store.commit(PLACE, Commit(fresh_commit_id(), found[0], found[1]))


async def test_records_become_commits_in_the_order_of_the_log(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(10)]
    await bench.until_committed(10)
    assert bench.lane.head is not None
    assert bench.lane.head.accounting.applied == 10
    assert bench.lane.head.is_accounted
    assert await bench.ratings() == 10


async def test_a_new_owner_reads_on_where_the_store_stands(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    heir = Bench(bench.log, bench.store)
    heir.log.records += [answer(n) for n in range(5, 8)]
    await heir.until_committed(8)
    assert heir.consumer.moves[0][0] == 5
    assert await heir.ratings() == 8
    await heir.stop()


async def test_whoever_is_refused_starts_over_from_the_store(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(4)]
    await bench.until_committed(4)
    await intrude(bench)
    bench.log.records += [answer(n) for n in range(4, 9)]
    await bench.until_committed(9)
    assert bench.consumer.moves[-1][0] == 4
    assert await bench.ratings() == 9


async def test_a_lost_reply_does_no_harm(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    bench.store.replies_lost = 2
    bench.log.records += [answer(n) for n in range(3, 6)]
    await bench.until_committed(6)
    assert await bench.ratings() == 6
    assert len(bench.consumer.moves) == 1


async def test_a_store_that_is_away_holds_the_partition_and_nothing_is_lost(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("processor.stream.lane.STALLED_AFTER_S", 0.0)
    bench.log.records += [answer(n) for n in range(2)]
    await bench.until_committed(2)
    bench.store.away = True
    bench.log.records += [answer(n) for n in range(2, 30)]
    await bench.until(lambda: bench.lane.stage is Stage.STALLED)
    assert bench.consumer.held
    bench.store.away = False
    await bench.until_committed(30)
    assert bench.lane.stage is Stage.READING
    assert await bench.ratings() == 30


async def test_dead_letters_are_acknowledged_before_the_commit_that_passes_them(
    bench: Bench,
) -> None:
    bench.outlet.failures = 2
    bench.log.records += [answer(0), Record(1, START_MS, b"forms:x", b"{"), answer(2)]
    await bench.until_committed(3)
    assert bench.outlet.buried == [(1, "undecodable")]
    assert bench.happened.index("buried 1") < bench.happened.index("committed 3")
    assert bench.lane.head is not None
    assert bench.lane.head.accounting.dead_letter == {"undecodable": 1}


async def test_positions_that_retention_took_are_lost_on_record(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    bench.log.records = [answer(n) for n in range(20, 23)]
    bench.log.start = 20
    bench.lane.restart()
    await bench.until_committed(23)
    assert bench.lane.head is not None
    assert bench.lane.head.accounting.lost == 17
    assert bench.lane.head.is_accounted
    assert bench.lane.head.covered_from_ms == START_MS + 20_000 + 86_400_000


async def test_retention_that_overtakes_a_reader_is_found_while_it_reads(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    bench.log.start = 9
    bench.log.records = [answer(n) for n in range(9, 11)]
    position, generation = 3, bench.lane.generation
    await bench.consumer.move(PLACE, position, generation)
    await bench.until_committed(11)
    assert bench.lane.head is not None
    assert bench.lane.head.accounting.lost == 6


async def test_a_first_view_of_a_log_that_was_cut_says_from_when_on_it_is_whole() -> None:
    log = FakeLog()
    log.start, log.records = 7, [answer(7)]
    bench = Bench(log)
    await bench.until_committed(8)
    assert bench.lane.head is not None
    assert bench.lane.head.start == 7
    assert bench.lane.head.covered_from_ms == START_MS + 7_000 + 86_400_000
    await bench.stop()


async def test_whoever_is_refused_and_not_assigned_leaves_the_partition_alone(
    bench: Bench,
) -> None:
    bench.log.records += [answer(n) for n in range(5)]
    await bench.until_committed(5)
    bench.consumer.owned = False
    await intrude(bench)
    theirs = await bench.store.head(PLACE)
    bench.log.records.append(answer(5))
    await bench.until(lambda: bench.lane.stage is Stage.ACQUIRING)
    for _ in range(200):
        await asyncio.sleep(0.001)
    assert await bench.store.head(PLACE) == theirs
    bench.consumer.owned = True
    bench.lane.restart()
    await bench.until_committed(6)


async def test_a_rebalance_that_leaves_the_partition_here_costs_no_reload(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(4)]
    await bench.until_committed(4)
    view = bench.lane._owned
    bench.lane.restart()
    bench.log.records += [answer(n) for n in range(4, 6)]
    await bench.until_committed(6)
    assert bench.lane._owned is not None
    assert view is not None
    assert bench.lane._owned.view is view.view
    assert await bench.ratings() == 6


async def test_a_batch_of_an_older_seek_is_dropped(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    stale = bench.lane.generation - 1
    await bench.consumer.move(PLACE, 0, stale)
    await asyncio.sleep(0.05)
    assert await bench.ratings() == 3


async def test_a_view_that_lags_is_current_as_of_its_own_clock(bench: Bench) -> None:
    bench.lane.offer(Sample(end=100, as_of_ms=START_MS + 999_999))
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    assert bench.lane.head is not None
    assert bench.lane.head.as_of_ms == START_MS + 2_000 - 1 - MARGIN_MS
    assert bench.lane.head.log_end == 100


async def test_a_view_that_reaches_the_sampled_end_is_current_as_of_the_sample(
    bench: Bench,
) -> None:
    bench.lane.offer(Sample(end=3, as_of_ms=START_MS + 60_000))
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    assert bench.lane.head is not None
    assert bench.lane.head.as_of_ms == START_MS + 60_000


async def test_a_view_covers_no_more_than_its_sample_says(bench: Bench) -> None:
    bench.lane.offer(Sample(1, START_MS + 5_000, covered_from_ms=START_MS))
    bench.log.records.append(answer(0))
    await bench.until_committed(1)
    found = await bench.store.head(PLACE)
    assert found is not None
    assert found[1].covered_from_ms == START_MS


async def test_when_nothing_arrives_a_sample_alone_moves_the_view_on(bench: Bench) -> None:
    bench.log.records += [answer(0)]
    await bench.until_committed(1)
    bench.lane.offer(Sample(end=1, as_of_ms=START_MS + 5_000))
    await bench.until(
        lambda: bench.lane.head is not None and bench.lane.head.as_of_ms == START_MS + 5_000
    )
    bench.lane.offer(Sample(end=1, as_of_ms=START_MS + 4_000))
    bench.lane.offer(Sample(end=2, as_of_ms=START_MS + 9_000))
    await asyncio.sleep(0.05)
    assert bench.lane.head is not None
    assert bench.lane.head.as_of_ms == START_MS + 5_000


async def test_draining_sees_what_was_folded_through_to_its_commit(bench: Bench) -> None:
    bench.log.records += [answer(n) for n in range(9)]
    await bench.until(lambda: bench.lane.head is not None and bench.lane.head.position > 0)
    await bench.lane.drain()
    found = await bench.store.head(PLACE)
    assert found is not None
    assert bench.lane.head is not None
    assert found[1].position == bench.lane.head.position
    assert await bench.ratings() == found[1].position


async def test_a_store_that_was_wiped_is_filled_again_from_the_log() -> None:
    bench = Bench()
    bench.log.records += [answer(n) for n in range(6)]
    await bench.until_committed(6)
    bench.store._partitions.clear()
    bench.log.records += [answer(n) for n in range(6, 8)]
    await bench.until_committed(8)
    assert bench.consumer.moves[-1][0] == 0
    assert await bench.ratings() == 8
    await bench.stop()


async def test_a_store_that_was_rolled_back_is_read_on_from_where_it_stands() -> None:
    bench = Bench()
    bench.log.records += [answer(n) for n in range(3)]
    await bench.until_committed(3)
    copy = FlakyStore([])
    older = Bench(bench.log, copy)
    await older.until_committed(3)
    await older.stop()
    bench.log.records += [answer(n) for n in range(3, 6)]
    await bench.until_committed(6)
    bench.store._partitions = copy._partitions
    bench.log.records += [answer(n) for n in range(6, 8)]
    await bench.until_committed(8)
    assert await bench.ratings() == 8
    await bench.stop()
