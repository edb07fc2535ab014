from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.instant import INSTANT_END_MS, INSTANT_START_MS, instant_fault, instant_ms
from schemas.reason import Reason

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOON_MS = 1772452800000  # 2026-03-02T12:00:00Z

moments = st.datetimes(
    min_value=datetime(2001, 9, 11),  # noqa: DTZ001  # Hypothesis adds the zone
    max_value=datetime(2096, 9, 30),  # noqa: DTZ001
    timezones=st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
)


@given(moments, st.sampled_from(["auto", "milliseconds", "microseconds"]))
def test_a_text_is_the_instant_that_the_standard_library_sees(moment: datetime, form: str) -> None:
    text = moment.isoformat(timespec=form)
    shown = (
        moment
        if form != "milliseconds"
        else moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    )
    assert instant_ms(text) == (shown - EPOCH) // timedelta(milliseconds=1)


@given(st.integers(-(2**70), 2**70) | st.integers(INSTANT_START_MS - 2, INSTANT_END_MS + 2))
def test_a_number_is_an_instant_if_it_is_in_range(number: int) -> None:
    expected = number if INSTANT_START_MS <= number < INSTANT_END_MS else None
    assert instant_ms(number) == expected


@given(
    st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
)
def test_a_value_has_a_fault_exactly_if_it_is_no_instant(text: str) -> None:
    assert (instant_ms(text) is None) == (instant_fault(text) is not None)


@pytest.mark.parametrize(
    ("text", "ms_after_noon"),
    [
        ("2026-03-02T12:00:00Z", 0),
        ("2026-03-02t12:00:00z", 0),
        ("2026-03-02T12:00:00.1Z", 100),
        ("2026-03-02T12:00:00.999999999Z", 999),
        ("2026-03-02T12:00:00.0009Z", 0),
        ("2026-03-02T12:00:00-00:00", 0),
        ("2026-03-02T13:30:00.250+01:30", 250),
        ("2026-03-01T12:01:00-23:59", 0),
        ("2026-03-02T11:59:60Z", -1),
        ("2026-03-02T11:59:60.5Z", -1),
        ("2026-03-02T12:59:60.999+01:00", -1),
    ],
)
def test_the_ways_of_writing_noon(text: str, ms_after_noon: int) -> None:
    assert instant_ms(text) == NOON_MS + ms_after_noon


@pytest.mark.parametrize(
    ("value", "reason", "word"),
    [
        (1772442000, Reason.TIME_UNIT, "seconds"),
        (10**9, Reason.TIME_UNIT, "seconds"),
        (10**10, Reason.TIME_INVALID, "outside"),
        (10**15, Reason.TIME_UNIT, "microseconds"),
        (10**18, Reason.TIME_UNIT, "nanoseconds"),
        (10**19, Reason.TIME_INVALID, "outside"),
        (-1772442000, Reason.TIME_INVALID, "outside"),
        (4 * 10**12, Reason.TIME_INVALID, "outside"),
        (1772442000.0, Reason.TIME_INVALID, "neither"),
        (True, Reason.TIME_INVALID, "neither"),
        (None, Reason.TIME_INVALID, "neither"),
        ("1772442000000", Reason.TIME_INVALID, "RFC 3339"),
        ("2026-03-02T12:00:00", Reason.TIME_INVALID, "RFC 3339"),
        ("1999-12-31T23:59:59Z", Reason.TIME_INVALID, "outside"),
    ],
)
def test_a_value_that_is_no_instant_says_why(value: object, reason: Reason, word: str) -> None:
    fault = instant_fault(value)
    assert fault is not None
    assert fault[0] is reason
    assert word in fault[1]


def test_the_edges_of_the_range_hold_for_texts_too() -> None:
    assert instant_ms("2001-09-09T01:46:40Z") == INSTANT_START_MS
    assert instant_ms("2001-09-09T01:46:39.999Z") is None
    assert instant_ms("2096-10-02T07:06:39.999Z") == INSTANT_END_MS - 1
    assert instant_ms("2096-10-02T07:06:40Z") is None


def test_a_very_long_text_is_refused_before_it_can_be_remembered() -> None:
    from schemas.instant import _tail_ms  # noqa: PLC0415  # the memo is what is looked at

    before = _tail_ms.cache_info().misses
    assert instant_ms("2026-03-02T12:00:00" + "Z" * 60_000) is None
    assert _tail_ms.cache_info().misses == before
