"""A record and its checksum."""

from processor.core.record import LATENESS, LIFE, Outcome, Record


def test_the_checksum_covers_key_and_value() -> None:
    record = Record(0, 0, b"k", b"v")
    assert record.checksum == Record(7, 9, b"k", b"v").checksum
    assert record.checksum != Record(0, 0, b"k", b"w").checksum
    assert record.checksum != Record(0, 0, b"j", b"v").checksum
    assert Record(0, 0, None, None).checksum == 0


def test_what_is_too_late_or_too_old_is_expired_and_not_dead() -> None:
    assert {refusal.outcome for refusal in (LATENESS, LIFE)} == {Outcome.EXPIRED}
    assert (LATENESS.reason, LIFE.reason) == ("lateness", "life")
