"""What happened to a record, as tables: record, admission, state, counts, panes."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from processor.core.admission import TOPIC_KINDS
from processor.core.contribution import Count
from processor.core.definitions import EntityName, Topic
from processor.core.pane import Cells, Pane, unpack_vector
from processor.core.record import Record
from processor.core.slice import Slices, parse_cell
from processor.core.state import Register, State
from processor.store.contract import Place
from processor.store.layout import pane_name
from schemas.decode import Rejection, decode
from schemas.event import AnyEvent
from schemas.field import ANCHOR_TOLERANCE_MS
from tests.documents.example.anatomy import version_words
from tests.documents.example.naming import Naming, vector_words
from tests.documents.example.stage import Act, Told
from tests.documents.markdown import fence, table
from tests.documents.times import clock, length

Held = dict[tuple[str, Register], tuple[str, str]]


def record_table(place: Place, record: Record) -> str:
    """Where a record stands in Kafka."""
    key = record.key or b""
    named = f"`{key.decode()}`" if key.isascii() else f"`{key.hex()}` (16 bytes)"
    arrival = f"{record.arrival_ms} ({clock(record.arrival_ms)})"
    row = (f"`{place.topic}`", place.partition, record.offset, arrival, named)
    return table(("topic", "partition", "offset", "timestamp", "key"), [row])


def value_text(record: Record) -> str:
    """A record's JSON, byte for byte."""
    return fence((record.value or b"").decode().splitlines(), "json")


def checks_table(topic: Topic, told: Told) -> str:
    """What admission held against a record, with the numbers it did so with."""
    record = told.record
    event = decode(
        TOPIC_KINDS[topic.entity],
        record.key,
        record.value,
        record.headers,
        latest_ms=record.arrival_ms + topic.future_max_ms,
    )
    assert not isinstance(event, Rejection)
    kind = json.loads(record.value or b"")["type"]
    rows = [
        ("the value keeps the contract", f"one JSON object, `{kind}`", "yes"),
        ("the key is the id, byte for byte", f"`{(record.key or b'').decode()}`", "yes"),
    ]
    for asks, is_ms, least_ms, most_ms in _limits(topic, event, record.arrival_ms):
        limit_ms = most_ms if least_ms is None else least_ms
        assert limit_ms is not None
        holds = is_ms >= limit_ms if most_ms is None else is_ms <= limit_ms
        assert holds, "the page tells of records that are admitted"
        rows.append((asks, f"{clock(is_ms)} against {clock(limit_ms)}", "yes"))
    return table(("admission asks", "here", "holds"), rows)


Limit = tuple[str, int, int | None, int | None]
"""What is asked, an instant, and what it must not lie before, or not after."""


def _limits(topic: Topic, event: AnyEvent, arrival_ms: int) -> Iterator[Limit]:
    """The limits of a record's times, as docs/counting.md has them."""
    instants = sorted(_instants(msgspec.to_builtins(event)))
    future, late, life = map(length, (topic.future_max_ms, topic.lateness_max_ms, topic.life_ms))
    asks = f"no time in it is more than {future} after its arrival"
    yield asks, instants[-1], None, arrival_ms + topic.future_max_ms
    created_ms = None if topic.entity == "cart" else event.created_at
    if created_ms is not None:
        asks = f"no time in it is more than {length(ANCHOR_TOLERANCE_MS)} before its `created_at`"
        yield asks, instants[0], created_ms - ANCHOR_TOLERANCE_MS, None
    asks = f"it happened at most {late} before it arrived"
    yield asks, event.occurred_at, arrival_ms - topic.lateness_max_ms, None
    if created_ms is not None:
        anchor_ms = created_ms // 1000 * 1000
        asks = f"its {topic.entity} began at most {life} before it arrived"
        yield asks, anchor_ms, arrival_ms - topic.life_ms, None


def _instants(value: Any) -> Iterator[int]:
    """Every time in an event."""
    if isinstance(value, list):
        for each in value:
            yield from _instants(each)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name.endswith("_at") and isinstance(each, int):
                yield each
            else:
                yield from _instants(each)


def state_table(before: State | None, after: State, naming: Naming) -> str:
    """The registers before and after; what changed stands in bold."""
    old, new = _held(before, naming), _held(after, naming)
    rows = []
    for part, register in dict.fromkeys([*old, *new]):
        was = old.get((part, register), ("", ""))
        now = new.get((part, register), ("", ""))
        held, said = (f"**{now[0]}**", now[1]) if was != now else now
        rows.append((part, naming.register(part, register), was[0], held, said))
    return table(("kind", "register", "before", "after", "version"), rows)


def _held(state: State | None, naming: Naming) -> Held:
    if state is None:
        return {}
    held: Held = {}
    for version, said in state.facts.items():
        for register, content in said.items():
            words = naming.content("facts", register, content)
            held["facts", register] = (words, version_words(version, 8))
    for part in ("least", "most", "marks"):
        for register, number in getattr(state, part).items():
            held[part, register] = (naming.content(part, register, number), "")
    return held


def delta_table(act: Act, told: Told) -> str:
    """What is retracted and what is added, and in which cells."""
    slices = act.plan.rules.slices
    ordered = sorted(told.delta, key=lambda each: (each[0], each[1].at_ms))
    rows = [
        (
            "add" if sign > 0 else "**retract**",
            clock(count.at_ms),
            f"`{count.tally.name}`",
            ", ".join(f"{count.tally.fields[at]} {n}" for at, n in count.amounts),
            "<br>".join(f"`{cell}`" for cell in cells_of(slices, count)),
        )
        for sign, count in ordered
    ]
    return table(("", "instant", "tally", "amounts", "in the cells"), rows)


def cells_of(slices: Slices, count: Count) -> tuple[str, ...]:
    """The cells that a count stands in."""
    return slices.cells(count.tally, count.dimensions, count.labels)


def panes_table(act: Act) -> str:
    """The cells that a commit changes, before and after; what is equal stands in one row."""
    rows: dict[tuple[str, ...], list[Pane]] = {}
    changed = dict(act.commit.panes.cells)
    changed |= {pane: dict.fromkeys(act.panes_before[pane]) for pane in act.commit.panes.gone}
    for pane, cells in changed.items():
        for row in _cell_rows(act.panes_before.get(pane, {}), cells):
            rows.setdefault(row, []).append(pane)
    titles = ("pane", "from", "cells", "before", "after", "each stored as")
    return table(titles, [(*_panes(panes), *row) for row, panes in rows.items()])


def _panes(panes: list[Pane]) -> tuple[str, str]:
    names = "<br>".join(f"`{pane_name(pane)}`" for pane in panes)
    return names, "<br>".join(clock(pane[1]) for pane in panes)


def _cell_rows(before: Cells, cells: Mapping[str, bytes | None]) -> Iterator[tuple[str, ...]]:
    """The cells of a pane, those with equal vectors together: names, before, after, bytes."""
    together: dict[tuple[str, ...], list[str]] = {}
    for name, packed in cells.items():
        tally = parse_cell(name).tally
        known = before.get(name)
        was = "" if known is None else vector_words(tally, unpack_vector(known))
        now = "gone" if packed is None else vector_words(tally, unpack_vector(packed))
        stored = "" if packed is None else f"`{packed.hex()}`"
        together.setdefault((was, now, stored), []).append(f"`{name}`")
    for vectors, names in together.items():
        yield "<br>".join(names), *vectors


def topic_of(act: Act, entity: EntityName) -> Topic:
    """The limits of the act's topic."""
    topics = act.plan.definitions.topics
    return next(t for t in topics if t.name == act.place.topic and t.entity == entity)
