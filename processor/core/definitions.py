"""Everything that decides stored data, and its fingerprint.

What lives here: plain, frozen values; where they come from (files, environment) is
`processor.settings`' business. Two views with equal fingerprints hold the same numbers for the same
log; another fingerprint is another namespace, built from the log beside the one in service.
"""

import hashlib
from itertools import pairwise
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from processor.core.state import STATE_LAYOUT
from processor.core.tally import TALLIES, Tally

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

EntityName: TypeAlias = Literal["response", "contact", "case", "cart"]
Kind: TypeAlias = Literal["nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text"]
Polarity: TypeAlias = Literal["high_good", "low_good"]


class Topic(Struct, frozen=True):
    """A source topic and what its records may be.

    Attributes:
        lateness_max_ms: an `occurred_at` further behind its arrival is expired.
        life_ms: how far back an entity of this topic may still change.
        future_max_ms: a time further ahead of arrival is a dead letter.
        reach_ms: how long before its contribution an entity's first event may lie (coverage).
    """

    name: str
    entity: EntityName
    lateness_max_ms: int
    life_ms: int
    future_max_ms: int = 5 * MINUTE_MS
    reach_ms: int = DAY_MS


class Window(Struct, frozen=True):
    """A rolling window made of panes of one tier."""

    name: str
    length_ms: int
    tier_ms: int


class Dimension(Struct, frozen=True):
    """The values that a dimension may take, and other words for them: ((alias, value), ...)."""

    name: str
    values: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


class Question(Struct, frozen=True):
    """What one question of one survey means: a row of the question registry.

    Attributes:
        name: its name in metrics.
        source: whose survey it is; None for any source.
        polarity: None leaves it to the answers.
        positive_edge: the worst value that still counts as positive; None for the kind's rule.
        options: of a choice, the ones kept apart.
    """

    name: str
    survey_id: str
    question_id: str
    kind: Kind
    source: str | None = None
    scale_min: int | None = None
    scale_max: int | None = None
    polarity: Polarity | None = None
    positive_edge: int | None = None
    options: tuple[str, ...] = ()


class ContactRules(Struct, frozen=True):
    """What a contact's numbers depend on."""

    service_level_ms: int = 20 * SECOND_MS
    short_abandon_ms: int = 0


class CaseRules(Struct, frozen=True):
    """What first contact resolution depends on.

    Attributes:
        repeat_window_ms: W; contacts of one issue closer than this belong together.
        directions: the contacts it looks at.
        resolution_order: whose word on "resolved" counts first.
        not_level_one: wrap codes of contacts that cannot be resolved at first contact (net FCR).
    """

    repeat_window_ms: int = 7 * DAY_MS
    directions: tuple[str, ...] = ("inbound",)
    resolution_order: tuple[str, ...] = ("survey", "case", "agent")
    transferred_breaks_fcr: bool = True
    reopened_breaks_fcr: bool = True
    not_level_one: tuple[str, ...] = ()


class CartRules(Struct, frozen=True):
    """What a cart's outcome depends on.

    Attributes:
        quiet_ms: a cart with items and no activity for this long is abandoned.
        order_grace_ms: activity this soon after an order still belongs to it (echo and clock skew).
        currencies: those whose amounts are summed.
    """

    quiet_ms: int = 30 * MINUTE_MS
    order_grace_ms: int = 10 * SECOND_MS
    cancelled_undoes_conversion: bool = False
    currencies: tuple[str, ...] = ("EUR", "USD", "GBP")


class Bounds(Struct, frozen=True):
    """Above these an entity is oversized: it counts nothing more, and that is exported."""

    ids_max: int = 256
    segments_max: int = 32
    cart_extent_max_ms: int = 30 * DAY_MS


SURVEY_CHANNELS = ("email", "sms", "in_app", "web", "ivr", "chat", "kiosk", "link", "other")
CONTACT_CHANNELS = (
    "voice",
    "chat",
    "email",
    "message",
    "social",
    "video",
    "task",
    "in_person",
    "other",
)
CART_CHANNELS = ("web", "app", "social", "marketplace", "store", "phone", "other")

CHANNELS: dict[EntityName, tuple[str, ...]] = {
    "response": SURVEY_CHANNELS,
    "contact": CONTACT_CHANNELS,
    "case": CONTACT_CHANNELS,
    "cart": CART_CHANNELS,
}

DEFAULT_TOPICS = (
    Topic("surveys", "response", lateness_max_ms=7 * DAY_MS, life_ms=30 * DAY_MS),
    Topic("contacts", "contact", lateness_max_ms=7 * DAY_MS, life_ms=30 * DAY_MS),
    Topic("carts", "cart", lateness_max_ms=DAY_MS, life_ms=3 * DAY_MS),
)

