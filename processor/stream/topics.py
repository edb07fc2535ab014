"""The topics a worker needs: are the sources what the settings say, and are our own there?

A broker that does not tell the settings of its topics (an embedded one) is trusted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import msgspec
import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    IncompatibleBrokerVersion,
    KafkaConnectionError,
    TopicAlreadyExistsError,
    for_code,
)

from processor.stream.kafka import KafkaAccess

log = structlog.get_logger(__name__)

ArrivalTime: TypeAlias = Literal["broker", "producer"]
"""Whose clock a record's Kafka timestamp is (`message.timestamp.type`)."""

TIMESTAMP_TYPE: dict[ArrivalTime, str] = {"broker": "LogAppendTime", "producer": "CreateTime"}


class SourceTopic(msgspec.Struct, frozen=True):
    """A topic we read: whose clock its arrival times are, and how long it should keep records."""

    name: str
    arrival_time: ArrivalTime
    retention_min_ms: int


class OwnTopic(msgspec.Struct, frozen=True):
    """A topic we write.

    Attributes:
        like: a source that it takes after where nothing else is said.
        arrival_time: None if nobody goes by it.
        partitions: 0 is as many as the source has.
        replication_factor: -1 is as many copies as the source has.
    """

    name: str
    retention_ms: int
    like: str
    arrival_time: ArrivalTime | None = None
    partitions: int = 0
    replication_factor: int = -1

    def as_read(self) -> SourceTopic:
        """What it must be for whoever reads it."""
        return SourceTopic(self.name, self.arrival_time or "broker", self.retention_ms)


class UnfitTopicError(Exception):
    """A topic is missing or set otherwise than the settings say; the message says what to do."""


async def prepare_topics(
    access: KafkaAccess, sources: Sequence[SourceTopic], own: Sequence[OwnTopic], *, create: bool
) -> None:
    """Check the topics we read, and create those we write if they are missing.

    Raises:
        UnfitTopicError: see there.
        KafkaError: Kafka cannot be reached.
    """
    admin = AIOKafkaAdminClient(**access.options)
    try:
        await _reach(admin, access)
        there = {topic["topic"]: topic["partitions"] for topic in await admin.describe_topics()}
        missing = [source for source in sources if source.name not in there]
        if missing:
            raise UnfitTopicError(_how_to_create(missing))
        for source in sources:
            _check(source, await _settings(admin, source.name))
        for topic in own:
            if topic.name not in there:
                await _create(admin, topic, there, create=create)
            elif topic.arrival_time is not None:
                _check(topic.as_read(), await _settings(admin, topic.name))
    finally:
        await admin.close()


async def _reach(admin: AIOKafkaAdminClient, access: KafkaAccess) -> None:
    try:
        await admin.start()
    except KafkaConnectionError as error:
        servers = ", ".join(access.options["bootstrap_servers"])
        raise KafkaConnectionError(f"no Kafka answers at {servers}") from error


async def _settings(admin: AIOKafkaAdminClient, topic: str) -> Mapping[str, str] | None:
    """A topic's settings; None if the broker does not tell."""
    try:
        responses = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    except IncompatibleBrokerVersion:
        log.warning("topic settings are not told, and trusted", topic=topic)
        return None
    (error_code, message, _, _, entries) = responses[0].resources[0]  # type: ignore[attr-defined]  # typed by its base
    if error_code:
        raise for_code(error_code)(message)
    return {entry[0]: entry[1] for entry in entries}


def _check(source: SourceTopic, settings: Mapping[str, str] | None) -> None:
    if settings is None:
        return
    wanted = TIMESTAMP_TYPE[source.arrival_time]
    found = settings.get("message.timestamp.type", wanted)
    if found != wanted:
        raise UnfitTopicError(
            f"topic {source.name} has message.timestamp.type={found}, but its arrival_time is"
            f" {source.arrival_time}, which means {wanted}: change one of the two"
        )
    if "compact" in settings.get("cleanup.policy", "delete"):
        raise UnfitTopicError(
            f"topic {source.name} is compacted, which removes events: set cleanup.policy=delete"
        )
    retention_ms = int(settings.get("retention.ms", "-1"))
    if 0 <= retention_ms < source.retention_min_ms:
        log.warning(
            "a rebuild would not fill the longest window",
            topic=source.name,
            retention_ms=retention_ms,
            retention_min_ms=source.retention_min_ms,
        )


async def _create(
    admin: AIOKafkaAdminClient,
    topic: OwnTopic,
    there: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    create: bool,
) -> None:
    if not create:
        raise UnfitTopicError(_how_to_create([topic.as_read()]))
    model = there[topic.like]
    copies = len(model[0]["replicas"])
    new = NewTopic(
        topic.name,
        topic.partitions or len(model),
        copies if topic.replication_factor < 0 else topic.replication_factor,
        topic_configs={
            "cleanup.policy": "delete",
            "message.timestamp.type": TIMESTAMP_TYPE[topic.arrival_time or "broker"],
            "retention.ms": str(topic.retention_ms),
        },
    )
    response = await admin.create_topics([new])
    for name, error_code, message in response.topic_errors:  # type: ignore[attr-defined]  # as above
        if error_code not in (0, TopicAlreadyExistsError.errno):
            raise UnfitTopicError(f"topic {name} could not be created: {message}")
    log.info("topic created", topic=topic.name)


def _how_to_create(topics: Sequence[SourceTopic]) -> str:
    commands = "\n".join(
        f"  kafka-topics.sh --bootstrap-server <server> --create --topic {topic.name}"
        f" --partitions 4 --config message.timestamp.type={TIMESTAMP_TYPE[topic.arrival_time]}"
        f" --config cleanup.policy=delete --config retention.ms={topic.retention_min_ms}"
        for topic in topics
    )
    return f"these topics do not exist; create them first, for example:\n{commands}"
