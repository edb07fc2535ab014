"""The examples of the contract: records that are accepted, and records that are not.

What lives here: reading `schemas/examples/*.jsonl`. What must never live here: an expectation of
its own. What the rest may lean on: at `EXAMPLE_LATEST_MS`, every example of the first four files
is accepted and every one of `rejected` gives its reason (tested).

A line is an object: `topic`, `key` and `value` (a string, or any JSON, which is written compactly),
`headers` (pairs of texts), `title`, and for the rejected `reason`, `field` and, if a JSON Schema
cannot see the fault, `schema: false`. `pad` fills a value with blanks up to that many bytes.
"""

from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from schemas.instant import instant_ms
from schemas.reason import Reason
from schemas.topic import TopicKind

EXAMPLE_FOLDER: Final = Path(__file__).parent / "examples"
ACCEPTED: Final = ("surveys", "contacts", "carts", "cloudevents")
REJECTED: Final = "rejected"

EXAMPLE_LATEST_MS: Final = instant_ms("2026-03-05T00:05:00Z") or 0
"""Arrival at the 5th of March 2026, 00:00 UTC, and 5 min of tolerance."""


class Line(Struct, forbid_unknown_fields=True):
    """One line of a file of examples, as written."""

    title: str
    topic: TopicKind
    key: str | None
    value: Any
    headers: list[tuple[str, str]] = []
    reason: Reason | None = None
    field: str = ""
    schema: bool = True
    pad: int = 0


class Example(Struct, frozen=True):
    """A record, and what becomes of it: accepted, or a dead letter of this reason."""

    title: str
    topic: TopicKind
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    reason: Reason | None
    field: str
    in_schema: bool


def load_examples(name: str) -> list[Example]:
    """The examples of one file, in its order: one of `ACCEPTED`, or `REJECTED`."""
    lines = (EXAMPLE_FOLDER / f"{name}.jsonl").read_bytes().splitlines()
    return [_example(msgspec.json.decode(line, type=Line)) for line in lines]


def _example(line: Line) -> Example:
    value = line.value.encode() if isinstance(line.value, str) else msgspec.json.encode(line.value)
    return Example(
        title=line.title,
        topic=line.topic,
        key=None if line.key is None else line.key.encode(),
        value=None if line.value is None else value.ljust(line.pad),
        headers=tuple((name, text.encode()) for name, text in line.headers),
        reason=line.reason,
        field=line.field,
        in_schema=line.schema,
    )
