"""Taking a partition over: what is committed, what is kept, and what stops it."""

import pytest

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.core.plan import plans
from processor.core.view import Stored
from processor.store.contract import Commit, Place, Refused, fresh_commit_id
from processor.store.memory_store import MemoryStore
from processor.stream.acquisition import (
    AnotherLogError,
    LaneRules,
    Owned,
    RefusedError,
    Surroundings,
    acquire,
)
from tests.stream.bench import MARGIN_MS, PLACE, START_MS, FakeConsumer, FakeLog, FakeOutlet, answer
from tests.world import KEY

REACH_MS = 1_000
RULES = LaneRules(plans(Definitions(), Identity(KEY)).sources["surveys"], REACH_MS, derived=False)


def around(log: FakeLog, store: MemoryStore) -> Surroundings:
    return Surroundings(
        store,
        log,  # type: ignore[arg-type]  # asks and answers like a probe
        FakeOutlet([]),  # type: ignore[arg-type]  # as above
        FakeConsumer(log),
        lambda: START_MS,
        MARGIN_MS,
    )


def cut_log(*offsets: int, start: int) -> FakeLog:
    log = FakeLog()
    log.start, log.records = start, [answer(offset) for offset in offsets]
    return log


async def take(log: FakeLog, store: MemoryStore, known: Owned | None = None) -> Owned:
    return await acquire(PLACE, RULES, around(log, store), known)


async def test_the_first_owner_begins_the_chain_at_the_logs_start() -> None:
    store = MemoryStore()
    owned = await take(cut_log(4, 5, start=4), store)
    head = owned.view.head
    assert (head.start, head.position) == (4, 4)
    assert (head.log.cluster, head.log.partitions) == ("cluster", 1)
    assert await store.head(PLACE) == (owned.commit, head)


@pytest.mark.parametrize(
    ("log", "covered_from_ms"),
    [
        (cut_log(0, start=0), 0),
        (cut_log(4, start=4), START_MS + 4_000 + REACH_MS),
        (FakeLog(), 0),
    ],
)
async def test_a_log_covers_everything_or_what_its_first_record_can_have_begun(
    log: FakeLog, covered_from_ms: int
) -> None:
    assert (await take(log, MemoryStore())).view.head.covered_from_ms == covered_from_ms


async def test_a_log_that_retention_has_emptied_covers_what_comes_from_now_on() -> None:
    class Emptied(FakeLog):
        end = 9

    log = Emptied()
    log.start = 9
    assert (await take(log, MemoryStore())).view.head.covered_from_ms == START_MS + REACH_MS


async def test_taking_over_is_a_commit_that_refuses_whoever_held_the_partition() -> None:
    log, store = cut_log(0, 1, start=0), MemoryStore()
    before = await take(log, store)
    after = await take(log, store)
    assert after.commit != before.commit
    late = Commit(fresh_commit_id(), before.commit, before.view.head)
    assert await store.commit(PLACE, late) == Refused(after.commit)


async def test_what_nobody_touched_is_kept_without_a_commit() -> None:
    log, store = cut_log(0, 1, start=0), MemoryStore()
    owned = await take(log, store)
    assert await take(log, store, owned) is owned
    assert (await store.head(PLACE) or ("", None))[0] == owned.commit


async def test_what_somebody_touched_is_read_anew() -> None:
    log, store = cut_log(0, 1, start=0), MemoryStore()
    owned = await take(log, store)
    await store.commit(PLACE, Commit("theirs", owned.commit, owned.view.head))
    again = await take(log, store, owned)
    assert again.view is not owned.view


async def test_whoever_is_overtaken_while_reading_is_refused() -> None:
    class Raced(MemoryStore):
        async def load(self, place: Place, commit: str) -> Stored | Refused:
            found = await self.head(place)
            assert found is not None
            await self.commit(place, Commit("theirs", commit, found[1]))
            return await super().load(place, commit)

    with pytest.raises(RefusedError, match="theirs took over while it was read"):
        await take(cut_log(0, start=0), Raced())


async def test_whoever_is_overtaken_before_the_commit_is_refused() -> None:
    class Raced(MemoryStore):
        async def commit(self, place: Place, commit: Commit) -> Refused:
            return Refused("theirs")

    with pytest.raises(RefusedError, match="theirs was faster"):
        await take(cut_log(0, start=0), Raced())


async def test_positions_that_retention_took_are_committed_as_lost() -> None:
    store = MemoryStore()
    owned = await take(cut_log(0, 1, start=0), store)
    again = await take(cut_log(7, start=5), store, owned)
    head = again.view.head
    assert (head.position, head.accounting.lost) == (5, 5)
    assert head.covered_from_ms == START_MS + 7_000 + REACH_MS
    assert await store.head(PLACE) == (again.commit, head)


async def test_a_record_that_retention_took_cannot_be_compared_and_need_not_be() -> None:
    log, store = cut_log(0, 1, start=0), MemoryStore()
    owned = await take(log, store)
    changes = owned.view.fold(log.records, 2)
    await store.commit(PLACE, Commit("read", owned.commit, changes.head))
    assert (await take(cut_log(2, start=2), store)).view.head.position == 2


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("cluster", "other", "was read from cluster 'cluster', this is 'other'"),
        ("partition_count", 4, "had 1 partitions and now has 4; entities have moved"),
        ("records", [answer(0)], "position 2 lies beyond the log's end 1"),
        ("records", [answer(0), answer(1, rating=3)], "the record at 1 is not the one"),
    ],
)
async def test_another_log_is_told_from_the_views_own(
    attribute: str, value: object, words: str
) -> None:
    log, store = cut_log(0, 1, start=0), MemoryStore()
    owned = await take(log, store)
    changes = owned.view.fold(log.records, 2)
    await store.commit(PLACE, Commit("read", owned.commit, changes.head))
    setattr(log, attribute, value)
    with pytest.raises(AnotherLogError, match=words):
        await take(log, store)
    assert (await store.head(PLACE) or ("", None))[0] == "read"
