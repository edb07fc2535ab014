"""What every store promises, held against each of them."""

import asyncio
import random

from processor.core.head import Head, LogIdentity
from processor.core.pane import Cells, Pane, PaneChanges
from processor.store.contract import (
    NONE,
    RECENT_MAX,
    Applied,
    Commit,
    Place,
    Refused,
    Store,
    fresh_commit_id,
)

PLACE = Place("surveys", 0)
PANE = (10_000, 1_772_442_000_000)
OTHER_PANE = (3_600_000, 1_772_442_000_000)
EPOCH_MS = 1_772_442_000_000


def head(position: int, clock_ms: int = EPOCH_MS) -> Head:
    return Head(position, 0, LogIdentity("cluster", 4), clock_ms=clock_ms)


def commit(id_: str, predecessor: str, position: int = 0, **changes: object) -> Commit:
    return Commit(id_, predecessor, head(position), **changes)  # type: ignore[arg-type]


def cells(**values: bytes | None) -> PaneChanges:
    return PaneChanges({PANE: dict(values)}, [])


async def test_a_partition_nobody_committed_to_has_no_head(store: Store) -> None:
    assert await store.head(PLACE) is None
    assert await store.read(PLACE, NONE) is None


async def test_the_first_commit_follows_nothing(store: Store) -> None:
    assert await store.commit(PLACE, commit("a", "somebody")) == Refused(NONE)
    assert await store.commit(PLACE, commit("a", NONE, 7)) == Applied()
    assert await store.head(PLACE) == ("a", head(7))


async def test_a_commit_sent_again_is_answered_applied_and_changes_nothing(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE))
    second = commit("b", "a", 5, states={b"e" * 16: b"state"}, panes=cells(nps=b"1"))
    assert await store.commit(PLACE, second) == Applied()
    once = await store.load(PLACE, "b")
    assert await store.commit(PLACE, second) == Applied()
    assert await store.load(PLACE, "b") == once


async def test_a_commit_that_does_not_follow_the_head_is_refused_whole(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE))
    await store.commit(PLACE, commit("b", "a", 5, panes=cells(nps=b"1")))
    before = await store.load(PLACE, "b")
    late = commit("c", "a", 9, states={b"e" * 16: b"state"}, panes=cells(nps=b"2", csat=b"1"))
    assert await store.commit(PLACE, late) == Refused("b")
    assert await store.load(PLACE, "b") == before


async def test_an_earlier_commit_sent_late_is_refused(store: Store) -> None:
    first = commit("a", NONE)
    await store.commit(PLACE, first)
    await store.commit(PLACE, commit("b", "a"))
    assert await store.commit(PLACE, first) == Refused("b")


async def test_partitions_have_chains_of_their_own(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE))
    assert await store.commit(Place("surveys", 1), commit("b", NONE)) == Applied()
    assert await store.commit(Place("carts", 0), commit("c", NONE)) == Applied()


async def test_cells_are_absolute_and_a_cell_that_is_zero_again_is_gone(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE, panes=cells(nps=b"1", csat=b"2")))
    await store.commit(PLACE, commit("b", "a", panes=cells(nps=b"3", csat=None)))
    stored = await store.load(PLACE, "b")
    assert not isinstance(stored, Refused)
    assert stored.panes == {PANE: {"nps": b"3"}}


async def test_a_pane_that_is_gone_leaves_nothing(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE, panes=cells(nps=b"1")))
    await store.commit(PLACE, commit("b", "a", panes=PaneChanges({}, [PANE])))
    stored = await store.load(PLACE, "b")
    assert not isinstance(stored, Refused)
    assert stored.panes == {}


async def test_cell_names_may_hold_any_text(store: Store) -> None:
    odd = {"nps@brand=Größe 1,channel=e mail": b"\x00\xff", "csat": b""}
    await store.commit(PLACE, commit("a", NONE, panes=PaneChanges({PANE: dict(odd)}, [])))
    reading = await store.read(PLACE, NONE)
    assert reading is not None
    assert reading.panes == {PANE: odd}


async def test_the_journal_gives_back_the_newest_state_of_each_entity(store: Store) -> None:
    one, two = b"1" * 16, b"2" * 16
    await store.commit(PLACE, Commit("a", NONE, head(1, EPOCH_MS), {one: b"old", two: b"x"}))
    await store.commit(PLACE, Commit("b", "a", head(2, EPOCH_MS + 1), {one: b"new"}))
    stored = await store.load(PLACE, "b")
    assert not isinstance(stored, Refused)
    assert stored.states == {one: b"new", two: b"x"}
    assert [(clock, set(written)) for clock, written in stored.written] == [
        (EPOCH_MS, {one, two}),
        (EPOCH_MS + 1, {one}),
    ]


async def test_the_journal_is_trimmed_by_the_clock_at_which_it_was_written(store: Store) -> None:
    one, two = b"1" * 16, b"2" * 16
    await store.commit(PLACE, Commit("a", NONE, head(1, EPOCH_MS), {one: b"1"}))
    trimming = Commit("b", "a", head(2, EPOCH_MS + 10), {two: b"2"}, trimmed_ms=EPOCH_MS + 10)
    await store.commit(PLACE, trimming)
    stored = await store.load(PLACE, "b")
    assert not isinstance(stored, Refused)
    assert stored.states == {two: b"2"}
    assert [clock for clock, _ in stored.written] == [EPOCH_MS + 10]


async def test_a_view_is_loaded_only_by_whoever_holds_the_head(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE))
    assert await store.load(PLACE, "b") == Refused("a")
    assert await store.load(Place("surveys", 3), "a") == Refused(NONE)


