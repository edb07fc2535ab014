from collections import Counter
from itertools import pairwise

import pytest

from processor.simulate.delivery import ADMITTED, EXPIRED, Delivery, Sending, arrive
from processor.simulate.simulation import Simulation
from processor.simulate.story import CARTS_TOPIC, CONTACTS_TOPIC, Record, Story, Teller, begin_story
from processor.simulate.world import make_world
from tests.simulate.streams import DAY, HOUR, MINUTE, MORNING

QUIET = {"late": 0.0, "duplicated": 0.0, "shuffled": 0.0}


def deliver(
    story: Story, *, shift_ms: int = 0, **settings: object
) -> tuple[list[Sending], Counter[str]]:
    asked = {"start_ms": MORNING, **QUIET, **settings}
    marks: Counter[str] = Counter()
    world = make_world(Simulation(**asked))  # type: ignore[arg-type]
    return Delivery(world, marks).deliver(story, shift_ms=shift_ms), marks


def story(records: int, *, gap_ms: int = MINUTE, edits: int | None = None) -> Story:
    """So many records of one cart; `edits` is the record that the last one corrects."""
    told = begin_story("shop:1", brand="north", channel="web")
    teller = Teller(told, "shop", topic=CARTS_TOPIC, entity="shop:1")
    for number in range(records):
        last = number == records - 1
        place = edits if last and edits is not None else -1
        teller.say("cart.touched", MORNING + number * gap_ms, {"n": number}, edits=place)
    return told


def delays(sendings: list[Sending], gap_ms: int = MINUTE) -> list[int]:
    return [s.arrival_ms - MORNING - number * gap_ms for number, s in enumerate(sendings)]


def test_an_ordinary_record_takes_less_than_seconds() -> None:
    sendings, _ = deliver(story(200))
    assert all(0 < delay < 10_000 for delay in delays(sendings))


def test_a_late_record_takes_minutes_to_hours_and_is_still_admitted() -> None:
    sendings, marks = deliver(story(400), late=0.5)
    late = [delay for delay in delays(sendings) if delay >= MINUTE]
    assert marks["late"] == len(late) > 100
    assert max(late) <= 12 * HOUR
    assert {sending.expected for sending in sendings} == {ADMITTED}


def test_a_duplicate_is_the_same_bytes_some_time_later() -> None:
    sendings, marks = deliver(story(300), duplicated=0.3)
    copies = [(first, again) for first, again in pairwise(sendings) if first.value == again.value]
    assert len(copies) == marks["duplicated"] > 50
    for first, again in copies:
        assert 1000 <= again.arrival_ms - first.arrival_ms <= 3 * HOUR
        assert (again.key, again.headers) == (first.key, first.headers)


def test_a_shuffled_record_comes_after_its_successor() -> None:
    sendings, marks = deliver(story(300), shuffled=0.3)
    overtaken = sum(a.arrival_ms > b.arrival_ms for a, b in pairwise(sendings))
    assert overtaken == marks["overtaken"] > 50


def test_some_edits_arrive_before_what_they_edit() -> None:
    turned = 0
    for number in range(200):
        told = story(3, edits=0)
        told.name = f"shop:{number}"
        sendings, _ = deliver(told)
        turned += sendings[0].arrival_ms > sendings[2].arrival_ms
    assert 30 < turned < 100


def test_nothing_waits_for_a_successor_so_long_that_it_would_not_count() -> None:
    sendings, marks = deliver(story(50, gap_ms=23 * HOUR), shuffled=0.5)
    assert not marks["overtaken"]
    assert {sending.expected for sending in sendings} == {ADMITTED}


def test_a_story_that_was_stuck_has_expired() -> None:
    sendings, _ = deliver(story(50), shift_ms=DAY + HOUR)
    assert {sending.expected for sending in sendings} == {EXPIRED}


@pytest.mark.parametrize(
    ("topic", "occurred", "created", "expected"),
    [
        (CONTACTS_TOPIC, 7 * DAY, 0, ADMITTED),
        (CONTACTS_TOPIC, 7 * DAY + 1, 0, EXPIRED),
        (CARTS_TOPIC, DAY, 0, ADMITTED),
        (CARTS_TOPIC, DAY + 1, 0, EXPIRED),
        (CONTACTS_TOPIC, 0, 30 * DAY, ADMITTED),
        (CONTACTS_TOPIC, 0, 30 * DAY + 1, EXPIRED),
        (CARTS_TOPIC, 0, 60 * DAY, ADMITTED),
    ],
)
def test_the_limits_of_lateness_and_life(
    topic: str, occurred: int, created: int, expected: str
) -> None:
    record = Record(topic, b"k", MORNING - occurred, b"{}", MORNING - created if created else 0)
    assert arrive(record, MORNING).expected == expected


def test_a_life_is_counted_from_the_whole_second() -> None:
    record = Record(CONTACTS_TOPIC, b"k", MORNING, b"{}", MORNING - 30 * DAY + 999)
    assert arrive(record, MORNING).expected == ADMITTED
    assert arrive(record, MORNING + 1).expected == EXPIRED


def test_what_happens_to_one_story_does_not_depend_on_another() -> None:
    world = make_world(Simulation(start_ms=MORNING, late=0.3, duplicated=0.3))
    delivery = Delivery(world, Counter())
    alone = delivery.deliver(story(20))
    other = story(7)
    other.name = "shop:2"
    delivery.deliver(other)
    assert delivery.deliver(story(20)) == alone
