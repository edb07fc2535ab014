"""All lanes of a worker: which partitions are ours, and how current their views may claim to be.

A rebalance revokes and assigns everything; a lane whose partition stays keeps its memory and only
confirms that nobody touched the view meanwhile.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any, NoReturn, Protocol

import structlog

from processor.core.definitions import Definitions
from processor.core.plan import Plans
from processor.core.view import Changes
from processor.store.contract import Place
from processor.stream.acquisition import LaneRules, Mover, Surroundings
from processor.stream.batch import Batch
from processor.stream.lane import Lane, Sample
from processor.stream.patience import AWAY

log = structlog.get_logger(__name__)

SAMPLE_EVERY_S = 1.0
"""How often the ends of logs are asked for: a view that has nothing to read is at most so old."""

HINT_EVERY_S = 5.0
"""How often the group is told how far we are, for whoever looks at its lag."""

HINT_TIMEOUT_S = 1.0
"""How long the last word to the group may take: a consumer that crashed never answers."""

EXIT_BROKEN = 70
"""The exit status (EX_SOFTWARE of sysexits.h) after an error that nobody foresaw."""


class Group(Mover, Protocol):
    """What the lanes need of the consumer."""

    async def hint(self, positions: dict[Place, int]) -> bool:
        """Tell the group how far we are; whether it took it."""


class Lanes:
    """The lanes of one worker."""

    def __init__(
        self,
        definitions: Definitions,
        plans: Plans,
        around: Surroundings,
        group: Group,
        on_commit: Callable[[Place, Changes[Any]], None],
    ) -> None:
        """Start without any partition."""
        self.lanes: dict[Place, Lane] = {}
        self._definitions = definitions
        self._plans = plans
        self._around = around
        self._group = group
        self._on_commit = on_commit
        # What settles a repeat window after a contact depends on those a window before it.
        self._case_reach_ms = 2 * definitions.case.repeat_window_ms
        self._tasks: dict[Place, asyncio.Task[None]] = {}
        self._chores: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to sample the ends of logs, and to tell the group how far we are."""
        self._chores = [_task(self._sampling()), _task(self._hinting())]

    def take(self, places: Iterable[Place]) -> None:
        """These partitions are ours now, and held; all others are not ours any more."""
        ours = set(places)
        for place in self.lanes.keys() - ours:
            self._leave(place)
        for place in ours & self.lanes.keys():
            self.lanes[place].restart()
        for place in ours - self.lanes.keys():
            lane = Lane(place, self._rules(place.topic), self._around, self._on_commit)
            self.lanes[place] = lane
            self._tasks[place] = _task(lane.run())
        log.info("assigned", places=sorted(map(str, ours)))

    async def deliver(self, batch: Batch) -> None:
        """Hand a batch to its lane."""
        lane = self.lanes.get(batch.place)
        if lane is not None:
            await lane.deliver(batch)

    async def drain(self, timeout_s: float) -> None:
        """See commits under way through, for so long at most, and let go of all partitions."""
        for chore in self._chores:
            chore.cancel()
        drained = [asyncio.create_task(lane.drain()) for lane in self.lanes.values()]
        if drained:
            await asyncio.wait(drained, timeout=timeout_s)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._group.hint(self._positions()), HINT_TIMEOUT_S)
        for place in list(self.lanes):
            self._leave(place)

    def _rules(self, topic: str) -> LaneRules:
        plan = self._plans.of(topic)
        if self._is_derived(topic):
            return LaneRules(plan, self._case_reach_ms, derived=True)
        reach_ms = next(t.reach_ms for t in self._definitions.topics if t.name == topic)
        return LaneRules(plan, reach_ms, derived=False)

    def _is_derived(self, topic: str) -> bool:
        return topic == self._plans.cases_topic

    def _leave(self, place: Place) -> None:
        self._tasks.pop(place).cancel()
        lane = self.lanes.pop(place)
        lane.cancel()
        log.info("released", place=str(place), position=lane.head.position if lane.head else None)

    def _positions(self) -> dict[Place, int]:
        heads = {place: lane.head for place, lane in self.lanes.items()}
        return {place: head.position for place, head in heads.items() if head is not None}

    async def _sampling(self) -> None:
        while True:
            await asyncio.sleep(SAMPLE_EVERY_S)
            try:
                await self._sample()
            except AWAY as error:
                log.info("no sample", detail=repr(error))

    async def _sample(self) -> None:
        """Ask where our logs end; what a sample may claim is settled *before* the question."""
        if not self.lanes:
            return
        now_ms = self._around.now_ms() - self._around.clock_margin_ms
        claims = {False: (now_ms, 0)}
        if any(self._is_derived(place.topic) for place in self.lanes):
            claims[True] = await self._derived_claims()
        ends = await self._around.probe.ends(self.lanes)
        for place, end in ends.items():
            lane = self.lanes.get(place)
            if lane is not None:
                lane.offer(Sample(end, *claims[self._is_derived(place.topic)]))

    async def _derived_claims(self) -> tuple[int, int]:
        """As of when, and from when on, a derived view may claim to be whole.

        The smallest as-of of all partitions it is fed from, 0 if any has none; and a case's reach
        after the latest that any of them covers from. It does not matter who owns them.
        """
        places = [
            Place(topic.name, partition)
            for topic in self._definitions.topics
            if topic.entity == "contact"
            for partition in range(await self._around.probe.partitions(topic.name))
        ]
        found = await asyncio.gather(*(self._around.store.head(place) for place in places))
        as_of_ms = min((head[1].as_of_ms if head else 0 for head in found), default=0)
        covered_ms = max((head[1].covered_from_ms for head in found if head), default=0)
        return as_of_ms, covered_ms + self._case_reach_ms if covered_ms else 0

    async def _hinting(self) -> None:
        while True:
            await asyncio.sleep(HINT_EVERY_S)
            await self._group.hint(self._positions())


def _task(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_end_worker_if_broken)
    return task


def end_broken(error: BaseException) -> NoReturn:
    """End the worker at once after an error nobody foresaw.

    The store has all that was committed, and nothing else counts.
    """
    log.critical("broken", exc_info=error)
    os._exit(EXIT_BROKEN)


def _end_worker_if_broken(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        end_broken(error)
