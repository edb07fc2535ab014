"""Truth: what the company meant, counted without looking at a single record.

What lives here: the facts that stories noted, and questions about them. What must never live here:
the reading of events, and any code that the product counts with. What the rest may lean on: once a
stream has been drained, a count here equals the product's for the same range of time under the
default lateness, lives, scales and windows. Fields are named as in docs/counting.md: tally, point,
field (`contact.handle_ms`, `nps.r9`, `cart_value.EUR.abandoned_minor`, `fcr_settled.resolved`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import inf
from typing import Final, TypeAlias

from msgspec import Struct

from processor.simulate.simulation import WEEK_MS
from processor.simulate.story import Story, Visit

REPEAT_WINDOW_MS: Final = WEEK_MS
RESOLUTION_ORDER: Final = ("survey", "case", "agent")
NPS_VALUES: Final = range(11)
PROMOTER_LEAST: Final = 9
DETRACTOR_MOST: Final = 6

Entry: TypeAlias = tuple[int, int, str, str]  # instant in ms, amount, brand, channel
Ledger: TypeAlias = dict[str, list[Entry]]


class Range(Struct, frozen=True, gc=False):
    """Which facts are asked for: those of a half-open range, of one brand or channel if named."""

    start_ms: float = -inf
    end_ms: float = inf
    brand: str = ""
    channel: str = ""


class Nps(Struct, frozen=True, gc=False):
    """Answers to NPS questions by class."""

    promoters: int
    passives: int
    detractors: int

    @property
    def answers(self) -> int:
        """All of them."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float | None:
        """Promoters minus detractors in points of 100; None without an answer."""
        if not self.answers:
            return None
        return 100 * (self.promoters - self.detractors) / self.answers


