"""What an event writes, and how what was written joins: the rules common to all entities.

What lives here: the four joins, the registers that every entity has, dimensions, life. What must
never live here: speed, or a state that is kept; everything is scanned again from the events each
time it is asked for. What the rest may lean on: `joined` is the only place where events meet.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from processor.core.definitions import Definitions, EntityName
from processor.core.identity import Identity
from processor.core.slice import NONE_NAME, OTHER_NAME
from schemas.event import AnyEvent, CartWithdrawn, ContactWithdrawn, SurveyWithdrawn

Key: TypeAlias = tuple[str | int, ...]
Registers: TypeAlias = dict[Key, Any]
Labels: TypeAlias = dict[str, str]

CLOCK_SKEW_MS: Final = 5 * 60_000
"""A fact may lie this long before its entity's anchor: clocks differ."""
EXCLUSIONS: Final = ("test", "bot", "internal")
JOINS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "latest": max,
    "least": min,
    "most": max,
    "marks": operator.or_,
}


class Write(NamedTuple):
    """A value for one register; of a "latest" one the value is (version, content)."""

    join: str
    key: Key
    value: Any


class Count(NamedTuple):
    """What an entity counts for at one instant, in all its slices."""

    at_ms: int
    tally: str
    amounts: dict[str, int]
    dimensions: tuple[str, ...] = ()


class Rules(Protocol):
    """What differs from entity to entity."""

    entity: EntityName

    def writes(self, event: Any) -> Iterator[Write]:
        """What the event says, register by register."""

    def is_oversized(self, registers: Registers) -> bool:
        """Whether the state is beyond its bound."""

    def counts(self, registers: Registers) -> Iterator[Count]:
        """What a state counts for, if it counts."""

    def faults(self, registers: Registers) -> dict[str, int]:
        """What is wrong with the state's facts: "inconsistent" and what else there is to say."""

    def labels(self, registers: Registers) -> Labels:
        """The names of the state's dimension values."""


class Source:
    """What all events of an entity are read with."""

    def __init__(self, definitions: Definitions, identity: Identity, entity: EntityName) -> None:
        """Keep the settings."""
        self.definitions = definitions
        self.identity = identity
        self.entity = entity

    def version(self, event: AnyEvent) -> tuple[int, int]:
        """What makes one event newer than another."""
        return event.occurred_at, self.identity.event(event.event_id)

    def known(self, event: AnyEvent, word: str | None) -> bool:
        """Whether the word says something, and not that nothing is known."""
        unknown = self.definitions.unknown_words.get(event.source, ())
        return word is not None and word not in unknown

    def writes(self, event: AnyEvent) -> Iterator[Write]:
        """The registers that every entity has, then those that withdrawals never write."""
        if event.excluded is not None:
            yield Write("marks", ("excluded",), 1 << EXCLUSIONS.index(event.excluded))
        if event.created_at is not None and self.entity != "cart":
            yield Write("least", ("anchor",), event.created_at // 1000 * 1000)
            yield Write("most", ("anchor claimed",), event.created_at // 1000 * 1000)
        version = self.version(event)
        if isinstance(event, SurveyWithdrawn | ContactWithdrawn | CartWithdrawn):
            yield Write("latest", ("withdrawn",), version)
            if event.permanent:
                yield Write("marks", ("permanent",), 1)
        else:
            yield Write("latest", ("newest",), version)
            yield from self._labels_said(event)
            yield from self.facts(event)

    def facts(self, event: Any) -> Iterator[Write]:
        """What an event that is no withdrawal says of this kind of entity."""
        raise NotImplementedError

    def _labels_said(self, event: AnyEvent) -> Iterator[Write]:
        version = self.version(event)
        for name in self.definitions.sliced_by(self.entity):
            word = None if self._of_segments(name) else _word(event, name)
            if word is not None and self.known(event, word):
                yield Write("latest", ("label", name), (version, self.label(name, word)))

    def label(self, name: str, word: str) -> int:
        """The place of a value in its dimension's list, from 1 on; 0 if it is not listed."""
        dimension = self.definitions.dimension(self.entity, name)
        value = dict(dimension.aliases).get(word, word)
        return dimension.values.index(value) + 1 if value in dimension.values else 0

    def label_name(self, name: str, label: int | None) -> str:
        """The value at a place; None if nothing was ever said."""
        if label is None:
            return NONE_NAME
        return (OTHER_NAME, *self.definitions.dimension(self.entity, name).values)[label]

    def labels(self, registers: Registers) -> Labels:
        """The name of the value in force of each dimension."""
        return {
            name: self.label_name(name, content(registers, "label", name))
            for name in self.definitions.sliced_by(self.entity)
        }

    def _of_segments(self, name: str) -> bool:
        return name == "queue" and self.entity == "contact"


def joined(writes: Iterable[Write]) -> Registers:
    """What all writes together leave."""
    registers: Registers = {}
    for join, key, value in writes:
        registers[key] = JOINS[join](registers[key], value) if key in registers else value
    return registers


def content(registers: Registers, *key: str | int) -> Any:
    """The content of a "latest" register, None if nobody wrote it."""
    return registers[key][1] if key in registers else None


def is_withdrawn(registers: Registers) -> bool:
    """Whether nothing newer than the latest withdrawal was said, or it was for ever."""
    newest, withdrawn = registers.get(("newest",)), registers.get(("withdrawn",))
    if newest is None or ("permanent",) in registers:
        return True
    return withdrawn is not None and withdrawn >= newest


def is_dead(registers: Registers, life_ms: int, clock_ms: int) -> bool:
    """Whether the clock has passed the entity's life."""
    began = registers.get(("anchor",))
    if began is None:
        versions = (registers.get(("newest",)), registers.get(("withdrawn",)))
        began = max(version[0] for version in versions if version)
    return bool(began + life_ms < clock_ms)


def _word(event: AnyEvent, name: str) -> str | None:
    if name in ("channel", "touchpoint"):
        return getattr(event, name)  # type: ignore[no-any-return]  # one of two fields that are texts
    if name == "survey":
        return getattr(event, "survey_id", None)
    value = (event.attributes or {}).get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