async def test_a_reader_gets_what_changed_since_the_commit_it_knows(store: Store) -> None:
    await store.commit(PLACE, commit("a", NONE, panes=cells(nps=b"1")))
    other = PaneChanges({OTHER_PANE: {"csat": b"2"}}, [])
    await store.commit(PLACE, commit("b", "a", 3, panes=other))
    await store.commit(PLACE, commit("c", "b", 4, panes=PaneChanges({}, [PANE])))
    everything = await store.read(PLACE, NONE)
    assert everything is not None
    assert (everything.whole, everything.panes) == (True, {OTHER_PANE: {"csat": b"2"}})
    since = await store.read(PLACE, "a")
    assert since is not None
    assert (since.commit, since.head, since.whole) == ("c", head(4), False)
    assert since.panes == {OTHER_PANE: {"csat": b"2"}, PANE: {}}
    nothing = await store.read(PLACE, "c")
    assert nothing is not None
    assert (nothing.commit, nothing.whole, nothing.panes) == ("c", False, {})


async def test_a_reader_whose_commit_is_forgotten_gets_everything(store: Store) -> None:
    await store.commit(PLACE, commit("first", NONE, panes=cells(nps=b"1")))
    predecessor = "first"
    for number in range(RECENT_MAX):
        await store.commit(PLACE, commit(f"c{number}", predecessor, number))
        predecessor = f"c{number}"
    forgotten = await store.read(PLACE, "first")
    assert forgotten is not None
    assert (forgotten.whole, forgotten.panes) == (True, {PANE: {"nps": b"1"}})
    remembered = await store.read(PLACE, "c0")
    assert remembered is not None
    assert not remembered.whole


async def test_a_commit_may_be_large(store: Store) -> None:
    many = {f"nps@brand={number}": b"\x01" * 20 for number in range(5_000)}
    panes = {(60_000, EPOCH_MS + 60_000 * at): {"nps": b"1"} for at in range(600)}
    states = {number.to_bytes(16, "big"): b"state" * 10 for number in range(3_000)}
    changes = PaneChanges({PANE: dict(many), **panes}, [])
    await store.commit(PLACE, commit("a", NONE, states=states, panes=changes))
    stored = await store.load(PLACE, "a")
    assert not isinstance(stored, Refused)
    assert stored.states == states
    assert stored.panes == {PANE: many, **panes}
    zeros = PaneChanges({PANE: dict.fromkeys(list(many)[1:])}, list(panes))
    await store.commit(PLACE, commit("b", "a", panes=zeros))
    reading = await store.read(PLACE, NONE)
    assert reading is not None
    assert reading.panes == {PANE: {"nps@brand=0": b"\x01" * 20}}


async def test_of_owners_who_fight_each_step_is_taken_once(store: Store) -> None:
    """Three owners retry, get lost replies and start over; the head counts what was applied."""
    steps, chance = 60, random.Random(1)
    await store.commit(PLACE, commit("start", NONE))

    async def own() -> None:
        while True:
            found = await store.head(PLACE)
            assert found is not None
            predecessor, current = found
            if current.position >= steps:
                return
            position = current.position + 1
            attempt = Commit(
                fresh_commit_id(),
                predecessor,
                head(position, EPOCH_MS + position),
                {position.to_bytes(16, "big"): b"s"},
                cells(nps=str(position).encode()),
            )
            for _ in range(chance.randint(1, 3)):  # The reply was lost, so it is sent again.
                answer = await store.commit(PLACE, attempt)
                await asyncio.sleep(0)
            assert isinstance(answer, Applied | Refused)

    await asyncio.gather(own(), own(), own())
    found = await store.head(PLACE)
    assert found is not None
    stored = await store.load(PLACE, found[0])
    assert not isinstance(stored, Refused)
    assert set(stored.states) == {at.to_bytes(16, "big") for at in range(1, steps + 1)}
    assert len(stored.written) == steps
    assert stored.panes == {PANE: {"nps": str(steps).encode()}}


async def test_a_reading_is_in_one_piece_with_its_head(store: Store) -> None:
    """Every commit writes its number into the head and two panes; no reading mixes two commits."""
    await store.commit(PLACE, commit("0", NONE, panes=_twice(0)))
    seen: list[int] = []

    async def write() -> None:
        for number in range(1, 200):
            step = commit(str(number), str(number - 1), number, panes=_twice(number))
            await store.commit(PLACE, step)
            await asyncio.sleep(0)

    async def read() -> None:
        known = NONE
        panes: dict[Pane, Cells] = {}
        while not seen or seen[-1] < 199:
            reading = await store.read(
                PLACE, known if random.Random(len(seen)).random() < 0.8 else NONE
            )
            assert reading is not None
            panes = {**({} if reading.whole else panes), **reading.panes}
            known = reading.commit
            number = reading.head.position
            assert panes[PANE]["nps"] == panes[OTHER_PANE]["nps"] == str(number).encode()
            seen.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(write(), read())
    assert seen == sorted(seen)
    assert len(set(seen)) > 3


async def test_published_windows_are_replaced_by_newer_ones_only(store: Store) -> None:
    assert await store.published_windows() == (0, {})
    await store.publish_windows(EPOCH_MS, {"cx_nps_score": "41.5", "gone later": "1"})
    await store.publish_windows(EPOCH_MS + 1, {"cx_nps_score": "42.0"})
    await store.publish_windows(EPOCH_MS, {"cx_nps_score": "0"})
    assert await store.published_windows() == (EPOCH_MS + 1, {"cx_nps_score": "42.0"})


def _twice(number: int) -> PaneChanges:
    value = str(number).encode()
    return PaneChanges({PANE: {"nps": value}, OTHER_PANE: {"nps": value}}, [])
