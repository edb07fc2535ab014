"""The names of a partition's keys, and a commit as what its script is given."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from processor.core.head import Head, LogIdentity
from processor.core.pane import PaneChanges
from processor.store.contract import RECENT_MAX, Commit, Place
from processor.store.layout import (
    NOTE_PANES_MAX,
    Argument,
    Keys,
    journal_id,
    pack_head,
    pane_name,
    parse_pane,
    script_arguments,
    unpack_head,
    unpack_states,
    windows_key,
)

CLOCK_MS = 1_772_442_005_000
PANE, OTHER_PANE = (10_000, 1_772_442_000_000), (60_000, 1_772_442_000_000)
HEAD = Head(7, 0, LogIdentity("cluster", 4), clock_ms=CLOCK_MS)
KEYS = Keys("cxpulse:ab12", Place("surveys", 3))
TAG = "{cxpulse:ab12:surveys:3}"


def commit(panes: PaneChanges | None = None, **changes: object) -> Commit:
    return Commit("b", "a", HEAD, panes=panes or PaneChanges({}, []), **changes)  # type: ignore[arg-type]


def writes(of: Commit) -> Iterator[tuple[str, str, tuple[Argument, ...]]]:
    """The writes as the script reads them: (command, key, arguments)."""
    names, arguments = script_arguments(KEYS, of)
    at = 3
    while at < len(arguments):
        command, key, count = arguments[at : at + 3]
        assert isinstance(command, str)
        yield command, names[int(key) - 1], tuple(arguments[at + 3 : at + 3 + int(count)])
        at += 3 + int(count)


def test_the_keys_of_a_partition_carry_its_tag() -> None:
    assert KEYS.head == f"{TAG}:head"
    assert KEYS.journal == f"{TAG}:journal"
    assert KEYS.recent == f"{TAG}:recent"
    assert KEYS.panes == f"{TAG}:panes"
    assert KEYS.pane(PANE) == f"{TAG}:pane:10000:1772442000000"
    assert windows_key("cxpulse:ab12") == "cxpulse:ab12:windows"


def test_all_keys_of_a_commit_lie_in_one_slot_and_partitions_in_several() -> None:
    changes = PaneChanges({PANE: {"nps": b"1"}}, [OTHER_PANE])
    slots = set()
    for partition in range(8):
        keys = Keys("cxpulse:ab12", Place("surveys", partition))
        names, _ = script_arguments(keys, commit(changes))
        own = {key_slot(name.encode()) for name in names}
        assert len(own) == 1
        slots |= own
    assert len(slots) == 8


@given(st.integers(1, 10**9), st.integers(0, 2**45))
def test_a_pane_parses_back_from_its_name(tier_ms: int, start_ms: int) -> None:
    assert parse_pane(pane_name((tier_ms, start_ms))) == (tier_ms, start_ms)


def test_a_head_unpacks_to_itself() -> None:
    assert unpack_head(pack_head(HEAD)) == HEAD


def test_a_commit_names_its_predecessor_itself_and_the_head() -> None:
    names, arguments = script_arguments(KEYS, commit())
    assert arguments[:3] == ["a", "b", pack_head(HEAD)]
    assert names == [KEYS.head, KEYS.recent, KEYS.journal, KEYS.panes]


def test_a_commit_that_changes_nothing_is_only_noted() -> None:
    assert list(writes(commit())) == [
        ("LPUSH", KEYS.recent, ("b",)),
        ("LTRIM", KEYS.recent, (0, RECENT_MAX - 1)),
    ]


def test_states_go_into_the_journal_before_anything_else_is_written() -> None:
    states = {b"e" * 16: b"state"}
    changes = PaneChanges({PANE: {"nps": b"1"}}, [])
    (command, key, arguments), *others = writes(commit(changes, states=states, trimmed_ms=5))
    assert (command, key) == ("XADD", KEYS.journal)
    entry, field, blob = arguments
    assert (entry, field) == (f"{CLOCK_MS}-7", "states")
    assert unpack_states(blob) == states  # type: ignore[arg-type]  # an argument may be text
    assert others[0] == ("XTRIM", KEYS.journal, ("MINID", 5))


@pytest.mark.parametrize(
    ("clock_ms", "position"), [(CLOCK_MS, 8), (CLOCK_MS + 1, 8), (CLOCK_MS + 1, 1_000)]
)
def test_the_journals_ids_grow_along_the_chain(clock_ms: int, position: int) -> None:
    later = journal_id(Head(position, 0, LogIdentity("cluster", 4), clock_ms=clock_ms))

    def order(entry: str) -> list[int]:
        return [int(part) for part in entry.split("-")]

    assert order(later) > order(journal_id(HEAD))


def test_cells_are_set_zeros_deleted_and_the_pane_indexed_by_its_end() -> None:
    changes = PaneChanges({PANE: {"nps": b"1", "csat": None}}, [])
    assert list(writes(commit(changes)))[:-2] == [
        ("HSET", KEYS.pane(PANE), ("nps", b"1")),
        ("HDEL", KEYS.pane(PANE), ("csat",)),
        ("ZADD", KEYS.panes, (sum(PANE), pane_name(PANE))),
    ]


def test_a_pane_that_is_gone_leaves_the_index_too() -> None:
    assert list(writes(commit(PaneChanges({}, [PANE]))))[:-2] == [
        ("DEL", KEYS.pane(PANE), ()),
        ("ZREM", KEYS.panes, (pane_name(PANE),)),
    ]


def test_no_write_has_more_arguments_than_luas_stack_holds() -> None:
    kept: dict[str, bytes | None] = {f"nps@brand={number}": b"1" for number in range(9_000)}
    zeros: dict[str, bytes | None] = {f"csat@brand={number}": None for number in range(9_000)}
    changes = PaneChanges({PANE: kept | zeros}, [])
    found = list(writes(commit(changes)))
    assert max(len(arguments) for _, _, arguments in found) < 8_000
    told = [x for command, _, arguments in found if command == "HSET" for x in arguments]
    assert dict(zip(told[::2], told[1::2], strict=True)) == kept
    gone = [x for command, _, arguments in found if command == "HDEL" for x in arguments]
    assert gone == list(zeros)


@pytest.mark.parametrize(("count", "noted"), [(NOTE_PANES_MAX, True), (NOTE_PANES_MAX + 1, False)])
def test_the_note_names_the_panes_unless_there_are_too_many(count: int, noted: bool) -> None:
    panes = [(10_000, 10_000 * number) for number in range(count)]
    changes = PaneChanges({pane: {"nps": b"1"} for pane in panes[1:]}, panes[:1])
    ((note,),) = [
        arguments for command, _, arguments in writes(commit(changes)) if command == "LPUSH"
    ]
    assert isinstance(note, str)
    id_, *words = note.split(" ")
    assert id_ == "b"
    assert set(words) == ({pane_name(pane) for pane in panes} if noted else {"*"})
