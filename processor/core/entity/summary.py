"""What a case needs to know of a contact: a projection of the contact's state, itself a state.

The projection keeps registers or leaves them out, never computes with them, and never leaves out
what it kept of an earlier state. So the summaries of one contact join to the newest one, in any
order and however often they arrive: at least once delivery is enough.

Anybody who may write to the derived topic can write what decodes as a summary. `is_sound` tells
whether a contact can ever be like that; what is sound can be folded.
"""

import msgspec

from processor.core.entity.contact import (
    CUSTOMER,
    DIRECTION,
    ISSUE,
    REOPENED,
    RESOLVED,
    SEGMENT,
    TRANSFER,
)
from processor.core.entity.dimension import QUEUE
from processor.core.entity.life import (
    ANCHOR,
    DIMENSION,
    FATE,
    NEWEST,
    WITHDRAWN,
    code_of,
    instance_of,
    register,
    standing,
)
from processor.core.entity.segment import (
    ANSWERED_AT_CODE,
    ENDED_AT_CODE,
    QUEUE_CODES,
    WRAP_CODE_CODE,
    legs,
)
from processor.core.identity import ENTITY_HASH_SIZE
from processor.core.slice import NONE, Slices
from processor.core.state import Content, Register, State, contents

_ALWAYS = {DIMENSION, DIRECTION, CUSTOMER, ISSUE, RESOLVED, TRANSFER, WRAP_CODE_CODE} | QUEUE_CODES
_AGENT_CODES = frozenset({ANSWERED_AT_CODE, ENDED_AT_CODE})
_STANDING_CODES = frozenset({NEWEST, WITHDRAWN})


ANCHOR_SIZE = 8


class Summary(msgspec.Struct, frozen=True, array_like=True):
    """One contact as its customer's case sees it: the contact's name and its projected state.

    The name is the contact's 16-byte hash, or `final_name` of one whose id is in other hands
    already.
    """

    contact: bytes
    state: State


pack_summary = msgspec.msgpack.Encoder().encode
unpack_summary = msgspec.msgpack.Decoder(Summary).decode


def is_sound(summary: Summary, slices: Slices, latest_ms: int) -> bool:
    """Whether a contact of these slices can be like that.

    Its name has the length of one. It began in time, `latest_ms` at the latest. Every register is
    stated once and holds what a contact puts there: labels are those of the slices, and no leg is
    of an unknown segment.
    """
    state = summary.state
    if len(summary.contact) not in (ENTITY_HASH_SIZE, ENTITY_HASH_SIZE + ANCHOR_SIZE):
        return False
    if ANCHOR not in state.least or ANCHOR not in state.most:
        return False
    if not 0 <= state.least[ANCHOR] <= state.most[ANCHOR] <= latest_ms // 1000:
        return False
    stated = [key for said in state.facts.values() for key in said]
    marked = state.marks.items()
    if len(set(stated)) < len(stated) or any(key < 0 or bits < 0 for key, bits in marked):
        return False
    segments = [instance_of(key) for key in state.marks if code_of(key) == SEGMENT]
    return _is_said(contents(state), segments, slices)


def _is_said(said: dict[Register, Content], segments: list[int], slices: Slices) -> bool:
    """Whether a contact of these slices, with these segments, can say all this."""
    for key, content in said.items():
        whole = isinstance(content, int)
        if key == CUSTOMER:
            whole = isinstance(content, bytes) and len(content) == ENTITY_HASH_SIZE
        if key < 0 or not whole:
            return False
    try:
        queues = [leg.queue for leg in legs(said, segments)]
    except KeyError:  # A leg of a segment that is not among them.
        return False
    dimensions = range(len(slices.dimensions))
    labels = [(at, said.get(register(DIMENSION, at), NONE)) for at in dimensions]
    if QUEUE in slices.dimensions:
        at = slices.dimensions.index(QUEUE)
        labels += [(at, queue) for queue in queues if queue is not None]
    return all(_is_label(slices, at, label) for at, label in labels)


def _is_label(slices: Slices, at: int, label: Content) -> bool:
    """Whether a dimension has such a label."""
    if not isinstance(label, int) or label < NONE:
        return False
    try:
        slices.value_name(at, label)
    except IndexError:
        return False
    return True


def project(state: State) -> State:
    """The registers of a contact that its case needs."""
    said = contents(state)
    kept_codes = set(_ALWAYS)
    if WITHDRAWN in said:
        kept_codes |= _STANDING_CODES
    if sum(code_of(key) == ANSWERED_AT_CODE for key in said) > 1:
        # Two agents: their times tell a transfer from a consultation.
        kept_codes |= _AGENT_CODES
    facts = {
        version: kept
        for version, spoken in state.facts.items()
        if (kept := {key: value for key, value in spoken.items() if code_of(key) in kept_codes})
    }
    instances = {instance_of(key) for kept in facts.values() for key in kept}
    marks = {
        key: bits
        for key, bits in state.marks.items()
        if key == FATE
        or code_of(key) == REOPENED
        or (code_of(key) == SEGMENT and instance_of(key) in instances)
    }
    return State(facts, dict(state.least), dict(state.most), marks)


def final_name(contact: bytes, state: State) -> bytes:
    """The name of a dead contact: its hash and its anchor, for its id may be given again."""
    return contact[:ENTITY_HASH_SIZE] + state.least[ANCHOR].to_bytes(ANCHOR_SIZE, "big")


def final_anchor_s(name: bytes) -> int | None:
    """The anchor in a final name; None if the name is of a contact that lives."""
    return int.from_bytes(name[ENTITY_HASH_SIZE:], "big") if len(name) > ENTITY_HASH_SIZE else None


def addressees(before: State | None, after: State) -> set[bytes]:
    """The customers whose cases must hear of a change: the contact's before and its after.

    Nobody, if the contact has no anchor yet or nothing changed that a case looks at.
    """
    if ANCHOR not in after.least:
        return set()
    told = _spoken(project(after))
    if before is not None and ANCHOR in before.least and _spoken(project(before)) == told:
        return set()
    sides = (after,) if before is None else (before, after)
    customers = {contents(side).get(CUSTOMER) for side in sides}
    return {customer for customer in customers if isinstance(customer, bytes)}


def _spoken(state: State) -> tuple[object, ...]:
    """What a summary says, whichever event said it; and whether the contact still stands.

    That one is decided by the versions of two registers whose contents never change.
    """
    return contents(state), state.least, state.most, state.marks, standing(state).kept
