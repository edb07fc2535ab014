"""The watch: refreshes the reader by the wall clock, and knows in what condition the view is."""

import asyncio
from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec
import structlog

from processor.core.tally import Tally
from processor.core.window import Windows
from processor.store.contract import StoreUnavailableError
from processor.store.reader import Reader

log = structlog.get_logger(__name__)

PROGRESS_WITHIN_MS = 10_000
"""A view that lags is rebuilding if it moved within this time; otherwise nobody works on it."""


class Condition(StrEnum):
    """In what condition the view is as a whole."""

    LIVE = "live"
    REBUILDING = "rebuilding"
    STALE = "stale"
    DOWN = "down"


class Status(msgspec.Struct, frozen=True):
    """The condition, what to say about it, and the share of the log that is in (0 to 1)."""

    condition: Condition
    text: str = ""
    progress: float | None = None


class Watch:
    """A reader that is kept at now."""

    def __init__(
        self,
        reader: Reader,
        topics_by_entity: Mapping[str, tuple[str, ...]],
        *,
        now_ms: Callable[[], int],
        stale_after_ms: int,
    ) -> None:
        """Start with nothing read."""
        self.reader = reader
        self.refreshes = 0
        self.duration_s = 0.0
        self.stale_after_ms = stale_after_ms
        self._topics_by_entity = topics_by_entity
        self._now_ms = now_ms
        self._failure = "the store was not read yet"
        self._fresh = asyncio.Condition()

    @property
    def windows(self) -> Windows:
        """The windows as of the last refresh."""
        return self.reader.windows

    @property
    def is_up(self) -> bool:
        """Whether the last refresh succeeded and found a view."""
        return not self._failure and bool(self.reader.heads)

    @property
    def topics(self) -> tuple[str, ...]:
        """All topics that are read."""
        return tuple(dict.fromkeys(t for topics in self._topics_by_entity.values() for t in topics))

    def partitions_of(self, tally: Tally) -> dict[str, int]:
        """The topics that feed a tally: {topic: partitions}, 1 if nothing is known of it.

        Empty if none is configured.
        """
        topics = {t for entity in tally.entities for t in self._topics_by_entity.get(entity, ())}
        counts = {place.topic: head.log.partitions for place, head in self.reader.heads.items()}
        return {topic: counts.get(topic, 1) for topic in topics}

    def as_of_ms(self, topic: str) -> int:
        """The instant up to which everything that had arrived on a topic is in.

        It is that of the slowest partition; 0 if any has no view.
        """
        heads = [head for place, head in self.reader.heads.items() if place.topic == topic]
        complete = heads and len(heads) >= heads[0].log.partitions
        return min(head.as_of_ms for head in heads) if complete else 0

    async def refresh(self) -> None:
        """Read what changed; a store that is away is a condition, not an error."""
        started_s = asyncio.get_running_loop().time()
        try:
            await self.reader.refresh(self._now_ms())
        except StoreUnavailableError as error:
            if not self._failure:
                log.warning("the store is away", detail=str(error))
            self._failure = f"Redis does not answer: {error}"
        else:
            self._failure = ""
        self.duration_s = asyncio.get_running_loop().time() - started_s
        self.refreshes += 1
        async with self._fresh:
            self._fresh.notify_all()

    async def keep(self, every_s: float) -> None:
        """Refresh for ever."""
        while True:
            await self.refresh()
            await asyncio.sleep(max(0.0, every_s - self.duration_s))

    async def next(self) -> None:
        """Wait for the next refresh."""
        async with self._fresh:
            await self._fresh.wait()

    def status(self) -> Status:
        """In what condition the view is."""
        if self._failure:
            return Status(Condition.DOWN, self._failure)
        heads = self.reader.heads
        if not heads:
            return Status(Condition.DOWN, "No worker has written anything yet")
        now_ms = self._now_ms()
        late = [p for p, head in heads.items() if now_ms - head.as_of_ms > self.stale_after_ms]
        missing = [topic for topic in self.topics if not any(p.topic == topic for p in heads)]
        if not late and not missing:
            return Status(Condition.LIVE)
        moving = any(
            now_ms - self.reader.changed_ms[place] < PROGRESS_WITHIN_MS
            and heads[place].position < heads[place].log_end
            for place in late
        )
        if moving:
            done = sum(head.position - head.start for head in heads.values())
            whole = sum(max(head.log_end, head.position) - head.start for head in heads.values())
            return Status(Condition.REBUILDING, "Catching up with the log", done / whole)
        return Status(Condition.STALE, _stale_text(missing, len(late)))


def _stale_text(missing: list[str], late: int) -> str:
    if missing:
        return f"Nothing is known of {', '.join(missing)}"
    return f"{late} partition{'s' if late > 1 else ''} without a working owner"
