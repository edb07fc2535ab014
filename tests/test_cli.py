import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from processor.cli import main

KEY = "0123456789abcdef" * 4

HEAVY = ("pydantic", "msgspec", "structlog", "redis", "faust", "aiokafka", "aiohttp", "asyncio")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder and an environment in which nobody set anything."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("CXPULSE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERMINAL_WIDTH", "100")
    monkeypatch.setenv("NO_COLOR", "1")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cxpulse", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_version_is_the_installed_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"cxpulse {version('cxpulse')}\n"


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_says_what_it_is_and_what_it_can_do(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    assert run(monkeypatch, *arguments) in (0, 2)
    text = capsys.readouterr().out
    assert "first contact resolution and cart abandonment, in real time" in text
    assert "Show every setting in force" in text
    assert "--version" in text


def test_settings_in_force_are_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CXPULSE_LOG__LEVEL", "DEBUG")
    assert run(monkeypatch, "config") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["log.level", "DEBUG", "environment", "CXPULSE_LOG__LEVEL"] in rows


@pytest.mark.parametrize("how", ["option", "short", "variable", "folder"])
def test_the_file_may_be_named_in_several_ways(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    name = "cxpulse.toml" if how == "folder" else "mine.toml"
    Path(name).write_text(f'[namespace]\nid_key = "{KEY}"\n[cart]\nquiet_time = "1h"')
    arguments = {"option": ["--config", name], "short": ["-c", name]}.get(how, [])
    if how == "variable":
        monkeypatch.setenv("CXPULSE_CONFIG", name)
    assert run(monkeypatch, "config", "--json", *arguments) == 0
    page = json.loads(capsys.readouterr().out)
    assert page["file"] == name
    assert page["namespace"] == f"cxpulse.{page['fingerprint']}"
    assert page["settings"]["cart.quiet_time"]["value"] == "1h"


def test_wrong_settings_end_with_status_2_and_a_list_of_everything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CXPULSE_KAFKA__SESSION_TIMEOUT", "3x")
    monkeypatch.setenv("CXPULSE_LOG__LEVEL", "LOUD")
    assert run(monkeypatch, "config") == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "cxpulse: 2 settings are wrong\n"
        "\n"
        "  kafka.session_timeout = '3x' (environment CXPULSE_KAFKA__SESSION_TIMEOUT): a duration"
        " such as 10s, 30m or 7d, between 1s and 5m\n"
        "  log.level = 'LOUD' (environment CXPULSE_LOG__LEVEL): one of DEBUG, INFO, WARNING,"
        " ERROR\n"
    )


def test_one_wrong_setting_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "config", "-c", "none.toml") == 2
    assert capsys.readouterr().err == (
        "cxpulse: 1 setting is wrong\n\n  file none.toml: no such file or directory\n"
    )


def test_help_waits_for_nothing_that_only_commands_need() -> None:
    program = (
        "import sys\n"
        "from processor.cli import main\n"
        "sys.argv = ['cxpulse', *sys.argv[1:]]\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        f"print('loaded:', *(name for name in {HEAVY!r} if name in sys.modules))\n"
    )

    def loaded(*arguments: str) -> list[str]:
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()[-1].split()[1:]

    assert loaded("--help") == []
    assert "pydantic" in loaded("config")  # otherwise the list above would prove nothing
