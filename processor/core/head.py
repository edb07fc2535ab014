"""What a partition's view claims: how far it has read, what became of it, how current it is."""

import msgspec

from processor.core.record import Outcome


class Accounting(msgspec.Struct):
    """Where every position went: `position - start` is the sum of all these.

    Attributes:
        expired, dead_letter: counts by reason.
        invisible: positions without a record: transaction markers, aborted and compacted records.
        lost: positions that retention took away before they were read.
    """

    applied: int = 0
    no_effect: int = 0
    expired: dict[str, int] = msgspec.field(default_factory=dict)
    dead_letter: dict[str, int] = msgspec.field(default_factory=dict)
    invisible: int = 0
    lost: int = 0

    @property
    def records(self) -> int:
        """How many records were read."""
        refused = sum(self.expired.values()) + sum(self.dead_letter.values())
        return self.applied + self.no_effect + refused

    @property
    def positions(self) -> int:
        """How many positions are accounted for."""
        return self.records + self.invisible + self.lost

    def count(self, outcome: Outcome, reason: str = "") -> None:
        """Book one record."""
        match outcome:
            case Outcome.APPLIED:
                self.applied += 1
            case Outcome.NO_EFFECT:
                self.no_effect += 1
            case Outcome.EXPIRED:
                self.expired[reason] = self.expired.get(reason, 0) + 1
            case _:
                self.dead_letter[reason] = self.dead_letter.get(reason, 0) + 1

    def plus(self, more: "Accounting") -> "Accounting":
        """The sum of two accountings."""
        return Accounting(
            self.applied + more.applied,
            self.no_effect + more.no_effect,
            _summed(self.expired, more.expired),
            _summed(self.dead_letter, more.dead_letter),
            self.invisible + more.invisible,
            self.lost + more.lost,
        )


def _summed(ours: dict[str, int], more: dict[str, int]) -> dict[str, int]:
    return {reason: ours.get(reason, 0) + more.get(reason, 0) for reason in ours | more}


class LogIdentity(msgspec.Struct, frozen=True):
    """Which log a view was made from.

    Attributes:
        cluster: the Kafka cluster's id.
        partitions: how many partitions the topic has.
        offset, checksum: the last record that was applied, and the CRC-32 of its key and value; -1,
            0 before the first.
    """

    cluster: str
    partitions: int
    offset: int = -1
    checksum: int = 0


class Head(msgspec.Struct):
    """A partition's head. It changes only together with what it speaks of, in one commit.

    Attributes:
        position: the offset of the next record to read.
        start: the position at which the view began.
        clock_ms: the running maximum of arrival over the log so far; 0 before the first record.
        as_of_ms: everything that had arrived until then is in the view; 0 if nothing can be said
            yet.
        log_end: the log's end when the owner last asked; tells how far a view that lags has to go.
        covered_from_ms: from then on the view vouches for its panes; 0 if the log was there from
            its first offset.
    """

    position: int
    start: int
    log: LogIdentity
    clock_ms: int = 0
    as_of_ms: int = 0
    log_end: int = 0
    covered_from_ms: int = 0
    accounting: Accounting = msgspec.field(default_factory=Accounting)

    def vouch(self, as_of_ms: int) -> None:
        """Say that everything that had arrived until then is in; along a chain this never falls."""
        self.as_of_ms = max(self.as_of_ms, as_of_ms)

    @property
    def is_accounted(self) -> bool:
        """The accounting identity."""
        return self.position - self.start == self.accounting.positions
