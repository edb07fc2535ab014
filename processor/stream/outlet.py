"""What the worker writes to Kafka: dead letters, and summaries of contacts for their cases.

Both are acknowledged before the commit that passes their records; a crash between repeats them.
Dead letters are keyed by position, so their readers see one each; summaries join, so repetition
changes nothing.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from processor.core.entity.summary import Summary, pack_summary, project
from processor.core.record import Outcome, Record, Refusal
from processor.core.state import State
from processor.store.contract import Place
from processor.stream.kafka import KafkaAccess

DEAD_LETTER_VALUE_MAX = 64 * 1024
"""Bytes of a dead letter's value that are kept; of a longer one only its size and hash are."""

DEAD_LETTER_HEADERS_MAX = 64 * 1024
"""Bytes of the original's headers that are kept; of more only their size is.

A batch is compressed as a whole, so one record's headers may be larger than any message that Kafka
takes back; without this bound such a record could never be buried.
"""

_HEADER_OVERHEAD = 10
"""Bytes that a header takes beside its name and value: their lengths, at most five bytes each."""


class _Message(NamedTuple):
    """What goes to Kafka."""

    topic: str
    key: bytes
    value: bytes | None
    headers: list[tuple[str, bytes]]


class OutletUnavailableError(Exception):
    """Kafka did not acknowledge what was sent; it may be sent again."""


class Outlet:
    """A producer for the two topics the worker writes to."""

    def __init__(self, access: KafkaAccess, *, dead_letters: str, cases: str) -> None:
        """Nothing is sent before `start`."""
        self._dead_letters = dead_letters
        self._cases = cases
        self._access = access
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            KafkaError: Kafka cannot be reached.
        """
        # aiokafka's own partitioner is murmur2, like Java's.
        self._producer = AIOKafkaProducer(
            **self._access.options, acks="all", enable_idempotence=True
        )
        await self._producer.start()

    async def stop(self) -> None:
        """Send what is left, and disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def bury(self, place: Place, refusals: Sequence[tuple[Record, Refusal]]) -> None:
        """Write the dead letters among a batch's refusals, and wait until they are acknowledged.

        Raises:
            OutletUnavailableError: they were not.
        """
        await self._send(
            [
                _Message(
                    self._dead_letters, _position(place, record), *_letter(place, record, refusal)
                )
                for record, refusal in refusals
                if refusal.outcome is Outcome.DEAD_LETTER
            ]
        )

    async def tell(self, moved: Mapping[bytes, tuple[set[bytes], State]], clock_ms: int) -> None:
        """Write the summaries of changed contacts to the customers concerned, and wait as above.

        `clock_ms` is the source partition's clock: on a topic that keeps producers' times, the
        derived log then runs by the clock of the log it is derived from, at whatever speed that is
        read.

        Raises:
            OutletUnavailableError: they were not acknowledged.
        """
        await self._send(
            [
                _Message(self._cases, customer, pack_summary(Summary(contact, project(state))), [])
                for contact, (customers, state) in moved.items()
                for customer in sorted(customers)
            ],
            timestamp_ms=clock_ms,
        )

    async def _send(self, messages: Sequence[_Message], *, timestamp_ms: int | None = None) -> None:
        if not messages:
            return
        if self._producer is None:
            raise RuntimeError("the outlet was not started")
        try:
            acknowledged: list[Awaitable[Any]] = []
            for topic, key, value, headers in messages:
                acknowledgement = await self._producer.send(
                    topic, value, key=key, headers=headers, timestamp_ms=timestamp_ms
                )
                acknowledged.append(acknowledgement)
            await asyncio.gather(*acknowledged)
        except KafkaError as error:
            raise OutletUnavailableError(repr(error)) from error


def _position(place: Place, record: Record) -> bytes:
    return f"{place.topic}/{place.partition}/{record.offset}".encode()


def _letter(
    place: Place, record: Record, refusal: Refusal
) -> tuple[bytes | None, list[tuple[str, bytes]]]:
    """A dead letter's value and headers: the original's, and why and where beside them."""
    told = {
        "cx_reason": refusal.reason,
        "cx_field": refusal.field,
        "cx_detail": refusal.detail,
        "cx_topic": place.topic,
        "cx_partition": str(place.partition),
        "cx_offset": str(record.offset),
        "cx_arrival_ms": str(record.arrival_ms),
    }
    size = sum(_HEADER_OVERHEAD + len(name) + len(raw or b"") for name, raw in record.headers)
    kept = record.headers if size <= DEAD_LETTER_HEADERS_MAX else ()
    if not kept and size:
        told["cx_headers_bytes"] = str(size)
    headers = [*kept, *((name, text.encode()) for name, text in told.items() if text)]
    if record.key is not None:
        headers.append(("cx_key", record.key[:DEAD_LETTER_VALUE_MAX]))
    value = record.value
    if value is not None and len(value) > DEAD_LETTER_VALUE_MAX:
        headers.append(("cx_value_bytes", str(len(value)).encode()))
        headers.append(("cx_value_blake2b", hashlib.blake2b(value, digest_size=32).digest()))
        value = None
    return value, headers
