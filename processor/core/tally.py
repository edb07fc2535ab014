"""What is counted: named vectors of integers, which add and subtract.

A tally is an Abelian group (component-wise sum, zero, negation), so whatever was added can be taken
back exactly. Only integers may stand here: money is in minor units, durations in ms; a maximum or a
mean cannot be taken back and therefore has no place. Which entity counts what, and when, is told by
`core.entity`.
"""

from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

Vector: TypeAlias = list[int]
"""The integers of one tally, in the order of its fields."""

Amounts: TypeAlias = tuple[tuple[int, int], ...]
"""What one contribution adds to a vector: ((field index, amount), ...)."""


class Tally(Struct, frozen=True, cache_hash=True):
    """A row of the table below.

    Attributes:
        name: its name in Redis and in `core.metric`.
        entities: who contributes it.
        fields: the meaning of the vector's components.
        dimensions: mandatory dimensions beside the slices; no sum over them exists.
        due: whether it may stand in panes that time has not reached yet (read up to as-of only).
        window_min_ms: it is kept for windows of at least this length.
        sliced: whether it is kept by slice too, or in total only.
    """

    name: str
    entities: tuple[str, ...]
    fields: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    due: bool = False
    window_min_ms: int = 0
    sliced: bool = True

    def amounts(self, **amount_by_field: int) -> Amounts:
        """The amounts named by field, without zeros."""
        fields = self.fields
        return tuple((fields.index(name), n) for name, n in amount_by_field.items() if n)


_RATING = ("answers", "sum", "squares")
_FCR = ("first", "resolved", "unknown", "net_first", "net_resolved")

NPS = Tally("nps", ("response",), tuple(f"r{value}" for value in range(11)))
CSAT = Tally("csat", ("response",), ("answers", "satisfied"))
CSAT_RATING = Tally("csat_rating", ("response",), _RATING, ("scale", "polarity"))
CES = Tally("ces", ("response",), ("answers", "easy"))
CES_RATING = Tally("ces_rating", ("response",), _RATING, ("scale", "polarity"))
QUESTION_RATING = Tally(
    "question_rating", ("response",), _RATING, ("question", "scale", "polarity")
)
QUESTION_YES = Tally("question_yes", ("response",), ("answers", "yes"), ("question",))
QUESTION_CHOICE = Tally("question_choice", ("response",), ("chosen",), ("question", "option"))
SURVEY = Tally("survey", ("response",), ("offered", "responses", "completed"))
CONTACT = Tally(
    "contact",
    ("contact",),
    (
        "contacts",
        "offered",
        "answered",
        "in_time",
        "waited",
        "wait_ms",
        "abandoned",
        "other_exit",
        "handled",
        "handle_ms",
        "handle_ms_squares",
        "talk_ms",
        "hold_ms",
        "wrap_ms",
        "transferred",
    ),
)
REPEAT = Tally("repeat", ("case",), ("contacts", "repeats"))
FCR = Tally("fcr", ("case",), _FCR)
FCR_SETTLED = Tally("fcr_settled", ("case",), _FCR, due=True, window_min_ms=7 * 86_400_000)
SHOP = Tally("shop", ("cart",), ("started", "orders", "unjoined", "checkouts"))
CART = Tally(
    "cart",
    ("cart",),
    ("abandoned", "checkout_abandoned", "converted", "recovered", "abandonments"),
    due=True,
)
CART_VALUE = Tally(
    "cart_value",
    ("cart",),
    (
        "abandoned",
        "abandoned_minor",
        "converted",
        "converted_minor",
        "recovered",
        "recovered_minor",
    ),
    ("currency",),
    due=True,
)
QUALITY = Tally(
    "quality",
    ("response", "contact", "case", "cart"),
    ("unanchored", "oversized", "inconsistent", "anchor_conflict", "scale_conflict"),
    ("entity",),
    sliced=False,
)

TALLIES: tuple[Tally, ...] = (
    NPS, CSAT, CSAT_RATING, CES, CES_RATING, QUESTION_RATING, QUESTION_YES, QUESTION_CHOICE, SURVEY,
    CONTACT, REPEAT, FCR, FCR_SETTLED, SHOP, CART, CART_VALUE, QUALITY,
)  # fmt: skip

TALLY_BY_NAME = {tally.name: tally for tally in TALLIES}


def zero(tally: Tally) -> Vector:
    """The neutral element."""
    return [0] * len(tally.fields)


def add(ours: Vector, theirs: Iterable[int]) -> Vector:
    """The component-wise sum."""
    return [a + b for a, b in zip(ours, theirs, strict=True)]


def subtract(ours: Vector, theirs: Iterable[int]) -> Vector:
    """The component-wise difference: `subtract(add(a, b), b) == a`."""
    return [a - b for a, b in zip(ours, theirs, strict=True)]
