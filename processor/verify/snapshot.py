"""What a running system says of itself, taken at one moment: the exporter's numbers, and which positions they stand at."""

import asyncio
from typing import Any, TypeAlias

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from prometheus_client.parser import text_string_to_metric_families

from processor.core.head import Head
from processor.core.metric import PREFIX
from processor.store.contract import Place

Series: TypeAlias = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""{(name, labels): value} of an exposition."""

TRIES_MAX = 20
TRY_EVERY_S = 0.3
TIMEOUT_S = 10.0


class Snapshot(msgspec.Struct, frozen=True):
    """The exporter's numbers at one now, and the heads they were made from."""

    now_ms: int
    heads: dict[Place, Head]
    series: Series


class NoSnapshotError(Exception):
    """The exporter does not answer, or never twice for one moment."""


async def take_snapshot(url: str) -> Snapshot:
    """The exposition and the heads of one refresh.

    Raises:
        NoSnapshotError: see there.
    """
    async with ClientSession(timeout=ClientTimeout(total=TIMEOUT_S)) as session:
        for _ in range(TRIES_MAX):
            try:
                model = await _get(session, f"{url}/api/windows")
                text = await _get(session, f"{url}/metrics")
            except (ClientError, TimeoutError, OSError) as error:
                raise NoSnapshotError(f"{url} does not answer: {error!r}") from error
            told = msgspec.json.decode(model)
            series = parse_series(text.decode())
            if (
                round(series[f"{PREFIX}windows_timestamp_seconds", frozenset()] * 1000)
                == told["now_ms"]
            ):
                return Snapshot(told["now_ms"], _heads(told["topics"]), series)
            await asyncio.sleep(TRY_EVERY_S)
    raise NoSnapshotError(f"{url} moves on faster than two questions can be asked")


def parse_series(text: str) -> Series:
    """The series of an exposition."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _heads(topics: dict[str, Any]) -> dict[Place, Head]:
    return {
        Place(topic, int(partition)): msgspec.convert(head, Head)
        for topic, told in topics.items()
        for partition, head in told["partitions"].items()
    }


async def _get(session: ClientSession, url: str) -> bytes:
    async with session.get(url) as answer:
        answer.raise_for_status()
        return await answer.read()
