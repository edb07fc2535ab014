"""The map of the house, at the top of the core, against the house."""

import re
from pathlib import Path

import pytest

import processor.core

CORE = Path(processor.core.__file__).parent
PLACES = {
    *(path.stem for path in CORE.glob("*.py") if path.stem != "__init__"),
    *(f"{path.parent.name}/" for path in CORE.glob("*/__init__.py")),
}


def named(text: str) -> list[str]:
    """The rooms that a map names, in its order: the first word of each indented line."""
    return re.findall(r"^ {4}([a-z]\w*/?)(?= {2})", text, re.MULTILINE)


def leans_on(place: str) -> set[str]:
    """The rooms of the core that a room imports from, without its own."""
    path = CORE / place
    files = path.glob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    found = re.findall(
        r"^from processor\.core\.(\w+)", "".join(file.read_text() for file in files), re.MULTILINE
    )
    return {name if name in PLACES else f"{name}/" for name in found} - {place}


def test_every_room_is_on_the_map_once_and_no_other() -> None:
    assert sorted(named(processor.core.__doc__ or "")) == sorted(PLACES)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_room_leans_on_rooms_above_it(place: str) -> None:
    order = named(processor.core.__doc__ or "")
    below = {other for other in leans_on(place) if order.index(other) > order.index(place)}
    assert not below, f"{place} leans on {below}, which the map of processor/core has below it"


def test_a_room_that_is_missing_or_misplaced_is_found() -> None:
    assert named("Map:\n\n    state       what\n    entity/     who\n") == ["state", "entity/"]
    assert leans_on("step") == {"contribution", "slice"}
    assert "state" in leans_on("entity/")
