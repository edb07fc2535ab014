"""The whole product on the demo's servers: what the log holds is what the wall shows."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import Consumer, TopicPartition
from redis import Redis

from processor.clock import now_ms
from processor.core.pane import pack_vector, unpack_vector
from processor.demo.stage import DEAD_LETTERS, FETCH_WAIT_MS
from processor.settings.load import load
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


@contextmanager
def planted(system: System, command: Callable[[Redis, bytes, bytes], object]) -> Iterator[None]:
    """A fault in an NPS cell of the newest hour of surveys; gone when the context ends."""
    settings = load(system.config, {}).settings
    with Redis.from_url(f"redis://{settings.redis.addresses[0]}") as client:
        keys = client.scan_iter("*:surveys:*:pane:3600000:*")
        key = max((key for key in keys if client.hexists(key, "nps")), key=lambda k: k[-13:])
        held = client.hget(key, "nps")
        assert isinstance(held, bytes)
        command(client, key, held)
        try:
            yield
        finally:
            client.hset(key, "nps", held)


def plus_one(client: Redis, key: bytes, held: bytes) -> None:
    vector = unpack_vector(held)
    client.hset(key, "nps", pack_vector([vector[0] + 1, *vector[1:]]))


def missing(client: Redis, key: bytes, held: bytes) -> None:
    client.hdel(key, "nps")


@pytest.mark.parametrize("fault", [plus_one, missing])
def test_a_planted_fault_is_found_and_shown(
    system: System, fault: Callable[[Redis, bytes, bytes], object]
) -> None:
    with planted(system, fault):
        status, text = system.verify("--redis-only", "--json")
        assert status == 1, text
    (difference,) = (d for check in json.loads(text)["checks"] for d in check["differences"])
    assert difference["where"].startswith("surveys/")
    assert difference["where"].endswith(", nps")
    status, text = system.verify("--redis-only")
    assert status == 0, text


def test_without_its_exporter_nothing_is_called_equal(system: System) -> None:
    status, text = system.verify("--url", "http://127.0.0.1:1")
    assert status == 3
    assert text.startswith("cxpulse: no exporter answers at http://127.0.0.1:1")
