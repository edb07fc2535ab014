"""The simulated company in somebody's own Kafka: as many records as asked for, or none."""

import threading
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import OffsetSpec  # type: ignore[attr-defined]  # public

from processor.demo.feed import FeedOptions, feed
from processor.settings.load import load
from processor.settings.model import Settings
from processor.settings.problem import SettingsError
from tests.servers.kafka import LOG_APPEND_TIME, KafkaCluster
from tests.world import KEY

KINDS = {"surveys": "response", "contacts": "contact", "carts": "cart"}


def settings_of(folder: Path, bootstrap: str, *kinds: str) -> Settings:
    """Settings whose topics are called in a way of their own."""
    mark = uuid4().hex[:8]
    topics = "".join(
        f'[[topics]]\nname = "{kind}-{mark}"\nentity = "{KINDS[kind]}"\n'
        f'lateness_max = "1d"\nlife = "3d"\n'
        for kind in kinds
    )
    config = folder / "cxpulse.toml"
    config.write_text(
        f'[namespace]\nid_key = "{KEY.hex()}"\n'
        f'[kafka]\nbootstrap_servers = ["{bootstrap}"]\n{topics}'
    )
    return load(config, {}).settings


@pytest.fixture
def settings(tmp_path: Path, kafka: KafkaCluster) -> Settings:
    made = settings_of(tmp_path, kafka.bootstrap, *KINDS)
    for topic in made.topics:
        kafka.create_topic(topic.name, partitions=2, config=LOG_APPEND_TIME)
    return made


def told(_sent: int, _simulated_ms: int, _total: int | None) -> None:
    """Nobody looks."""


def ends(kafka: KafkaCluster, settings: Settings) -> Counter[str]:
    """How many records each topic holds, by what it is about."""
    entity = {topic.name: topic.entity for topic in settings.topics}
    latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]  # it has no annotations
    asked = {TopicPartition(name, number): latest for name in entity for number in range(2)}
    held: Counter[str] = Counter()
    for partition, answer in kafka.admin.list_offsets(asked).items():
        held[entity[partition.topic]] += answer.result(10).offset
    return held


def test_as_many_records_as_asked_for_arrive_in_the_topics_of_the_settings(
    kafka: KafkaCluster, settings: Settings
) -> None:
    options = FeedOptions(since_ms=3_600_000, rate=5.0, speed=0.0, count=600)
    account = feed(settings, options, threading.Event(), told)
    assert (account.sent, account.delivered, account.whole) == (600, 600, True)
    arrived = ends(kafka, settings)
    assert sum(arrived.values()) == 600
    assert min(arrived.values()) > 20


def test_told_to_stop_it_ends_and_what_was_sent_is_there(
    kafka: KafkaCluster, settings: Settings
) -> None:
    stop = threading.Event()

    def on_progress(sent: int, _simulated_ms: int, _total: int | None) -> None:
        if sent > 100:
            stop.set()

    options = FeedOptions(since_ms=86_400_000, rate=5.0, speed=0.0)
    account = feed(settings, options, stop, on_progress)
    assert account.stopped
    assert account.whole
    assert ends(kafka, settings).total() == account.sent < 86_400 * 5


def test_live_it_ends_with_its_duration(kafka: KafkaCluster, settings: Settings) -> None:
    account = feed(settings, FeedOptions(rate=50.0, duration_s=1.5), threading.Event(), told)
    assert account.whole
    assert 0 < ends(kafka, settings).total() == account.sent < 500


def test_a_company_without_all_its_topics_does_not_begin(
    tmp_path: Path, kafka: KafkaCluster
) -> None:
    settings = settings_of(tmp_path, kafka.bootstrap, "surveys", "carts")
    with pytest.raises(SettingsError, match="the company also sends contacts"):
        feed(settings, FeedOptions(), threading.Event(), told)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (FeedOptions(speed=10.0), "give --since"),
        (FeedOptions(speed=0.0), "give --since"),
        (FeedOptions(rate=0.0), "rate must be positive"),
        (FeedOptions(scenario="plague"), "scenario must be one of steady"),
    ],
)
def test_options_that_no_company_could_live_by_are_told(
    settings: Settings, options: FeedOptions, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        feed(settings, options, threading.Event(), told)
