"""Settings in force, and where each value came from; or everything that is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from processor.settings.catalog import form_of, setting_at
from processor.settings.collection import OpenTable
from processor.settings.complaint import complaints, place_in_words
from processor.settings.form import Form
from processor.settings.model import Settings
from processor.settings.problem import DEFAULT, Origin, Path, SettingsError
from processor.settings.section import Section
from processor.settings.source import Given, file_in_force, given_by, value_at


@dataclass(frozen=True)
class InForce:
    """One value in force.

    Attributes:
        name: the setting's dotted name; a table of a list goes by its own name.
        value: as one would write it in JSON; a mask for a secret.
        shown: the same as text.
        origin: where it came from.
        stored: whether it decides stored data, and so is part of the fingerprint.
    """

    name: str
    value: object
    shown: str
    origin: Origin
    stored: bool


@dataclass(frozen=True)
class Loaded:
    """Settings, and how they came to be.

    Attributes:
        file: the file that was read, if any.
        values: every value in force, in the order of the tables.
    """

    settings: Settings
    file: FilePath | None
    values: tuple[InForce, ...]

    @property
    def origins(self) -> dict[str, Origin]:
        """Where each value came from, by dotted name."""
        return {value.name: value.origin for value in self.values}


def load(path: FilePath | None, environment: Mapping[str, str]) -> Loaded:
    """The settings in force.

    Args:
        path: the file; None for the one that `CXPULSE_CONFIG` names, else `./cxpulse.toml` if
            there is one.
        environment: the process's variables.

    Raises:
        SettingsError: something is wrong; it lists everything.
    """
    file = file_in_force(path, environment)
    given = given_by(file, environment)
    try:
        settings = Settings.model_validate(given.tree)
    except ValidationError as error:
        raise SettingsError([*given.problems, *complaints(error, given)]) from None
    if given.problems:
        raise SettingsError(given.problems)
    return Loaded(settings, file, tuple(_in_force(settings, (), given)))


def _in_force(table: Section, path: Path, given: Given) -> Iterator[InForce]:
    """The values of a table and of those below it."""
    for attribute, field in type(table).model_fields.items():
        here, value = (*path, field.alias or attribute), getattr(table, attribute)
        form = form_of(field)
        if isinstance(value, Section):
            yield from _in_force(value, here, given)
        elif form is None:
            for at, item in enumerate(value):
                yield from _in_force(item, (*here, at), given)
        elif isinstance(form, OpenTable) and not path:
            for name, entry in value.items():
                yield _value((*here, name), form.entry(name), entry, given)
        else:
            yield _value(here, form, value, given)


def _value(path: Path, form: Form, value: object, given: Given) -> InForce:
    row = setting_at(path)
    name, origin = place_in_words(path, given), given.origin(path)
    if not _is_said(path, given):
        origin = DEFAULT  # Somebody set the list, but this table of it says nothing here.
    stored = row is not None and row.stored
    return InForce(name, form.plain(value), form.show(value), origin, stored)


def _is_said(path: Path, given: Given) -> bool:
    try:
        value_at(given.tree, path)
    except KeyError:
        return False
    return True
