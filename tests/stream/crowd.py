"""A crowd of records: hostile and mutated ones, with good neighbours in between."""

import re
from collections.abc import Iterator

from processor.core.record import Record
from schemas.example import EXAMPLE_LATEST_MS
from schemas.instant import instant_ms
from schemas.topic import TopicKind
from tests.schemas.fuzz import mutated_examples
from tests.schemas.hostile import HOSTILE
from tests.wire import DAY, MINUTE, record

TOPICS = tuple(str(kind) for kind in TopicKind)
NEIGHBOUR_EVERY = 20
HOSTILE_ARRIVAL_MS = EXAMPLE_LATEST_MS - 5 * MINUTE
FUZZ_ARRIVAL_MS = instant_ms("2026-03-03T10:00:00Z") or 0
"""After every time of the examples, and no later than a day after those of carts."""

NAMES = re.compile(rb"(forms:r|acd:c|shop:t|offer:|session:|o-|k-)(?=[0-9])")
GENERATION = 200
"""So many mutations share entities: enough to meet each other, few enough for an oracle that reads
an entity's whole past again for each of its records."""


def neighbour(number: int, arrival_ms: int) -> tuple[str, Record]:
    """A good record that nothing else is about; the topics take turns."""
    at = arrival_ms - 30_000
    events = (
        {
            "type": "survey.submitted",
            "response_id": f"good-{number}",
            "survey_id": "s",
            "created_at": at,
            "answers": [{"question_id": "q", "kind": "nps", "value": number % 11}],
        },
        {
            "type": "contact.recorded",
            "contact_id": f"good-{number}",
            "created_at": at,
            "direction": "inbound",
            "customer_id": f"customer-{number % 50}",
            "segments": [{"segment_id": f"s-{number}", "queued_at": at, "queue": "q"}],
        },
        {
            "type": "cart.updated",
            "cart_id": f"good-{number}",
            "items_count": 1,
            "value_minor": number,
            "currency": "EUR",
        },
    )
    event = {"event_id": f"good-{number}", "occurred_at": at, **events[number % 3]}
    return TOPICS[number % 3], record(event, arrival_ms)


def hostile_stream() -> Iterator[tuple[str, Record]]:
    """Every hostile record in its topic and in the two others, each between good neighbours."""
    for number, hostile in enumerate(HOSTILE):
        yield neighbour(number, HOSTILE_ARRIVAL_MS)
        bad = Record(0, HOSTILE_ARRIVAL_MS, hostile.key, hostile.value, hostile.headers)
        yield from ((topic, bad) for topic in TOPICS)


def fuzz_stream(seed: int, count: int) -> Iterator[tuple[str, Record]]:
    """Mutations, a good neighbour among so many; the last tenth arrives ten days late."""
    for number, (topic, (key, value, headers)) in enumerate(mutated_examples(seed, count)):
        arrival_ms = FUZZ_ARRIVAL_MS + (10 * DAY if number >= count * 9 // 10 else 0)
        if number % NEIGHBOUR_EVERY == 0:
            yield neighbour(number // NEIGHBOUR_EVERY, arrival_ms)
        names = rb"\g<1>%dx" % (number // GENERATION)
        varied = [NAMES.sub(names, raw) if raw else raw for raw in (key, value)]
        named = [(name, NAMES.sub(names, raw)) for name, raw in headers]
        yield str(topic), Record(0, arrival_ms, varied[0], varied[1], named)
