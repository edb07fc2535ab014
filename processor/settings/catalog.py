"""Every setting as a row: made from the tables, so that nothing is listed twice.

What the rest may lean on: a row's name is how people write the setting, `kafka.session_timeout`;
below a list of tables it has brackets, `topics[].life`; in a table of free names it has one in
angle brackets, `unknown_words.<source>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, get_args, get_origin

from pydantic.fields import FieldInfo

from processor.core.metric import SCORE
from processor.settings.collection import OpenTable
from processor.settings.form import Form
from processor.settings.model import Settings
from processor.settings.problem import Path
from processor.settings.section import STORED, Section
from processor.settings.target import TargetTable

VARIABLE_PREFIX: Final = "CXPULSE_"

ITEM: Final = "[]"
"""In a row's path: any table of a list."""

_FREE_NAMES: Final = {"unknown_words": "<source>"}


@dataclass(frozen=True)
class Setting:
    """One row.

    Attributes:
        path: the names that lead to it, ITEM for a table of a list.
        form: what it may be.
        default: its value without a word from anybody.
        required: whether there is no default.
        meaning: what it is for.
        stored: whether it decides stored data, and so is part of the fingerprint.
    """

    path: tuple[str, ...]
    form: Form
    default: object
    required: bool
    meaning: str
    stored: bool

    @property
    def name(self) -> str:
        """The dotted name."""
        return dotted(self.path)

    @property
    def variable(self) -> str:
        """The environment variable that sets it, or the list or table that it belongs to."""
        path = self.path
        if ITEM in path:
            path = path[: path.index(ITEM)]
        return variable_of(tuple(name for name in path if not name.startswith("<")))


def dotted(path: tuple[str, ...]) -> str:
    """A row's path as its name."""
    return ".".join(path).replace(f".{ITEM}", ITEM)


def variable_of(path: tuple[str, ...]) -> str:
    """The environment variable of a setting, a list of tables or a table of free names."""
    return VARIABLE_PREFIX + "__".join(path).upper()


def form_of(field: FieldInfo) -> Form | None:
    """The form of a field; None if the field is a table or a list of tables."""
    return next((each for each in field.metadata if isinstance(each, Form)), None)


def table_of(field: FieldInfo) -> type[Section] | None:
    """The table that a field is; None if it is none."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def item_of(field: FieldInfo) -> type[Section] | None:
    """The table that a field is a list of; None if it is none."""
    kinds = get_args(field.annotation) if get_origin(field.annotation) is tuple else ()
    kind = kinds[0] if kinds else None
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


def fields_of(table: type[Section]) -> dict[str, FieldInfo]:
    """The fields of a table by the names that people write."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


@cache
def catalog() -> tuple[Setting, ...]:
    """All settings, in the order of the tables."""
    return tuple(_rows(Settings, ()))


def _rows(table: type[Section], path: tuple[str, ...]) -> Iterator[Setting]:
    for name, field in fields_of(table).items():
        here = (*path, name)
        form, below, item = form_of(field), table_of(field), item_of(field)
        if isinstance(form, TargetTable):
            yield from _targets(form, here, field)
        elif form is not None:
            yield _row(here, form, field)
        elif below is not None:
            yield from _rows(below, here)
        elif item is not None:
            yield from _rows(item, (*here, ITEM))


def _row(path: tuple[str, ...], form: Form, field: FieldInfo) -> Setting:
    extra = field.json_schema_extra
    stored = isinstance(extra, dict) and extra.get(STORED) is True
    default = None if field.is_required() else field.get_default(call_default_factory=True)
    if path[0] in _FREE_NAMES and isinstance(form, OpenTable):
        path, form, default = (*path, _FREE_NAMES[path[0]]), form.item, None
    return Setting(path, form, default, field.is_required(), field.description or "", stored)


def _targets(form: TargetTable, path: tuple[str, ...], field: FieldInfo) -> Iterator[Setting]:
    """One row for each score, because their names are known."""
    for name, score in SCORE.items():
        meaning = f"The target of {score.title}: {score.help}."
        default = form.default.get(name)
        yield Setting((*path, name), form.entry(name), default, False, meaning, False)


def setting_at(path: Path) -> Setting | None:
    """The row of a place; None if there is no such setting."""
    general = tuple(ITEM if isinstance(part, int) else part for part in path)
    free = (*general[:-1], _FREE_NAMES.get(general[0])) if general else ()
    return next((row for row in catalog() if row.path in (general, free)), None)
