"""One step: the state before and what an event adds give the state after, and the delta.

    after = join(before, addition)        delta = contribution(after) - contribution(before)

An edited survey, a reopened case, a late checkout and a new event all take this one path: the old
contribution is withdrawn, the new one added. That is sound because what decides a contribution is
fixed within a namespace, so `contribution(before)` is exactly what was added.
"""

from typing import Generic, Protocol, TypeVar

import msgspec

from processor.core.contribution import Contribution, Delta, difference
from processor.core.slice import Slices

S = TypeVar("S")


class Rules(Protocol[S]):
    """What an entity's room provides. All but `slices` are pure functions of their arguments."""

    @property
    def slices(self) -> Slices:
        """The slices the entity's counts are kept in."""

    def join(self, before: S, addition: S) -> S:
        """The join within the entity's bound; `before` itself if nothing is new."""

    def bounded(self, state: S) -> S:
        """The state itself, or what is left of it if it is beyond the entity's bound."""

    def contribution(self, state: S) -> Contribution:
        """What the state counts for."""

    def recall(self, state: S, clock_ms: int) -> S | None:
        """The state as it is met when the partition's clock is at `clock_ms`.

        None if it is dead.
        """

    def pack(self, state: S) -> bytes:
        """The state as bytes."""

    def unpack(self, packed: bytes) -> S:
        """The state whose bytes these are."""


class Known(msgspec.Struct, Generic[S]):
    """A state and what it counts for."""

    state: S
    contribution: Contribution


def known(rules: Rules[S], state: S) -> Known[S]:
    """A state with its contribution."""
    return Known(state, rules.contribution(state))


def step(rules: Rules[S], before: Known[S] | None, addition: S) -> tuple[Known[S], Delta]:
    """The state after, and the delta.

    `before` itself and no delta if the addition says nothing new.
    """
    if before is None:
        after = known(rules, rules.bounded(addition))
        return after, difference((), after.contribution)
    state = rules.join(before.state, addition)
    if state is before.state:
        return before, []
    after = known(rules, state)
    return after, difference(before.contribution, after.contribution)
