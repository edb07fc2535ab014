"""`cxpulse worker` as people meet it: settings, a log, signals and an exit status."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from processor.simulate.child import free_port
from processor.stream.lanes import EXIT_BROKEN
from tests.servers.kafka import KafkaCluster, kafka_cluster
from tests.servers.redis import RedisServer, redis_server
from tests.stream.worksite import WorkerProcess, Worksite, answers, until

DRAIN_S = 10.0
"""The default of `worker.drain_timeout`."""


@pytest.fixture
async def site(tmp_path: Path, kafka: KafkaCluster, redis: RedisServer) -> AsyncIterator[Worksite]:
    made = Worksite(tmp_path, kafka, redis)
    yield made
    await made.close()


def last_said(worker: WorkerProcess, event: str, place: str) -> dict[str, Any]:
    return [line for line in worker.said(event) if line["place"] == place][-1]


async def test_it_says_in_lines_of_json_what_it_acquires_commits_and_releases(
    site: Worksite,
) -> None:
    worker = site.worker()
    await worker.until_said("worker ready")
    site.produce(answers(2_000))
    await site.read_up_to("surveys", 2_000)
    assert await worker.stop() == 0
    head = await site.head("surveys")
    assert head is not None
    assert head.accounting.applied == 2_000
    place = f"{site.topics['surveys']}/0"
    assert last_said(worker, "acquired", place)["position"] == 0
    assert sum(line["records"] for line in worker.said("committed")) == 2_000
    assert last_said(worker, "committed", place)["position"] == 2_000
    assert last_said(worker, "released", place)["position"] == head.position == 2_000
    assert len(worker.said("released")) == len(worker.said("acquired")) == 4
    assert worker.said("worker stopped")
    for line in worker.lines():
        assert {"ts", "level", "event", "logger"} <= line.keys()
        assert line["logger"] != "py.warnings", line
    assert worker.output == ""


async def test_asked_to_stop_in_the_middle_it_commits_what_it_read(site: Worksite) -> None:
    site.produce(answers(30_000))
    first = site.worker(CXPULSE_KAFKA__BATCH_RECORDS_MAX="500")
    await site.read_up_to("surveys", 2_000)
    begun_s = monotonic()
    assert await first.stop() == 0
    assert monotonic() - begun_s < DRAIN_S
    head = await site.head("surveys")
    assert head is not None
    assert 2_000 <= head.position < 30_000
    place = f"{site.topics['surveys']}/0"
    assert last_said(first, "released", place)["position"] == head.position
    assert await site.ratings() == head.position
    second = site.worker()
    await site.read_up_to("surveys", 30_000)
    assert last_said(second, "acquired", place)["position"] == head.position
    assert await site.ratings() == 30_000
    assert await second.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_asked_to_stop_while_idle_it_ends_at_once(
    site: Worksite, number: signal.Signals
) -> None:
    worker = site.worker()
    await worker.until_said("acquired", 4)
    await asyncio.sleep(1.5)
    begun_s = monotonic()
    worker.signal(number)
    assert await worker.ended() == 0
    assert monotonic() - begun_s < 3.0


@pytest.mark.parametrize("moment", ["topic created", "metrics", "assigned"])
async def test_asked_to_stop_while_it_starts_it_ends_in_order(site: Worksite, moment: str) -> None:
    worker = site.worker()
    await worker.until_said(moment)
    assert await worker.stop() == 0
    assert worker.said("worker stopped")


async def test_wrong_settings_are_told_with_value_and_what_is_allowed(site: Worksite) -> None:
    worker = site.worker(CXPULSE_WORKER__DRAIN_TIMEOUT="soon", CXPULSE_KAFKA__BATCH_RECORDS_MAX="0")
    assert await worker.ended() == 2
    assert worker.text == (
        "cxpulse: 2 settings are wrong\n"
        "\n"
        "  kafka.batch_records_max = '0' (environment CXPULSE_KAFKA__BATCH_RECORDS_MAX):"
        " a whole number between 1 and 100000\n"
        "  worker.drain_timeout = 'soon' (environment CXPULSE_WORKER__DRAIN_TIMEOUT):"
        " a duration such as 10s, 30m or 7d, between 0s and 10m\n"
    )


async def test_a_kafka_that_is_not_there_is_told_by_its_address(site: Worksite) -> None:
    address = f"127.0.0.1:{free_port()}"
    worker = site.worker(CXPULSE_KAFKA__BOOTSTRAP_SERVERS=address)
    assert await worker.ended() == 1
    assert last_words(worker).startswith("cxpulse: ")
    assert f"no Kafka answers at {address}" in last_words(worker)


def last_words(worker: WorkerProcess) -> str:
    """What it wrote for people, after its log."""
    return "\n".join(line for line in worker.text.splitlines() if not line.startswith("{"))


async def test_a_redis_that_is_not_there_is_waited_for(site: Worksite) -> None:
    port = free_port()
    worker = site.worker(CXPULSE_REDIS__ADDRESSES=f"127.0.0.1:{port}")
    site.produce(answers(100))
    line = await worker.until_said("will try again")
    assert str(port) in line["detail"]
    with redis_server({"port": str(port)}):
        await worker.until_said("acquired", 4)
        place = f"{site.topics['surveys']}/0"
        await until(
            lambda: any(
                line["place"] == place and line["position"] == 100
                for line in worker.said("committed")
            ),
            "everything is committed",
            [worker],
        )
        assert await worker.stop() == 0


async def test_asked_to_stop_while_redis_is_not_there_it_ends_at_once(site: Worksite) -> None:
    worker = site.worker(CXPULSE_REDIS__ADDRESSES=f"127.0.0.1:{free_port()}")
    await worker.until_said("will try again", 4)
    begun_s = monotonic()
    assert await worker.stop() == 0
    assert monotonic() - begun_s < 3.0


async def test_a_topic_that_does_not_fit_is_told_with_what_to_do(
    site: Worksite, kafka: KafkaCluster
) -> None:
    site.config.write_text(
        site.config.read_text().replace('arrival_time = "producer"', 'arrival_time = "broker"')
    )
    worker = site.worker()
    assert await worker.ended() == 1
    assert last_words(worker) == (
        f"cxpulse: topic {site.topics['surveys']} has message.timestamp.type=CreateTime, but its"
        " arrival_time is broker, which means LogAppendTime: change one of the two"
    )


async def test_a_topic_that_is_missing_is_told_with_the_command_that_makes_it(
    site: Worksite,
) -> None:
    name = site.topics["carts"]
    site.config.write_text(site.config.read_text().replace(name, "nowhere"))
    worker = site.worker()
    assert await worker.ended() == 1
    assert re.search(r"(?m)^  kafka-topics.sh .* --create --topic nowhere ", last_words(worker))


BREAK_FETCHER = """
from aiokafka.consumer.fetcher import Fetcher
async def broken(*_, **__): raise ValueError("nobody foresaw this")
Fetcher.fetched_records = broken
"""


async def test_a_worker_whose_consumer_breaks_says_why_and_ends(site: Worksite) -> None:
    """It must not stay behind as a process that reads nothing and still answers for its metrics."""
    worker = site.worker(prelude=BREAK_FETCHER)
    assert await worker.ended() == EXIT_BROKEN
    (line,) = worker.said("broken")
    assert line["level"] == "critical"
    assert "nobody foresaw this" in line["exception"]


async def test_asked_to_stop_while_kafka_is_not_there_it_ends(
    tmp_path: Path, redis: RedisServer
) -> None:
    with kafka_cluster() as kafka:
        site = Worksite(tmp_path, kafka, redis)
        try:
            worker = site.worker()
            site.produce(answers(100))
            await site.read_up_to("surveys", 100)
            kafka.brokers[0].kill()
            begun_s = monotonic()
            assert await worker.stop() == 0
            assert monotonic() - begun_s < DRAIN_S
        finally:
            await site.close()


async def test_asked_to_stop_while_kafka_does_not_answer_its_first_question_it_ends(
    tmp_path: Path, redis: RedisServer
) -> None:
    with kafka_cluster() as kafka:
        site = Worksite(tmp_path, kafka, redis)
        kafka.brokers[0].pause()
        try:
            worker = site.worker()
            await worker.until_said("metrics")
            await asyncio.sleep(0.5)
            begun_s = monotonic()
            assert await worker.stop() == 0
            assert monotonic() - begun_s < DRAIN_S
        finally:
            await site.close()
