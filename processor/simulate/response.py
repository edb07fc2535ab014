"""Responses: the stories of people who are asked how it was.

What lives here: one response from the offer to its last edit, as the survey tool (`forms`) tells
it. What must never live here: what made people glad or not; a `Cause` brings that along. What the
rest may lean on: the first record that holds an answer is the earliest that does, in every style
of telling, so a question counts where that record says.
"""

from typing import Final

from processor.simulate.answer import Given, choose, declare, facts_of
from processor.simulate.catalog import ASKED_AFTER_CONTACT, ASKED_AFTER_PURCHASE, ASKED_ANYTIME
from processor.simulate.questions import AFTER_CONTACT, AFTER_PURCHASE, RELATIONSHIP, Question
from processor.simulate.simulation import HOUR_MS, MINUTE_MS
from processor.simulate.story import (
    CONTACTS_TOPIC,
    SURVEYS_TOPIC,
    Cause,
    Story,
    Teller,
    begin_story,
    zone_of,
)
from processor.simulate.world import World

SECOND_MS: Final = 1000
SURVEY_OF_CAUSE: Final = {
    "relationship": RELATIONSHIP,
    "after-contact": AFTER_CONTACT,
    "after-purchase": AFTER_PURCHASE,
}
# Of those who are asked that way: how many answer, and the longest time (ms) they take to begin.
ANSWERING: Final = {
    "ivr": (0.60, MINUTE_MS),
    "chat": (0.50, 3 * MINUTE_MS),
    "sms": (0.35, HOUR_MS),
    "in_app": (0.55, 5 * MINUTE_MS),
    "email": (0.28, 8 * HOUR_MS),
    "web": (0.35, 10 * MINUTE_MS),
}
GLADNESS_NOISE: Final = 0.55
# How records are dated: a third by answer, a third by submission, a third not at all.
DATED_BY_ANSWER: Final = 0.33
DATED_BY_SUBMISSION: Final = 0.67
# How a response ends, as shares of 1 that add up from the first to the last.
ENDINGS: Final = {"at once": 0.66, "dismissed": 0.72, "completed later": 0.92}
# Records of stories without an answer, per story with one: what it must be edited for, too.
UNEDITABLE_RECORDS: Final = 1.4
SKIPPED_SHARE: Final = 0.06


