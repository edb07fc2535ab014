"""Contacts: the stories of people who call, chat or write.

What lives here: one contact from the first ring to the last word of the case system, told as
telephony (`acd`) and case system (`crm`) tell it. What must never live here: the courses
themselves (`course`) and their wording (`contact_line`). What the rest may lean on: an edit is
said after everything else about the contact, so that the last word is the true one.
"""

from typing import Final

from msgspec.structs import replace

from processor.simulate.catalog import CONTACT_CHANNELS, ISSUES, QUEUE_OF_ISSUE, person
from processor.simulate.contact_line import tell_hand_over, tell_leg, tell_record
from processor.simulate.course import INBOUND, SECOND_MS, SERVICE_LEVEL_MS, Course, Scene, call_out
from processor.simulate.scenario import Target
from processor.simulate.simulation import DAY_MS, HOUR_MS, MINUTE_MS
from processor.simulate.story import CONTACTS_TOPIC, Cause, Story, Teller, Visit, begin_story
from processor.simulate.world import World

WAIT_MEAN_MS: Final = 10 * SECOND_MS
# Above the numbers of ordinary customers: people who had been taken for somebody else.
MISTAKEN_CUSTOMER_FIRST: Final = 10_000_000
# Of 100 contacts, 8 come as a complete record alone, and 17 as events and a record.
RECORD_ONLY: Final = 0.08
RECORD_TOO: Final = 0.83
SURVEY_SHARE: Final = 0.45
# Agents say at wrap-up whether they solved the issue, now and then in error; the case system notes
# most contacts that nobody answered as unsolved, and closes some of the others later.
AGENT_SAYS: Final = 0.97
AGENT_MISTAKEN: Final = 0.05
MISSED_NOTED: Final = 0.9
CASE_CLOSED: Final = 0.3
REPEAT_IF_UNSOLVED: Final = 0.35
REPEAT_IF_SOLVED: Final = 0.03
GLADNESS_PER_MS: Final = 0.25 / MINUTE_MS  # what a minute in the queue takes away


