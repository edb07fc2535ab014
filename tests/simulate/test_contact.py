import json
from collections import Counter

from processor.simulate.catalog import person
from processor.simulate.contact import Contact
from processor.simulate.simulation import Simulation
from processor.simulate.story import Cause, Story
from processor.simulate.truth import Range
from processor.simulate.world import make_world
from tests.simulate.streams import DAY, MINUTE, MORNING, busy_morning


def contacts(number: int, **settings: object) -> list[Story]:
    world = make_world(Simulation(start_ms=MORNING, **settings))  # type: ignore[arg-type]
    causes = [Cause("contact", MORNING + 17 * n, n, person(n, known=True)) for n in range(number)]
    return [Contact(world, cause).tell() for cause in causes]


def test_a_story_is_the_same_whatever_was_told_before_it() -> None:
    many = contacts(20)
    world = make_world(Simulation(start_ms=MORNING))
    alone = Contact(world, Cause("contact", MORNING + 17 * 19, 19, person(19, known=True))).tell()
    assert alone == many[19]


def test_every_contact_counts_once_at_the_second_in_which_it_began() -> None:
    for number, story in enumerate(contacts(300)):
        begun = [fact for fact in story.facts if fact[0] == "contact.contacts"]
        assert begun == [("contact.contacts", (MORNING + 17 * number) // 1000 * 1000, 1)]


def test_an_edit_is_the_last_word_but_for_a_withdrawal() -> None:
    for story in contacts(300, corrected=0.5):
        edits = [record.occurred_ms for record in story.records if record.edits >= 0]
        assert len(edits) <= 1
        later = [r for r in story.records if edits and r.occurred_ms > edits[0]]
        assert all(b"contact.withdrawn" in record.value for record in later)


def test_a_contact_that_did_not_help_is_followed_by_another() -> None:
    back: Counter[bool | None] = Counter()
    all_of: Counter[bool | None] = Counter()
    for story in contacts(3000):
        said = story.visit.said.get("case") if story.visit else None
        all_of[said] += 1
        back[said] += any(follow_up.kind == "contact" for follow_up in story.follow_ups)
    assert back[False] / all_of[False] > 0.25
    assert back[True] / all_of[True] < 0.08


def test_a_repeat_is_about_the_same_issue_of_the_same_person_within_days() -> None:
    for story in contacts(1000):
        for again in (cause for cause in story.follow_ups if cause.kind == "contact"):
            assert again.thread == story.name
            assert again.issue
            assert MORNING < again.at_ms < MORNING + 6 * DAY


def test_what_a_test_call_says_leads_to_nothing() -> None:
    excluded = [story for story in contacts(300, excluded=0.5) if story.silent]
    assert len(excluded) > 100
    assert not any(story.follow_ups for story in excluded)
    assert all(b'"excluded":"' in record.value for s in excluded[:50] for record in s.records[:1])


def test_the_case_system_speaks_in_cloud_events() -> None:
    records = [record for story in contacts(300) for record in story.records if record.headers]
    assert len(records) > 50
    assert {dict(record.headers)["ce_source"] for record in records} == {b"crm"}
    assert not any("type" in json.loads(record.value) for record in records)


def test_soon_after_a_contact_it_is_mostly_known_whether_it_helped() -> None:
    sendings, truth = busy_morning()
    begun = sendings[0].arrival_ms
    asked = Range(begun, begun + 10 * MINUTE)
    first = truth.count("fcr.first", asked)
    assert truth.count("fcr.unknown", asked) < 0.08 * first
    soon = {
        sending.key
        for sending in sendings
        if b"contact.resolved" in (sending.value or b"") + b"".join(v for _, v in sending.headers)
        and sending.arrival_ms < begun + 25 * MINUTE
    }
    ours = {sending.key for sending in sendings if sending.arrival_ms < begun + 10 * MINUTE}
    contacts = {key for key in ours if key and key.startswith(b"acd:")}
    assert len(contacts & soon) > 0.75 * len(contacts)
