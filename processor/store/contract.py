"""What a store promises.

A partition's view changes only by commits, each of which names its predecessor. A store applies a
commit whole or not at all, and only if the head still is the predecessor; it answers "applied" to a
commit it has applied already, so that a lost reply may be tried again. Whoever is refused must
throw away what it holds in memory: somebody else is the owner.
"""

import secrets
from collections.abc import Mapping
from typing import Protocol

import msgspec

from processor.core.head import Head
from processor.core.pane import Cells, Pane, PaneChanges
from processor.core.view import Stored

RECENT_MAX = 1024
"""How many commits a reader may be behind before it must read everything again."""

NONE = ""
"""The predecessor of the first commit."""


class Place(msgspec.Struct, frozen=True):
    """One partition of one topic."""

    topic: str
    partition: int

    def __str__(self) -> str:
        """As people write it: topic/partition."""
        return f"{self.topic}/{self.partition}"


class Commit(msgspec.Struct, frozen=True):
    """One link of a partition's chain: everything it writes, as absolute values.

    Attributes:
        id: fresh and random; names this commit for ever, also when it is sent again.
        predecessor: the id of the commit it follows.
        states: packed states to append to the journal.
        trimmed_ms: journal entries written at a clock before this are removed.
    """

    id: str
    predecessor: str
    head: Head
    states: Mapping[bytes, bytes] = {}
    panes: PaneChanges = PaneChanges({}, [])
    trimmed_ms: int = 0


class Applied(msgspec.Struct, frozen=True):
    """The commit is the head now, or was applied already."""


class Refused(msgspec.Struct, frozen=True):
    """The head is another one: `commit` (NONE if there is no head at all)."""

    commit: str


class Reading(msgspec.Struct, frozen=True):
    """What a reader gets of a partition.

    Attributes:
        commit: the id to name the next time.
        whole: whether `panes` are all there are; otherwise they are those that changed (empty: the
            pane is gone).
    """

    commit: str
    head: Head
    whole: bool
    panes: Mapping[Pane, Cells]


class StoreUnavailableError(Exception):
    """The store cannot be reached or cannot take writes now.

    What was tried may or may not have been applied.
    """


class Store(Protocol):
    """A store. Every method may raise StoreUnavailableError; all may be tried again as they are."""

    async def head(self, place: Place) -> tuple[str, Head] | None:
        """The head's commit id and the head; None if there is none."""

    async def commit(self, place: Place, commit: Commit) -> Applied | Refused:
        """Apply a commit if the head is its predecessor."""

    async def load(self, place: Place, commit: str) -> Stored | Refused:
        """The whole view, if the head is `commit` before and after it was read."""

    async def read(self, place: Place, since: str) -> Reading | None:
        """What changed since a commit; None without a head.

        It is everything if that commit is not among the recent ones.
        """

    async def publish_windows(self, now_ms: int, values: Mapping[str, str]) -> None:
        """Replace the published windows, unless those that are there are newer."""

    async def published_windows(self) -> tuple[int, dict[str, str]]:
        """The published windows and their now; (0, {}) if nothing was ever published."""

    async def close(self) -> None:
        """Let go of the connections."""


def fresh_commit_id() -> str:
    """A commit id that nobody else will ever draw: 96 random bits in hexadecimal."""
    return secrets.token_hex(12)
