"""The company: stories that begin, lead to other stories, and leave records in order of arrival.

What lives here: the agenda of what begins when, the outbox of what arrives when, and the end of
both. What must never live here: what happens in a story, and how records travel. What the rest may
lean on: records come out in order of arrival; what a story means is noted in the truth if and only
if its records are sent, so the truth of a drained stream is whole.
"""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Final

from msgspec.structs import replace

from processor.simulate.broken import Breakage
from processor.simulate.cart import Cart
from processor.simulate.catalog import person
from processor.simulate.contact import Contact
from processor.simulate.delivery import LATENESS_MAX_MS, Delivery, Sending
from processor.simulate.pace import Arrivals, Density, Steady
from processor.simulate.relic import tell_relic
from processor.simulate.response import Response
from processor.simulate.simulation import DAY_MS, HOUR_MS, Simulation
from processor.simulate.story import CARTS_TOPIC, SURVEYS_TOPIC, Cause, Story
from processor.simulate.truth import Truth
from processor.simulate.world import World, make_world

SECOND_MS: Final = 1000
BROKEN: Final = "broken"
RELIC: Final = "relic"
# Some customers were there before; the more stories begin, the more customers there are.
CUSTOMERS_FIRST: Final = 20_000
CUSTOMERS_PER_STORY: Final = 0.6
KNOWN_SHARE: Final = {"contact": 0.7, "cart": 0.5, "sale": 0.5, "relationship": 0.9}
# The share of all records that each kind of beginning leads to, follow-ups included, and how many
# records one beginning leads to before anything is edited: measured, and held by a test.
RECORD_SHARE: Final = {"contact": 0.50, "cart": 0.318, "sale": 0.002, "relationship": 0.18}
RECORDS_PER_STORY: Final = {"contact": 7.5, "cart": 4.07, "sale": 1.73, "relationship": 1.53}
# Of what is expired, so much comes as whole stories that were stuck, the rest as single relics.
STUCK_SHARE: Final = 0.7
STUCK_LEAST_MS: Final = HOUR_MS
STUCK_MOST_MS: Final = 2 * DAY_MS
REMEMBERED_MAX: Final = 50_000  # customers whose latest beginning is kept in mind
TOPIC_OF_KIND: Final = {"cart": CARTS_TOPIC, "sale": CARTS_TOPIC}

TELLINGS: Final[dict[str, Callable[[World, Cause], Story]]] = {
    "contact": lambda world, cause: Contact(world, cause).tell(),
    "cart": lambda world, cause: Cart(world, cause).tell(),
    "sale": lambda world, cause: Cart(world, cause).tell(),
    RELIC: tell_relic,
    "relationship": lambda world, cause: Response(world, cause).tell(),
    "after-contact": lambda world, cause: Response(world, cause).tell(),
    "after-purchase": lambda world, cause: Response(world, cause).tell(),
}


