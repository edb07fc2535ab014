from pathlib import Path

import pytest

from schemas.generate import PAGE, ROOT
from schemas.page import render
from schemas.reason import Reason
from schemas.shape import fields_of
from schemas.topic import TOPIC_OF_TYPE
from tests.schemas.test_event import STRUCTS


def test_text_outside_the_markers_stays_and_rendering_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("print()\n\n")
    page = "before\n<!-- include: a.py python -->\nold\n<!-- end -->\nafter\n"
    once = render(page, tmp_path)
    assert once == (
        "before\n<!-- include: a.py python -->\n```python\nprint()\n```\n<!-- end -->\nafter\n"
    )
    assert render(once, tmp_path) == once


def test_a_table_that_nobody_makes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        render("<!-- generated: nothing -->\n<!-- end -->", tmp_path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="missing"):
        render("<!-- include: missing.py -->\n<!-- end -->", tmp_path)


def test_the_page_names_every_type_field_and_reason() -> None:
    page = PAGE.read_text(encoding="utf-8")
    names = {field.name for struct in STRUCTS for field in fields_of(struct)}
    for name in [*TOPIC_OF_TYPE, *Reason, *names]:
        assert f"`{name}`" in page, name


def test_every_producer_is_on_the_page_as_it_is_in_the_repository() -> None:
    page = PAGE.read_text(encoding="utf-8")
    producers = list((ROOT / "schemas" / "examples" / "producers").glob("*.*"))
    assert len(producers) >= 4
    for path in producers:
        assert path.read_text(encoding="utf-8").rstrip() in page, path.name
