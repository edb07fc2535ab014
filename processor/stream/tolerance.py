r"""Records with header names that are not UTF-8: Kafka carries them, aiokafka's reader breaks.

It raises in the middle of a fetch, and again whenever the fetch is repeated, so one such record
would stop its worker for ever. Here a batch that holds one is read once more by aiokafka's own slow
reader, with the offending bytes written as escapes (`\xff`). Every other batch is read as before.

What the rest may lean on: after `tolerate_header_names` no header name raises, in any consumer of
this process.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_LENGTH: Final = slice(8, 12)
"""Where a batch says how many bytes follow (Kafka protocol, record batch: batchLength)."""


def tolerate_header_names() -> None:
    """Have aiokafka's consumers read what they fetch through `TolerantRecords`."""
    setattr(fetcher, "MemoryRecords", TolerantRecords)  # noqa: B010  # to a type checker it is private


class TolerantRecords:
    """What a fetch brought, batch by batch: as much of aiokafka's class as its fetcher uses."""

    def __init__(self, fetched: bytes) -> None:
        """Read these bytes."""
        self._records = MemoryRecords(fetched)
        self._rest = memoryview(fetched)

    def has_next(self) -> bool:
        """Whether a whole batch is left."""
        return self._records.has_next()

    def size_in_bytes(self) -> int:
        """How many bytes were fetched."""
        return self._records.size_in_bytes()

    def next_batch(self) -> "TolerantBatch":
        """The next batch."""
        end = _LENGTH.stop + int.from_bytes(self._rest[_LENGTH], "big")
        raw, self._rest = self._rest[:end], self._rest[end:]
        return TolerantBatch(self._records.next_batch(), raw)


class TolerantBatch:
    """A batch as aiokafka knows it, whose records are read again if the first reading breaks."""

    def __init__(self, batch: Any, raw: memoryview) -> None:
        """Stand before a batch and its bytes."""
        self._batch = batch
        self._raw = raw

    def __getattr__(self, name: str) -> Any:
        """Whatever the batch says of itself."""
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        """Its records."""
        read = 0
        try:
            for record in self._batch:
                read += 1
                yield record
        except UnicodeDecodeError:
            yield from islice(_read_slowly(self._raw), read, None)

    def __next__(self) -> Any:
        """Its next record, of a batch that holds nothing but a marker."""
        return next(self._batch)


def _read_slowly(raw: memoryview) -> Iterator[Any]:
    batch = _DefaultRecordBatchPy(raw)
    batch._maybe_uncompress()
    batch._buffer = _Escaping(batch._buffer)
    return iter(batch)


class _Escaping(bytearray):
    """Bytes that can always be read as text."""

    def __getitem__(self, at: Any) -> Any:
        taken = super().__getitem__(at)
        return _Escaping(taken) if isinstance(at, slice) else taken

    def decode(self, encoding: str = "utf-8", errors: str = "backslashreplace") -> str:
        return super().decode(encoding, errors)
