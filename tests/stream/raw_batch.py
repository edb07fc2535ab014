"""Batches as a producer without scruples writes them: header names are whatever bytes it likes."""

from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from processor.core.record import Record

BATCH_BYTES_MAX = 1 << 20


class RawName(str):
    """A header's name that is written as these bytes."""

    raw: bytes

    def __new__(cls, raw: bytes) -> "RawName":
        made = super().__new__(cls, raw.decode("latin-1"))
        made.raw = raw
        return made

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        return self.raw


def raw_batch(records: Sequence[Record], *, first: int = 0, codec: int = 0) -> bytes:
    """One batch whose first record stands at offset `first`."""
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, BATCH_BYTES_MAX)
    for number, record in enumerate(records):
        headers = list(record.headers)
        builder.append(number, record.arrival_ms, record.key, record.value, headers)  # type: ignore[arg-type]  # no headers without a value, says it
    raw = builder.build()
    # The checksum covers neither the offset nor the length.
    raw[:8] = first.to_bytes(8, "big")
    return bytes(raw)


async def send_raw(bootstrap: str, topic: str, records: Sequence[Record]) -> None:
    """Append them to partition 0 as one batch."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        batch = producer.create_batch()
        batch.close()
        batch._buffer = bytearray(raw_batch(records))
        batch._relative_offset = len(records)
        await (await producer.send_batch(batch, topic, partition=0))
