"""A fetched interval as the core sees it."""

from aiokafka.structs import ConsumerRecord

from processor.core.record import Record
from processor.store.contract import Place
from processor.stream.batch import Batch

PLACE = Place("surveys", 0)


def fetched(
    offset: int, key: bytes | None, value: bytes | None
) -> ConsumerRecord[bytes | None, bytes | None]:
    headers = (("source", b"forms"),)
    return ConsumerRecord("surveys", 0, offset, 1_700, 1, key, value, None, 0, 0, headers)


def test_records_keep_offset_arrival_key_value_and_headers() -> None:
    batch = Batch(PLACE, 1, 5, 9, [fetched(5, b"k", b"v"), fetched(7, None, None)])
    assert batch.records() == [
        Record(5, 1_700, b"k", b"v", (("source", b"forms"),)),
        Record(7, 1_700, None, None, (("source", b"forms"),)),
    ]


def test_an_interval_may_hold_no_record_at_all() -> None:
    assert Batch(PLACE, 1, 5, 9).records() == []
