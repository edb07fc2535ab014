import json

from processor.simulate.contact_line import tell_hand_over, tell_leg, tell_record
from processor.simulate.course import Course, Leg
from processor.simulate.story import CONTACTS_TOPIC, Story, Teller, begin_story
from tests.simulate.streams import MORNING

LEG = Leg(
    segment_id="acd:1/2",
    queue="billing",
    queued_at=MORNING,
    answered_at=MORNING + 5000,
    ended_at=MORNING + 60_000,
    end_reason="agent",
    talk_ms=50_000,
    hold_ms=5000,
    wrap_ms=10_000,
    wrap_code="billing_done",
)


def told() -> tuple[Story, Teller]:
    story = begin_story("acd:1", brand="north", channel="voice")
    return story, Teller(story, "acd", topic=CONTACTS_TOPIC, entity="acd:1")


def events(story: Story) -> list[dict[str, object]]:
    return [json.loads(record.value) for record in story.records]


def test_a_leg_is_told_in_the_order_in_which_it_happened() -> None:
    story, teller = told()
    tell_leg(teller, LEG, contact_id="acd:1", issue_id="invoice")
    said = events(story)
    assert [event["type"] for event in said] == [
        "contact.queued",
        "contact.answered",
        "contact.ended",
        "contact.wrapped_up",
    ]
    assert [event["occurred_at"] for event in said] == [
        MORNING,
        MORNING + 5000,
        MORNING + 60_000,
        MORNING + 70_000,
    ]
    assert said[3]["issue_id"] == "invoice"


def test_only_legs_after_the_first_name_themselves() -> None:
    story, teller = told()
    tell_leg(teller, LEG, contact_id="acd:1", issue_id=None)
    tell_leg(teller, LEG, contact_id="acd:1/2", issue_id=None)
    assert [event.get("segment_id") for event in events(story)] == ["acd:1/2"] * 4 + [None] * 4


def test_events_and_record_say_the_same_about_a_leg() -> None:
    story, teller = told()
    tell_leg(teller, LEG, contact_id="acd:1", issue_id=None)
    tell_record(teller, Course(legs=[LEG]), at_ms=MORNING + 80_000, about={})
    *single, record = events(story)
    segments = record["segments"]
    assert isinstance(segments, list)
    merged: dict[str, object] = {}
    for event in single:
        merged |= event
    assert segments[0].items() <= merged.items()


def test_only_announced_transfers_are_announced() -> None:
    for handed_to, records in ((None, 0), ("agent", 1), ("external", 1)):
        story, teller = told()
        tell_hand_over(teller, Course(legs=[LEG], handed_to=handed_to))
        assert len(story.records) == records