class Company:
    """One company under one fate."""

    def __init__(
        self,
        settings: Simulation,
        *,
        density: Density | None = None,
        truth: Truth | None = None,
    ) -> None:
        """Open for business; nothing has happened yet.

        Args:
            settings: the fate.
            density: how many records an average hour has (default: `settings.rate`, always).
            truth: takes in what is meant, and what is sent.

        Raises:
            ValueError: the settings name a scenario that does not exist.
        """
        self.truth = Truth() if truth is None else truth
        self._noting = truth is not None
        self._settings = settings
        self._world = world = make_world(settings)
        self._density = density or Steady(settings.rate)
        self._delivery = Delivery(world, self.truth.marks)
        self._breakage = Breakage(world.chance.stream("breakage"), world.tag)
        self._fate = world.chance.stream("fate")
        self._serials = count()
        self._arrivals = {
            kind: self._arrivals_of(kind, share) for kind, share in self._shares().items() if share
        }
        self._numbers = {kind: count() for kind in self._arrivals}
        self._agenda: list[tuple[int, int, str, Cause | None]] = []
        self._outbox: list[tuple[int, int, Sending]] = []
        self._posted = 0
        self._begun_s: dict[str, int] = {}

    def _shares(self) -> dict[str, float]:
        """Beginnings per record, by kind."""
        settings = self._settings
        relics = settings.expired * (1 - STUCK_SHARE)
        copies = (1 + settings.duplicated) * (1 + settings.corrected)
        sound = (1 - settings.broken - relics) / copies
        stories = {
            kind: sound * share / RECORDS_PER_STORY[kind] for kind, share in RECORD_SHARE.items()
        }
        return stories | {BROKEN: settings.broken, RELIC: relics}

    def _arrivals_of(self, kind: str, share: float) -> Arrivals:
        """The beginnings of one kind, so many per record."""
        world = self._world
        curves = {
            "contact": world.contact_curve,
            "cart": world.shop_curve,
            "sale": world.shop_curve,
        }
        curve = curves.get(kind, world.survey_curve)
        stream = world.chance.stream(f"arrivals/{kind}")
        return Arrivals(stream, curve=curve, density=self._density, share=share)

    def run(self) -> Iterator[Sending]:
        """All records in order of arrival."""
        settings, agenda = self._settings, self._agenda
        end_ms = inf if settings.end_ms is None else settings.end_ms
        room = inf if settings.count is None else settings.count
        for kind in self._arrivals:
            self._expect(kind, settings.start_ms)
        while self._posted < room:
            at_ms, _, kind, cause = heappop(agenda)
            if at_ms >= end_ms:
                break
            yield from self._arriving(at_ms)
            if cause is None:
                self._expect(kind, at_ms)
                cause = self._begin(kind, at_ms)
            if kind == BROKEN:
                self._post([self._breakage.spoil(at_ms)])
            else:
                self._let_happen(cause, room - self._posted)
        yield from self._arriving(inf if settings.drain else end_ms)

    def _arriving(self, until_ms: float) -> Iterator[Sending]:
        """What arrives before an instant."""
        outbox, sent, noting = self._outbox, self.truth.sent, self._noting
        while outbox and outbox[0][0] < until_ms:
            sending = heappop(outbox)[2]
            if noting:
                sent[sending.topic, sending.expected] += 1
            yield sending

    def _expect(self, kind: str, after_ms: int) -> None:
        """Put the next beginning of that kind into the agenda."""
        at_ms = int(self._arrivals[kind].after(after_ms)) + 1
        heappush(self._agenda, (at_ms, next(self._serials), kind, None))

    def _begin(self, kind: str, at_ms: int) -> Cause:
        """Somebody who begins a story of that kind."""
        number = next(self._numbers[kind])
        self._world.chance.restart(self._fate, f"begin/{kind}/{number}")
        customers = CUSTOMERS_FIRST + CUSTOMERS_PER_STORY * number
        known = self._fate.likely(KNOWN_SHARE.get(kind, 1.0))
        who = person(int(self._fate.random() * customers), known=known)
        return Cause(kind, at_ms, number, who)

    def _let_happen(self, cause: Cause, room: float) -> None:
        """Tell the story, and post its records if there is room for all of them."""
        self._world.chance.restart(self._fate, f"fate/{cause.kind}/{cause.number}/{cause.thread}")
        stuck_ms = self._stuck(cause)
        told = replace(cause, at_ms=cause.at_ms - stuck_ms) if stuck_ms else self._apart(cause)
        story = TELLINGS[cause.kind](self._world, told)
        sendings = self._delivery.deliver(story, shift_ms=stuck_ms)
        if len(sendings) > room:
            return
        self._post(sendings)
        if stuck_ms:
            return
        for follow_up in story.follow_ups:
            entry = follow_up.at_ms, next(self._serials), follow_up.kind, follow_up
            heappush(self._agenda, entry)
        if self._noting:
            self.truth.note(story)

    def _post(self, sendings: list[Sending]) -> None:
        """Let records travel."""
        self._posted += len(sendings)
        for sending in sendings:
            heappush(self._outbox, (sending.arrival_ms, next(self._serials), sending))

    def _stuck(self, cause: Cause) -> int:
        """How long the records of the story were stuck before they could travel; mostly 0."""
        if not self._fate.likely(STUCK_SHARE * self._settings.expired):
            return 0
        topic = TOPIC_OF_KIND.get(cause.kind, SURVEYS_TOPIC)
        return LATENESS_MAX_MS[topic] + self._fate.spread(STUCK_LEAST_MS, STUCK_MOST_MS)

    def _apart(self, cause: Cause) -> Cause:
        """The story, begun in a second in which the same customer begins no other contact.

        Which of two contacts of one second came first, and so which one is the repeat, would be
        decided by a hash that only the product knows.
        """
        customer_id = cause.person.customer_id
        if cause.kind != "contact" or customer_id is None:
            return cause
        second = max(cause.at_ms // SECOND_MS, self._begun_s.get(customer_id, 0) + 1)
        self._begun_s[customer_id] = second
        if len(self._begun_s) > REMEMBERED_MAX:
            now_s = cause.at_ms // SECOND_MS
            self._begun_s = {name: s for name, s in self._begun_s.items() if s >= now_s}
        return replace(cause, at_ms=max(cause.at_ms, second * SECOND_MS))


def generate(settings: Simulation, *, truth: Truth | None = None) -> Iterator[Sending]:
    """The records of a company under these settings, in order of arrival.

    Args:
        settings: the company's fate.
        truth: takes in, as the stream goes on, what it means and what was sent.

    Raises:
        ValueError: the settings name a scenario that does not exist.
    """
    return Company(settings, truth=truth).run()