DEFAULT_WINDOWS = (
    Window("5m", 5 * MINUTE_MS, 10 * SECOND_MS),
    Window("1h", HOUR_MS, 10 * SECOND_MS),
    Window("24h", DAY_MS, MINUTE_MS),
    Window("7d", 7 * DAY_MS, HOUR_MS),
    Window("28d", 28 * DAY_MS, HOUR_MS),
)

DEFAULT_SLICES: dict[EntityName, tuple[tuple[str, ...], ...]] = {
    "response": (("channel",), ("brand",)),
    "contact": (("channel",), ("brand",), ("queue",)),
    "cart": (("channel",), ("brand",)),
}

READER_SLACK_MS = 5 * MINUTE_MS
"""A pane outlives its tier's longest window by this much, so that a reader behind by minutes still
finds it."""


class Definitions(Struct, frozen=True):
    """The definitions of one namespace.

    Raises:
        ValueError: two values that cannot stand together; the message names both.
    """

    topics: tuple[Topic, ...] = DEFAULT_TOPICS
    windows: tuple[Window, ...] = DEFAULT_WINDOWS
    dimensions: tuple[Dimension, ...] = ()
    slices: dict[EntityName, tuple[tuple[str, ...], ...]] = msgspec.field(
        default_factory=lambda: dict(DEFAULT_SLICES)
    )
    questions: tuple[Question, ...] = ()
    unknown_words: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    type_prefixes: tuple[str, ...] = ()
    """What is cut off the front of a CloudEvents type."""
    contact: ContactRules = ContactRules()
    case: CaseRules = CaseRules()
    cart: CartRules = CartRules()
    bounds: Bounds = Bounds()
    id_key_digest: str = ""
    """Which key hashes the ids (a digest of it, never the key)."""

    def __post_init__(self) -> None:
        """Refuse values that cannot stand together."""
        for problem in _problems(self):
            raise ValueError(problem)

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that name these definitions and the layout of states."""
        canonical = msgspec.json.encode((STATE_LAYOUT, TALLIES, self), order="deterministic")
        return hashlib.blake2b(canonical, digest_size=4).hexdigest()

    @property
    def contact_life_ms(self) -> int:
        """The longest life of a contact, over all topics that carry contacts."""
        return max((t.life_ms for t in self.topics if t.entity == "contact"), default=0)

    def dimension(self, entity: EntityName, name: str) -> Dimension:
        """The values of a dimension; `channel` has the contract's list unless one is configured."""
        for dimension in self.dimensions:
            if dimension.name == name:
                return dimension
        return Dimension(name, CHANNELS[entity] if name == "channel" else ())

    def slices_of(self, entity: EntityName) -> tuple[tuple[str, ...], ...]:
        """The slices of an entity; a case counts its contacts in the slices of contacts."""
        return self.slices.get("contact" if entity == "case" else entity, ())

    def sliced_by(self, entity: EntityName) -> tuple[str, ...]:
        """The dimensions that the entity's slices name, each once, in order."""
        return tuple(dict.fromkeys(name for names in self.slices_of(entity) for name in names))

    def windows_of(self, tally: Tally) -> tuple[Window, ...]:
        """The windows a tally is kept for."""
        return tuple(w for w in self.windows if w.length_ms >= tally.window_min_ms)

    def tiers_of(self, tally: Tally) -> tuple[int, ...]:
        """The tiers a tally is written to: pane lengths in ms, finest first."""
        return tuple(sorted({window.tier_ms for window in self.windows_of(tally)}))

    def retention_ms(self, tier_ms: int) -> int:
        """How long a pane of this tier is kept after its end."""
        longest = max(w.length_ms for w in self.windows if w.tier_ms == tier_ms)
        return longest + READER_SLACK_MS


def _problems(definitions: Definitions) -> list[str]:
    return [
        *_window_problems(definitions.windows),
        *_topic_problems(definitions),
    ]


def _window_problems(windows: tuple[Window, ...]) -> list[str]:
    problems = [
        f"window {w.name}: its pane of {w.tier_ms} ms must divide its length of {w.length_ms} ms"
        for w in windows
        if w.length_ms % w.tier_ms
    ]
    tiers = sorted({window.tier_ms for window in windows})
    for finer, coarser in pairwise(tiers):
        longest = max(w.length_ms for w in windows if w.tier_ms == finer)
        if coarser % finer or longest < coarser:
            problems.append(
                f"panes of {finer} ms are kept for {longest} ms"
                f" and must cover and divide one pane of {coarser} ms"
            )
    if not windows:
        problems.append("windows: at least one is needed")
    return problems


def _topic_problems(definitions: Definitions) -> list[str]:
    problems = []
    for topic in definitions.topics:
        least = topic.lateness_max_ms
        if topic.entity == "cart":
            least += definitions.cart.quiet_ms + topic.future_max_ms
        if topic.life_ms < least:
            problems.append(f"topic {topic.name}: life_ms {topic.life_ms} must be at least {least}")
    return problems
