"""The Faust app of a worker: topics, agents, the consumer group and its life."""

from collections.abc import AsyncIterable, Sequence
from typing import Any, cast

import faust
import msgspec
from faust.types import StreamT
from faust.types.transports import TransportT

from processor.store.contract import Place
from processor.stream.batch import Batch
from processor.stream.consumer import BatchConsumer, BatchTransport
from processor.stream.kafka import KafkaAccess
from processor.stream.lanes import Lanes

BUFFERED_BATCHES_MAX = 4
"""Batches between the consumer's thread and an agent."""

NEVER_S = 1e9
"""Faust leaves the group for ever after this long without a poll; a standby worker never polls."""


class GroupSettings(msgspec.Struct, frozen=True):
    """How a worker takes part in its consumer group, and how it fetches.

    Attributes:
        name: the group's id.
        instance_id: of a static member (KIP-345); None for a dynamic one.
        batch_records_max: how many records are folded in one go.
    """

    name: str
    instance_id: str | None = None
    session_timeout_ms: int = 6_000
    rebalance_timeout_ms: int = 10_000
    batch_records_max: int = 1_000
    fetch_wait_max_ms: int = 500
    drain_timeout_ms: int = 10_000


class WorkerApp(faust.App):
    """A Faust app whose consumer delivers batches to lanes."""

    seats: Lanes
    fetch_wait_max_ms: int
    drain_timeout_s: float

    def _new_transport(self) -> TransportT:
        return BatchTransport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """Nothing: Faust's folders are for tables, and we have none."""

    async def on_stop(self) -> None:
        """Let the lanes finish while the consumer is still there, then stop everything else."""
        await self.seats.drain(self.drain_timeout_s)
        await super().on_stop()

    async def move(self, place: Place, position: int, generation: int) -> None:
        """Read a partition on at a position; its batches carry the generation."""
        await self._batch_consumer.move(place, position, generation)

    async def hold(self, place: Place) -> None:
        """Fetch nothing from a partition until it is moved."""
        await self._batch_consumer.hold(place)

    def owns(self, place: Place) -> bool:
        """Whether Kafka assigns the partition to us, as far as we have heard."""
        return self._batch_consumer.owns(place)

    async def hint(self, positions: dict[Place, int]) -> bool:
        """Tell the group how far we are; whether it took it."""
        return await self._batch_consumer.hint(positions)

    @property
    def _batch_consumer(self) -> BatchConsumer:
        return cast("BatchConsumer", self.consumer)


def create_app(access: KafkaAccess, group: GroupSettings, topics: Sequence[str]) -> WorkerApp:
    """An app that reads these topics, one agent each; it is given `seats` before it starts."""
    app = WorkerApp(
        group.name,
        broker=access.broker_url(),
        broker_credentials=access.credentials(),
        broker_session_timeout=group.session_timeout_ms / 1000,
        broker_heartbeat_interval=min(2.0, group.session_timeout_ms / 3000),
        broker_rebalance_timeout=group.rebalance_timeout_ms / 1000,
        broker_max_poll_interval=NEVER_S,
        broker_max_poll_records=group.batch_records_max,
        consumer_auto_offset_reset="none",
        consumer_group_instance_id=group.instance_id,
        stream_buffer_maxsize=BUFFERED_BATCHES_MAX,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        store="memory://",
        web_enabled=False,
        worker_redirect_stdouts=False,
        debug=False,
    )
    app.fetch_wait_max_ms = group.fetch_wait_max_ms
    app.drain_timeout_s = group.drain_timeout_ms / 1000
    for topic in topics:
        _add_agent(app, topic)
    return app


def _add_agent(app: WorkerApp, topic: str) -> None:
    # The codec is raw and the value is a batch; nothing is acknowledged, since positions are the
    # lanes' business.
    channel = app.topic(topic, key_serializer="raw", value_serializer="raw", acks=False)

    async def deliver(stream: StreamT[Any]) -> None:
        async for batch in cast("AsyncIterable[Batch]", stream):
            await app.seats.deliver(batch)

    app.agent(channel, name=f"cxpulse.{topic}")(deliver)
