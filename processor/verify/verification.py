"""One verification: the log replayed, and Redis and the exporter held against it.

First Redis, pane by pane, at the positions its heads claim; then the exporter, window by window, at
the positions its numbers were made from. Sources are exact while traffic goes on. Cases are
compared when the contacts are at rest, since no head says which contacts a case has heard of.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from processor.core.definitions import Definitions
from processor.core.head import Head
from processor.core.identity import Identity
from processor.store.contract import NONE, Place, Reading, Store
from processor.verify.comparison import compare_accounts, compare_panes, compare_series
from processor.verify.oracle import CASES, Oracle
from processor.verify.replay import Replay
from processor.verify.report import Check, Report
from processor.verify.snapshot import Snapshot, take_snapshot

T = TypeVar("T")

REST_TRIES_MAX = 20
REST_EVERY_S = 0.5


class VerifyPlan(msgspec.Struct, frozen=True):
    """Everything a verification is given.

    Attributes:
        kafka: the options of an aiokafka client.
        url: of the exporter; None: only Redis is compared.
    """

    namespace: str
    definitions: Definitions
    identity: Identity
    kafka: dict[str, Any]
    cases_topic: str
    url: str | None


class Verification:
    """One verification."""

    def __init__(self, plan: VerifyPlan, store: Store, on_progress: Callable[[int], None]) -> None:
        """Nothing is read before `run`."""
        self._plan = plan
        self._store = store
        self._on_progress = on_progress
        self._panes = Check("cells of panes in Redis")
        self._series = Check("series of the exporter")
        self._accounts = Check("accounts of partitions")
        self._remarks: list[str] = []

    async def run(self) -> Report:
        """Compare everything.

        Raises:
            ReplayError: the log is cut after the view began, or silent.
            NoSnapshotError: the exporter cannot be asked.
            StoreUnavailableError, KafkaError: as they say.
        """
        async with AIOKafkaConsumer(
            **self._plan.kafka,
            isolation_level="read_committed",
            auto_offset_reset="none",
            enable_auto_commit=False,
        ) as consumer:
            readings, resting = await self._taken_at_rest(consumer, self._read, _heads_of)
            cases = [place for place in readings if place.topic == self._plan.cases_topic]
            oracle = Oracle(self._plan.definitions, self._plan.identity, len(cases) or 1)
            replay = Replay(consumer, oracle, self._on_progress)
            await self._advance(replay, _heads_of(readings))
            self._compare_redis(replay, readings, resting)
            if self._plan.url is not None:
                url = self._plan.url
                snapshot, resting = await self._taken_at_rest(
                    consumer, lambda: take_snapshot(url), lambda taken: taken.heads
                )
                await self._advance(replay, snapshot.heads)
                self._compare_exporter(replay, snapshot, resting)
        checks = [self._accounts, self._panes, self._series]
        return Report(self._plan.namespace, replay.records, checks, self._remarks)

    async def _read(self) -> dict[Place, Reading]:
        """Every partition's head and panes."""
        readings: dict[Place, Reading] = {}
        for topic in (
            *(topic.name for topic in self._plan.definitions.topics),
            self._plan.cases_topic,
        ):
            partition = 0
            while (reading := await self._store.read(Place(topic, partition), NONE)) is not None:
                readings[Place(topic, partition)] = reading
                partition += 1
        return readings

    async def _taken_at_rest(
        self,
        consumer: AIOKafkaConsumer,
        take: Callable[[], Awaitable[T]],
        heads_of: Callable[[T], Mapping[Place, Head]],
    ) -> tuple[T, bool]:
        """Something taken when every contact and every summary of one had been read.

        And whether that came about: else it is what was taken last.
        """
        for _ in range(REST_TRIES_MAX):
            taken = await take()
            heads = heads_of(taken)
            related = [place for place in heads if self._is_related(place)]
            partitions = [TopicPartition(place.topic, place.partition) for place in related]
            ends = await consumer.end_offsets(partitions)
            if all(heads[p].position == ends[t] for p, t in zip(related, partitions, strict=True)):
                return taken, True
            await asyncio.sleep(REST_EVERY_S)
        return taken, False

    def _is_related(self, place: Place) -> bool:
        contacts = [t.name for t in self._plan.definitions.topics if t.entity == "contact"]
        return place.topic in (*contacts, self._plan.cases_topic)

    async def _advance(self, replay: Replay, heads: Mapping[Place, Head]) -> None:
        sources = {p: head for p, head in heads.items() if p.topic != self._plan.cases_topic}
        starts = {place: head.start for place, head in sources.items()}
        await replay.advance(starts, {place: head.position for place, head in sources.items()})

    def _compare_redis(
        self, replay: Replay, readings: Mapping[Place, Reading], resting: bool
    ) -> None:
        for place, reading in readings.items():
            compare_accounts(self._accounts, place, reading.head, replay.accounts.get(place))
            if place.topic != self._plan.cases_topic:
                panes = replay.oracle.panes(place.topic, place.partition)
            elif resting:
                panes = replay.oracle.panes(CASES, place.partition, reading.head.clock_ms)
            else:
                continue
            compare_panes(self._panes, place, panes, reading.panes)
        if not resting:
            self._remarks.append("cases in Redis, because contacts kept arriving")

    def _compare_exporter(self, replay: Replay, snapshot: Snapshot, resting: bool) -> None:
        as_of_ms = {
            (CASES if place.topic == self._plan.cases_topic else place.topic, place.partition): (
                head.as_of_ms
            )
            for place, head in snapshot.heads.items()
        }
        windows = replay.oracle.windows(snapshot.now_ms, as_of_ms)
        if not resting:
            self._remarks.append("cases in the exporter, because contacts kept arriving")
        compare_series(self._series, windows, snapshot.series, with_cases=resting)


def _heads_of(readings: Mapping[Place, Reading]) -> dict[Place, Head]:
    return {place: reading.head for place, reading in readings.items()}
