"""Views and their log, both in memory, and the verification of the two.

What lives here: a log that can be cut, in the place of both clients that a verification makes, and
faults to plant in the views. What must never live here: what a verification should say of them.
"""

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from aiokafka.structs import ConsumerRecord, TopicPartition

from processor.core.head import Head, LogIdentity
from processor.core.identity import Identity
from processor.core.pane import PaneChanges, pack_vector
from processor.core.record import Record
from processor.export.exposition import exposition
from processor.store.contract import NONE, Commit, Place
from processor.verify import verification
from processor.verify.report import Report
from processor.verify.snapshot import Snapshot, parse_series
from processor.verify.verification import Verification, VerifyPlan
from tests.export.scene import BUILD, NOW_MS, TARGETS, Scene
from tests.world import KEY

TOPICS = ("surveys", "contacts", "carts", "cases")
GARBAGE = {"nps": pack_vector([0] * 10 + [7])}


class Kafka:
    """A log in memory, and both clients that a verification makes of it."""

    def __init__(self, **partitions: int) -> None:
        self.partitions = dict.fromkeys(TOPICS, 1) | partitions
        self.records: dict[TopicPartition, list[Record]] = {}
        self.starts: dict[TopicPartition, int] = {}
        self.error_code = 0
        self._assigned: set[TopicPartition] = set()
        self._positions: dict[TopicPartition, int] = {}

    async def __aenter__(self) -> "Kafka":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass

    async def describe_topics(self) -> list[dict[str, Any]]:
        return [
            {"topic": topic, "error_code": self.error_code, "partitions": [{}] * count}
            for topic, count in (self.partitions | {"foreign": 3}).items()
        ]

    async def beginning_offsets(self, asked: Collection[TopicPartition]) -> dict[Any, int]:
        return {partition: self.starts.get(partition, 0) for partition in asked}

    async def end_offsets(self, asked: Collection[TopicPartition]) -> dict[Any, int]:
        assert all(p.partition < self.partitions[p.topic] for p in asked)
        return {partition: len(self.records.get(partition, ())) for partition in asked}

    def assignment(self) -> set[TopicPartition]:
        return self._assigned

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        self._assigned = set(partitions)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        assert offset >= self.starts.get(partition, 0)
        self._positions[partition] = offset

    async def position(self, partition: TopicPartition) -> int:
        return self._positions[partition]

    async def getmany(self, partition: TopicPartition, *, timeout_ms: int) -> dict[Any, list[Any]]:
        assert timeout_ms
        records = self.records.get(partition, [])[self._positions[partition] :]
        self._positions[partition] += len(records)
        return {partition: [_fetched(partition, record) for record in records]}


def _fetched(partition: TopicPartition, record: Record) -> ConsumerRecord[Any, Any]:
    dated = (partition.topic, partition.partition, record.offset, record.arrival_ms, 0)
    return ConsumerRecord(*dated, record.key, record.value, None, 0, 0, tuple(record.headers))


class Told:
    """A scene, its log in a Kafka, and the verification of the two."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **partitions: int) -> None:
        self.scene = Scene()
        self.store = self.scene.store
        self.kafka = Kafka(**partitions)
        self.definitions = self.scene.definitions
        self.shown: tuple[str, ...] = TOPICS
        """The topics whose heads the exporter tells."""
        for client in ("AIOKafkaConsumer", "AIOKafkaAdminClient"):
            monkeypatch.setattr(verification, client, lambda **_: self.kafka)
        monkeypatch.setattr(verification, "REST_EVERY_S", 0)
        monkeypatch.setattr(verification, "take_snapshot", self._snapshot)

    async def idle(self) -> None:
        """Every topic has a view; what is past its retention is gone from the cases, too."""
        await self.scene.idle(*TOPICS)
        view, held = self.scene.world.view("cases"), await self.store.read(Place("cases", 0), NONE)
        gone = (held.panes if held else {}).keys() - view.panes.stored.keys()
        await self.scene._commit("cases", view.head, PaneChanges({}, [*gone]), None)

    async def plant(self, place: Place, *panes: tuple[int, int], partitions: int = 1) -> None:
        """A view in whose panes is what no log says, and which has read nothing."""
        head = Head(0, 0, LogIdentity("c", partitions))
        changes = PaneChanges({pane: dict(GARBAGE) for pane in panes}, [])
        await self.store.commit(place, Commit("planted", NONE, head, {}, changes))

    async def spoil(self, topic: str, pane: tuple[int, int]) -> None:
        """What no log says, in a pane of a view that is there."""
        held = await self.store.head(Place(topic, 0))
        assert held is not None
        commit, head = held
        changes = PaneChanges({pane: dict(GARBAGE)}, [])
        await self.store.commit(Place(topic, 0), Commit("spoilt", commit, head, {}, changes))

    def cut(self, topic: str, offset: int) -> None:
        """Retention takes the records before an offset."""
        self.kafka.starts[TopicPartition(topic, 0)] = offset

    async def verify(self, url: str | None = None) -> Report:
        for topic in TOPICS[:3]:
            said = [record for name, record in self.scene.log if name == topic]
            self.kafka.records[TopicPartition(topic, 0)] = said
        cases = self.scene.world.cases_log
        self.kafka.records[TopicPartition("cases", 0)] = cases
        plan = VerifyPlan("n", self.definitions, Identity(KEY), {}, "cases", url)
        return await Verification(plan, self.store, lambda _: None).run()

    async def _snapshot(self, _: str) -> Snapshot:
        await self.scene.watch.refresh()
        series = parse_series(exposition(self.scene.watch, BUILD, TARGETS))
        heads = {Place(t, 0): self.scene.world.view(t).head for t in self.shown}
        return Snapshot(NOW_MS, heads, series)
