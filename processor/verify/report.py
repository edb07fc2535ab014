"""What a verification found, as data and as something to read."""

from collections.abc import Iterator
from typing import Literal

import msgspec

DIFFERENCES_TOLD_MAX = 20
"""Differences that are told one by one; more are counted."""

Verdict = Literal["equal", "different", "unverifiable"]


class Difference(msgspec.Struct, frozen=True):
    """One number that is not what the log says. `where` is the place, pane, window or series it stands in."""

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


class Report(msgspec.Struct):
    """What was verified, up to where, and what was found.

    Attributes:
        records: how many records of the log were replayed.
        remarks: what could not be compared, and why; a report with any of these is not a clean bill.
    """

    namespace: str
    records: int
    checks: list[Check]
    remarks: list[str]

    @property
    def verdict(self) -> Verdict:
        """Equal only if everything could be compared and nothing differs."""
        if any(check.differences for check in self.checks):
            return "different"
        return "unverifiable" if self.remarks else "equal"

    def as_json(self) -> bytes:
        """The report for programs."""
        return msgspec.json.encode({"verdict": self.verdict, "report": self})

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.records:,} records of {self.namespace} replayed from the log."
        for check in self.checks:
            count = len(check.differences)
            yield f"  {check.compared:>9,} {check.name}: {'equal' if not count else f'{count:,} DIFFER'}"
            for difference in check.differences[:DIFFERENCES_TOLD_MAX]:
                yield f"            {difference.where}: the log says {difference.expected}, there is {difference.found}"
            if count > DIFFERENCES_TOLD_MAX:
                yield f"            and {count - DIFFERENCES_TOLD_MAX:,} more"
        for remark in self.remarks:
            yield f"  Not compared: {remark}"
        yield {
            "equal": "Every number is what the log says.",
            "different": "SOME NUMBERS ARE NOT WHAT THE LOG SAYS.",
            "unverifiable": "What could be compared is equal; not everything could.",
        }[self.verdict]
