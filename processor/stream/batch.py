"""What the consumer delivers: the interval of a partition that one fetch covered."""

from collections.abc import Sequence

import msgspec
from aiokafka.structs import ConsumerRecord

from processor.core.record import Record
from processor.store.contract import Place


class Batch(msgspec.Struct, frozen=True):
    """The fetch positions `[start, end)` of a partition and every record in them.

    Positions without a record (transaction markers, aborted and compacted records) lie inside and
    need no proof.

    Attributes:
        generation: which seek it follows; a batch of an older one is stale.
        out_of_range: the log no longer has `start`; there are no records, and `end` equals `start`.
    """

    place: Place
    generation: int
    start: int
    end: int
    fetched: Sequence[ConsumerRecord[bytes | None, bytes | None]] = ()
    out_of_range: bool = False

    def records(self) -> list[Record]:
        """The records as the core sees them."""
        return [
            Record(record.offset, record.timestamp, record.key, record.value, record.headers)
            for record in self.fetched
        ]
