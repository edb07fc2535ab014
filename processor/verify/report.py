"""What a verification found, as data and as something to read."""

from collections.abc import Iterator
from typing import Literal

import msgspec

DIFFERENCES_TOLD_MAX = 20
"""Differences that a person is told one by one, of each check; more are counted."""

Verdict = Literal["equal", "different", "unverifiable"]

_ENDINGS: dict[Verdict, str] = {
    "equal": "Every number is what the log says.",
    "different": "SOME NUMBERS ARE NOT WHAT THE LOG SAYS.",
    "unverifiable": "What could be compared is equal; not everything could.",
}
_NOTHING = "Nothing could be compared."


class Difference(msgspec.Struct, frozen=True):
    """One number that is not what the log says.

    Attributes:
        where: the partition, pane and cell, or the series, that it stands in.
    """

    where: str
    expected: str
    found: str


class Check(msgspec.Struct):
    """One kind of comparison: how many numbers were compared, and which differ."""

    name: str
    compared: int = 0
    differences: list[Difference] = []

    def compare(self, where: str, expected: object, found: object) -> None:
        """Note one number."""
        self.compared += 1
        if expected != found:
            self.differences.append(Difference(where, str(expected), str(found)))

    def lines(self) -> Iterator[str]:
        """The check for people."""
        count = len(self.differences)
        outcome = f"{count:,} NOT EQUAL" if count else "all equal"
        if not self.compared:
            outcome = "nothing to compare"
        yield f"  {self.compared:>9,} {self.name}: {outcome}"
        for difference in self.differences[:DIFFERENCES_TOLD_MAX]:
            yield f"            {difference.where}"
            yield f"              the log says  {difference.expected}"
            yield f"              there is      {difference.found}"
        if count > DIFFERENCES_TOLD_MAX:
            yield f"            and {count - DIFFERENCES_TOLD_MAX:,} more"


class Extent(msgspec.Struct, frozen=True):
    """Up to where a partition's view was compared.

    Attributes:
        partition: topic/partition.
        position: the offset of the first record that is not in the view.
        lag: how many positions the log's end was beyond it.
    """

    partition: str
    position: int
    lag: int


class Report(msgspec.Struct):
    """What was verified, up to where, and what was found.

    Attributes:
        records: how many records of the log were replayed.
        extents: up to where the view of each partition was compared.
        remarks: what could not be compared, and why; a report with any of these is not a clean
            bill.
    """

    namespace: str
    records: int
    extents: list[Extent]
    checks: list[Check]
    remarks: list[str]

    @property
    def verdict(self) -> Verdict:
        """Equal only if everything could be compared and nothing differs.

        A check that compared nothing has not found anything equal.
        """
        if any(check.differences for check in self.checks):
            return "different"
        whole = all(check.compared for check in self.checks) and not self.remarks
        return "equal" if whole else "unverifiable"

    def as_json(self) -> bytes:
        """The report for programs: the verdict and the attributes."""
        return msgspec.json.encode({"verdict": self.verdict, **msgspec.structs.asdict(self)})

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.records:,} records of {self.namespace} replayed from the log."
        lag = sum(extent.lag for extent in self.extents)
        where = f"{lag:,} records behind" if lag else "at"
        if self.extents:
            yield f"  The views stand {where} the end of the log."
        for check in self.checks:
            yield from check.lines()
        for remark in self.remarks:
            yield f"  Not compared: {remark}"
        compared = any(check.compared for check in self.checks)
        yield _ENDINGS[self.verdict] if compared else _NOTHING
