"""A lane on the bench: a real view and store, and a log, consumer and producer made of lists.

The fakes do what Kafka does as far as a lane can see it: a log has a start and an end, the consumer
delivers intervals of what was moved to, with the generation of that move, and the producer
acknowledges or fails.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka.structs import ConsumerRecord

from processor.core.definitions import Definitions
from processor.core.identity import Identity
from processor.core.pane import unpack_vector
from processor.core.plan import plans
from processor.core.record import Outcome, Record, Refusal
from processor.core.view import Changes
from processor.store.contract import Applied, Commit, Place, Refused, StoreUnavailableError
from processor.store.memory_store import MemoryStore
from processor.stream.acquisition import LaneRules, Surroundings
from processor.stream.batch import Batch
from processor.stream.lane import Lane
from processor.stream.outlet import OutletUnavailableError
from processor.stream.probe import LogBounds
from tests.world import KEY

PLACE = Place("surveys", 0)
START_MS = 1_772_442_000_000
MARGIN_MS = 2_000


def answer(number: int, rating: int = 9) -> Record:
    """A survey response as a record, a second after the one before."""
    at_ms = START_MS + 1000 * number
    key = f"forms:r{number}"
    value = (
        f'{{"type":"survey.submitted","event_id":"e{number}","source":"forms","response_id":"{key}",'
        f'"survey_id":"s","occurred_at":{at_ms},"created_at":{at_ms},'
        f'"answers":[{{"question_id":"q","kind":"nps","value":{rating}}}]}}'
    )
    return Record(number, at_ms, key.encode(), value.encode())


class FakeLog:
    """A partition's log, and the probe that asks about it."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.start = 0
        self.cluster = "cluster"
        self.partition_count = 1

    @property
    def end(self) -> int:
        return self.records[-1].offset + 1 if self.records else 0

    async def partitions(self, topic: str) -> int:
        return self.partition_count

    async def bounds(self, place: Place) -> LogBounds:
        return LogBounds(self.start, self.end)

    async def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        return dict.fromkeys(places, self.end)

    async def record(self, place: Place, offset: int) -> Record | None:
        return next((record for record in self.records if record.offset >= offset), None)


class FakeConsumer:
    """Delivers what lies behind the position it was moved to, in batches."""

    def __init__(self, log: FakeLog, batch_records_max: int = 3) -> None:
        self.log = log
        self.moves: list[tuple[int, int]] = []
        self.held = True
        self.owned = True
        self.lane: Lane | None = None
        self._batch_records_max = batch_records_max
        self._delivery: asyncio.Task[None] | None = None

    async def move(self, place: Place, position: int, generation: int) -> None:
        self.moves.append((position, generation))
        self.held = False
        self._stop()
        self._delivery = asyncio.create_task(self._deliver(position, generation))

    async def hold(self, place: Place) -> None:
        self.held = True
        self._stop()

    def owns(self, place: Place) -> bool:
        return self.owned

    def _stop(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()

    async def _deliver(self, position: int, generation: int) -> None:
        assert self.lane is not None
        while True:
            if position < self.log.start:
                lost = Batch(PLACE, generation, position, position, out_of_range=True)
                await self.lane.deliver(lost)
                return
            records = [r for r in self.log.records if r.offset >= position][
                : self._batch_records_max
            ]
            if records:
                end = records[-1].offset + 1
                await self.lane.deliver(Batch(PLACE, generation, position, end, _fetched(records)))
                position = end
            await asyncio.sleep(0)


class FakeOutlet:
    """Keeps what it was given; fails as often as it is told to."""

    def __init__(self, happened: list[str]) -> None:
        self.buried: list[tuple[int, str]] = []
        self.failures = 0
        self._happened = happened

    async def bury(self, place: Place, refusals: Sequence[tuple[Record, Refusal]]) -> None:
        if refusals and self.failures:
            self.failures -= 1
            raise OutletUnavailableError("no broker")
        for record, refusal in refusals:
            if refusal.outcome is Outcome.DEAD_LETTER:
                self.buried.append((record.offset, refusal.reason))
                self._happened.append(f"buried {record.offset}")

    async def tell(self, moved: Mapping[bytes, Any], clock_ms: int) -> None:
        assert not moved


class FlakyStore(MemoryStore):
    """A store that goes away, or does what it is told and loses the reply."""

    def __init__(self, happened: list[str]) -> None:
        super().__init__()
        self.away = False
        self.replies_lost = 0
        self._happened = happened

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        if self.away:
            raise StoreUnavailableError("away")
        answer = await super().commit(place, commit)
        self._happened.append(f"committed {commit.head.position}")
        if self.replies_lost:
            self.replies_lost -= 1
            raise StoreUnavailableError("the reply was lost")
        return answer


class Bench:
    """One lane and everything around it."""

    def __init__(self, log: FakeLog | None = None, store: FlakyStore | None = None) -> None:
        self.happened: list[str] = []
        self.log = log or FakeLog()
        self.store = store or FlakyStore(self.happened)
        self.consumer = FakeConsumer(self.log)
        self.outlet = FakeOutlet(self.happened)
        self.now_ms = START_MS
        self.changes: list[Changes[Any]] = []
        definitions = Definitions()
        plan = plans(definitions, Identity(KEY)).sources["surveys"]
        around = Surroundings(
            self.store,
            self.log,  # type: ignore[arg-type]  # asks and answers like a probe
            self.outlet,  # type: ignore[arg-type]  # as above
            self.consumer,
            lambda: self.now_ms,
            MARGIN_MS,
        )
        rules = LaneRules(plan, reach_ms=definitions.topics[0].reach_ms, derived=False)
        self.lane = Lane(PLACE, rules, around, lambda _, changes: self.changes.append(changes))
        self.consumer.lane = self.lane
        self.task = asyncio.create_task(self.lane.run())

    async def until(self, condition: Callable[[], bool | Awaitable[bool]]) -> None:
        """Let the lane work until something holds."""
        async with asyncio.timeout(10):
            while True:
                held = condition()
                if held if isinstance(held, bool) else await held:
                    return
                await asyncio.sleep(0.001)

    async def until_committed(self, position: int) -> None:
        await self.until(lambda: self.lane.head is not None and self.lane.head.position == position)

    async def ratings(self) -> int:
        """How many NPS answers the store holds."""
        reading = await self.store.read(PLACE, "")
        assert reading is not None
        return sum(
            sum(unpack_vector(cells["nps"]))
            for (tier, _), cells in reading.panes.items()
            if tier == 3_600_000
        )

    async def stop(self) -> None:
        self.task.cancel()
        self.lane.cancel()
        await self.consumer.hold(PLACE)
        await asyncio.gather(self.task, return_exceptions=True)


def _fetched(records: Sequence[Record]) -> list[ConsumerRecord[bytes | None, bytes | None]]:
    return [
        ConsumerRecord(
            PLACE.topic, 0, r.offset, r.arrival_ms, 1, r.key, r.value, None, 0, 0, tuple(r.headers)
        )
        for r in records
    ]
