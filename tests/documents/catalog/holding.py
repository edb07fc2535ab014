"""The page read back, and what is really exposed: the two that must agree."""

import re
from functools import cache

from tests.documents.catalog.everything import everything_text
from tests.documents.catalog.scrape import (
    Family,
    exporter_text,
    families,
    process_text,
    worker_text,
)

_TARGET, _BOUNDS = 5, 7
_SLICE = re.compile(r"_by_(?:channel|brand|queue)")


def total_name(name: str) -> str:
    """The name of a family by slice, without the slice."""
    return _SLICE.sub("", name)


@cache
def exposed() -> dict[str, Family]:
    """Every family of a real scrape, a slice's under the name of the total."""
    found: dict[str, Family] = {}
    for text in (everything_text(), exporter_text(), worker_text(), process_text()):
        for family in families(text).values():
            name = total_name(family.name)
            known = found[name].labels if name in found else ()
            found[name] = family._replace(name=name, labels=tuple({*family.labels, *known}))
    return found


@cache
def told(page: str) -> dict[str, set[str]]:
    """Every family that the tables of a page name, and the labels they give it."""
    found: dict[str, set[str]] = {}
    for title, section in re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", page, re.MULTILINE):
        for row in re.findall(r"^\| (.*) \|$", section, re.MULTILINE):
            cells = row.split(" | ")
            words = re.findall(r"`(\w+)`", cells[0])
            if title == "Scores" and words:
                found |= {name: set(words[1:]) for name in _score_family(words[0], cells)}
            elif title == "Counts" and words:
                found[words[0]] = set(words[1:])
            elif title in ("Health of the view", "The worker's own") and len(cells) == 4 and words:
                found |= _own_family(words[0], cells)
    return found


def _score_family(name: str, cells: list[str]) -> list[str]:
    suffixes = ["", "_n", "_coverage_ratio"]
    if cells[_TARGET].strip():
        suffixes.append("_target")
    if cells[_BOUNDS] != "none":
        suffixes += ["_lower", "_upper"]
    return [name + suffix for suffix in suffixes]


def _own_family(name: str, cells: list[str]) -> dict[str, set[str]]:
    labels = set(re.findall(r"`(\w+)`", cells[2]))
    found = {name: labels}
    if name.startswith("cx_worker") and cells[1] != "gauge":
        found[f"{name.removesuffix('_total')}_created"] = labels - {"le"}
    return found
