"""What all entities share: the registers of life and death, and when an entity counts.

The codes below 8 mean the same in every entity; each entity's own registers begin at
FIRST_OWN_CODE.
"""

from collections.abc import Callable

from msgspec import Struct

from processor.core.identity import Identity
from processor.core.state import Register, State, Version, merge, version_of
from schemas.event import AnyEvent

NEWEST: Register = 0
"""facts: nothing but the newest version of all admitted events, withdrawals excepted."""
WITHDRAWN: Register = 1
"""facts: nothing but the newest version of all withdrawals."""
DIMENSION = 2
"""facts, per dimension of the entity's slices: the value's index."""
FIRST_OWN_CODE = 8

ANCHOR: Register = 0
"""least, most: the anchor in whole seconds; the earliest and the latest that were claimed."""

FATE: Register = 0
"""marks: the bits below."""
PERMANENT = 1
OVERSIZED = 2
EXCLUDED = {"test": 4, "bot": 8, "internal": 16}
_EXCLUDED_BITS = sum(EXCLUDED.values())

ANCHOR_SLACK_MS = 5 * 60_000
"""A fact may lie this long before its entity's anchor: sources round, and their clocks differ."""

ANCHOR_CONFLICT_MIN_S = 2
"""Anchors that differ by less come from rounding (two shapes of one contact carry ms and s)."""


CODE_MASK = 0xFF


def register(code: int, instance: int) -> Register:
    """The register of a field that exists once per question, segment, order or instant."""
    return instance << 8 | code


def code_of(register: Register) -> int:
    """Which field a register is."""
    return register & CODE_MASK


def instance_of(register: Register) -> int:
    """The question, segment, order or instant that a register belongs to."""
    return register >> 8


def lift_life(event: AnyEvent, identity: Identity, *, anchored: bool) -> tuple[State, Version]:
    """A state that says only that the event was there, and the event's version."""
    version = (0, event.occurred_at, identity.event(event.event_id))
    state = State({version: {NEWEST: 0}})
    if anchored and event.created_at is not None:
        anchor_s = event.created_at // 1000
        state.least[ANCHOR] = anchor_s
        state.most[ANCHOR] = anchor_s
    if event.excluded is not None:
        state.marks[FATE] = EXCLUDED[event.excluded]
    return state, version


def withdraw(state: State, version: Version, *, permanent: bool | None) -> State:
    """The lifted state of a withdrawal: it is no event that keeps an entity counting."""
    state.facts[version] = {WITHDRAWN: 0}
    if permanent:
        state.marks[FATE] = state.marks.get(FATE, 0) | PERMANENT
    return state


class Standing(Struct, frozen=True):
    """How an entity stands.

    Attributes:
        anchor_ms: when it began; None if no event said.
        newest_ms: occurred_at of the newest event that is no withdrawal; None if there is none.
        kept: neither excluded nor withdrawn, so that its quality is worth a remark.
        oversized: beyond its bound.
        anchor_conflict: its sources disagree about the anchor.
    """

    anchor_ms: int | None
    newest_ms: int | None
    kept: bool
    oversized: bool
    anchor_conflict: bool


def standing(state: State) -> Standing:
    """How an entity stands: the one place that reads the registers of life."""
    newest = version_of(state, NEWEST)
    withdrawn = version_of(state, WITHDRAWN)
    fate = state.marks.get(FATE, 0)
    anchor_s = state.least.get(ANCHOR)
    taken_back = withdrawn is not None and (newest is None or newest <= withdrawn)
    return Standing(
        anchor_ms=None if anchor_s is None else anchor_s * 1000,
        newest_ms=None if newest is None else newest[1],
        kept=not (taken_back or fate & (PERMANENT | _EXCLUDED_BITS)),
        oversized=is_oversized(state),
        anchor_conflict=anchor_s is not None
        and state.most[ANCHOR] - anchor_s >= ANCHOR_CONFLICT_MIN_S,
    )


def is_oversized(state: State) -> bool:
    """Whether the state was beyond its bound once: that is for ever."""
    return bool(state.marks.get(FATE, 0) & OVERSIZED)


def alive_until_ms(state: State, life_ms: int) -> int:
    """The last instant at which the state is alive: it is dead when the clock is later."""
    anchor_s = state.least.get(ANCHOR)
    if anchor_s is not None:
        return anchor_s * 1000 + life_ms
    seen = [version_of(state, NEWEST), version_of(state, WITHDRAWN)]
    return max(version[1] for version in seen if version is not None) + life_ms


def join_bounded(before: State, addition: State, bounded: Callable[[State], State]) -> State:
    """The merge of the two, within the entity's bound; `before` itself if nothing is new."""
    after = merge(before, addition)
    if after is before:
        return before
    within = bounded(after)
    # What is cut away again was no news: of an oversized state only a few registers are left.
    return before if within is not after and within == before else within


def oversize(state: State, keep: frozenset[Register] = frozenset()) -> State:
    """What is left of a state beyond its bound: what life and withdrawal need, and `keep`."""
    kept = keep | {NEWEST, WITHDRAWN}
    facts = {
        version: short
        for version, said in state.facts.items()
        if (short := {code: content for code, content in said.items() if code in kept})
    }
    return State(
        facts,
        {ANCHOR: state.least[ANCHOR]} if ANCHOR in state.least else {},
        {ANCHOR: state.most[ANCHOR]} if ANCHOR in state.most else {},
        {FATE: state.marks.get(FATE, 0) | OVERSIZED},
    )
