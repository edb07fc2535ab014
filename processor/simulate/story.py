"""Stories: what an entity goes through, as the records it leaves and the facts it counts for.

What lives here: the container, and the three ways in which the company's systems write a record.
What must never live here: what happens in a story. What the rest may lean on: a story is told
whole, from its beginning to its end, before any of it is sent; its facts are what the model meant,
never read back from the records.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

from processor.simulate.catalog import Person

SURVEYS_TOPIC: Final = "surveys"
CONTACTS_TOPIC: Final = "contacts"
CARTS_TOPIC: Final = "carts"
TOPICS: Final = (SURVEYS_TOPIC, CONTACTS_TOPIC, CARTS_TOPIC)

# The field that names the entity, and the prefix of the key of an order that has no cart.
ENTITY_FIELD: Final = {
    SURVEYS_TOPIC: "response_id",
    CONTACTS_TOPIC: "contact_id",
    CARTS_TOPIC: "cart_id",
}
ORDER_PREFIX: Final = "order:"

Headers: TypeAlias = tuple[tuple[str, bytes], ...]
Fact: TypeAlias = tuple[str, int, int]  # tally.field, instant in ms, amount

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
encode: Final = msgspec.json.Encoder().encode


class Record(Struct, gc=False):
    """One record as a source wrote it.

    `created_ms` is 0 if it does not carry its entity's beginning. `edits` is the place in the story
    of the record that this one corrects, -1 if it corrects none.
    """

    topic: str
    key: bytes
    occurred_ms: int
    value: bytes
    created_ms: int = 0
    edits: int = -1
    headers: Headers = ()


class Visit(Struct, gc=False):
    """What a contact means for the case of its customer.

    `said` is what agent and case system say of the resolution; a survey may say its own later.
    """

    contact_id: str
    anchor_ms: int
    customer_id: str
    issue_id: str | None
    said: dict[str, bool]
    clean: bool


class Cause(Struct, gc=False):
    """What led to a story: the person, the time, and how glad what happened before has left them.

    `thread` is the id that the new story continues, a contact's or an order's, if it does.
    """

    kind: str
    at_ms: int
    number: int
    person: Person
    thread: str = ""
    channel: str = ""
    issue: str = ""
    gladness: float = 0.0
    solved: bool | None = None


class Story(Struct, gc=False):
    """The records and facts of one entity, and what it leads to."""

    name: str
    brand: str
    channel: str
    records: list[Record]
    facts: list[Fact]
    follow_ups: list[Cause]
    visit: Visit | None = None
    verdict: tuple[str, bool] | None = (
        None  # contact id, and whether its customer says it is solved
    )
    latest_ms: int = 0
    silent: bool = False  # told by a test or robot, or withdrawn: counts for nothing

    def count(self, field: str, at_ms: int, amount: int = 1) -> None:
        """Note that `field` should count `amount` at an instant."""
        self.facts.append((field, at_ms, amount))


def begin_story(name: str, *, brand: str, channel: str) -> Story:
    """A story of which nothing is told yet."""
    return Story(name, brand, channel, [], [], [])


def rfc3339(at_ms: int, zone: tzinfo) -> str:
    """The instant as text with its offset, to the millisecond."""
    at = (EPOCH + timedelta(milliseconds=at_ms)).astimezone(zone)
    return at.isoformat(timespec="milliseconds")


def zone_of(utc_offset_minutes: int) -> tzinfo:
    """The zone of a market; summer time is of no account to a simulation."""
    return timezone(timedelta(minutes=utc_offset_minutes))


class Teller:
    """One source that speaks about one entity; every record it writes joins the story."""

    __slots__ = (
        *("_created_ms", "_entity", "_excluded", "_field", "_key", "_source", "_story", "_topic"),
        "_zone",
    )

    def __init__(self, story: Story, source: str, *, topic: str, entity: str) -> None:
        """Speak as `source` about the entity whose key is `entity`, in epoch milliseconds."""
        self._story = story
        self._source = source
        self._topic = topic
        self._key = entity.encode()
        cartless = entity.startswith(ORDER_PREFIX)
        self._field = "order_id" if cartless else ENTITY_FIELD[topic]
        self._entity = entity.removeprefix(ORDER_PREFIX)
        self._zone: tzinfo | None = None
        self._created_ms = 0
        self._excluded = ""

    def exclude(self, reason: str) -> None:
        """Say in every record from now on that the entity must not count, and why."""
        self._excluded = reason
        self._story.silent = True

    def know_beginning(self, created_ms: int) -> None:
        """Carry the entity's beginning in every record from now on."""
        self._created_ms = created_ms

    def write_text_times(self, zone: tzinfo) -> None:
        """Write instants as text in that zone from now on."""
        self._zone = zone

    def time(self, at_ms: int) -> int | str:
        """An instant as this source writes it."""
        return at_ms if self._zone is None else rfc3339(at_ms, self._zone)

    def say(
        self, kind: str, at_ms: int, fields: Mapping[str, object] | None = None, *, edits: int = -1
    ) -> int:
        """Write a record; returns its place in the story."""
        story = self._story
        place = len(story.records)
        body: dict[str, object] = {
            "type": kind,
            "event_id": f"{story.name}.{place}",
            "source": self._source,
            self._field: self._entity,
            "occurred_at": self.time(at_ms),
        }
        if self._created_ms:
            body["created_at"] = self.time(self._created_ms)
        if self._excluded:
            body["excluded"] = self._excluded
        if fields:
            body.update(fields)
        value = encode(body)
        self._keep(Record(self._topic, self._key, at_ms, value, self._created_ms, edits))
        return place

    def announce(
        self, kind: str, at_ms: int, fields: Mapping[str, object] | None = None, *, edits: int = -1
    ) -> int:
        """Write a record as a binary CloudEvent 1.0, the envelope in headers; returns its place."""
        story = self._story
        place = len(story.records)
        body: dict[str, object] = {self._field: self._entity}
        if self._created_ms:
            body["created_at"] = self._created_ms
        if self._excluded:
            body["excluded"] = self._excluded
        if fields:
            body.update(fields)
        headers = (
            ("ce_specversion", b"1.0"),
            ("ce_id", f"{story.name}.{place}".encode()),
            ("ce_source", self._source.encode()),
            ("ce_type", kind.encode()),
            ("ce_time", rfc3339(at_ms, UTC).encode()),
            ("ce_subject", self._key),
            ("content-type", b"application/json"),
        )
        value = encode(body)
        self._keep(Record(self._topic, self._key, at_ms, value, self._created_ms, edits, headers))
        return place

    def _keep(self, record: Record) -> None:
        """Add a record to the story, which remembers the latest thing said."""
        self._story.records.append(record)
        self._story.latest_ms = max(self._story.latest_ms, record.occurred_ms)