class Response:
    """One response while it is told."""

    __slots__ = (
        *("_about", "_begun_ms", "_cause", "_complete", "_dated", "_given", "_gladness"),
        *("_in_full", "_story", "_stream", "_survey", "_teller", "_world"),
    )

    def __init__(self, world: World, cause: Cause) -> None:
        """Decide who is asked what, and how; nothing is written yet."""
        key = cause.thread.rpartition(":")[2] or f"{world.tag}-{cause.number:06d}"
        name = f"forms:{cause.kind}:{key}"
        stream = world.stream_of(name)
        self._world, self._cause, self._stream = world, cause, stream
        self._survey = SURVEY_OF_CAUSE[cause.kind]
        brand, channel = cause.person.brand, self._choose_channel()
        self._story = begin_story(name, brand=brand.name, channel=channel)
        self._teller = Teller(self._story, "forms", topic=SURVEYS_TOPIC, entity=name)
        if cause.kind == "relationship":
            self._teller.write_text_times(zone_of(cause.person.market.utc_offset_minutes))
        mood = world.moods.of(brand, channel, at_ms=cause.at_ms)
        self._gladness = cause.gladness + mood + GLADNESS_NOISE * stream.gauss(0.0, 1.0)
        self._about = self._describe()
        self._given: dict[str, Given] = {}
        self._dated, self._in_full = stream.random(), stream.likely(0.5)
        self._complete = False
        self._begun_ms = cause.at_ms + stream.spread(8 * SECOND_MS, ANSWERING[channel][1])

    def _choose_channel(self) -> str:
        """How the survey is asked."""
        if self._cause.kind == "after-contact":
            return ASKED_AFTER_CONTACT[self._cause.channel]
        anytime = self._cause.kind == "relationship"
        return self._stream.pick(ASKED_ANYTIME if anytime else ASKED_AFTER_PURCHASE)

    def _describe(self) -> dict[str, object]:
        """What every record of the response says about it."""
        who, cause = self._cause.person, self._cause
        about: dict[str, object] = {
            "survey_id": self._survey.survey_id,
            "channel": self._story.channel,
            "touchpoint": self._survey.touchpoint,
            "attributes": {"brand": who.brand.name, "market": who.market.name},
        }
        if who.customer_id:
            about["customer_id"] = who.customer_id
        if cause.thread:
            about["contact_id" if cause.kind == "after-contact" else "order_id"] = cause.thread
        return about

    def tell(self) -> Story:
        """The whole story."""
        stream, story, offered_ms = self._stream, self._story, self._cause.at_ms
        if stream.likely(self._world.settings.excluded):
            self._teller.exclude("test")
        self._teller.know_beginning(offered_ms)
        self._teller.say("survey.offered", offered_ms, self._about)
        story.count("survey.offered", offered_ms)
        if stream.likely(ANSWERING[story.channel][0]):
            self._tell_answers()
            self._tell_verdict()
            self._tell_edit()
            self._tell_withdrawal()
            self._count()
        return story

    def _tell_answers(self) -> None:
        """A complete submission, or a partial one that is completed, given up or dismissed."""
        stream, questions = self._stream, self._survey.questions
        at_ms = self._begun_ms
        answers = [self._give(question, at_ms) for question in questions[:1]]
        end = stream.random()
        if end < ENDINGS["at once"]:
            answers += [self._give(question, at_ms) for question in questions[1:]]
        elif end < ENDINGS["dismissed"]:
            self._submit(at_ms, answers, completion="dismissed")
            return
        else:
            self._submit(at_ms, answers, completion="partial")
            if end >= ENDINGS["completed later"]:
                return
            at_ms += stream.spread(15 * SECOND_MS, 20 * MINUTE_MS)
            later = [self._give(question, at_ms) for question in questions[1:]]
            answers = later if stream.likely(0.5) else answers + later
        self._submit(at_ms, answers, completion="complete")
        self._complete = True

    def _give(self, question: Question, at_ms: int) -> dict[str, object]:
        """Answer a question for the first time, or skip it; returns the answer as it is written."""
        answer = declare(question, in_full=self._in_full)
        if question.kind == "text":
            return answer  # Somebody wrote something; what, never leaves the survey tool.
        if self._stream.likely(SKIPPED_SHARE):
            return answer | {"status": "skipped"}
        value = choose(question, self._stream, gladness=self._gladness)
        if self._dated < DATED_BY_ANSWER:
            at_ms -= self._stream.between(0, 5 * SECOND_MS)
            answer["answered_at"] = self._teller.time(at_ms)
        self._given[question.question_id] = Given(question, value, at_ms)
        return answer | {"value": value}

    def _submit(
        self, at_ms: int, answers: list[dict[str, object]], *, completion: str, edits: int = -1
    ) -> None:
        """Write a submission."""
        fields = self._about | {"answers": answers, "completion": completion}
        if DATED_BY_ANSWER <= self._dated < DATED_BY_SUBMISSION:
            fields["submitted_at"] = self._teller.time(at_ms)
        self._teller.say("survey.submitted", at_ms, fields, edits=edits)

    def _completion(self) -> str:
        """How far the response has come, as a later record says it."""
        return "complete" if self._complete else "partial"

    def _again(self, given: Given) -> dict[str, object]:
        """An answer now in force as a later record repeats it."""
        answer = declare(given.question, in_full=self._in_full) | {"value": given.value}
        if self._dated < DATED_BY_ANSWER:
            answer["answered_at"] = self._teller.time(given.first_ms)
        return answer

    def _tell_verdict(self) -> None:
        """What the response says of its contact, told to the contact too."""
        solved = self._given.get("resolved")
        if solved is None or self._story.silent:
            return
        contact_id = self._cause.thread
        teller = Teller(self._story, "forms", topic=CONTACTS_TOPIC, entity=contact_id)
        said = {"resolved": solved.value, "resolution_source": "survey"}
        teller.say("contact.resolved", self._story.latest_ms, said)
        self._story.verdict = (contact_id, bool(solved.value))

    def _tell_edit(self) -> None:
        """Change one answer, or take it back; what was said of a contact stays."""
        stream, story = self._stream, self._story
        open_to = [name for name, given in self._given.items() if given.question.role == ""]
        share = self._world.settings.corrected * (len(story.records) + UNEDITABLE_RECORDS)
        if not open_to or not stream.likely(share):
            return
        name = open_to[stream.between(0, len(open_to))]
        given = self._given[name]
        place = next(i for i, record in enumerate(story.records) if b"submitted" in record.value)
        if stream.likely(0.1):
            del self._given[name]
            answer = declare(given.question, in_full=self._in_full) | {"status": "skipped"}
        else:
            gladness = self._gladness + stream.gauss(0.0, 1.0)
            given.value = choose(given.question, stream, gladness=gladness)
            answer = self._again(given)
        at_ms = story.latest_ms + stream.spread(10 * SECOND_MS, HOUR_MS)
        self._submit(at_ms, [answer], completion=self._completion(), edits=place)

    def _tell_withdrawal(self) -> None:
        """Now and then a response is withdrawn, for good or until a newer copy brings it back."""
        stream, story = self._stream, self._story
        if story.silent or not stream.likely(0.006):
            return
        permanent = stream.likely(0.3)
        at_ms = story.latest_ms + stream.spread(MINUTE_MS, HOUR_MS)
        self._teller.say("survey.withdrawn", at_ms, {"permanent": permanent})
        story.silent = True
        if self._given and stream.likely(0.5):
            answers = [self._again(given) for given in self._given.values()]
            at_ms += stream.spread(MINUTE_MS, HOUR_MS)
            self._submit(at_ms, answers, completion=self._completion())
            story.silent = permanent

    def _count(self) -> None:
        """Note what the response is meant to count for."""
        if not self._given:
            return
        first_ms = min(given.first_ms for given in self._given.values())
        self._story.count("survey.responses", first_ms)
        if self._complete:
            self._story.count("survey.completed", first_ms)
        for given in self._given.values():
            for field, amount in facts_of(given):
                self._story.count(field, given.first_ms, amount)
