from pathlib import Path

import pytest

from schemas import generate
from schemas.generate import PAGE, generated, main


@pytest.mark.parametrize("path", generated(), ids=lambda path: path.name)
def test_generating_again_changes_nothing(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path], (
        "run `python -m schemas.generate` and commit what it changes"
    )


def test_schemas_and_page_are_generated() -> None:
    names = sorted(path.name for path in generated())
    assert names == [
        "carts.schema.json",
        "contacts.schema.json",
        "events.md",
        "surveys.schema.json",
    ]
    assert PAGE.exists()


def test_only_what_changed_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = tmp_path / "old", tmp_path / "folder" / "new"
    old.write_text("same")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "generated", lambda: {old: "same", new: "text"})
    assert main() == 0
    assert new.read_text() == "text"
    assert capsys.readouterr().out == "folder/new\n"
