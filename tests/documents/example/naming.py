"""Words for what stands in states as numbers: registers, contents, hashes.

What must never live here: what any of it counts for. A register without a word here is an error, so
a new one cannot be missing from the page unnoticed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from processor.core.definitions import Definitions, EntityName
from processor.core.entity import basket, cart, contact, life, response
from processor.core.entity.episode import TRANSFER_KINDS
from processor.core.entity.segment import LEFT_REASONS, leg_facts
from processor.core.identity import Identity
from processor.core.question import KINDS
from processor.core.slice import Slices
from processor.core.state import Content, Register
from processor.core.tally import Tally
from schemas.event import Segment
from tests.documents.times import clock, length

_BITS = {
    basket.PROLONGS: "PROLONGS",
    basket.STARTS: "STARTS",
    basket.ITEMS: "ITEMS",
    basket.EMPTY: "EMPTY",
    basket.CHECKOUT: "CHECKOUT",
}
_COMPLETIONS = {bit: name for name, bit in response.COMPLETION_BITS.items()}
_COMMON = {life.NEWEST: "newest", life.WITHDRAWN: "withdrawn", life.DIMENSION: "dimension"}
_ANCHOR = {life.ANCHOR: "anchor"}
_FATE = {life.FATE: "fate"}
_CODES: dict[EntityName, dict[str, dict[int, str]]] = {
    "response": {
        "facts": {**_COMMON, response.ANSWER: "answer"},
        "least": {**_ANCHOR, response.ANSWER: "first answer", response.OFFERED: "first offer"},
        "most": _ANCHOR,
        "marks": {**_FATE, response.COMPLETION: "completion"},
    },
    "contact": {
        "facts": {
            **_COMMON,
            contact.DIRECTION: "direction",
            contact.CUSTOMER: "customer",
            contact.ISSUE: "issue",
            contact.RESOLVED: "resolved",
            contact.TRANSFER: "transfer",
        },
        "least": _ANCHOR,
        "most": _ANCHOR,
        "marks": {**_FATE, contact.REOPENED: "reopened", contact.SEGMENT: "known segment"},
    },
    "cart": {
        "facts": {
            **_COMMON,
            cart.AMOUNT: "amount",
            cart.ORDER: "order's amount",
            cart.PART_OF: "order and order id",
        },
        "least": {cart.ORDER: "order first reported"},
        "most": {cart.ORDER: "order last reported"},
        "marks": {**_FATE, cart.ACTIVITY: "activity", cart.CANCELLED: "cancelled"},
    },
}


def _leg_names(identity: Identity) -> dict[int, str]:
    """The codes of a leg's fields, found by saying one field at a time."""
    names = {}
    for field in msgspec.structs.fields(Segment):
        value: Any = "abandoned" if field.name == "left_reason" else "1"
        if field.name.endswith(("_at", "_ms")) or field.name == "is_callback":
            value = 1
        said = Segment(**{field.name: value})
        for register, _ in leg_facts(said, 0, identity, lambda _: 0):
            names[life.code_of(register)] = field.name
    return names


class Naming:
    """The words of one entity's states."""

    def __init__(
        self,
        definitions: Definitions,
        identity: Identity,
        entity: EntityName,
        known: Mapping[str, str],
    ) -> None:
        """Know what may occur as a hash, and what to call it."""
        self.entity: EntityName = "contact" if entity == "case" else entity
        self._slices = Slices(definitions, entity)
        self._currencies = definitions.cart.currencies
        self._codes = {part: dict(codes) for part, codes in _CODES[self.entity].items()}
        if self.entity == "contact":
            self._legs = _leg_names(identity)
            self._codes["facts"] |= self._legs
        self._ids = {identity.part(hashed): name for hashed, name in known.items()}
        # A question without a row in the registry goes by half of its hash, and a bit beside it.
        self._ids |= {1 << 55 | part >> 1: each for part, each in list(self._ids.items())}

    def register(self, part: str, register: Register) -> str:
        """The name of a register, with what it belongs to.

        Raises:
            KeyError: there is no word for it.
        """
        code, instance = life.code_of(register), life.instance_of(register)
        name = self._codes[part][code]
        if name == "dimension":
            return f"dimension `{self._slices.dimensions[instance]}`"
        if name == "resolved":
            return f"resolved, says {contact.RESOLUTION_SOURCES[instance]}"
        if name == "activity":
            return f"activity at {clock(instance)}"
        if instance == 0:
            return name
        of = f" of `{self._ids[instance]}`" if instance in self._ids else ""
        return f"{name}{of}"

    def content(self, part: str, register: Register, content: Content) -> str:
        """What a register holds, in words."""
        code, instance = life.code_of(register), life.instance_of(register)
        name = self._codes[part][code]
        if name == "anchor":
            return clock(int(str(content)) * 1000)
        if part in ("least", "most"):
            return clock(int(str(content)))
        if part == "marks":
            return self._mark(name, int(str(content)))
        if name == "dimension":
            return self._slices.value_name(instance, int(str(content)))
        return self._fact(name, content)

    def _mark(self, name: str, bits: int) -> str:
        if name == "activity":
            return " ".join(word for bit, word in _BITS.items() if bits & bit)
        return _COMPLETIONS[bits] if name == "completion" else str(bits)

    def _fact(self, name: str, content: Content) -> str:
        if isinstance(content, bytes):
            return f"`{content.hex()}`"
        if isinstance(content, tuple | list):
            return self._tuple(name, tuple(content))
        if name.endswith("_at"):
            return clock(content)
        if name.endswith("_ms"):
            return length(content)
        words = {
            "newest": ("there",),
            "withdrawn": ("there",),
            "direction": contact.DIRECTIONS,
            "transfer": TRANSFER_KINDS,
            "left_reason": LEFT_REASONS,
            "resolved": ("no", "yes"),
        }
        return words[name][content] if name in words else str(content)

    def _tuple(self, name: str, content: tuple[int, ...]) -> str:
        if name == "answer":
            kind, low, high, low_good, conflicting, *values = content
            good = "low is good" if low_good else "high is good"
            conflict = ", declared otherwise" if conflicting else ""
            return f"{KINDS[kind]}, {low}-{high}, {good}{conflict}: {', '.join(map(str, values))}"
        if name == "order and order id":
            return "order {:014x}, order id {:014x}".format(*content)
        minor, currency = content
        return f"{minor} minor units of {self._currencies[currency - 1]}"


def vector_words(tally: Tally, vector: Iterable[int]) -> str:
    """The fields of a vector that are not zero: `r9 1`."""
    told = (f"{field} {n}" for field, n in zip(tally.fields, vector, strict=True) if n)
    return ", ".join(told) or "nothing"
