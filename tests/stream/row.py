"""A row of lanes, one per topic, the derived one included: real views over a store, fed from lists.

A whole worker without servers: the consumer, the producer and the probe are made of lists and keep
the promises that Kafka keeps, everything between them is the product.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from aiokafka.structs import ConsumerRecord

from processor.core.definitions import Definitions
from processor.core.head import Head
from processor.core.identity import Identity
from processor.core.plan import CASES, plans
from processor.core.record import Record, Refusal
from processor.core.view import Changes
from processor.store.contract import Place, Store
from processor.store.memory_store import MemoryStore
from processor.stream.acquisition import LaneRules, Surroundings
from processor.stream.batch import Batch
from processor.stream.kafka import KafkaAccess
from processor.stream.lane import Lane, Sample, Stage
from processor.stream.outlet import Outlet
from processor.stream.probe import LogBounds
from tests.world import KEY

MARGIN_MS = 2_000


class Letter(msgspec.Struct, frozen=True):
    """A dead letter as it was acknowledged."""

    key: str
    headers: dict[str, bytes]
    value: bytes | None

    @property
    def reason(self) -> str:
        return self.headers["cx_reason"].decode()


class Row:
    """One lane per topic, and everything around them."""

    def __init__(
        self,
        definitions: Definitions,
        store: Store | None = None,
        *,
        batch_records_max: int = 500,
        patience_s: float = 120,
    ) -> None:
        self.definitions = definitions
        self.identity = Identity(KEY)
        self.store = store or MemoryStore()
        self.cluster = "cluster"
        self.now_ms = 0
        self.letters: list[Letter] = []
        self.refused: dict[tuple[str, int], Refusal] = {}
        self.commits = 0
        self._batch_records_max = batch_records_max
        self._patience_s = patience_s
        made = plans(definitions, self.identity)
        self.logs: dict[Place, list[Record]] = {
            Place(topic, 0): [] for topic in (*made.sources, CASES)
        }
        outlet = Outlet(KafkaAccess({}), dead_letters="dead-letters", cases=CASES)
        outlet._producer = self  # type: ignore[assignment]  # takes what a producer takes
        around = Surroundings(
            self.store,
            self,  # type: ignore[arg-type]  # asks and answers like a probe
            outlet,
            self,
            lambda: self.now_ms,
            MARGIN_MS,
        )
        self.lanes = {
            place: Lane(
                place,
                LaneRules(made.of(place.topic), reach_ms=0, derived=place.topic == CASES),
                around,
                self._on_commit,
            )
            for place in self.logs
        }
        self._deliveries: dict[Place, asyncio.Task[None]] = {}
        self._tasks = {place: asyncio.create_task(lane.run()) for place, lane in self.lanes.items()}

    def append(self, topic: str, records: Iterable[Record]) -> None:
        """What producers write; offsets are given by the log."""
        log = self.logs[Place(topic, 0)]
        for record in records:
            log.append(msgspec.structs.replace(record, offset=len(log)))

    async def read_all(self) -> None:
        """Return when every log is read to its end, the derived one last.

        Raises:
            AssertionError: a lane broke or stopped, or does not get there.
        """
        async with asyncio.timeout(self._patience_s):
            for place in self.logs:
                while not self._is_read(place):
                    self._look_for_stopped()
                    await asyncio.sleep(0.001)

    def sample(self, as_of_ms: int) -> None:
        """Let every partition know where its log ends, as of an instant."""
        for place, lane in self.lanes.items():
            lane.offer(Sample(len(self.logs[place]), as_of_ms))

    def head(self, topic: str) -> Head:
        """The head of a topic's one partition, as its lane last committed it."""
        head = self.lanes[Place(topic, 0)].head
        assert head is not None
        return head

    async def stop(self) -> None:
        tasks = [*self._tasks.values(), *self._deliveries.values()]
        for lane in self.lanes.values():
            lane.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_read(self, place: Place) -> bool:
        head = self.lanes[place].head
        return head is not None and head.position == len(self.logs[place])

    def _look_for_stopped(self) -> None:
        for place, task in self._tasks.items():
            assert not task.done(), f"{place} is broken: {task.exception()!r}"
            assert self.lanes[place].stage is not Stage.STOPPED, f"{place} stopped"

    def _on_commit(self, place: Place, changes: Changes[Any]) -> None:
        self.commits += 1
        for record, refusal in changes.refusals:
            self.refused[place.topic, record.offset] = refusal

    # What a probe answers.

    async def partitions(self, topic: str) -> int:
        return 1

    async def bounds(self, place: Place) -> LogBounds:
        return LogBounds(0, len(self.logs[place]))

    async def record(self, place: Place, offset: int) -> Record | None:
        return self.logs[place][offset]

    # What a consumer does.

    async def move(self, place: Place, position: int, generation: int) -> None:
        await self.hold(place)
        delivery = self._deliver(place, position, generation)
        self._deliveries[place] = asyncio.create_task(delivery)

    async def hold(self, place: Place) -> None:
        if place in self._deliveries:
            self._deliveries.pop(place).cancel()

    def owns(self, place: Place) -> bool:
        return place in self.logs

    async def _deliver(self, place: Place, position: int, generation: int) -> None:
        log = self.logs[place]
        while True:
            records = log[position : position + self._batch_records_max]
            if records:
                batch = self.batch(place, generation, position, records)
                await self.lanes[place].deliver(batch)
                position = batch.end
            else:
                await asyncio.sleep(0.001)

    def batch(self, place: Place, generation: int, start: int, records: Sequence[Record]) -> Batch:
        fetched = [_fetched(place, record) for record in records]
        return Batch(place, generation, start, records[-1].offset + 1, fetched)

    # What a producer does.

    async def send(
        self,
        topic: str,
        value: bytes | None,
        *,
        key: bytes,
        headers: Sequence[tuple[str, bytes]],
        timestamp_ms: int | None,
    ) -> asyncio.Future[None]:
        if topic == CASES:
            self.append(CASES, [Record(0, timestamp_ms or 0, key, value)])
        else:
            for name, _ in headers:
                name.encode()
            self.acknowledge(Letter(key.decode(), dict(headers), value))
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def acknowledge(self, letter: Letter) -> None:
        self.letters.append(letter)


def _fetched(place: Place, record: Record) -> ConsumerRecord[bytes | None, bytes | None]:
    return ConsumerRecord(
        place.topic,
        place.partition,
        record.offset,
        record.arrival_ms,
        0,
        record.key,
        record.value,
        None,
        0,
        0,
        tuple(record.headers),
    )
