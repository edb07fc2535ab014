"""The whole product on the demo's servers: what the log holds is what the wall shows."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
from confluent_kafka import Consumer, TopicPartition

from processor.clock import now_ms
from processor.demo.stage import DEAD_LETTERS, FETCH_WAIT_MS
from processor.simulate.delivery import ADMITTED, EXPIRED, Sending
from processor.simulate.embedded import embedded_broker, embedded_store
from processor.simulate.history import history
from tests.e2e.system import TOPICS, System, derived_topic, running
from tests.servers.prometheus import check_metrics

RECORDS = 20_000
SPARE = 1_500  # A history has some percent more or less than it was asked for.
PARTITIONS = 4
OWN = f"""
fetch_wait_max = "{FETCH_WAIT_MS}ms"
dead_letter_topic = "{DEAD_LETTERS}"
create_topics = false
"""


@pytest.fixture(scope="module", name="sendings")
def _sendings() -> list[Sending]:
    sendings = list(history(3, now_ms(), RECORDS + SPARE))
    assert len(sendings) >= RECORDS
    return sendings


@pytest.fixture(scope="module", name="system")
def _system(sendings: list[Sending]) -> Iterator[System]:
    topics = (*TOPICS, derived_topic("producer"), DEAD_LETTERS)
    with embedded_broker(topics) as bootstrap, embedded_store() as store:
        address = store.removeprefix("redis://").partition("/")[0]
        with running(bootstrap, address, workers=1, arrival_time="producer", more=OWN) as system:
            account = system.send(sendings)
            assert account.whole, account
            system.wait_until_read(len(sendings), timeout_s=120)
            yield system


def test_the_broker_has_kept_the_log_from_its_beginning(system: System) -> None:
    consumer = Consumer({"bootstrap.servers": system.kafka.bootstrap, "group.id": "watermarks"})
    try:
        for topic in (*TOPICS, derived_topic("producer"), DEAD_LETTERS):
            for partition in range(PARTITIONS):
                low, _ = consumer.get_watermark_offsets(TopicPartition(topic, partition), 10)
                assert low == 0
    finally:
        consumer.close()
    assert {head["start"] for topic in TOPICS for head in system.heads(topic).values()} == {0}


def test_every_number_is_what_the_log_says(system: System, sendings: list[Sending]) -> None:
    status, text = system.verify("--json")
    assert status == 0, text
    report = json.loads(text)
    assert report["verdict"] == "equal"
    assert report["records"] == len(sendings)
    compared = {check["name"]: check["compared"] for check in report["checks"]}
    assert min(compared.values()) >= 2 * PARTITIONS * len(TOPICS)


def test_every_record_became_what_its_sender_knew_it_would(
    system: System, sendings: list[Sending]
) -> None:
    expected = Counter(sending.expected for sending in sendings)
    became = system.accounting()
    assert became.applied + became.no_effect == expected.pop(ADMITTED)
    assert sum(became.expired.values()) == expected.pop(EXPIRED)
    assert became.dead_letter == expected
    assert became.dead_letter, "the company sends broken records"
    assert became.lost == 0


def test_the_exposition_is_what_prometheus_wants(system: System) -> None:
    assert check_metrics(system.exposition()) == ()


def test_the_report_can_be_read(system: System) -> None:
    status, text = system.verify()
    assert status == 0, text
    assert text.splitlines()[-1] == "Every number is what the log says."
    assert "all equal" in text
