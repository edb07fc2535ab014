"""The file and the environment as one tree, with the origin of every value.

What lives here: reading, and which source goes before which: defaults < file < environment. What
must never live here: what a value may be. What the rest may lean on: a table is merged setting by
setting, a list is replaced as a whole; of a secret and the file that holds it, the one from the
later source is in force.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final, TypeAlias

from processor.settings.catalog import ITEM, VARIABLE_PREFIX, catalog
from processor.settings.problem import DEFAULT, Origin, Path, Problem, nearest, suggestion
from processor.settings.text import File

Leaf: TypeAlias = tuple[Path, object]

PATH_VARIABLE: Final = "CXPULSE_CONFIG"
"""Names the file where the command line does not."""
DEFAULT_FILE: Final = FilePath("cxpulse.toml")

SECRETS: Final[tuple[Path, ...]] = (
    ("namespace", "id_key"),
    ("kafka", "password"),
    ("redis", "password"),
)
_FILE_SUFFIX: Final = "_file"

# Kubernetes puts such variables into every container for each service of the namespace. One that
# is called cxpulse-exporter would otherwise stop every worker beside it.
_SERVICE_LINK: Final = re.compile(
    r"[A-Z0-9_]+_(SERVICE_HOST=|SERVICE_PORT(_[A-Z0-9_]+)?="
    r"|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=|PORT=(tcp|udp|sctp)://).*"
)


@dataclass
class Given:
    """What somebody set.

    Attributes:
        tree: nested tables, as pydantic takes them.
        origins: {path of a value in the tree: where it came from}.
        problems: what could not even be put into the tree.
    """

    tree: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Origin] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, path: Path, value: object, origin: Origin) -> None:
        """Set one value; where a table should be and is none, the fault is reported elsewhere."""
        table = self.tree
        for name in path[:-1]:
            table = table.setdefault(str(name), {})
            if not isinstance(table, dict):
                return
        table[str(path[-1])] = value
        self.origins[path] = origin

    def drop(self, path: Path) -> None:
        """Forget one value."""
        if self.origins.pop(path, None) is not None:
            del self.tree[str(path[0])][str(path[1])]

    def at(self, path: Path) -> object:
        """The value at a place.

        Raises:
            KeyError: nobody set it.
        """
        return value_at(self.tree, path)

    def origin(self, path: Path) -> Origin:
        """Where the value at a place came from; of a table's, where its first one did."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                return self.origins[path[:length]]
        below = (place for place in self.origins if place[: len(path)] == path)
        return self.origins.get(next(below, ()), DEFAULT)


def value_at(tree: object, path: Path) -> object:
    """The value at a place of nested tables and lists.

    Raises:
        KeyError: there is none.
    """
    value: Any = tree
    for part in path:
        try:
            value = value[part]
        except (LookupError, TypeError):
            raise KeyError(path) from None
    return value


def file_in_force(path: FilePath | None, environment: Mapping[str, str]) -> FilePath | None:
    """The file to read: the one that is named, else the one the environment names, else ours."""
    if path is not None:
        return path
    if environment.get(PATH_VARIABLE):
        return FilePath(environment[PATH_VARIABLE])
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def given_by(path: FilePath | None, environment: Mapping[str, str]) -> Given:
    """All values that the file and the environment set, secrets from files included."""
    given = Given()
    if path is not None:
        origin = Origin("file", str(path))
        _take(given, [(leaf, origin) for leaf in _leaves(_toml(path, given.problems), ())])
    _take(given, list(_variables(environment, given.problems)))
    for secret in SECRETS:
        _open_secret(given, secret)
    return given


def _take(given: Given, leaves: list[tuple[Leaf, Origin]]) -> None:
    """Let a later source in."""
    paths = {path for (path, _), _ in leaves}
    for secret in SECRETS:
        pair = (secret, _file_of(secret))
        if paths.issuperset(pair):
            name = ".".join(map(str, secret))
            given.problems.append(Problem(name, f"either this or {name}{_FILE_SUFFIX}, not both"))
        elif paths.intersection(pair):
            for path in pair:
                given.drop(path)
    for (path, value), origin in leaves:
        given.put(path, value, origin)


def _file_of(secret: Path) -> Path:
    return (*secret[:-1], f"{secret[-1]}{_FILE_SUFFIX}")


def _toml(path: FilePath, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problems.append(Problem(f"file {path}", (error.strerror or str(error)).lower()))
    except UnicodeDecodeError:
        problems.append(Problem(f"file {path}", "must be UTF-8 text"))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(f"file {path}", f"is not TOML: {error}"))
    return {}


def _leaves(value: object, path: Path) -> Iterator[Leaf]:
    """The values below a table; a list is one value."""
    if not isinstance(value, dict) or (path and not value):
        yield path, value
        return
    for name, below in value.items():
        yield from _leaves(below, (*path, name))


def _variables(
    environment: Mapping[str, str], problems: list[Problem]
) -> Iterator[tuple[Leaf, Origin]]:
    """What the variables set. An empty one counts as absent: so compose files leave one out."""
    texts, tables = _known_variables()
    for name, text in sorted(environment.items()):
        if not name.startswith(VARIABLE_PREFIX) or name == PATH_VARIABLE or not text:
            continue
        origin = Origin("environment", name)
        table, _, entry = name.rpartition("__")
        if name in texts:
            yield (texts[name], text), origin
        elif name in tables:
            yield from _table(tables[name], text, origin, problems)
        elif table in tables and tables[table] == ("unknown_words",):
            yield ((*tables[table], entry.lower()), text), origin
        elif not _SERVICE_LINK.fullmatch(f"{name}={text}"):
            known = {each.removeprefix(VARIABLE_PREFIX): each for each in (*texts, *tables)}
            meant = known.get(nearest(name.removeprefix(VARIABLE_PREFIX), known) or "")
            problems.append(Problem(name, f"there is no such variable{suggestion(meant)}"))


def _known_variables() -> tuple[dict[str, Path], dict[str, Path]]:
    """{variable: path} of single settings, and of whole lists and tables, which are JSON."""
    texts: dict[str, Path] = {}
    tables: dict[str, Path] = {"CXPULSE_TARGETS": ("targets",)}
    for row in catalog():
        if ITEM in row.path or row.path[-1].startswith("<"):
            tables[row.variable] = row.path[:1]
        else:
            texts[row.variable] = row.path
    return texts, tables


def _table(
    path: Path, text: str, origin: Origin, problems: list[Problem]
) -> Iterator[tuple[Leaf, Origin]]:
    try:
        value = json.loads(text)
    except ValueError as error:
        problems.append(Problem(origin.place, f"must be JSON: {error}"))
        return
    for leaf in _leaves(value, path):
        yield leaf, origin


def _open_secret(given: Given, secret: Path) -> None:
    """Put the secret in place of the file that holds it."""
    place = _file_of(secret)
    try:
        path = File().parse(given.at(place))
    except (KeyError, ValueError):
        return  # There is no such file to read; if there should be, `File` says so again.
    try:
        text = path.read_text(encoding="utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        name, origin = ".".join(map(str, place)), given.origin(place)
        given.problems.append(Problem(name, "a file of UTF-8 text", repr(str(path)), origin))
        return
    given.put(secret, text, Origin("secret file", str(path)))