class Truth:
    """All facts of the stories that were told so far.

    `sent` counts what the stream gave, by (topic, what is expected of it); `marks` counts what was
    done to records (`late`, `duplicated`, ...) and how many there were before (`records`).
    """

    def __init__(self) -> None:
        """Know nothing."""
        self.sent: Counter[tuple[str, str]] = Counter()
        self.marks: Counter[str] = Counter()
        self._noted: Ledger = defaultdict(list)
        self._visits: dict[str, tuple[Visit, str, str]] = {}
        self._verdicts: dict[str, bool] = {}
        self._cases: Ledger | None = None

    def note(self, story: Story) -> None:
        """Take in what a story means; a silent one means nothing but its verdict on another."""
        self._cases = None
        if story.verdict is not None:
            self._verdicts[story.verdict[0]] = story.verdict[1]
        if story.silent:
            return
        brand, channel = story.brand, story.channel
        for field, at_ms, amount in story.facts:
            self._noted[field].append((at_ms, amount, brand, channel))
        if story.visit is not None:
            self._visits[story.visit.contact_id] = story.visit, brand, channel

    def facts(self) -> Iterator[tuple[str, Entry]]:
        """Every `(field, entry)` there is."""
        for ledger in (self._noted, self._case_ledger()):
            for field, entries in ledger.items():
                for entry in entries:
                    yield field, entry

    def count(self, field: str, asked: Range) -> int:
        """The sum of a field over the facts that lie in the range."""
        entries = self._noted.get(field) or self._case_ledger().get(field, [])
        return sum(
            amount
            for at_ms, amount, brand, channel in entries
            if asked.start_ms <= at_ms < asked.end_ms
            and asked.brand in ("", brand)
            and asked.channel in ("", channel)
        )

    def tally(self, name: str, asked: Range) -> Counter[str]:
        """All fields of a tally that are not zero in the range, without the tally's name."""
        prefix = f"{name}."
        fields = [*self._noted, *self._case_ledger()]
        counts = {
            field.removeprefix(prefix): self.count(field, asked)
            for field in sorted(fields)
            if field.startswith(prefix)
        }
        return Counter({field: count for field, count in counts.items() if count})

    def nps(self, start_ms: float, end_ms: float, *, brand: str = "", channel: str = "") -> Nps:
        """Answers to NPS questions first given in `[start_ms, end_ms)`, as they stand at last."""
        asked = Range(start_ms, end_ms, brand, channel)
        counts = [self.count(f"nps.r{value}", asked) for value in NPS_VALUES]
        detractors = sum(counts[: DETRACTOR_MOST + 1])
        promoters = sum(counts[PROMOTER_LEAST:])
        return Nps(promoters, sum(counts) - promoters - detractors, detractors)

    def csat(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`answers` and `satisfied` of all CSAT questions."""
        return self.tally("csat", Range(start_ms, end_ms))

    def surveys(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`offered`, `responses` and `completed`."""
        return self.tally("survey", Range(start_ms, end_ms))

    def contacts(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`contacts`, `offered`, `answered`, `abandoned`, `handled`, `handle_ms` and so on."""
        return self.tally("contact", Range(start_ms, end_ms))

    def repeats(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`contacts` of known customers, and the `repeats` among them."""
        return self.tally("repeat", Range(start_ms, end_ms))

    def fcr(self, start_ms: float, end_ms: float, *, settled: bool = False) -> Counter[str]:
        """`first`, `resolved` and `unknown`, at the contact or, settled, a repeat window later."""
        return self.tally("fcr_settled" if settled else "fcr", Range(start_ms, end_ms))

    def carts(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`abandoned`, `checkout_abandoned`, `converted`, `recovered` and `abandonments`."""
        return self.tally("cart", Range(start_ms, end_ms))

    def shop(self, start_ms: float, end_ms: float) -> Counter[str]:
        """`started`, `checkouts`, `orders` and `unjoined`."""
        return self.tally("shop", Range(start_ms, end_ms))

    def _case_ledger(self) -> Ledger:
        """The facts of the cases, which only all contacts of a customer together decide."""
        if self._cases is None:
            self._cases = defaultdict(list)
            threads: defaultdict[tuple[str, str | None], list[Visit]] = defaultdict(list)
            for visit, _, _ in self._visits.values():
                threads[visit.customer_id, visit.issue_id].append(visit)
            for thread in threads.values():
                thread.sort(key=lambda visit: visit.anchor_ms)
                self._note_thread(thread, self._cases)
        return self._cases

    def _note_thread(self, thread: list[Visit], ledger: Ledger) -> None:
        """Note the contacts of one customer about one issue, in the order of their beginnings."""
        anchors = [-inf, *(visit.anchor_ms for visit in thread), inf]
        for place, visit in enumerate(thread):
            before_ms, anchor_ms, after_ms = anchors[place : place + 3]
            first = anchor_ms - before_ms >= REPEAT_WINDOW_MS
            said = self._said_of(visit)
            alone = after_ms - anchor_ms >= REPEAT_WINDOW_MS
            amounts = {"repeat.contacts": 1, "repeat.repeats": int(not first)}
            if first:
                fcr = {"first": 1, "resolved": int(said is True and visit.clean and alone)}
                fcr["unknown"] = int(said is None)
                amounts |= {f"fcr.{field}": amount for field, amount in fcr.items()}
                amounts |= {f"fcr_settled.{field}": amount for field, amount in fcr.items()}
            _, brand, channel = self._visits[visit.contact_id]
            for field, amount in amounts.items():
                delay_ms = REPEAT_WINDOW_MS if field.startswith("fcr_settled") else 0
                if amount:
                    entry = visit.anchor_ms + delay_ms, amount, brand, channel
                    ledger[field].append(entry)

    def _said_of(self, visit: Visit) -> bool | None:
        """Whether the contact solved its issue, by the first source that says anything."""
        said = dict(visit.said)
        if visit.contact_id in self._verdicts:
            said["survey"] = self._verdicts[visit.contact_id]
        return next((said[source] for source in RESOLUTION_ORDER if source in said), None)
