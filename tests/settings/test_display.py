import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from processor.settings.definition import to_definitions
from processor.settings.display import as_json, write_table
from processor.settings.load import Loaded
from tests.settings.conftest import KEY, Right


@pytest.fixture
def loaded(right: Right, folder: Path) -> Loaded:
    (folder / "key").write_text(KEY)
    toml = (
        '[namespace]\nid_key_file = "key"\n[redis]\npassword = "hunter2"\n[cart]\nquiet_time = "1h"'
    )
    return right(toml, CXPULSE_LOG__LEVEL="DEBUG")


def table(loaded: Loaded, columns: int = 200) -> str:
    stream = io.StringIO()
    write_table(loaded, Console(file=stream, width=columns))
    return stream.getvalue()


def test_the_table_says_what_is_in_force_and_where_it_came_from(loaded: Loaded) -> None:
    rows = [line.split() for line in table(loaded).splitlines()]
    assert ["log.level", "DEBUG", "environment", "CXPULSE_LOG__LEVEL"] in rows
    assert ["cart.quiet_time", "*", "1h", "file", "cxpulse.toml"] in rows
    assert ["namespace.id_key", "*", "********", "secret", "file", "key"] in rows
    assert ["kafka.session_timeout", "6s", "default"] in rows


def test_namespace_and_fingerprint_stand_on_top(loaded: Loaded) -> None:
    fingerprint = to_definitions(loaded.settings).fingerprint
    head = [line.split() for line in table(loaded).splitlines()[:3]]
    assert head == [
        ["namespace", f"cxpulse.{fingerprint}"],
        ["fingerprint", fingerprint],
        ["file", "cxpulse.toml"],
    ]


def test_no_secret_is_shown_in_either_form(loaded: Loaded) -> None:
    for text in (table(loaded), as_json(loaded)):
        assert "hunter2" not in text
        assert KEY not in text


def test_a_narrow_terminal_loses_nothing(loaded: Loaded) -> None:
    text = "".join(table(loaded, 60).split())
    assert "CXPULSE_LOG__LEVEL" in text


def test_a_pipe_gets_one_line_per_setting(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    write_table(loaded)
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("log.level") for line in lines) == 1
    assert len(lines) == len(loaded.values) + 7


def test_json_holds_values_as_one_would_write_them(loaded: Loaded) -> None:
    page = json.loads(as_json(loaded))
    settings = page["settings"]
    assert page["file"] == "cxpulse.toml"
    assert page["namespace"] == f"cxpulse.{page['fingerprint']}"
    assert settings["cart.quiet_time"] == {
        "value": "1h",
        "from": "file cxpulse.toml",
        "fingerprint": True,
    }
    assert settings["kafka.group"]["value"] is None
    assert settings["worker.port"]["value"] == 9701
    assert settings["namespace.id_key_file"]["value"] == "key"
    assert settings["slices.contact"]["value"] == [["channel"], ["brand"], ["queue"]]


def test_without_a_key_the_names_are_not_known(right: Right) -> None:
    loaded = right()
    page = json.loads(as_json(loaded))
    assert (page["namespace"], page["fingerprint"]) == (None, None)
    assert "not known without namespace.id_key" in table(loaded)
