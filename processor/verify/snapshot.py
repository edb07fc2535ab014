"""What a running system says of itself at one moment: its series, and the heads they stand at."""

from typing import TypeAlias

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from prometheus_client.parser import text_string_to_metric_families
from tenacity import (
    AsyncRetrying,
    RetryError,
    retry_if_exception_type,
    stop_after_attempt,
    wait_fixed,
)

from processor.core.head import Head
from processor.core.series import PREFIX
from processor.store.contract import Place

Series: TypeAlias = dict[tuple[str, frozenset[tuple[str, str]]], float]
"""{(name, labels): value} of an exposition."""

TRIES_MAX = 20
TRY_EVERY_S = 0.3
TIMEOUT_S = 10.0

_MOMENT = (f"{PREFIX}windows_timestamp_seconds", frozenset[tuple[str, str]]())


class Snapshot(msgspec.Struct, frozen=True):
    """The exporter's numbers at one now, and the heads they were made from."""

    now_ms: int
    heads: dict[Place, Head]
    series: Series


class NoSnapshotError(Exception):
    """The exporter does not answer, or never twice for one moment."""


class _MovedOnError(Exception):
    """The exporter refreshed between two questions."""


class _Topic(msgspec.Struct):
    partitions: dict[str, Head]


class _Windows(msgspec.Struct):
    """What is needed of /api/windows."""

    now_ms: int
    topics: dict[str, _Topic]


async def take_snapshot(url: str) -> Snapshot:
    """The series and the heads of one refresh of the exporter at `url`.

    Raises:
        NoSnapshotError: see there.
    """
    attempts = AsyncRetrying(
        retry=retry_if_exception_type(_MovedOnError),
        stop=stop_after_attempt(TRIES_MAX),
        wait=wait_fixed(TRY_EVERY_S),
    )
    async with ClientSession(timeout=ClientTimeout(total=TIMEOUT_S)) as session:
        try:
            taken: Snapshot = await attempts(_take_at_once, session, url)
        except RetryError:
            raise NoSnapshotError(f"{url} moves on faster than it can be asked twice") from None
        except (ClientError, TimeoutError, OSError, msgspec.MsgspecError, KeyError) as error:
            raise NoSnapshotError(f"no exporter answers at {url}: {error!r}") from error
    return taken


async def _take_at_once(session: ClientSession, url: str) -> Snapshot:
    """The windows, then the series of the same refresh."""
    windows = msgspec.json.decode(await _get(session, f"{url}/api/windows"), type=_Windows)
    series = parse_series((await _get(session, f"{url}/metrics")).decode())
    if round(series[_MOMENT] * 1000) != windows.now_ms:
        raise _MovedOnError
    heads = {
        Place(topic, int(partition)): head
        for topic, told in windows.topics.items()
        for partition, head in told.partitions.items()
    }
    return Snapshot(windows.now_ms, heads, series)


def parse_series(text: str) -> Series:
    """The series of an exposition."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def _get(session: ClientSession, url: str) -> bytes:
    async with session.get(url) as answer:
        answer.raise_for_status()
        return await answer.read()
