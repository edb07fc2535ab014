"""A folder of one's own for each test: settings are read from the folder of the process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from processor.settings.load import Loaded, load
from processor.settings.problem import SettingsError

Wrong = Callable[..., list[str]]
Right = Callable[..., Loaded]

KEY = "0123456789abcdef" * 4


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def right(folder: Path) -> Right:
    """Loads settings from TOML text and variables."""

    def loaded(toml: str = "", /, **environment: str) -> Loaded:
        (folder / "cxpulse.toml").write_text(toml, encoding="utf-8")
        return load(None, environment)

    return loaded


@pytest.fixture
def wrong(right: Right) -> Wrong:
    """The lines that say what is wrong with TOML text and variables."""

    def lines(toml: str = "", /, **environment: str) -> list[str]:
        with pytest.raises(SettingsError) as caught:
            right(toml, **environment)
        return str(caught.value).splitlines()

    return lines
