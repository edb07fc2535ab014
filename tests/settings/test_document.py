from pathlib import Path

import pytest

from processor.settings import document
from processor.settings.catalog import ITEM, catalog


def test_the_page_in_the_repository_is_the_one_that_is_made_from_the_settings() -> None:
    assert document.PAGE.read_text(encoding="utf-8") == document.page(), (
        "run `python -m processor.settings.document`"
    )


def test_the_page_has_every_setting_with_its_variable() -> None:
    lines = document.page().splitlines()
    for row in catalog():
        assert any(line.startswith(f"| `{row.path[-1]}`") for line in lines), row.name
        if ITEM not in row.path:
            assert row.variable in document.page(), row.name


def test_every_row_of_a_table_has_its_columns() -> None:
    for line in document.page().splitlines():
        if line.startswith("|"):
            assert line.replace(r"\|", "").count("|") == 6, line


def test_writing_the_page_twice_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.md"
    monkeypatch.setattr(document, "PAGE", path)
    assert document.main() == 0
    assert capsys.readouterr().out == "settings.md\n"
    assert document.main() == 0
    assert capsys.readouterr().out == ""
    assert path.read_text(encoding="utf-8") == document.page()
