import json
from typing import Any

from processor.simulate.catalog import person
from processor.simulate.response import Response
from processor.simulate.simulation import Simulation
from processor.simulate.story import CONTACTS_TOPIC, Cause, Story
from processor.simulate.world import make_world
from tests.simulate.streams import MORNING


def cause(number: int, kind: str, gladness: float = 0.4) -> Cause:
    threads = {"relationship": "", "after-contact": f"acd:x-{number}"}
    return Cause(
        kind=kind,
        at_ms=MORNING + number,
        number=number,
        person=person(number, known=True),
        thread=threads.get(kind, f"o-{number}"),
        channel="voice",
        gladness=gladness,
    )


def responses(
    kind: str, number: int = 400, *, gladness: float = 0.4, **settings: object
) -> list[Story]:
    world = make_world(Simulation(start_ms=MORNING, **settings))  # type: ignore[arg-type]
    return [Response(world, cause(n, kind, gladness)).tell() for n in range(number)]


def events(story: Story) -> list[dict[str, Any]]:
    return [json.loads(record.value) for record in story.records]


def test_every_response_was_offered_and_carries_its_beginning() -> None:
    for story in responses("relationship"):
        said = events(story)
        assert said[0]["type"] == "survey.offered"
        assert all("created_at" in event for event in said)
        assert ("survey.offered", story.records[0].occurred_ms, 1) in story.facts


def test_some_responses_are_completed_later_or_never() -> None:
    ends = {"partial": 0, "complete": 0, "dismissed": 0}
    for story in responses("after-purchase", 2000):
        said = [event["completion"] for event in events(story) if "completion" in event]
        if said:
            ends[said[-1]] += 1
    assert ends["complete"] > 5 * ends["partial"] > 0
    assert ends["dismissed"] > 0


def test_unsolved_contacts_depress_the_answers() -> None:
    def satisfied(gladness: float) -> float:
        facts = [f for s in responses("after-contact", gladness=gladness) for f in s.facts]
        asked = sum(amount for field, _, amount in facts if field == "csat.answers")
        return sum(amount for field, _, amount in facts if field == "csat.satisfied") / asked

    assert satisfied(-1.1) < 0.5
    assert satisfied(0.45) > 0.8


def test_a_verdict_is_told_to_the_contact_too() -> None:
    verdicts = 0
    for story in responses("after-contact"):
        told = [record for record in story.records if record.topic == CONTACTS_TOPIC]
        assert len(told) == (story.verdict is not None)
        for record in told:
            event = json.loads(record.value)
            assert (event["contact_id"], event["resolved"]) == story.verdict
            verdicts += 1
    assert verdicts > 100


def test_an_edit_is_later_than_all_that_was_answered() -> None:
    edited = 0
    for story in responses("relationship", corrected=0.5):
        edits = [record for record in story.records if record.edits >= 0]
        edited += len(edits)
        for edit in edits:
            assert edit.occurred_ms > story.records[edit.edits].occurred_ms
            assert b"survey.submitted" in story.records[edit.edits].value
    assert edited > 50


def test_no_free_text_leaves_the_survey_tool() -> None:
    answers = [
        a for s in responses("relationship") for e in events(s) for a in e.get("answers", ())
    ]
    texts = [answer for answer in answers if answer["kind"] == "text"]
    assert texts
    assert not any("value" in answer for answer in texts)


def test_a_response_is_linked_to_what_it_is_about() -> None:
    links = {"relationship": set(), "after-contact": {"contact_id"}, "after-purchase": {"order_id"}}
    for kind, names in links.items():
        for story in responses(kind, 20):
            assert {"contact_id", "order_id"} & set(events(story)[0]) == names
