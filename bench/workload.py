"""The workload "rolling NPS": answers as a live system sends them, and what they must add up to.

JSON events of about 290 bytes, 5 brands and 6 channels, 2 % sent twice, 3 % corrected by a later
answer, up to 30 s out of order. One response counts once; a correction replaces its answer.
"""

import random
from collections import Counter
from collections.abc import Iterator

import msgspec

BRANDS = ("north", "harbor", "atlas", "meadow", "summit")
CHANNELS = ("email", "sms", "in_app", "web", "ivr", "chat")
DUPLICATED, CORRECTED = 0.02, 0.03
DISORDER_MAX_MS = 30_000
STEP_MS = 20

_encode = msgspec.json.Encoder().encode


class Event(msgspec.Struct, frozen=True):
    """One record: its key, its value, and when it arrives."""

    key: bytes
    value: bytes
    arrival_ms: int


class Workload(msgspec.Struct, frozen=True):
    """Events in order of arrival, and the truth: {(brand, channel, rating): responses}."""

    events: list[Event]
    truth: Counter[tuple[str, str, int]]


def workload(count: int, end_ms: int, seed: int = 1) -> Workload:
    """About `count` events that end at `end_ms`."""
    events: list[Event] = []
    truth: Counter[tuple[str, str, int]] = Counter()
    for event, counted in _answers(random.Random(seed), count, end_ms - count * STEP_MS):
        events.append(event)
        if counted is not None:
            truth[counted] += 1
    return Workload(sorted(events, key=lambda event: event.arrival_ms), truth)


def _answers(
    chance: random.Random, count: int, begin_ms: int
) -> Iterator[tuple[Event, tuple[str, str, int] | None]]:
    number = made = 0
    while made < count:
        at_ms = begin_ms + made * STEP_MS
        brand, channel = chance.choice(BRANDS), chance.choice(CHANNELS)
        rating = chance.choices(range(11), (1, 1, 1, 2, 2, 4, 6, 13, 20, 26, 24))[0]
        corrected = chance.random() < CORRECTED
        final = chance.randrange(11) if corrected else rating
        first = _event(number, 0, at_ms, brand, channel, rating)
        yield _delayed(first, chance), (brand, channel, final)
        made += 1
        if corrected:
            edit = _event(number, 1, at_ms + 5_000, brand, channel, final)
            yield _delayed(edit, chance), None
            made += 1
        if chance.random() < DUPLICATED:
            yield _delayed(first, chance), None
            made += 1
        number += 1


def _event(number: int, edit: int, at_ms: int, brand: str, channel: str, rating: int) -> Event:  # noqa: PLR0913, PLR0917 - one field each
    response = f"forms:r{number:08d}"
    value = {
        "type": "survey.submitted",
        "event_id": f"{response}/{edit}",
        "source": "forms",
        "response_id": response,
        "survey_id": "relationship",
        "occurred_at": at_ms,
        "created_at": at_ms - 5_000 * edit,
        "channel": channel,
        "attributes": {"brand": brand},
        "answers": [{"question_id": "recommend", "kind": "nps", "value": rating}],
    }
    return Event(response.encode(), _encode(value), at_ms)


def _delayed(event: Event, chance: random.Random) -> Event:
    late_ms = chance.randrange(DISORDER_MAX_MS)
    return msgspec.structs.replace(event, arrival_ms=event.arrival_ms + late_ms)
