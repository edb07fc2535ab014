"""A record as the diagnosis sees it: a plain object, cut into its parts.

What lives here: the view of a document whose type is known. What must never live here: checks.
What the rest may lean on: a part is an object, whatever its fields hold; entries of a list that
are no objects are not among the parts.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from schemas.answer import Judge
from schemas.document import Document
from schemas.event import Event
from schemas.shape import LISTS, Field, Role, fields_of, names_of
from schemas.topic import TopicKind


class Part(Struct, frozen=True):
    """One object of a record: the event itself (path ""), an answer or a segment."""

    path: str
    struct: type[Struct]
    said: Document

    def present(self, *roles: Role) -> Iterator[tuple[Field, Any]]:
        """The fields of these roles that are neither absent nor null, and what they hold."""
        for field in fields_of(self.struct):
            if field.role in roles and self.said.get(field.name) is not None:
                yield field, self.said[field.name]


class Record(Struct, frozen=True):
    """A record whose type is known; `parts[0]` is the event itself."""

    topic_kind: TopicKind
    key: bytes | None
    event: type[Event]
    said: Document
    parts: tuple[Part, ...]
    latest_ms: int
    judge_answer: Judge

    def instants(self) -> Iterator[tuple[str, Any]]:
        """Every instant that the record names: its path and what it holds."""
        for part in self.parts:
            for field, said in part.present(Role.INSTANT):
                yield part.path + field.name, said


def parts_of(event: type[Event], said: Document) -> Iterator[Part]:
    """The event, then its answers or segments."""
    yield Part("", event, said)
    for name in names_of(event, Role.LIST):
        entries = said.get(name)
        for at, entry in enumerate(entries if type(entries) is list else ()):
            if type(entry) is dict:
                yield Part(f"{name}[{at}].", LISTS[name], entry)
