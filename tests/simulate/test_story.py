import json

import pytest

from processor.simulate.story import (
    CARTS_TOPIC,
    CONTACTS_TOPIC,
    SURVEYS_TOPIC,
    Story,
    Teller,
    begin_story,
    rfc3339,
    zone_of,
)
from schemas.decode import Rejection, TopicKind, decode
from schemas.event import AnyEvent
from tests.simulate.streams import MORNING


def told() -> Story:
    return begin_story("acd:1", brand="north", channel="voice")


def teller(story: Story) -> Teller:
    return Teller(story, "acd", topic=CONTACTS_TOPIC, entity="acd:1")


def read(story: Story, place: int = 0) -> AnyEvent:
    record = story.records[place]
    event = decode(
        TopicKind(record.topic), record.key, record.value, record.headers, latest_ms=MORNING * 2
    )
    assert not isinstance(event, Rejection)
    return event


def test_a_record_says_who_speaks_about_what_and_when() -> None:
    story = told()
    teller(story).say("contact.answered", MORNING, {"answered_at": MORNING})
    event = read(story)
    assert (event.event_id, event.source, event.occurred_at) == ("acd:1.0", "acd", MORNING)
    assert event.created_at is None


def test_every_record_of_a_story_has_an_id_of_its_own() -> None:
    story = told()
    for _ in range(3):
        teller(story).say("contact.reopened", MORNING)
    assert len({read(story, place).event_id for place in range(3)}) == 3


def test_an_announcement_says_the_same_in_headers() -> None:
    said, announced = told(), told()
    fields = {"issue_id": "invoice"}
    for story, tell in ((said, teller(said).say), (announced, teller(announced).announce)):
        tell("contact.updated", MORNING, fields)
        assert story.records[0].key == b"acd:1"
    assert b"contact.updated" not in announced.records[0].value
    assert read(said) == read(announced)


def test_instants_may_be_written_as_text_without_losing_a_millisecond() -> None:
    story = told()
    speaker = teller(story)
    speaker.write_text_times(zone_of(-300))
    speaker.know_beginning(MORNING - 1)
    speaker.say("contact.answered", MORNING + 7, {"answered_at": speaker.time(MORNING + 6)})
    assert json.loads(story.records[0].value)["occurred_at"].endswith("04:00:00.007-05:00")
    event = read(story)
    assert (event.occurred_at, event.created_at) == (MORNING + 7, MORNING - 1)


@pytest.mark.parametrize("minutes", [-300, 0, 60, 540])
def test_a_zone_changes_the_words_and_not_the_instant(minutes: int) -> None:
    text = rfc3339(MORNING + 1, zone_of(minutes))
    assert text.endswith(("+01:00", "-05:00", "+00:00", "+09:00"))
    assert ".001" in text


def test_the_beginning_is_carried_only_while_it_is_known() -> None:
    story = told()
    speaker = teller(story)
    speaker.know_beginning(MORNING)
    speaker.say("contact.reopened", MORNING)
    speaker.know_beginning(0)
    speaker.say("contact.reopened", MORNING)
    assert [record.created_ms for record in story.records] == [MORNING, 0]
    assert [read(story, place).created_at for place in (0, 1)] == [MORNING, None]


def test_what_is_excluded_says_so_everywhere_and_counts_for_nothing() -> None:
    story = told()
    speaker = teller(story)
    speaker.exclude("test")
    speaker.say("contact.reopened", MORNING)
    speaker.announce("contact.reopened", MORNING)
    assert [read(story, place).excluded for place in (0, 1)] == ["test", "test"]
    assert story.silent


def test_an_order_without_a_cart_has_a_key_of_its_own() -> None:
    story = begin_story("order:s-1", brand="north", channel="web")
    speaker = Teller(story, "shop", topic=CARTS_TOPIC, entity="order:s-1")
    speaker.say("cart.ordered", MORNING)
    event = json.loads(story.records[0].value)
    assert story.records[0].key == b"order:s-1"
    assert event["order_id"] == "s-1"
    assert "cart_id" not in event


def test_a_story_remembers_the_latest_thing_said_and_not_the_last() -> None:
    story = told()
    for at_ms in (MORNING, MORNING + 9, MORNING + 3):
        teller(story).say("contact.reopened", at_ms)
    assert story.latest_ms == MORNING + 9


def test_one_story_may_speak_about_two_entities() -> None:
    story = begin_story("forms:1", brand="north", channel="email")
    Teller(story, "forms", topic=SURVEYS_TOPIC, entity="forms:1").say("survey.withdrawn", MORNING)
    teller(story).say("contact.reopened", MORNING)
    assert [record.key for record in story.records] == [b"forms:1", b"acd:1"]
    assert read(story, 0).event_id != read(story, 1).event_id
