"""A lane: the owner of one partition, from acquisition to the moment somebody else owns it.

             ┌──────── refused: begin anew ────────┐
             v                                     │
    held ─> acquire ─> move the consumer ─> fold ─> commit
             │                               ^        │
             └─ another log: stopped         └────────┘

Commit n is under way while batch n + 1 is folded.

Safety rests on the chain of commits alone: whatever a lane holds in memory, a refusal makes it
throw that away and begin anew from the store. Nothing of Kafka's is trusted but the records and the
positions they were fetched at.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import structlog
from tenacity import RetryCallState

from processor.core.head import Head
from processor.core.view import Changes
from processor.store.contract import (
    Commit,
    Place,
    Refused,
    fresh_commit_id,
)
from processor.stream.acquisition import (
    REMEDY,
    AnotherLogError,
    LaneRules,
    Owned,
    RefusedError,
    Surroundings,
    acquire,
)
from processor.stream.batch import Batch
from processor.stream.patience import RETRY_FIRST_S, RETRY_MAX_S, patiently

T = TypeVar("T")

log = structlog.get_logger(__name__)

INBOX_MAX = 2
"""Batches that wait while one is folded; more would only be memory."""

STALLED_AFTER_S = 1.0
"""A commit that has been failing for this long holds its partition, so that the others go on."""


class Stage(StrEnum):
    """What a lane is doing."""

    ACQUIRING = "acquiring"
    READING = "reading"
    STALLED = "stalled"
    STOPPED = "stopped"


class Sample(NamedTuple):
    """Once position `end` is committed, everything that had arrived until `as_of_ms` is in.

    What its sources do not cover before `covered_from_ms`, a derived view does not either.
    """

    end: int
    as_of_ms: int
    covered_from_ms: int = 0


class Lane:
    """The owner of one partition."""

    def __init__(
        self,
        place: Place,
        rules: LaneRules,
        around: Surroundings,
        on_commit: Callable[[Place, Changes[Any]], None],
    ) -> None:
        """Hold the partition; `run` is to be started as a task."""
        self.place = place
        self.stage = Stage.ACQUIRING
        self.generation = 0
        self._rules = rules
        self._around = around
        self._on_commit = on_commit
        self._owned: Owned | None = None
        self._committed: Head | None = None
        self._commit: asyncio.Task[None] | None = None
        self._inbox: asyncio.Queue[Batch | None] = asyncio.Queue(INBOX_MAX)
        self._sample = Sample(0, 0)
        self._refusals = 0
        self._again = asyncio.Event()

    @property
    def head(self) -> Head | None:
        """The head as this lane last committed it; None before the first time."""
        return self._committed

    @property
    def live_states(self) -> int:
        """How many states are in memory."""
        return self._owned.view.live_states if self._owned else 0

    async def deliver(self, batch: Batch) -> None:
        """Take a batch, as soon as there is room; one that follows an older seek is dropped."""
        if batch.generation == self.generation:
            await self._inbox.put(batch)

    def offer(self, sample: Sample) -> None:
        """Take a sample of the log's end: the next commit that reaches it may claim its instant."""
        if sample.end < self._sample.end and self.stage is Stage.READING:
            log.warning("the log is shorter", place=str(self.place), end=sample.end)
            self.restart()
            sample = Sample(sample.end, 0)
        self._sample = sample
        self._wake()

    def restart(self) -> None:
        """The partition was held: confirm that it is still ours, and read on."""
        self._drop_deliveries()
        self._again.set()
        self._wake()

    async def run(self) -> None:
        """Own the partition until cancelled."""
        while True:
            self._again.clear()
            try:
                await self._own()
            except RefusedError as error:
                self._owned = None
                self.stage = Stage.ACQUIRING
                self._drop_deliveries()
                log.warning("refused", place=str(self.place), detail=str(error))
                await self._give_way()
            except AnotherLogError as error:
                self._owned = None
                self.stage = Stage.STOPPED
                self._drop_deliveries()
                log.critical(
                    "stopped: another log",
                    place=str(self.place),
                    detail=str(error),
                    remedy=REMEDY,
                )
                await self._around.mover.hold(self.place)
                await self._again.wait()

    async def drain(self) -> None:
        """Take nothing more, and see what was folded through to its commit."""
        self._drop_deliveries()
        # A batch that was folded while a commit was under way is committed right after it.
        while self._commit is not None and not self._commit.done():
            await asyncio.wait([self._commit])

    def cancel(self) -> None:
        """Give up whatever is under way: the chain decides whether it happened."""
        if self._commit is not None:
            self._commit.cancel()

    async def _give_way(self) -> None:
        """Wait before the next try, longer each time.

        If Kafka has moved the partition to somebody else, wait until it is ours again.
        """
        pause_s = min(RETRY_MAX_S, RETRY_FIRST_S * 2**self._refusals)
        self._refusals += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(pause_s):
                await self._again.wait()
        if not self._around.mover.owns(self.place):
            await self._again.wait()

    async def _own(self) -> None:
        self.stage = Stage.ACQUIRING
        self._drop_deliveries()
        self._owned = await self._patiently(
            lambda: acquire(self.place, self._rules, self._around, self._owned)
        )
        self._committed = self._owned.view.head
        log.info(
            "acquired",
            place=str(self.place),
            position=self._committed.position,
            live_states=self.live_states,
        )
        await self._move()
        while not self._again.is_set():
            batch = await self._inbox.get()
            if batch is None:
                await self._tick()
            elif batch.generation == self.generation:
                if batch.out_of_range:
                    break
                await self._follow(self._owned.view.fold(batch.records(), batch.end))
        await self._settle()

    async def _tick(self) -> None:
        """Say how current the view is, if nothing else says it."""
        if self._commit is not None and not self._commit.done():
            return
        await self._settle()
        head = self._view_head()
        if head.position >= self._sample.end and self._sample.as_of_ms > head.as_of_ms:
            assert self._owned is not None
            await self._follow(self._owned.view.fold((), head.position))

    async def _follow(self, changes: Changes[Any]) -> None:
        """Commit what was folded, once the commit before it is through."""
        await self._settle()
        self._vouch(changes.head)
        self._commit = asyncio.create_task(self._write(changes), name=f"commit {self.place}")
        self._commit.add_done_callback(lambda _: self._wake())

    async def _settle(self) -> None:
        """Wait for the commit under way."""
        if self._commit is not None:
            try:
                await self._commit
            finally:
                self._commit = None

    def _vouch(self, head: Head) -> None:
        """How current the view will be: as of the sample it reaches, else as of its own clock."""
        if not self._rules.derived and head.clock_ms:
            head.vouch(head.clock_ms - 1 - self._around.clock_margin_ms)
        if head.position >= self._sample.end:
            head.vouch(self._sample.as_of_ms)
        head.covered_from_ms = max(head.covered_from_ms, self._sample.covered_from_ms)
        head.log_end = max(self._sample.end, head.position)

    async def _write(self, changes: Changes[Any]) -> None:
        owned = self._owned
        assert owned is not None
        await self._patiently(lambda: self._around.outlet.bury(self.place, changes.refusals))
        await self._patiently(
            lambda: self._around.outlet.tell(changes.moved, changes.head.clock_ms)
        )
        commit = Commit(
            fresh_commit_id(),
            owned.commit,
            changes.head,
            changes.states,
            changes.panes,
            changes.trimmed_ms,
        )
        answer = await self._patiently(lambda: self._around.store.commit(self.place, commit))
        if isinstance(answer, Refused):
            raise RefusedError(f"{answer.commit} is the head, not {owned.commit}")
        owned.commit = commit.id
        self._committed = changes.head
        self._refusals = 0
        records, position = changes.read.records, changes.head.position
        log.debug("committed", place=str(self.place), position=position, records=records)
        self._on_commit(self.place, changes)
        if self.stage is Stage.STALLED:
            await self._move()

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        return await patiently(attempt, self._on_failure)

    async def _on_failure(self, attempts: RetryCallState) -> None:
        error = attempts.outcome.exception() if attempts.outcome else None
        log.warning(
            "will try again",
            place=str(self.place),
            attempt=attempts.attempt_number,
            detail=repr(error),
        )
        if self.stage is Stage.READING and (attempts.seconds_since_start or 0) > STALLED_AFTER_S:
            self.stage = Stage.STALLED
            self._drop_deliveries()
            await self._around.mover.hold(self.place)

    async def _move(self) -> None:
        self._drop_deliveries()
        self.stage = Stage.READING
        position = self._view_head().position
        await self._around.mover.move(self.place, position, self.generation)

    def _view_head(self) -> Head:
        assert self._owned is not None
        return self._owned.view.head

    def _drop_deliveries(self) -> None:
        """Whatever was or will be delivered from the seek before is stale."""
        self.generation += 1
        while not self._inbox.empty():
            self._inbox.get_nowait()

    def _wake(self) -> None:
        if not self._inbox.full():
            self._inbox.put_nowait(None)
