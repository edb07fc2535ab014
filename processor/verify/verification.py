"""One verification: the log replayed, and Redis and the exporter held against it.

First Redis, pane by pane, at the positions its heads claim; then the exporter, window by window, at
the positions its numbers were made from. Sources are exact while traffic goes on. Cases are
compared when the contacts are at rest, since no head says which contacts a case has heard of.

Kafka says which partitions there are, not the views: one without a view, and whatever else could
not be compared, is a remark in the report.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from math import isinf
from typing import Any, TypeVar, get_args

import msgspec
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.structs import TopicPartition

from processor.core.definitions import Definitions, EntityName, Window
from processor.core.head import Head
from processor.core.identity import Identity
from processor.store.contract import NONE, Place, Reading, Store
from processor.verify.comparison import (
    EntityWindow,
    compare_accounts,
    compare_panes,
    compare_series,
    pane_time,
)
from processor.verify.oracle import CASES, Oracle
from processor.verify.replay import Replay
from processor.verify.report import Check, Extent, Report
from processor.verify.snapshot import Snapshot, take_snapshot

T = TypeVar("T")

REST_TRIES_MAX = 20
REST_EVERY_S = 0.5

_RESTLESS = "contacts kept arriving, or not all of them have been read"
_ENTITIES: tuple[EntityName, ...] = get_args(EntityName)


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
        sources = plan.definitions.topics
        contacts = [topic.name for topic in sources if topic.entity == "contact"]
        self._related = [*contacts, plan.cases_topic] if contacts else []
        """The topics of contacts and of the summaries of them."""
        self._topics = list(dict.fromkeys([*(topic.name for topic in sources), *self._related]))
        self._partitions: dict[str, int] = {}
        self._claimed: dict[str, int] = {}
        self._panes = Check("cells of panes in Redis")
        self._series = Check("series of the exporter")
        self._accounts = Check("accounts of partitions")
        self._remarks: list[str] = []

    async def run(self) -> Report:
        """Compare everything.

        Raises:
            ReplayError: the log is cut while it is read, or silent.
            NoSnapshotError: the exporter cannot be asked.
            StoreUnavailableError, KafkaError: as they say.
        """
        self._partitions = await self._ask_partitions()
        async with AIOKafkaConsumer(
            **self._plan.kafka,
            isolation_level="read_committed",
            auto_offset_reset="none",
            enable_auto_commit=False,
        ) as consumer:
            readings, resting = await self._taken_at_rest(consumer, self._read, _heads_of)
            self._remarks += self._gaps(readings)
            extents = await _extents(consumer, _heads_of(readings))
            cases = self._partitions.get(self._plan.cases_topic, 1)
            oracle = Oracle(self._plan.definitions, self._plan.identity, cases)
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
        checks = [self._accounts, self._panes]
        if self._plan.url is not None:
            checks.append(self._series)
        return Report(self._plan.namespace, replay.records, extents, checks, self._remarks)

    async def _ask_partitions(self) -> dict[str, int]:
        """How many partitions each of our topics has; none for a topic that is not there.

        Raises:
            KafkaError: Kafka cannot say it of a topic now.
        """
        admin = AIOKafkaAdminClient(**self._plan.kafka)
        await admin.start()
        try:
            # Brokers may make a topic that is asked for by its name, so all are asked for.
            told = await admin.describe_topics()
        finally:
            await admin.close()
        ours = [topic for topic in told if topic["topic"] in self._topics]
        for topic in ours:
            if topic["error_code"]:
                raise for_code(topic["error_code"])(topic["topic"])
        return {topic["topic"]: len(topic["partitions"]) for topic in ours}

    async def _read(self) -> dict[Place, Reading]:
        """The head and the panes of every partition that has any and that Kafka has."""
        readings: dict[Place, Reading] = {}
        for topic in self._topics:
            partition, count = 0, max(1, self._partitions.get(topic, 0))
            while partition < count:
                place = Place(topic, partition)
                reading = await self._store.read(place, NONE)
                if reading is not None:
                    # A view may have been made when the topic had more partitions.
                    count = max(count, partition + 1, reading.head.log.partitions)
                if reading is not None and self._is_in_kafka(place):
                    readings[place] = reading
                partition += 1
            self._claimed[topic] = count
        return readings

    def _gaps(self, readings: Mapping[Place, Reading]) -> Iterator[str]:
        """The topics and partitions that only Kafka or only a view knows of."""
        for topic in self._topics:
            if topic not in self._partitions:
                yield f"{topic}: Kafka has no such topic"
                continue
            for place in (Place(topic, n) for n in range(self._claimed[topic])):
                if not self._is_in_kafka(place):
                    yield f"{place}: Kafka has no such partition, though a view says so"
                elif place not in readings:
                    yield f"{place} has no view yet"

    def _is_in_kafka(self, place: Place) -> bool:
        return place.partition < self._partitions.get(place.topic, 0)

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
            related = [
                Place(topic, partition)
                for topic in self._related
                for partition in range(self._partitions.get(topic, 0))
            ]
            if any(place not in heads for place in related):
                return taken, False
            ends = await _ends(consumer, related)
            if all(heads[place].position == end for place, end in ends.items()):
                return taken, True
            await asyncio.sleep(REST_EVERY_S)
        return taken, False

    async def _advance(self, replay: Replay, heads: Mapping[Place, Head]) -> None:
        sources = {
            place: head
            for place, head in heads.items()
            if place.topic != self._plan.cases_topic and self._is_in_kafka(place)
        }
        starts = {place: head.start for place, head in sources.items()}
        await replay.advance(starts, {place: head.position for place, head in sources.items()})

    def _compare_redis(
        self, replay: Replay, readings: Mapping[Place, Reading], resting: bool
    ) -> None:
        for place, reading in readings.items():
            replayed = None if replay.is_cut(place) else replay.accounts.get(place)
            compare_accounts(self._accounts, place, reading.head, replayed)
            if replay.is_cut(place):
                self._remarks.append(f"outcomes of {place}: the log no longer has all its records")
            if place.topic != self._plan.cases_topic:
                panes = replay.oracle.panes(place.topic, place.partition)
                from_ms = replay.known_from_ms(place)
            elif resting:
                panes = replay.oracle.panes(CASES, place.partition, reading.head.clock_ms)
                from_ms = replay.entity_known_from_ms("case")
            else:
                continue
            compare_panes(self._panes, place, panes, reading.panes, from_ms)
            if from_ms:
                self._remarks.append(_cut_text(place, from_ms))
        if not resting:
            self._remarks.append(f"cases in Redis: {_RESTLESS}")

    def _compare_exporter(self, replay: Replay, snapshot: Snapshot, resting: bool) -> None:
        as_of_ms = {
            (CASES if place.topic == self._plan.cases_topic else place.topic, place.partition): (
                head.as_of_ms
            )
            for place, head in snapshot.heads.items()
        }
        windows = replay.oracle.windows(snapshot.now_ms, as_of_ms)
        left_out = set(self._unknown_windows(replay, snapshot.now_ms))
        for entity in _ENTITIES:
            names = [w.name for w in self._plan.definitions.windows if (entity, w.name) in left_out]
            if names:
                what = f"windows {', '.join(names)} of each {entity} in the exporter"
                self._remarks.append(f"{what}: the log no longer has all their records")
        if not resting:
            left_out |= {("case", window.name) for window in self._plan.definitions.windows}
            self._remarks.append(f"cases in the exporter: {_RESTLESS}")
        compare_series(self._series, windows, snapshot.series, left_out)

    def _unknown_windows(self, replay: Replay, now_ms: int) -> Iterator[EntityWindow]:
        """The windows that begin before the replay knows everything about their entity."""
        for entity in _ENTITIES:
            known_from_ms = replay.entity_known_from_ms(entity)
            for window in self._plan.definitions.windows:
                if _start_ms(window, now_ms) < known_from_ms:
                    yield entity, window.name


def _start_ms(window: Window, now_ms: int) -> int:
    """The start of a window's first pane."""
    return -((window.length_ms - now_ms) // window.tier_ms) * window.tier_ms


def _cut_text(place: Place, from_ms: float) -> str:
    what = f"panes of {place}" + ("" if isinf(from_ms) else f" before {pane_time(from_ms)}")
    return f"{what}: the log no longer has their records"


async def _ends(consumer: AIOKafkaConsumer, places: Collection[Place]) -> dict[Place, int]:
    """Where the logs of some partitions end."""
    asked = {place: TopicPartition(place.topic, place.partition) for place in places}
    ends = await consumer.end_offsets(list(asked.values()))
    return {place: ends[partition] for place, partition in asked.items()}


async def _extents(consumer: AIOKafkaConsumer, heads: Mapping[Place, Head]) -> list[Extent]:
    """How far views have come, and how far their logs go."""
    ends = await _ends(consumer, heads.keys())
    return [
        Extent(str(place), head.position, max(0, ends[place] - head.position))
        for place, head in heads.items()
    ]


def _heads_of(readings: Mapping[Place, Reading]) -> dict[Place, Head]:
    return {place: reading.head for place, reading in readings.items()}
