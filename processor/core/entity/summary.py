"""What a customer's case needs to know of a contact: a projection of the contact's state, itself a state.

The projection keeps registers or leaves them out, never computes with them, and never leaves out what it kept of an
earlier state. So the summaries of one contact join to the newest one, in any order and however often they arrive: at
least once delivery is enough.
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
from processor.core.entity.life import (
    ANCHOR,
    DIMENSION,
    FATE,
    NEWEST,
    WITHDRAWN,
    code_of,
    instance_of,
)
from processor.core.entity.segment import (
    ANSWERED_AT_CODE,
    ENDED_AT_CODE,
    QUEUE_CODES,
    WRAP_CODE_CODE,
)
from processor.core.state import Content, Register, State, contents

_ALWAYS = {DIMENSION, DIRECTION, CUSTOMER, ISSUE, RESOLVED, TRANSFER, WRAP_CODE_CODE} | QUEUE_CODES
_AGENT_CODES = frozenset({ANSWERED_AT_CODE, ENDED_AT_CODE})
_STANDING_CODES = frozenset({NEWEST, WITHDRAWN})


class Summary(msgspec.Struct, frozen=True, array_like=True):
    """One contact as its customer's case sees it: the contact's 16-byte hash and its projected state."""

    contact: bytes
    state: State


pack_summary = msgspec.msgpack.Encoder().encode
unpack_summary = msgspec.msgpack.Decoder(Summary).decode


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


def addressees(before: State | None, after: State) -> set[bytes]:
    """The customers whose cases must hear of a change: those the contact belonged to before and belongs to after.

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


def _spoken(state: State) -> tuple[dict[Register, Content], dict[int, int], dict[int, int]]:
    """What a summary says, whichever event said it."""
    return contents(state), state.least, state.marks
