"""A story: what arrives, what becomes of it, and what is read when.

    title: one sentence
    explains: what a person should understand from it
    day: 2026-03-02                  the day that bare times belong to (this one if it is left out)
    order: log                       if the order of the records matters (left out: it does not)
    definitions: {cart: {...}}       what differs from the defaults
    must_fail: some words            the story is wrong, and its refusal says these words
    log:
      - 12:00 applied: {type: cart.touched, cart_id: c, action: added}
      - 12:40 expired lateness: {...}
      - read 12:30:10: {1h: {cart: {abandoned: 1}, shop: nothing}, scores: {1h: {nps_score: null}}}

A time is `12:00`, `12:00:01.5` or, days later or earlier, `3d 12:00`, `-1d 12:00`; a duration
`90s`, `30m`, `8h`, `7d`. A record arrives at the time it begins with; its event happened then too
unless it says otherwise, comes from the source `story` and has an id of its own. Names with an
underscore are of the record and not of the event: `_key`, `_raw` (the value as text), `_headers`,
`_partition`, `_topic`. In a read, `as_of` says up to when all or some topics (or partitions,
`carts/1`) are known.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from processor.core.definitions import DEFAULT_SLICES, Definitions
from processor.core.record import Record
from tests.wire import DAY, HOUR, MINUTE, SECOND, key_of, topic_of

FIRST_DAY = "2026-03-02"
_TIME = re.compile(r"(?:(-?\d+)d )?(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?")
_DURATION = re.compile(r"(-?\d+)(ms|s|m|h|d)")
_UNITS = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}


class _Plain(yaml.SafeLoader):
    """YAML in which 12:00 is a text and not 720, as YAML 1.1 would have it."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  # the loader wants a plain attribute


for _tag, _pattern in (
    ("null", "null|~|"),
    ("bool", "true|false"),
    ("int", r"-?[0-9]+"),
    ("float", r"-?[0-9]+\.[0-9]+"),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), None)


class Arrival(msgspec.Struct, frozen=True):
    """A record of the log and what becomes of it."""

    topic: str
    partition: int
    record: Record
    becomes: str


class Read(msgspec.Struct, frozen=True):
    """What is seen at a now: by window, the cells and scores that are looked at."""

    now_ms: int
    as_of_ms: Mapping[str, int]
    windows: Mapping[str, Mapping[str, Mapping[str, int]]]
    scores: Mapping[str, Mapping[str, float | None]]


class Story(msgspec.Struct, frozen=True):
    """A story, ready to be told."""

    title: str
    explains: str
    definitions: Definitions
    log: tuple[Arrival | Read, ...]
    is_free: bool
    must_fail: str


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """A story as it is written."""

    title: str
    explains: str
    log: list[dict[str, Any]]
    day: str = FIRST_DAY
    order: str = "free"
    definitions: dict[str, Any] = msgspec.field(default_factory=dict)
    must_fail: str = ""


def load(path: Path) -> Story:
    """The story in a file.

    Raises:
        ValueError: it is not written as the top of this module says.
    """
    written = msgspec.convert(yaml.load(path.read_text(), _Plain), _Written)
    midnight = datetime.fromisoformat(written.day).replace(tzinfo=UTC)
    teller = _Teller(int(midnight.timestamp()) * SECOND)
    steps = []
    for number, step in enumerate(written.log):
        ((what, how),) = step.items()
        steps.append(teller.step(number, str(what), how))
    return Story(
        title=written.title,
        explains=written.explains,
        definitions=_definitions(written.definitions),
        log=tuple(steps),
        is_free=written.order == "free",
        must_fail=written.must_fail,
    )


class _Teller:
    """Turns what is written into what happens."""

    def __init__(self, midnight_ms: int) -> None:
        self._midnight_ms = midnight_ms

    def step(self, number: int, what: str, how: dict[str, Any]) -> Arrival | Read:
        if what.startswith("read "):
            return self._read(self.instant(what.removeprefix("read ")), dict(how))
        match = _TIME.match(what)
        if match is None:
            raise ValueError(f"a step begins with a time or with read, not with {what!r}")
        return self._arrival(number, match[0], what[match.end() :].strip(), how)

    def instant(self, text: str) -> int:
        match = _TIME.fullmatch(text)
        if match is None:
            raise ValueError(f"no time: {text!r}")
        days, hours, minutes, seconds, fraction = (part or "0" for part in match.groups())
        return (
            self._midnight_ms
            + int(days) * DAY
            + int(hours) * HOUR
            + int(minutes) * MINUTE
            + int(seconds) * SECOND
            + int(fraction.ljust(3, "0"))
        )

    def _arrival(self, number: int, time: str, becomes: str, how: dict[str, Any]) -> Arrival:
        said = {name: value for name, value in how.items() if not name.startswith("_")}
        event = self._said(
            {"event_id": f"e{number}", "source": "story", "occurred_at": time} | said
        )
        raw = how.get("_raw")
        key = str(how["_key"]).encode() if how.get("_key") is not None else None
        if "_key" not in how:
            key = key_of(event)
        headers = [(name, str(text).encode()) for name, text in how.get("_headers", {}).items()]
        value = json.dumps(event) if raw is None else str(raw)
        return Arrival(
            how.get("_topic") or topic_of(event),
            how.get("_partition", 0),
            Record(number, self.instant(time), key, value.encode() or None, headers),
            becomes,
        )

    def _said(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(name, value) for name, value in event.items()}

    def _value(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._said(part) if isinstance(part, dict) else part for part in value]
        if isinstance(value, str) and name.endswith("_at") and _TIME.fullmatch(value):
            return self.instant(value)
        if isinstance(value, str) and name.endswith("_ms"):
            return duration_ms(value)
        return value

    def _read(self, now_ms: int, how: dict[str, Any]) -> Read:
        as_of = how.pop("as_of", {})
        if isinstance(as_of, str):
            as_of = dict.fromkeys(("surveys", "contacts", "carts", "cases"), as_of)
        scores = how.pop("scores", {})
        windows = {
            window: {cell: {} if held == "nothing" else held for cell, held in cells.items()}
            for window, cells in how.items()
        }
        return Read(
            now_ms, {where: self.instant(time) for where, time in as_of.items()}, windows, scores
        )


def duration_ms(text: str) -> int:
    """A duration such as `30m`, in ms."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"no duration: {text!r}")
    return int(match[1]) * _UNITS[match[2]]


def _definitions(differing: dict[str, Any]) -> Definitions:
    plain = _plain(differing)
    plain["slices"] = {**DEFAULT_SLICES, **plain.get("slices", {})}
    return msgspec.convert(plain, Definitions)


def _plain(value: Any, name: str = "") -> Any:
    """The value with its durations in ms."""
    if isinstance(value, dict):
        return {key: _plain(part, key) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return duration_ms(value) if isinstance(value, str) and name.endswith("_ms") else value
