"""The parts of `docs/events.md` that are made from the contract: tables and included files.

What lives here: rendering between markers. What must never live here: prose. What the rest may
lean on: text outside the markers is left as it is, and rendering twice changes nothing.

    <!-- generated: answers -->        a table of this module
    <!-- include: schemas/… java -->   a file, verbatim, as a code block of that language
    <!-- end -->
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from schemas.event import (
    Answer,
    ContactEvent,
    ContactRecorded,
    ContactWithdrawn,
    Event,
    Segment,
)
from schemas.example import ACCEPTED, load_examples
from schemas.meaning import TYPE_MEANING, meaning
from schemas.reason import Reason
from schemas.shape import expectation, fields_of
from schemas.topic import EVENTS, TopicKind

_BLOCK: Final = re.compile(
    r"(?P<start><!-- (?P<verb>generated|include): (?P<what>\S+)(?: (?P<language>\S+))? -->\n)"
    r".*?(?P<end><!-- end -->)",
    re.DOTALL,
)


def render(page: str, root: Path) -> str:
    """The page with every marked block made anew; `root` is where included paths begin.

    Raises KeyError for a table that this module does not make, OSError for a missing file.
    """

    def block(match: re.Match[str]) -> str:
        what, language = match["what"], match["language"] or ""
        if match["verb"] == "generated":
            made = _TABLES[what]()
        else:
            made = f"```{language}\n{(root / what).read_text(encoding='utf-8').rstrip()}\n```"
        return f"{match['start']}{made}\n{match['end']}"

    return _BLOCK.sub(block, page)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [list(head)]
    cells.append(["---"] * len(cells[0]))
    cells += [list(row) for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)


def _fields(*structs: type[Struct], without: type[Struct] | None = None) -> str:
    """Fields of the structs, each name once, less those of which another table says the same."""
    left_out = {(f.name, meaning(without, f.name)) for f in fields_of(without)} if without else ()
    rows: dict[str, list[str]] = {}
    for struct in structs:
        for field in fields_of(struct):
            said = meaning(struct, field.name)
            if (field.name, said) not in left_out:
                rows.setdefault(field.name, [f"`{field.name}`", expectation(field), said])
    return _table(["field", "holds", "says"], rows.values())


def _envelope() -> str:
    rows = [["`type`", "yes", "one of the types below", TYPE_MEANING]]
    for field in fields_of(Event):
        required = "yes" if field.required else "no"
        said = meaning(Event, field.name)
        rows.append([f"`{field.name}`", required, expectation(field), said])
    return _table(["field", "required", "holds", "says"], rows)


def _types(kind: TopicKind) -> str:
    envelope = {field.name for field in fields_of(Event) if field.required}
    rows = []
    for name, event in EVENTS[kind].items():
        required = [f"`{f.name}`" for f in fields_of(event) if f.required]
        own = [name for name in required if name.strip("`") not in envelope]
        rows.append([f"`{name}`", (event.__doc__ or "").split("\n")[0], ", ".join(own)])
    return _table(["type", "says", "required beyond the envelope"], rows)


def _reasons() -> str:
    return _table(
        ["reason", "what it means", "what to do"],
        [[f"`{reason}`", reason.explanation, reason.remedy] for reason in Reason],
    )


def _examples(name: str) -> str:
    lines = [
        msgspec.json.encode(msgspec.json.decode(example.value or b"")).decode()
        for example in load_examples(name)
        if example.title.endswith("minimal")
    ]
    return "```json\n" + "\n".join(lines) + "\n```"


_TABLES: Final[dict[str, Callable[[], str]]] = {
    "envelope": _envelope,
    "types-surveys": lambda: _types(TopicKind.SURVEYS),
    "types-contacts": lambda: _types(TopicKind.CONTACTS),
    "types-carts": lambda: _types(TopicKind.CARTS),
    "fields-surveys": lambda: _fields(*EVENTS[TopicKind.SURVEYS].values(), without=Event),
    "fields-answers": lambda: _fields(Answer),
    "fields-contacts": lambda: _fields(
        ContactEvent, ContactRecorded, ContactWithdrawn, without=Event
    ),
    "fields-segments": lambda: _fields(Segment),
    "fields-carts": lambda: _fields(*EVENTS[TopicKind.CARTS].values(), without=Event),
    "reasons": _reasons,
} | {f"examples-{name}": (lambda name=name: _examples(name)) for name in ACCEPTED}
