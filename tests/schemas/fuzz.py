"""Seeded mutations of the valid examples: bytes, structure and values.

A stream for every test that wants many records of which nobody knows what they are: most are
broken, some are still good, all come from good ones, so that they reach deep into the reader.
"""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from schemas.example import ACCEPTED, Example, load_examples
from schemas.topic import TopicKind

Headers = tuple[tuple[str, bytes], ...]
Mutation = tuple[bytes | None, bytes | None, Headers]

HOSTILE_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 5, 9, 10, 11, 2**31, 2**53 - 1, 2**53, 2**64, 10**30, 0.5, 1.0,
    1e300, "", " ", "a", " a", "a ", "a\n", "\x00", "\x7f", "\u0085", "\u00a0a", "ü" * 128,
    "ü" * 129, "x" * 257, "__proto__", "constructor", "order:", "order:o-5", "null", "true",
    "NaN", "EUR", "eur", "€", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00",
    "2026-03-02t09:00:60.5+14:00", "2026-02-30T00:00:00Z", "2099-01-01T00:00:00Z",
    "1999-01-01T00:00:00Z", "1772442000000", 1772442000, 1772442000000, 1772442000000000,
    1772442000000000000, 1772672700001, 999999999999, 4000000000000, [], {}, [None], ["a"],
    ["a", None], [["a"]], [{}], {"a": None}, {"a": 1.5}, {"a": {}}, ["a"] * 21, "nps", "csat",
    "text", "skipped", "answered", "survey.submitted", "contact.ended", "cart.ordered",
)  # fmt: skip

SNIPPETS: tuple[bytes, ...] = (
    b"\\", b'"', b" ", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud800", b"\\u0041",
    b",", b":", b"{", b"]", b"-", b"e9", b"NaN", b"//",
)  # fmt: skip
EXTRA_HEADERS: Headers = (
    ("ce_id", b"other"),
    ("ce_id", b"\xff"),
    ("ce_specversion", b"1.0"),
    ("ce_specversion", b"2"),
    ("ce_type", b"com.example.cart.updated"),
    ("ce_subject", b"order:o-5"),
    ("content-type", b"application/cloudevents+json"),
    ("content-type", b""),
    ("traceparent", b"x"),
    ("", b""),
)


def mutations(seed: int, count: int, *, topic: TopicKind | None = None) -> Iterator[Mutation]:
    """`count` records (key, value, headers), the same for the same seed.

    `topic`: begin with the examples of that topic only.
    """
    for _, mutation in mutated_examples(seed, count, topic=topic):
        yield mutation


def mutated_examples(
    seed: int, count: int, *, topic: TopicKind | None = None
) -> Iterator[tuple[TopicKind, Mutation]]:
    """As `mutations`, with the topic of the example that each began as."""
    chance = random.Random(seed)
    examples = [
        example
        for name in ACCEPTED
        for example in load_examples(name)
        if topic is None or example.topic is topic
    ]
    for _ in range(count):
        example = chance.choice(examples)
        yield example.topic, _mutate(chance, example)


def _mutate(chance: random.Random, example: Example) -> Mutation:
    key, value, headers = example.key, example.value or b"", example.headers
    said = json.loads(value)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        chance.choice(STRUCTURE)(chance, said)
    value = _write(chance, said)
    if chance.random() < 0.25:
        for _ in range(chance.choice((1, 1, 2, 8))):
            value = chance.choice(BYTES)(chance, value)
    if chance.random() < 0.05:
        key = chance.choice((None, b"", b"\xff", value[:9], (key or b"") + b" "))
    if chance.random() < 0.05:
        headers = _mutate_headers(chance, headers)
    return key, None if chance.random() < 0.002 else value, headers


def _write(chance: random.Random, said: Any) -> bytes:
    """The same meaning in one of the ways in which libraries write JSON."""
    indent = chance.choice((None, None, None, 1))
    separators = chance.choice(((",", ":"), (",", ":"), (", ", ": "), (" ,", " :")))
    ascii_only = chance.random() < 0.5
    text = json.dumps(said, indent=indent, separators=separators, ensure_ascii=ascii_only)
    return text.encode(errors="surrogatepass")