class Contact:
    """One contact while it is told."""

    __slots__ = (
        *("_about", "_cause", "_clean", "_course", "_crm", "_customer_id", "_direction", "_issue"),
        *("_said", "_solved", "_stated_issue", "_story", "_stream", "_teller", "_world"),
    )

    def __init__(self, world: World, cause: Cause) -> None:
        """Decide what happens; nothing is written yet."""
        name = f"{cause.thread}r" if cause.thread else f"acd:{world.tag}-{cause.number:06d}"
        stream = world.stream_of(name)
        channel = cause.channel or stream.pick(CONTACT_CHANNELS)
        story = begin_story(name, brand=cause.person.brand.name, channel=channel)
        self._world, self._cause, self._stream, self._story = world, cause, stream, story
        self._teller = Teller(story, "acd", topic=CONTACTS_TOPIC, entity=name)
        self._crm = Teller(story, "crm", topic=CONTACTS_TOPIC, entity=name)
        self._issue = cause.issue or stream.pick(ISSUES)
        self._stated_issue = self._issue if stream.likely(0.3) else None
        self._customer_id = cause.person.customer_id
        self._said: dict[str, bool] = {}
        self._direction = "inbound"
        self._course = self._choose_course()
        self._solved = self._solve()
        self._clean = not self._course.transferred
        self._about = self._describe()

    def _choose_course(self) -> Course:
        """What the contact goes through, and in which direction."""
        world, stream, at_ms = self._world, self._stream, self._cause.at_ms
        load = 0.5 + 0.5 * world.contact_curve.at(at_ms)
        wait_mean_ms = WAIT_MEAN_MS * load * world.influence.factor(Target.WAIT, at_ms)
        scene = Scene(stream, self._story.name, QUEUE_OF_ISSUE[self._issue], at_ms, wait_mean_ms)
        if not self._cause.thread and stream.likely(0.08):
            self._direction = "outbound" if stream.likely(0.8) else "internal"
            return call_out(scene)
        course = stream.pick(INBOUND)
        return course(scene)

    def _solve(self) -> bool | None:
        """Whether the issue is solved; None if no agent had a chance to."""
        course, cause, world = self._course, self._cause, self._world
        if course.answered_ms is None:
            return None
        mood = world.moods.of(cause.person.brand, self._story.channel, at_ms=cause.at_ms)
        chance = 0.86 + 0.12 * mood - (0.20 if course.transferred else 0.0)
        return self._stream.likely(chance * world.influence.factor(Target.SOLVED, cause.at_ms))

    def _describe(self) -> dict[str, object]:
        """What telephony knows of the contact from the start."""
        who = self._cause.person
        about: dict[str, object] = {
            "direction": self._direction,
            "channel": self._story.channel,
            "attributes": {"brand": who.brand.name, "market": who.market.name},
        }
        if self._customer_id and self._stream.likely(0.8):
            about["customer_id"] = self._customer_id
        if self._stated_issue:
            about["issue_id"] = self._stated_issue
        return about

    def tell(self) -> Story:
        """The whole story."""
        if self._stream.likely(self._world.settings.excluded):
            self._teller.exclude("test" if self._stream.likely(0.5) else "internal")
        self._tell_lines()
        self._tell_resolution()
        self._tell_edit()
        if self._stream.likely(0.002):
            later_ms = self._later(MINUTE_MS, HOUR_MS)
            self._teller.say("contact.withdrawn", later_ms, {"permanent": self._stream.likely(0.5)})
            self._story.silent = True
        self._count()
        if not self._story.silent:
            self._lead_on()
        return self._story

    def _later(self, low_ms: int, high_ms: int) -> int:
        """An instant after everything said so far."""
        return self._story.latest_ms + self._stream.spread(low_ms, high_ms)

    def _tell_lines(self) -> None:
        """What telephony says: life-cycle events, a complete record, or both."""
        teller, course, stream = self._teller, self._course, self._stream
        teller.know_beginning(self._cause.at_ms)
        style = stream.random()
        if style >= RECORD_ONLY:
            teller.say("contact.started", self._cause.at_ms, self._about)
            # Many a telephony tells the beginning only at the beginning.
            if stream.likely(0.4):
                teller.know_beginning(0)
            if stream.likely(0.6) and course.answered_ms is not None:
                self._stated_issue = self._issue
            for leg in course.legs:
                tell_leg(teller, leg, contact_id=self._story.name, issue_id=self._stated_issue)
            teller.know_beginning(self._cause.at_ms)
        tell_hand_over(teller, course)
        if not RECORD_ONLY <= style < RECORD_TOO:
            ended_ms = max(leg.ended_at or leg.left_queue_at or 0 for leg in course.legs)
            at_ms = max(ended_ms, self._story.latest_ms) + stream.spread(SECOND_MS, 5 * MINUTE_MS)
            tell_record(teller, course, at_ms=at_ms, about=self._about)

    def _tell_resolution(self) -> None:
        """What agent and case system say of the solution, of the customer, and of a relapse."""
        stream = self._stream
        if self._solved is not None and stream.likely(AGENT_SAYS):
            said = self._solved or stream.likely(AGENT_MISTAKEN)
            self._resolve(self._teller, "agent", at_ms=self._wrapped_up_ms(), said=said)
        elif self._solved is None and stream.likely(MISSED_NOTED):
            at_ms = self._wrapped_up_ms()
            self._resolve(self._crm, "case", at_ms=at_ms, said=False)
        if self._customer_id and "customer_id" not in self._about:
            known = {"customer_id": self._customer_id}
            self._crm.announce("contact.updated", self._later(5 * SECOND_MS, 2 * HOUR_MS), known)
        if self._solved is None:
            return
        if stream.likely(CASE_CLOSED):
            later_ms = self._later(10 * MINUTE_MS, DAY_MS)
            self._resolve(self._crm, "case", at_ms=later_ms, said=self._solved)
        if self._solved and stream.likely(0.03):
            self._crm.announce("contact.reopened", self._later(HOUR_MS, 2 * DAY_MS))
            self._clean = False

    def _wrapped_up_ms(self) -> int:
        """Some seconds after the last leg and the work that followed it."""
        legs = self._course.legs
        done_ms = max((leg.ended_at or leg.left_queue_at or 0) + (leg.wrap_ms or 0) for leg in legs)
        return done_ms + self._stream.spread(SECOND_MS, 20 * SECOND_MS)

    def _resolve(self, teller: Teller, source: str, *, at_ms: int, said: bool) -> None:
        """Say whether the issue is solved."""
        resolved: dict[str, object] = {"resolved": said, "resolution_source": source}
        tell = teller.say if source == "agent" else teller.announce
        tell("contact.resolved", at_ms, resolved)
        self._said[source] = said

    def _tell_edit(self) -> None:
        """Correct how long was talked, who called, or what about."""
        stream, story = self._stream, self._story
        if not stream.likely(self._world.settings.corrected * len(story.records)):
            return
        at_ms = self._later(20 * SECOND_MS, HOUR_MS)
        if self._course.answered_ms is not None and stream.likely(0.5):
            leg = self._course.legs[-1]
            leg.talk_ms = (leg.talk_ms or 0) + stream.between(500, 20_000)
            self._teller.say("contact.recorded", at_ms, {"segments": self._course.legs}, edits=0)
        elif self._customer_id and stream.likely(0.5):
            number = MISTAKEN_CUSTOMER_FIRST + self._cause.number
            self._customer_id = person(number, known=True).customer_id
            self._crm.announce(
                "contact.updated", at_ms, {"customer_id": self._customer_id}, edits=0
            )
        else:
            self._stated_issue = stream.pick(ISSUES)
            self._crm.announce("contact.updated", at_ms, {"issue_id": self._stated_issue}, edits=0)

    def _count(self) -> None:
        """Note what the contact is meant to count for."""
        story, course = self._story, self._course
        anchor_ms = self._cause.at_ms // SECOND_MS * SECOND_MS
        story.count("contact.contacts", anchor_ms)
        self._count_handling()
        if self._direction != "inbound":
            return
        if course.queued_ms is not None:
            story.count("contact.offered", course.queued_ms)
        if course.abandoned_ms is not None:
            story.count("contact.abandoned", course.abandoned_ms)
        if course.other_exit_ms is not None:
            story.count("contact.other_exit", course.other_exit_ms)
        if course.answered_ms is not None:
            story.count("contact.answered", course.answered_ms)
            self._count_wait(course.answered_ms)
        if self._customer_id is not None:
            story.visit = Visit(
                contact_id=story.name,
                anchor_ms=anchor_ms,
                customer_id=self._customer_id,
                issue_id=self._stated_issue,
                said=self._said,
                clean=self._clean,
            )

    def _count_wait(self, answered_ms: int) -> None:
        """Note the wait of the leg that was answered first, if anybody knows it."""
        wait_ms = self._course.wait_ms
        if wait_ms is None:
            return
        self._story.count("contact.waited", answered_ms)
        self._story.count("contact.wait_ms", answered_ms, wait_ms)
        if wait_ms <= SERVICE_LEVEL_MS:
            self._story.count("contact.in_time", answered_ms)

    def _count_handling(self) -> None:
        """Note the work of the agents, at the end of the last leg."""
        legs = [leg for leg in self._course.legs if leg.talk_ms is not None]
        if not legs or self._direction == "internal":
            return
        ended_ms = max(leg.ended_at or 0 for leg in self._course.legs)
        parts = {
            "talk_ms": sum(leg.talk_ms or 0 for leg in legs),
            "hold_ms": sum(leg.hold_ms or 0 for leg in legs),
            "wrap_ms": sum(leg.wrap_ms or 0 for leg in legs),
        }
        handle_ms = sum(parts.values())
        parts |= {"handled": 1, "handle_ms": handle_ms, "handle_ms_squares": handle_ms**2}
        parts |= {"transferred": 1} if self._course.transferred else {}
        for field, amount in parts.items():
            self._story.count(f"contact.{field}", ended_ms, amount)

    def _lead_on(self) -> None:
        """Ask how it was, and let those whom it did not help come back."""
        if self._direction != "inbound":
            return
        cause, course, stream = self._cause, self._course, self._stream
        ended_ms = max(leg.ended_at or leg.left_queue_at or 0 for leg in course.legs)
        told = Cause(
            kind="after-contact",
            at_ms=ended_ms + stream.spread(20 * SECOND_MS, 30 * MINUTE_MS),
            number=cause.number,
            person=cause.person,
            thread=self._story.name,
            channel=self._story.channel,
            issue=self._issue,
            gladness=0.45 if self._solved else -1.1,
            solved=self._solved,
        )
        told.gladness -= GLADNESS_PER_MS * min(course.wait_ms or 0, 5 * MINUTE_MS)
        if self._solved is not None and stream.likely(SURVEY_SHARE):
            self._story.follow_ups.append(told)
        if stream.likely(REPEAT_IF_SOLVED if self._solved else REPEAT_IF_UNSOLVED):
            back_ms = ended_ms + stream.spread(10 * MINUTE_MS, 5 * DAY_MS)
            self._story.follow_ups.append(replace(told, kind="contact", at_ms=back_ms))
