"""What an entity's events add up to: a state, which is a join of them.

A state is what its events still say. Four kinds of register, each with a join that is commutative,
associative and idempotent, so that their product is too:

    facts   the greatest (version, content) per register    a field's newest value
    least   the smallest instant                            an anchor, a first answer
    most    the largest instant                             the latest anchor that was claimed
    marks   the union of bits                               exclusions, reopenings, activity

Facts are grouped by the version that stated them: {version: {register: content}}, each register
under one version only. So a version stands once however much its event said, and the packed bytes
(msgpack) are small.

What no event said has no register: absent is the neutral element. Law
(tests/laws/test_states_join.py): any order, duplication and grouping of merges gives the same
state. No entity's meaning lives here.
"""

from collections.abc import Callable, Mapping
from operator import or_
from typing import TypeAlias

import msgspec

Register: TypeAlias = int
"""`instance << 8 | code`: which field, and of which question, segment or order (0 where there is
only one)."""

Version: TypeAlias = tuple[int, int, int]
"""(shape, occurred_ms, event hash); shape is 1 for what a contact's complete record says of a
segment, else 0."""

Content: TypeAlias = int | bytes | tuple[int, ...]
"""A register's value. All contents of one register are of one type, so that a tie can be decided by
content."""

Facts: TypeAlias = dict[Version, dict[Register, Content]]

STATE_LAYOUT = 1
"""A part of the fingerprint: counted up when packed bytes change, so that old bytes are never read
as new ones."""


class State(msgspec.Struct, array_like=True, gc=False):
    """An entity's registers. Never changed in place once it has been merged."""

    facts: Facts = msgspec.field(default_factory=dict)
    least: dict[Register, int] = msgspec.field(default_factory=dict)
    most: dict[Register, int] = msgspec.field(default_factory=dict)
    marks: dict[Register, int] = msgspec.field(default_factory=dict)


pack: Callable[[State], bytes] = msgspec.msgpack.Encoder().encode
"""The state as bytes; `unpack(pack(state)) == state`."""

unpack: Callable[[bytes], State] = msgspec.msgpack.Decoder(State).decode
"""The state whose bytes these are; raises msgspec.DecodeError if they are none."""


def merge(before: State, addition: State) -> State:
    """The join of two states; `before` itself if the addition says nothing new."""
    facts = before.facts
    for version, said in addition.facts.items():
        facts = _stated(facts, version, said)
    least = _joined(before.least, addition.least, min)
    most = _joined(before.most, addition.most, max)
    marks = _joined(before.marks, addition.marks, or_)
    if (
        facts is before.facts
        and least is before.least
        and most is before.most
        and marks is before.marks
    ):
        return before
    return State(facts, least, most, marks)


def contents(state: State) -> dict[Register, Content]:
    """What the facts say, whoever said it: {register: content}."""
    flat: dict[Register, Content] = {}
    for said in state.facts.values():
        flat |= said
    return flat


def version_of(state: State, register: Register) -> Version | None:
    """The version that states a register; None if nothing was said of it."""
    for version, said in state.facts.items():
        if register in said:
            return version
    return None


def _stated(facts: Facts, version: Version, said: Mapping[Register, Content]) -> Facts:
    """The facts with what one event said; `facts` itself if that is nothing new."""
    winning = dict(said)
    older: Facts = {}
    for known, others in facts.items():
        if others.keys().isdisjoint(winning):
            continue
        if known < version:
            older[known] = others
        elif known > version:
            winning = {key: value for key, value in winning.items() if key not in others}
        else:
            winning = {key: max(value, others.get(key, value)) for key, value in winning.items()}
    stated = facts.get(version, {})
    merged = stated | winning
    if merged == stated:
        return facts
    left = {known: _without(others, winning) for known, others in older.items()}
    return {known: others for known, others in (facts | left | {version: merged}).items() if others}


def _without(
    said: Mapping[Register, Content], taken: Mapping[Register, Content]
) -> dict[Register, Content]:
    return {key: value for key, value in said.items() if key not in taken}


def _joined(
    ours: dict[Register, int], theirs: Mapping[Register, int], join: Callable[[int, int], int]
) -> dict[Register, int]:
    changed = {}
    for key, value in theirs.items():
        known = ours.get(key)
        joined = value if known is None else join(known, value)
        if joined != known:
            changed[key] = joined
    return ours | changed if changed else ours
