"""A record of the log, as the core sees it, and what became of it."""

import zlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False):
    """One Kafka record.

    Attributes:
        offset: its place in the partition.
        arrival_ms: its Kafka timestamp.
    """

    offset: int
    arrival_ms: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()

    @property
    def checksum(self) -> int:
        """The CRC-32 of key and value: enough to tell whether a log is the one we knew."""
        return zlib.crc32(self.value or b"", zlib.crc32(self.key or b""))


class Outcome(StrEnum):
    """What became of a record.

    Together with what was invisible or lost they account for every position.
    """

    APPLIED = "applied"
    NO_EFFECT = "no_effect"
    EXPIRED = "expired"
    DEAD_LETTER = "dead_letter"


class Refusal(msgspec.Struct, frozen=True):
    """Why a record was not applied. Nothing in it is personal: no value of the payload."""

    outcome: Outcome
    reason: str
    field: str = ""
    detail: str = ""


LATENESS = Refusal(Outcome.EXPIRED, "lateness", "occurred_at")
LIFE = Refusal(Outcome.EXPIRED, "life", "created_at")
