"""Partitions that change hands between workers: nothing is lost, nothing counts twice."""

import asyncio
from pathlib import Path

from aiokafka.errors import NoOffsetForPartitionError
from aiokafka.structs import TopicPartition

from processor.stream.kafka import KafkaAccess
from tests.servers.kafka import KafkaCluster
from tests.servers.redis import RedisServer
from tests.stream.test_consumer import consuming, contiguous, produce
from tests.stream.worksite import Worksite, answers, until

REBALANCE_S, QUIET_S = 4.0, 6.0
"""How long a group takes to settle, and for how long nothing may happen then."""


async def test_a_partition_that_had_no_position_for_a_moment_breaks_nothing(
    access: KafkaAccess, topic: str
) -> None:
    """Just after its assignment a partition asks the group, which may know none."""
    async with consuming(access, topic) as recorder:
        await recorder.until(lambda: bool(recorder.taken))
        consumer = recorder.app._batch_consumer._thread._ensure_consumer()
        fetcher, place = consumer._fetcher, TopicPartition(topic, 0)
        assert fetcher is not None
        for _ in range(3):
            await recorder.until(lambda: place not in fetcher._records)
            fetcher._set_error(place, NoOffsetForPartitionError(place))
            await produce(access, topic, range(10))
        await recorder.until(lambda: bool(recorder.batches) and recorder.batches[-1].end == 30)
        assert contiguous(recorder.batches, 0)


async def test_more_workers_than_partitions_leave_each_other_alone(
    tmp_path: Path, kafka: KafkaCluster, redis: RedisServer
) -> None:
    """Whoever loses everything lets go of it, and does not fight the new owner."""
    site = Worksite(tmp_path, kafka, redis, partitions=1)
    try:
        workers = [site.worker() for _ in range(5)]
        for worker in workers:
            await worker.until_said("worker ready")
        await asyncio.sleep(REBALANCE_S)
        before = acquisitions(site)
        await asyncio.sleep(QUIET_S)
        assert acquisitions(site) == before
        site.produce(answers(100))
        await until_counted(site, 100)
    finally:
        await site.close()


def acquisitions(site: Worksite) -> int:
    """How often any worker has taken a partition over, or was refused one."""
    events = ("acquired", "refused")
    return sum(len(worker.said(event)) for worker in site.workers for event in events)


async def test_another_worker_takes_over_and_nothing_is_counted_twice(
    tmp_path: Path, kafka: KafkaCluster, redis: RedisServer
) -> None:
    site = Worksite(tmp_path, kafka, redis, partitions=2)
    try:
        await take_turns(site)
    finally:
        await site.close()


async def take_turns(site: Worksite) -> None:
    """Two workers share the partitions; one stops in order, and then the other is killed."""
    site.produce(answers(500))
    first = site.worker()
    await first.until_said("acquired", 8)
    second = site.worker()
    await second.until_said("acquired")
    site.produce(answers(500, start=500))
    await until_counted(site, 1_000)
    assert first.said("released")
    assert await first.stop() == 0
    site.produce(answers(500, start=1_000))
    await until_counted(site, 1_500)
    second.kill()
    site.produce(answers(500, start=1_500))
    third = site.worker()
    await until_counted(site, 2_000)
    heads = [await site.head("surveys", number) for number in range(2)]
    assert sum(head.accounting.applied for head in heads if head) == 2_000
    assert all(head.is_accounted for head in heads if head)
    assert await third.stop() == 0


async def until_counted(site: Worksite, count: int) -> None:
    async def counted() -> bool:
        assert await site.ratings() <= count, "something was counted twice"
        return await site.ratings() == count

    await until(counted, f"{count} answers", [worker for worker in site.workers if worker.wanted])
