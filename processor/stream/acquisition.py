"""Taking over a partition: is this still the log of the view, and is the view ours to continue?

Acquisition is a commit like any other: it names the head as its predecessor, so whoever held the
partition before is refused from then on, and nobody changes what is read after it.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from aiokafka.errors import KafkaTimeoutError

from processor.core.head import Head, LogIdentity
from processor.core.view import Plan, View
from processor.store.contract import NONE, Commit, Place, Refused, Store, fresh_commit_id
from processor.stream.outlet import Outlet
from processor.stream.probe import LogBounds, LogProbe

SHORT_TRIES, SHORT_WAIT_S = 5, 1.0
"""How often, and how far apart, a log is looked at that ends before what was read of it."""


REMEDY = (
    "nothing is counted from this partition until somebody brings its log back, or starts a new"
    " view of the new log: another namespace.name"
)
"""What a person can do about another log."""


class Mover(Protocol):
    """What a lane needs of the consumer."""

    async def move(self, place: Place, position: int, generation: int) -> None:
        """Read a partition on at a position; its batches carry the generation."""

    async def hold(self, place: Place) -> None:
        """Fetch nothing from a partition until it is moved."""

    def owns(self, place: Place) -> bool:
        """Whether Kafka assigns the partition to us, as far as we have heard."""


class Surroundings(msgspec.Struct, frozen=True):
    """What all lanes of a worker share.

    Attributes:
        clock_margin_ms: skew allowed between the clocks of hosts and brokers.
    """

    store: Store
    probe: LogProbe
    outlet: Outlet
    mover: Mover
    now_ms: Callable[[], int]
    clock_margin_ms: int


class LaneRules(msgspec.Struct, frozen=True):
    """How a partition becomes a view.

    Attributes:
        reach_ms: how long before its contribution an entity's first event may lie.
        derived: the topic is fed by our own workers, so how current it is depends on its sources.
    """

    plan: Plan[Any]
    reach_ms: int
    derived: bool


class RefusedError(Exception):
    """Somebody else committed to this partition: what is in memory is worth nothing."""


class AnotherLogError(Exception):
    """The log under this name is not the one the view was made from; a person must decide."""


class Owned(msgspec.Struct):
    """A view, and the commit it stands at."""

    view: View[Any]
    commit: str


async def acquire(
    place: Place, rules: LaneRules, around: Surroundings, known: Owned | None
) -> Owned:
    """The partition's view, ours from now on; `known` itself if nobody has touched it since.

    Raises:
        RefusedError: somebody else was faster.
        AnotherLogError: the log is not the view's.
        StoreUnavailableError, KafkaError: try again later.
    """
    bounds = await around.probe.bounds(place)
    found = await around.store.head(place)
    if known is None or found is None or found[0] != known.commit:
        known = await _take_over(place, rules, around, found)
    else:
        await _confirm_log(place, known.view.head, around.probe)
    if known.view.head.position < bounds.start:
        covered_from_ms = await _covered_from_ms(place, rules.reach_ms, around, bounds)
        lost = known.view.lose(bounds.start, covered_from_ms)
        states, panes = lost.states, lost.panes
        commit = Commit(fresh_commit_id(), known.commit, lost.head, states, panes, lost.trimmed_ms)
        known = Owned(known.view, await _link(place, around, commit))
    return known


async def _take_over(
    place: Place,
    rules: LaneRules,
    around: Surroundings,
    found: tuple[str, Head] | None,
) -> Owned:
    if found is None:
        bounds = await around.probe.bounds(place)
        partitions = await around.probe.partitions(place.topic)
        predecessor = NONE
        head = Head(bounds.start, bounds.start, LogIdentity(around.probe.cluster, partitions))
        head.covered_from_ms = await _covered_from_ms(place, rules.reach_ms, around, bounds)
    else:
        predecessor, head = found
        await _confirm_log(place, head, around.probe)
    commit = await _link(place, around, Commit(fresh_commit_id(), predecessor, head))
    stored = await around.store.load(place, commit)
    if isinstance(stored, Refused):
        raise RefusedError(f"{place}: {stored.commit} took over while it was read")
    return Owned(View(rules.plan, stored), commit)


async def _link(place: Place, around: Surroundings, commit: Commit) -> str:
    answer = await around.store.commit(place, commit)
    if isinstance(answer, Refused):
        raise RefusedError(f"{place}: {answer.commit} was faster")
    return commit.id


async def _covered_from_ms(
    place: Place, reach_ms: int, around: Surroundings, bounds: LogBounds
) -> int:
    """From when on panes are whole: a reach after the log's first record.

    A log that is there from its first offset covers everything.
    """
    if bounds.start == 0:
        return 0
    first = await around.probe.record(place, bounds.start) if bounds.end > bounds.start else None
    return (around.now_ms() if first is None else first.arrival_ms) + reach_ms


async def _confirm_log(place: Place, head: Head, probe: LogProbe) -> None:
    if head.log.cluster != probe.cluster:
        raise AnotherLogError(
            f"{place} was read from cluster {head.log.cluster!r}, this is {probe.cluster!r}"
        )
    partitions = await probe.partitions(place.topic)
    if head.log.partitions != partitions:
        raise AnotherLogError(
            f"{place}: the topic had {head.log.partitions} partitions and now has {partitions};"
            " entities have moved"
        )
    bounds = await _bounds_beyond(place, head.position, probe)
    if head.log.offset >= bounds.start:
        last = await probe.record(place, head.log.offset)
        if last is None:
            # It is retained, so it will come: a slow broker is no reason to stop for good.
            raise KafkaTimeoutError(f"the record at {head.log.offset} did not come")
        if last.offset != head.log.offset or last.checksum != head.log.checksum:
            raise AnotherLogError(
                f"{place}: the record at {head.log.offset} is not the one that was read"
            )


async def _bounds_beyond(place: Place, position: int, probe: LogProbe) -> LogBounds:
    """Where the log begins and ends, once it reaches the position.

    A new leader may know less of what is replicated than the one before, for a moment.
    """
    for _ in range(SHORT_TRIES):
        bounds = await probe.bounds(place)
        if position <= bounds.end:
            return bounds
        await asyncio.sleep(SHORT_WAIT_S)
    raise AnotherLogError(f"{place}: position {position} lies beyond the log's end {bounds.end}")
