"""What pydantic finds wrong, as problems that name the setting, the value and its origin."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from processor.settings.catalog import ITEM, catalog, setting_at
from processor.settings.model import Settings
from processor.settings.problem import (
    DEFAULT,
    FaultsError,
    Path,
    Problem,
    nearest,
    shown,
    suggestion,
)
from processor.settings.source import Given, value_at

_TABLE_TYPES: Final = ("model_type", "dict_type", "model_attributes_type")


def complaints(error: ValidationError, given: Given) -> Iterator[Problem]:
    """Everything that is wrong with what was given."""
    for each in error.errors(include_url=False):
        yield from _complaint(each, given)


def _complaint(error: ErrorDetails, given: Given) -> Iterator[Problem]:
    path: Path = error["loc"]
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, FaultsError):
        for fault in cause.faults:
            yield _wrong((*path, *fault.path), fault.allowed, given)
    elif error["type"] == "extra_forbidden":
        yield _unknown(path, given)
    elif error["type"] == "missing":
        row = setting_at(path)
        allowed = f"needed: {row.form.allowed}" if row else "needed"
        yield Problem(place_in_words(path, given), allowed, None, given.origin(path))
    elif error["type"] in _TABLE_TYPES:
        yield _wrong(path, "a table of settings", given)
    elif error["type"] == "tuple_type":
        yield _wrong(path, f"a list of tables: each begins with [[{path[-1]}]]", given)
    else:
        yield _wrong(path, str(cause or error["msg"]), given)


def _wrong(path: Path, allowed: str, given: Given) -> Problem:
    """A problem with the value at a place, be it given or the default."""
    row = setting_at(path)
    name = place_in_words(path, given)
    try:
        value = value_at(given.tree, path)
    except KeyError:
        default = _default_at(path, given)
        if default is None or row is None:
            return Problem(name, allowed)
        return Problem(name, allowed, row.form.show(default), DEFAULT)
    secret = row is not None and row.form.secret
    return Problem(name, allowed, shown(value, secret=secret), given.origin(path))


def _default_at(path: Path, given: Given) -> object:
    """The default of a setting; None if there is none, or if somebody set the list it is in."""
    ends = [at for at, part in enumerate(path) if isinstance(part, int)]
    if ends and given.origin(path[: ends[0]]) != DEFAULT:
        return None
    return value_at(_defaults(), path)


@cache
def _defaults() -> dict[str, Any]:
    return Settings().model_dump(by_alias=True)


def _unknown(path: Path, given: Given) -> Problem:
    """A name that is no setting. Its value is not shown: it may be a misplaced secret."""
    *above, name = (ITEM if isinstance(part, int) else str(part) for part in path)
    depth = len(above)
    siblings = {row.path[depth] for row in catalog() if list(row.path[:depth]) == above}
    near = nearest(name, siblings)
    if near is not None:
        meant: str | None = place_in_words((*path[:-1], near), given)
    else:
        elsewhere = {row.path[-1]: row.name for row in reversed(catalog())}
        meant = elsewhere.get(nearest(name, elsewhere) or "")
    phrase = f"there is no such setting{suggestion(meant)}"
    return Problem(place_in_words(path, given), phrase, None, given.origin(path))


def place_in_words(path: Path, given: Given) -> str:
    """A place as people say it: `topics.carts.life`, or `topics.#3.life` without a good name."""
    words = []
    for at, part in enumerate(path):
        words.append(_item_name(path[:at], part, given) if isinstance(part, int) else str(part))
    return ".".join(words)


def _item_name(path: Path, at: int, given: Given) -> str:
    """The name of a table of a list, if no other one has it; else its number, from 1 on."""
    try:
        items: Any = value_at(given.tree, path)
    except KeyError:
        items = value_at(_defaults(), path)
    names = [item.get("name") if isinstance(item, dict) else None for item in items]
    name = names[at]
    return name if isinstance(name, str) and names.count(name) == 1 else f"#{at + 1}"
