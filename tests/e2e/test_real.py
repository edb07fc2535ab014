"""The whole product on a real Kafka and a real Redis: two workers, four partitions, a long log."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from processor.clock import now_ms
from processor.settings.definition import consumer_group
from processor.settings.load import load
from processor.simulate.company import generate
from processor.simulate.delivery import ADMITTED, EXPIRED, Sending
from processor.simulate.history import history
from processor.simulate.simulation import HOUR_MS, Simulation
from tests.e2e.system import TOPICS, ArrivalTime, System, running
from tests.servers.kafka import LOG_APPEND_TIME, KafkaCluster, kafka_cluster
from tests.servers.redis import redis_server

pytestmark = pytest.mark.timeout(600)  # Seconds: a long log, and a slow oracle that reads it.

RECORDS = 200_000
SPARE = 15_000  # A history has some percent more or less than it was asked for.
LIVE_RECORDS = 10_000
PARTITIONS = 4
WORKERS = 2
KEPT = {"retention.ms": "-1"}  # The history is older than what a broker keeps by itself.


@contextmanager
def real(arrival_time: ArrivalTime) -> Iterator[tuple[KafkaCluster, System]]:
    with kafka_cluster() as kafka, redis_server() as redis:
        dated = LOG_APPEND_TIME if arrival_time == "broker" else {}
        for topic in TOPICS:
            kafka.create_topic(topic, partitions=PARTITIONS, config={**dated, **KEPT})
        address = f"127.0.0.1:{redis.port}"
        with running(
            kafka.bootstrap, address, workers=WORKERS, arrival_time=arrival_time
        ) as system:
            yield kafka, system


def shares(kafka: KafkaCluster, system: System) -> list[int]:
    """How many partitions each member of the workers' group has."""
    group = consumer_group(load(system.config, {}).settings)
    described = kafka.admin.describe_consumer_groups([group])[group].result(20)
    return [len(member.assignment.topic_partitions) for member in described.members]


def assert_equal(system: System, records: int) -> None:
    status, text = system.verify("--json")
    assert status == 0, text
    report = json.loads(text)
    assert (report["verdict"], report["records"], report["remarks"]) == ("equal", records, [])
    assert all(check["compared"] > 0 for check in report["checks"])


def assert_as_sent(system: System, sendings: list[Sending]) -> None:
    expected = Counter(sending.expected for sending in sendings)
    became = system.accounting()
    assert became.applied + became.no_effect == expected.pop(ADMITTED)
    assert sum(became.expired.values()) == expected.pop(EXPIRED, 0)
    assert became.dead_letter == expected
    assert became.dead_letter, "the company sends broken records"


def test_two_hundred_thousand_records_of_four_weeks() -> None:
    sendings = list(history(5, now_ms(), RECORDS + SPARE))
    assert len(sendings) >= RECORDS
    with real("producer") as (kafka, system):
        account = system.send(sendings)
        assert account.whole, account
        system.wait_until_read(len(sendings), timeout_s=200)
        assert len(shares(kafka, system)) == WORKERS
        assert min(shares(kafka, system)) > 0
        assert_as_sent(system, sendings)
        assert_equal(system, len(sendings))


def test_a_worker_that_is_killed_and_comes_back_changes_no_number() -> None:
    begin_ms = now_ms() - 6 * HOUR_MS
    # Nothing of it lies after now, since these brokers date records themselves.
    story = Simulation(seed=7, start_ms=begin_ms, rate=0.7, end_ms=now_ms(), drain=False)
    sendings = list(generate(story))
    assert len(sendings) >= LIVE_RECORDS
    third = len(sendings) // 3
    with real("broker") as (_, system):
        system.send(sendings[:third])
        system.wait_until_read(third // 2, timeout_s=60)
        system.workers[0].kill()
        system.send(sendings[third : 2 * third])
        system.workers[0].start()
        system.send(sendings[2 * third :])
        system.wait_until_read(len(sendings), timeout_s=120)
        assert_equal(system, len(sendings))
