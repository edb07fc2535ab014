"""A commit as it is sent to Redis: keys and arguments of commit.lua, each with its number."""

import re
from collections.abc import Iterator, Sequence

from processor.core.pane import unpack_vector
from processor.core.slice import parse_cell
from processor.store.layout import Argument, unpack_states
from tests.documents.example.naming import vector_words
from tests.documents.example.stage import Act
from tests.documents.markdown import columns, fence

HEX = "0x"
"""Stands before bytes that are written as hexadecimal digits."""

_SAYS = {
    "XADD": "append the changed states to the journal",
    "XTRIM": "drop what was written longer ago than any life",
    "HSET": "cells and their new values",
    "HDEL": "cells that are zero again",
    "ZADD": "the pane exists; its score is its end",
    "DEL": "the pane is empty again",
    "ZREM": "it exists no longer",
    "LPUSH": "note which panes this commit touched",
    "LTRIM": "keep so many notes",
}
_HEX_CHARS = 76

Rows = Iterator[tuple[str, str]]


def commit_listing(act: Act) -> str:
    """Keys and arguments with their numbers; behind a # stands what they are.

    The command of a write, the number of its key and how many arguments follow stand on one line, a
    cell and its value on another. What is not text is in hex.
    """
    keys = [(f"KEYS[{at}]", key) for at, key in enumerate(act.keys, start=1)]
    return fence([*columns(keys), "", *columns(_arguments(act))], "text")


def _arguments(act: Act) -> Rows:
    predecessor, commit, head = act.arguments[:3]
    yield "ARGV[1]", f"{predecessor!s:24}  # the commit before{'' if predecessor else ': none'}"
    yield "ARGV[2]", f"{commit!s}  # this commit"
    yield "ARGV[3]", head.decode() if isinstance(head, bytes) else str(head)
    at = 3
    while at < len(act.arguments):
        command, number, count = act.arguments[at : at + 3]
        called = f"{command!s}  {number!s}  {count!s}"
        yield f"ARGV[{at + 1}..{at + 3}]", f"{called:24}  # {_SAYS[str(command)]}"
        values = act.arguments[at + 3 : at + 3 + int(count)]
        yield from _values(at + 4, str(command), values)
        at += 3 + int(count)


def _values(at: int, command: str, values: Sequence[Argument]) -> Rows:
    if command == "HSET":
        pairs = list(zip(values[::2], values[1::2], strict=True))
        width = max(len(str(cell)) for cell, _ in pairs)
        for place, (cell, packed) in enumerate(pairs):
            assert isinstance(packed, bytes)
            said = vector_words(parse_cell(str(cell)).tally, unpack_vector(packed))
            first = at + 2 * place
            text = f"  {cell!s:{width}}  {HEX}{packed.hex()}  # {said}"
            yield f"ARGV[{first}..{first + 1}]", text
        return
    for place, value in enumerate(values):
        if isinstance(value, bytes):
            yield from _blob(f"ARGV[{at + place}]", value)
        else:
            yield f"ARGV[{at + place}]", f"  {value}"


def _blob(label: str, value: bytes) -> Rows:
    """The journal's entry: long, so it goes over several lines."""
    digits = HEX + value.hex()
    for at in range(0, len(digits), _HEX_CHARS):
        yield ("" if at else label), f"  {digits[at : at + _HEX_CHARS]}"
    for entity, packed in unpack_states(value).items():
        yield "", f"  # {entity.hex()}: {len(packed)} bytes"


def typed(listing: str) -> tuple[list[str], list[str | bytes]]:
    """The keys and arguments that somebody sends who types a listing off the page."""
    keys: list[str] = []
    arguments: list[str] = []
    for line in listing.splitlines()[1:-1]:
        label, _, text = line.partition("  ")
        said = re.sub(r"(^|  )# .*", "", text.strip()).strip()
        if label.startswith("KEYS"):
            keys.append(said)
        elif ".." in label:
            arguments += [word.strip() for word in said.split("  ") if word]
        elif label:
            arguments.append(said)
        elif said:
            arguments[-1] += said
    return keys, [bytes.fromhex(a[len(HEX) :]) if a.startswith(HEX) else a for a in arguments]
