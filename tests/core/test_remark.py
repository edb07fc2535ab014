"""Remarks can be counted."""

from collections import Counter

from processor.core.remark import UNLISTED_VALUE, Remark


def test_equal_remarks_are_counted_together() -> None:
    remarks = Counter([Remark(UNLISTED_VALUE, "brand", "x")] * 2 + [Remark("other", "", "")])
    assert remarks[Remark(UNLISTED_VALUE, "brand", "x")] == 2