def _places(said: Any) -> list[tuple[Any, Any]]:
    """Every (container, name or position) of a document."""
    places = []
    level = [said]
    while level:
        container = level.pop()
        names = list(container) if isinstance(container, dict) else range(len(container))
        for name in names:
            places.append((container, name))
            if isinstance(container[name], dict | list):
                level.append(container[name])
    return places


def _replace(chance: random.Random, said: Any) -> None:
    places = _places(said)
    if places:
        container, name = chance.choice(places)
        container[name] = json.loads(json.dumps(chance.choice(HOSTILE_VALUES)))


def _remove(chance: random.Random, said: Any) -> None:
    places = _places(said)
    if places:
        container, name = chance.choice(places)
        del container[name]


def _swap(chance: random.Random, said: Any) -> None:
    places = _places(said)
    if places:
        (one, a), (other, b) = chance.choice(places), chance.choice(places)
        copies = json.loads(json.dumps([one[a], other[b]]))
        one[a], other[b] = copies[1], copies[0]


def _rename(chance: random.Random, said: Any) -> None:
    named = [(c, n) for c, n in _places(said) if isinstance(c, dict)]
    if named:
        container, name = chance.choice(named)
        _, other = chance.choice(named)
        new = chance.choice((other, name.upper(), name + "_", "__proto__", "created_at", "value"))
        container[new] = container.pop(name)


def _repeat(chance: random.Random, said: Any) -> None:
    lists = [c[n] for c, n in _places(said) if isinstance(c[n], list) and c[n]]
    if lists:
        entries = chance.choice(lists)
        entries.extend(json.loads(json.dumps(entries)) * chance.choice((1, 1, 2, 50)))


def _nest(chance: random.Random, said: Any) -> None:
    places = _places(said)
    if places:
        container, name = chance.choice(places)
        for _ in range(chance.choice((1, 2, 6, 7, 8, 200))):
            container[name] = [container[name]] if chance.random() < 0.5 else {"x": container[name]}


def _flood(chance: random.Random, said: Any) -> None:
    if isinstance(said, dict):
        many = {f"n{i}": i for i in range(chance.choice((31, 32, 33, 200)))}
        listed = [{"segment_id": name, "question_id": name} for name in many]
        floods: dict[str, Any] = {"attributes": many, "segments": listed, "answers": listed * 3}
        name = chance.choice(list(floods))
        said[name] = floods[name]


def _flip(chance: random.Random, value: bytes) -> bytes:
    at = chance.randrange(len(value) + 1)
    return value[:at] + bytes([chance.randrange(256)]) + value[at + 1 :]


def _insert(chance: random.Random, value: bytes) -> bytes:
    at = chance.randrange(len(value) + 1)
    snippet = chance.choice(SNIPPETS)
    return value[:at] + snippet + value[at:]


def _cut(chance: random.Random, value: bytes) -> bytes:
    start, end = sorted((chance.randrange(len(value) + 1), chance.randrange(len(value) + 1)))
    return value[:start] + value[min(end, start + chance.choice((1, 5, 40))) :]


def _double(chance: random.Random, value: bytes) -> bytes:
    """Some member of the object twice, as text: the way in which names are doubled in real life."""
    members = value.split(b",")
    at = chance.randrange(len(members))
    return b",".join(
        [*members[: at + 1], members[chance.randrange(len(members))], *members[at + 1 :]]
    )


def _truncate(chance: random.Random, value: bytes) -> bytes:
    return value[: chance.randrange(len(value) + 1)]


def _mutate_headers(chance: random.Random, headers: Headers) -> Headers:
    extra = chance.choice(EXTRA_HEADERS)
    kept = [header for header in headers if chance.random() < 0.8]
    return (*kept, extra) if chance.random() < 0.8 else tuple(kept)


STRUCTURE: tuple[Callable[[random.Random, Any], None], ...] = (
    _replace, _replace, _replace, _replace, _remove, _swap, _rename, _repeat, _nest, _flood,
)  # fmt: skip
BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip, _insert, _cut, _double, _double, _truncate,
)  # fmt: skip
