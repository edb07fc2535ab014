"""Scenarios: what goes wrong, when, by how much, and what people should then see on the board.

What lives here: a table of scenarios, each a few effects over time, and the reading of that table.
What must never live here: the model that the effects act on. What the rest may lean on: before a
scenario begins, and wherever its effects do not reach, the company behaves as in `steady`, byte
for byte. To add one, add a row to `SCENARIOS`.
"""

from enum import StrEnum
from math import inf
from typing import Final

from msgspec import Struct

from processor.simulate.simulation import HOUR_MS, MINUTE_MS


class Target(StrEnum):
    """What an effect acts on, and so what its amount means."""

    MOOD = "mood"  # added to how customers feel (0.3 is a good day, -1.5 a scandal)
    WAIT = "wait"  # multiplies the waits in queues
    ORDER = "order"  # multiplies the probability that a checkout becomes an order
    SOLVED = "solved"  # multiplies the probability that a contact solves the issue
    FEED = "feed"  # the feed named by `only` sends nothing, and sends all of it at the end


class Effect(Struct, frozen=True, kw_only=True):
    """One influence on the company, from `after_ms` to `until_ms` since the scenario's begin.

    `only` narrows it: a mood or solved effect to (brand, channel), where an empty name means any; a
    feed to a topic.
    """

    target: Target
    amount: float = 0.0
    after_ms: int = 0
    until_ms: float = inf
    only: tuple[str, str] = ("", "")

    def covers(self, brand: str, channel: str) -> bool:
        """Whether it reaches that brand on that channel."""
        return self.only[0] in ("", brand) and self.only[1] in ("", channel)


class Scenario(Struct, frozen=True):
    """A story with the company as its hero.

    Attributes:
        shown_by: the headlines that miss their targets because of it.
        ripe_after_ms: how long after its begin it stands out in the numbers of the last hour.
    """

    name: str
    sentence: str
    effects: tuple[Effect, ...] = ()
    shown_by: tuple[str, ...] = ()
    ripe_after_ms: int = 0


_TABLE: Final = (
    Scenario("steady", "Nothing happens: all numbers wander a little and none is bad."),
    Scenario(
        "nps-drop",
        "A new version of the app makes customers angry: the NPS of channel in_app falls steeply "
        "within minutes and takes the total NPS and CSAT along; who is asked elsewhere stays as "
        "glad as before.",
        (Effect(target=Target.MOOD, amount=-1.5, only=("", "in_app")),),
        shown_by=("nps_score", "csat_ratio"),
        ripe_after_ms=40 * MINUTE_MS,
    ),
    Scenario(
        "outage",
        "The contact feed stops for 20 min while queues grow: contacts fall silent, then a flood "
        "arrives with the calls of customers who gave up; FCR, NPS and CSAT fall, and within two "
        "hours all is as before.",
        (
            Effect(target=Target.FEED, until_ms=20 * MINUTE_MS, only=("contacts", "")),
            Effect(target=Target.WAIT, amount=14.0, until_ms=90 * MINUTE_MS),
            Effect(target=Target.SOLVED, amount=0.3, until_ms=90 * MINUTE_MS),
            Effect(target=Target.MOOD, amount=-1.0, until_ms=90 * MINUTE_MS),
        ),
        shown_by=("nps_score", "csat_ratio", "fcr_ratio"),
        ripe_after_ms=50 * MINUTE_MS,
    ),
    Scenario(
        "checkout-broken",
        "Checkouts no longer become orders: converted carts fall at once, and half an hour later, "
        "when the quiet time has passed, cart and checkout abandonment climb; after two hours the "
        "shop works again, some shoppers return, and recovery rises.",
        (Effect(target=Target.ORDER, amount=0.06, until_ms=2 * HOUR_MS),),
        shown_by=("cart_abandonment_ratio",),
        ripe_after_ms=50 * MINUTE_MS,
    ),
    Scenario(
        "unsolved",
        "Agents lose the tool with which they solve issues: FCR and CSAT after contacts fall "
        "within the hour, the repeat rate climbs within days, and carts stay as they are.",
        (Effect(target=Target.SOLVED, amount=0.1, until_ms=24 * HOUR_MS),),
        shown_by=("fcr_ratio",),
        ripe_after_ms=55 * MINUTE_MS,
    ),
)
SCENARIOS: Final = {scenario.name: scenario for scenario in _TABLE}


class Influence:
    """A scenario laid onto the calendar: asked by the model, at every turn, what holds now."""

    __slots__ = ("_begin_ms", "_effects")

    def __init__(self, scenario: Scenario, begin_ms: int) -> None:
        """Let the scenario's clock start at `begin_ms`."""
        self._begin_ms = begin_ms
        self._effects = {
            target: tuple(effect for effect in scenario.effects if effect.target is target)
            for target in Target
        }

    def _acting(self, target: Target, at_ms: float) -> list[Effect]:
        """The effects on a target that hold at an instant."""
        effects = self._effects[target]
        if not effects:
            return []
        since_ms = at_ms - self._begin_ms
        return [effect for effect in effects if effect.after_ms <= since_ms < effect.until_ms]

    def added(self, target: Target, at_ms: float, *, brand: str, channel: str) -> float:
        """The sum of the amounts that act on a brand and channel; 0 where nothing does."""
        return sum(
            effect.amount for effect in self._acting(target, at_ms) if effect.covers(brand, channel)
        )

    def factor(self, target: Target, at_ms: float, *, brand: str = "", channel: str = "") -> float:
        """The product of the amounts that act on a brand and channel; 1 where nothing does."""
        product = 1.0
        for effect in self._acting(target, at_ms):
            if effect.covers(brand, channel):
                product *= effect.amount
        return product

    def held_until(self, topic: str, at_ms: int) -> int:
        """When a feed that stands still at `at_ms` moves again; `at_ms` if it moves."""
        for effect in self._acting(Target.FEED, at_ms):
            if effect.only[0] == topic:
                return self._begin_ms + int(effect.until_ms)
        return at_ms
