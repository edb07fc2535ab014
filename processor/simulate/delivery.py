"""Delivery: what live systems do to records between their source and the broker.

What lives here: lateness, duplication, shuffling, feeds that stand still, and the verdict that
each record must get because of when it arrives. What must never live here: what the records say.
What the rest may lean on: no record arrives before it was written; one that is meant to count
arrives well within the allowed lateness, whatever else happens to it.
"""

from collections import Counter
from typing import Final

from msgspec import Struct

from processor.simulate.simulation import DAY_MS, HOUR_MS, MINUTE_MS
from processor.simulate.story import (
    CARTS_TOPIC,
    CONTACTS_TOPIC,
    SURVEYS_TOPIC,
    Headers,
    Record,
    Story,
)
from processor.simulate.world import World

SECOND_MS: Final = 1000
ADMITTED: Final = "admitted"
EXPIRED: Final = "expired"
# The product's defaults: how old a record, and how old its entity, may be when it arrives.
LATENESS_MAX_MS: Final = {
    SURVEYS_TOPIC: 7 * DAY_MS,
    CONTACTS_TOPIC: 7 * DAY_MS,
    CARTS_TOPIC: DAY_MS,
}
LIFE_MS: Final = {SURVEYS_TOPIC: 30 * DAY_MS, CONTACTS_TOPIC: 30 * DAY_MS}
# No record that is to count comes closer than this to the limit.
LATENESS_SAFE: Final = 0.9
TRANSIT_LEAST_MS: Final = 15
TRANSIT_MEAN_MS: Final = 300
FLOOD_FACTOR: Final = 10  # so much slower than usual is a feed that moves again and sends it all
LATE_LEAST_MS: Final = MINUTE_MS
LATE_MOST_MS: Final = 12 * HOUR_MS
REPEATED_MOST_MS: Final = 3 * HOUR_MS
OVERTAKEN_SHARE: Final = 0.3  # of the edits: they arrive before what they edit


class Sending(Struct, frozen=True, gc=False):
    """One record on its way to a topic.

    `expected` is what must become of it: `admitted` (applied or no_effect), `expired`, or the
    reason for which it is a dead letter.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    arrival_ms: int
    expected: str


class Delivery:
    """The network, the queues and the retries between the sources and the broker."""

    __slots__ = ("_settings", "_stream", "_world", "marks")

    def __init__(self, world: World, marks: Counter[str]) -> None:
        """Count what is done to records in `marks`."""
        self._world = world
        self._settings = world.settings
        self._stream = world.chance.stream("delivery")
        self.marks = marks

    def deliver(self, story: Story, *, shift_ms: int = 0) -> list[Sending]:
        """The records of a story as they arrive, `shift_ms` later than they should; in no order."""
        self._world.chance.restart(self._stream, f"delivery/{story.name}")
        arrivals = [self._travel(record, shift_ms) for record in story.records]
        self._overtake(story.records, arrivals)
        sendings: list[Sending] = []
        for record, arrival_ms in zip(story.records, arrivals, strict=True):
            sendings.append(arrive(record, arrival_ms))
            if self._stream.likely(self._settings.duplicated):
                again_ms = arrival_ms + self._stream.spread(SECOND_MS, REPEATED_MOST_MS)
                sendings.append(arrive(record, again_ms))
                self.marks["duplicated"] += 1
        self.marks["records"] += len(arrivals)
        return sendings

    def _travel(self, record: Record, shift_ms: int) -> int:
        """When a record arrives that travels on its own."""
        stream = self._stream
        if stream.likely(self._settings.late):
            self.marks["late"] += 1
            delay_ms = stream.spread(LATE_LEAST_MS, LATE_MOST_MS)
        else:
            delay_ms = TRANSIT_LEAST_MS + stream.around(TRANSIT_MEAN_MS)
        arrival_ms = record.occurred_ms + shift_ms + delay_ms
        moving_ms = self._world.influence.held_until(record.topic, arrival_ms)
        flood_ms = min(FLOOD_FACTOR * delay_ms, MINUTE_MS)
        return arrival_ms if moving_ms == arrival_ms else moving_ms + flood_ms

    def _overtake(self, records: list[Record], arrivals: list[int]) -> None:
        """Let some records arrive after their successor, and some edits before what they edit."""
        stream = self._stream
        for place in range(len(records) - 1, -1, -1):
            edited = records[place].edits
            if edited >= 0:
                self.marks["corrected"] += 1
                if stream.likely(OVERTAKEN_SHARE):
                    arrivals[edited] = self._follow(
                        records[edited], arrivals, held=edited, ahead=place
                    )
            if place + 1 < len(records) and stream.likely(self._settings.shuffled):
                arrivals[place] = self._follow(
                    records[place], arrivals, held=place, ahead=place + 1
                )

    def _follow(self, record: Record, arrivals: list[int], *, held: int, ahead: int) -> int:
        """When the record `held` arrives if it must wait for the record `ahead`.

        It does not wait where it would come so late that it might not count.
        """
        behind_ms = arrivals[ahead] + self._stream.between(100, 20 * SECOND_MS)
        limit_ms = record.occurred_ms + LATENESS_SAFE * LATENESS_MAX_MS[record.topic]
        if not arrivals[held] < behind_ms < limit_ms:
            return arrivals[held]
        self.marks["overtaken"] += 1
        return behind_ms


def arrive(record: Record, arrival_ms: int) -> Sending:
    """The record as it arrives, and what must become of it."""
    too_late = record.occurred_ms < arrival_ms - LATENESS_MAX_MS[record.topic]
    life_ms = LIFE_MS.get(record.topic)
    too_old = (
        life_ms is not None
        and record.created_ms > 0
        and record.created_ms // SECOND_MS * SECOND_MS + life_ms < arrival_ms
    )
    expected = EXPIRED if too_late or too_old else ADMITTED
    return Sending(record.topic, record.key, record.value, record.headers, arrival_ms, expected)
