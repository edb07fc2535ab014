"""What a partition looks like in Redis: its keys, and a commit as arguments of its script.

All keys of a partition carry one hash tag, `{<namespace>:<topic>:<partition>}`, so they live in one
slot and one script may touch them all:

    {tag}:head                  hash    commit (id), head (JSON)
    {tag}:journal               stream  <clock_ms>-<position>: the states a commit changed
    {tag}:recent                list    the last commits, newest first: "<id> <pane> <pane> ..."
    {tag}:panes                 zset    the names of the panes there are, by their end
    {tag}:pane:<tier>:<start>   hash    cell name -> packed vector
    <namespace>:windows         hash    the rolling windows, published by an exporter
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from processor.core.head import Head
from processor.core.pane import Pane
from processor.store.contract import RECENT_MAX, Commit, Place

Argument: TypeAlias = str | bytes | int

NOTE_PANES_MAX = 200
"""A commit that touches more panes is noted as `*`: then it is cheaper to read everything."""

_PAIRS_MAX = 1000
"""Arguments of one write go through Lua's stack, which holds 8000."""

_RECENT, _JOURNAL, _PANES, _FIRST_PANE = 2, 3, 4, 5
"""The numbers of the keys in commit.lua; 1 is the head."""

pack_head = msgspec.json.Encoder().encode
unpack_head = msgspec.json.Decoder(Head).decode
pack_states = msgspec.msgpack.Encoder().encode
unpack_states = msgspec.msgpack.Decoder(dict[bytes, bytes]).decode


class Keys:
    """The names of one partition's keys."""

    def __init__(self, namespace: str, place: Place) -> None:
        """Form the names."""
        tag = f"{{{namespace}:{place.topic}:{place.partition}}}"
        self.head = f"{tag}:head"
        self.journal = f"{tag}:journal"
        self.recent = f"{tag}:recent"
        self.panes = f"{tag}:panes"
        self.pane_prefix = f"{tag}:pane:"

    def pane(self, pane: Pane) -> str:
        """The key of a pane."""
        return self.pane_prefix + pane_name(pane)


def windows_key(namespace: str) -> str:
    """The key of the published windows."""
    return f"{namespace}:windows"


def pane_name(pane: Pane) -> str:
    """A pane's name: `<tier>:<start>`, both in ms."""
    return f"{pane[0]}:{pane[1]}"


def parse_pane(name: str) -> Pane:
    """The pane of a name."""
    tier, _, start = name.partition(":")
    return int(tier), int(start)


def journal_id(head: Head) -> str:
    """The id of the journal's entry: grows along the chain, and tells its age."""
    return f"{head.clock_ms}-{head.position}"


def script_arguments(keys: Keys, commit: Commit) -> tuple[list[str], list[Argument]]:
    """A commit as keys and arguments of commit.lua."""
    panes = [*commit.panes.cells, *commit.panes.gone]
    number = {pane: at for at, pane in enumerate(panes, start=_FIRST_PANE)}
    arguments: list[Argument] = [commit.predecessor, commit.id, pack_head(commit.head)]
    for command, key, values in _writes(commit, number):
        arguments += (command, key, len(values), *values)
    names = [keys.head, keys.recent, keys.journal, keys.panes, *map(keys.pane, panes)]
    return names, arguments


def _writes(
    commit: Commit, number: Mapping[Pane, int]
) -> Iterator[tuple[str, int, Sequence[Argument]]]:
    if commit.states:
        # First, because no other write could be refused: the stream only takes ids that grow.
        blob = pack_states(commit.states)
        yield "XADD", _JOURNAL, (journal_id(commit.head), "states", blob)
    if commit.trimmed_ms > 0:
        yield "XTRIM", _JOURNAL, ("MINID", commit.trimmed_ms)
    for pane, cells in commit.panes.cells.items():
        yield from _cell_writes(number[pane], cells)
        yield "ZADD", _PANES, (sum(pane), pane_name(pane))
    for pane in commit.panes.gone:
        yield "DEL", number[pane], ()
        yield "ZREM", _PANES, (pane_name(pane),)
    touched = [pane_name(pane) for pane in number]
    note = [commit.id, *(touched if len(touched) <= NOTE_PANES_MAX else ["*"])]
    yield "LPUSH", _RECENT, (" ".join(note),)
    yield "LTRIM", _RECENT, (0, RECENT_MAX - 1)


def _cell_writes(
    number: int, cells: Mapping[str, bytes | None]
) -> Iterator[tuple[str, int, Sequence[Argument]]]:
    kept = [(cell, packed) for cell, packed in cells.items() if packed is not None]
    zero = [cell for cell, packed in cells.items() if packed is None]
    for at in range(0, len(kept), _PAIRS_MAX):
        yield "HSET", number, [x for pair in kept[at : at + _PAIRS_MAX] for x in pair]
    for at in range(0, len(zero), _PAIRS_MAX):
        yield "HDEL", number, zero[at : at + _PAIRS_MAX]
