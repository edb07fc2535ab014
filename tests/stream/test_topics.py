"""The topics a worker needs, checked and made on a real broker."""

from uuid import uuid4

import pytest
from confluent_kafka.admin import ConfigResource, ResourceType  # type: ignore[attr-defined]  # public
from structlog.testing import capture_logs

from processor.stream.kafka import KafkaAccess
from processor.stream.topics import OwnTopic, SourceTopic, UnfitTopicError, prepare_topics
from tests.servers.kafka import LOG_APPEND_TIME, KafkaCluster

DAY_MS = 86_400_000


def settings_of(kafka: KafkaCluster, topic: str) -> dict[str, str]:
    resource = ConfigResource(ResourceType.TOPIC, topic)
    entries = kafka.admin.describe_configs([resource])[resource].result(20)
    return {name: entry.value for name, entry in entries.items()}


def fresh(kafka: KafkaCluster, **config: str) -> str:
    name = f"source-{uuid4().hex[:8]}"
    settings = {key.replace("_", "."): value for key, value in config.items()}
    kafka.create_topic(name, partitions=3, config=settings)
    return name


async def test_a_missing_source_is_told_with_the_command_that_makes_it(access: KafkaAccess) -> None:
    with pytest.raises(
        UnfitTopicError, match=r"(?s)do not exist.*--create --topic nowhere .*LogAppendTime"
    ):
        await prepare_topics(access, [SourceTopic("nowhere", "broker", 0)], [], create=True)
    with pytest.raises(UnfitTopicError, match=r"=CreateTime .*retention\.ms=1234"):
        await prepare_topics(access, [SourceTopic("nowhere", "producer", 1234)], [], create=True)


async def test_a_topic_of_ours_that_somebody_else_made_must_fit_too(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    source, derived = fresh(kafka), fresh(kafka)
    sources = [SourceTopic(source, "producer", 0)]
    for arrival_time in ("producer", None):
        own = OwnTopic(derived, DAY_MS, like=source, arrival_time=arrival_time)
        await prepare_topics(access, sources, [own], create=True)
    own = OwnTopic(derived, DAY_MS, like=source, arrival_time="broker")
    with pytest.raises(UnfitTopicError, match=f"topic {derived} has .*=CreateTime"):
        await prepare_topics(access, sources, [own], create=True)


async def test_a_source_whose_arrival_time_is_somebody_elses_clock_is_refused(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    producers = fresh(kafka)
    with pytest.raises(
        UnfitTopicError,
        match=r"message\.timestamp\.type=CreateTime, but its arrival_time is broker",
    ):
        await prepare_topics(access, [SourceTopic(producers, "broker", 0)], [], create=True)
    await prepare_topics(access, [SourceTopic(producers, "producer", 0)], [], create=True)
    brokers = fresh(kafka, **{"message.timestamp.type": "LogAppendTime"})
    await prepare_topics(access, [SourceTopic(brokers, "broker", 0)], [], create=True)
    with pytest.raises(UnfitTopicError, match="which means CreateTime"):
        await prepare_topics(access, [SourceTopic(brokers, "producer", 0)], [], create=True)


async def test_a_compacted_source_is_refused_because_it_loses_events(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    compacted = fresh(kafka, **LOG_APPEND_TIME, cleanup_policy="compact")
    with pytest.raises(UnfitTopicError, match="compacted"):
        await prepare_topics(access, [SourceTopic(compacted, "broker", 0)], [], create=True)


async def test_a_source_that_keeps_too_little_for_a_rebuild_is_warned_of(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    short = fresh(kafka, **LOG_APPEND_TIME, retention_ms=str(DAY_MS))
    with capture_logs() as told:
        await prepare_topics(access, [SourceTopic(short, "broker", 28 * DAY_MS)], [], create=True)
    assert [(line["event"], line["topic"]) for line in told] == [
        ("a rebuild would not fill the longest window", short)
    ]


async def test_our_own_topics_are_made_once_and_like_the_source(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    source, own = fresh(kafka, **LOG_APPEND_TIME), f"own-{uuid4().hex[:8]}"
    sources = [SourceTopic(source, "broker", 0)]
    for _ in range(2):
        await prepare_topics(access, sources, [OwnTopic(own, 5 * DAY_MS, like=source)], create=True)
    assert len(kafka.admin.list_topics(own).topics[own].partitions) == 3
    made = settings_of(kafka, own)
    assert made["message.timestamp.type"] == "LogAppendTime"
    assert made["cleanup.policy"] == "delete"
    assert made["retention.ms"] == str(5 * DAY_MS)


async def test_where_we_may_not_make_topics_they_must_be_there(
    access: KafkaAccess, kafka: KafkaCluster
) -> None:
    source = fresh(kafka, **LOG_APPEND_TIME)
    with pytest.raises(UnfitTopicError, match="create them first"):
        await prepare_topics(
            access,
            [SourceTopic(source, "broker", 0)],
            [OwnTopic("ours", 1, like=source)],
            create=False,
        )
