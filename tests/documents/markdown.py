"""The few forms of Markdown that the pages use."""

import re
from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Final

PROSE_CHARS: Final = 100
"""How long a line of prose may be in the source of a page."""


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar inside a cell would end it, so it is escaped."""
    lines = [_row(titles), "|" + "---|" * len(titles)]
    return "\n".join([*lines, *map(_row, rows)])


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"


def fence(lines: Iterable[str], language: str = "") -> str:
    """Lines as they are."""
    return "\n".join([f"```{language}", *(line.rstrip() for line in lines), "```"])


def folded(title: str, text: str) -> str:
    """A text that is shown when its title is clicked; for what few readers need in full."""
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def columns(rows: Iterable[Sequence[str]], gap: int = 2) -> list[str]:
    """Rows as lines whose columns stand below each other; the last one may be of any length."""
    every = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*(row[:-1] for row in every), strict=True)]
    return [
        "".join(cell.ljust(width + gap) for cell, width in zip(row, widths, strict=False)) + row[-1]
        for row in every
    ]


def page(parts: Iterable[str]) -> str:
    """The parts of a page, with an empty line between them."""
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def prose(text: str) -> str:
    """A paragraph, filled anew: an inserted number may be longer than what stood in its place.

    No line may begin with what would be the sign of a list, a quotation or a heading.
    """
    words = _SIGNS.sub(r"\0\1\0", " ".join(text.split()))
    filled = fill(words, PROSE_CHARS, break_long_words=False, break_on_hyphens=False)
    return filled.replace("\0", " ")


_SIGNS: Final = re.compile(r" ([-+*>#=]|\d+[.)]) ")
