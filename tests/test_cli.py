import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from processor.cli import main

KEY = "0123456789abcdef" * 4

HEAVY = ("pydantic", "msgspec", "structlog", "redis", "faust", "aiokafka", "aiohttp", "asyncio")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder and an environment in which nobody set anything, and signals as they were."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("CXPULSE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERMINAL_WIDTH", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


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


@pytest.mark.parametrize("command", ["config", "worker", "exporter", "verify", "demo", "simulate"])
def test_every_command_says_in_a_sentence_what_it_does_and_what_it_may_be_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert run(monkeypatch, command, "-h") == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if line.strip()]
    usage, sentence = lines[:2]
    assert usage.split()[-2:] == [command, "[OPTIONS]"]
    assert sentence[0].isupper()
    options = [line for line in lines if re.search(r"--\w", line)]
    assert all(len(line.strip("│ ").split("  ")[-1].split()) > 2 for line in options), options
    assert ("--config" in "".join(options)) == (command != "demo")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("demoo",), "No such command 'demoo'. Did you mean 'demo'?"),
        (("demo", "now"), "unexpected extra argument(s) (now)"),
        (("demo", "--scenario", "plague"), "'--scenario': 'plague' is not one of steady, nps-drop"),
        (("demo", "--rate", "0"), "'--rate': 0 is not between 0.1 and 1,000."),
        (("demo", "--rate", "nan"), "'--rate': nan is not between 0.1 and 1,000."),
        (("demo", "--records", "0"), "'--records': 0 is not between 1 and 100,000."),
        (("demo", "--port", "70000"), "'--port': 70000 is not between 0 and 65,535."),
        (("demo", "--duration", "-1"), "'--duration': -1 is not between 0 and"),
        (("demo", "--duration", "inf"), "'--duration': inf is not between 0 and"),
        (("simulate", "--count", "0"), "'--count': 0 is not between 1 and"),
        (("simulate", "--speed", "-2"), "'--speed': -2 is not between 0 and"),
        (("demo", "--port", "none"), "Invalid value for '--port'"),
        (("demo", "--rate", "many"), "Invalid value for '--rate'"),
        (("simulate", "--since", "2y"), "duration"),
        (("simulate", "--speed", "10"), "the story must begin earlier: give --since"),
        (("simulate", "--rate", "0"), "'--rate': 0 is not between 0.001 and"),
        (("simulate", "--scenario", "plague"), "'plague' is not one of steady, nps-drop,"),
        (("simulate", "--count", "few"), "Invalid value for '--count'"),
        (("exporter", "--port", "9700"), "No such option: --port"),
        (("verify", "--config"), "Option '--config' requires an argument."),
    ],
)
def test_an_argument_that_cannot_be_is_told_with_status_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setenv("CXPULSE_NAMESPACE__ID_KEY", KEY)
    assert run(monkeypatch, *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in " ".join(said.err.replace("│", "").split())
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["config", "worker", "exporter", "verify", "simulate"])
def test_every_command_with_settings_lists_what_is_wrong_with_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("CXPULSE_EXPORTER__PORT", "70000")
    assert run(monkeypatch, command) == 2
    assert "exporter.port = '70000' (environment CXPULSE_EXPORTER__PORT): " in (
        capsys.readouterr().err
    )


def test_a_company_without_all_its_topics_is_told_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("cxpulse.toml").write_text(
        f'[namespace]\nid_key = "{KEY}"\n[[topics]]\nname = "s"\nentity = "response"\n'
    )
    assert run(monkeypatch, "simulate") == 2
    assert "the company also sends carts, contacts" in capsys.readouterr().err


def test_an_exporter_whose_port_is_taken_says_so_and_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        environment = {
            "CXPULSE_NAMESPACE__ID_KEY": KEY,
            "CXPULSE_EXPORTER__PORT": taken,
            "CXPULSE_REDIS__ADDRESSES": "127.0.0.1:9",
        }
        ended = subprocess.run(
            [sys.executable, "-m", "processor", "exporter"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env=os.environ | environment,
        )
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("cxpulse: ")
    assert taken in last
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["demo", "simulate"])
def test_without_the_extra_a_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setenv("CXPULSE_NAMESPACE__ID_KEY", KEY)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    assert run(monkeypatch, command) == 1
    said = "cxpulse: this command needs more: pip install 'cxpulse[demo]'\n"
    assert capsys.readouterr().err == said


def test_without_kafka_a_simulation_ends_soon_with_one_sentence() -> None:
    environment = {
        "CXPULSE_NAMESPACE__ID_KEY": KEY,
        "CXPULSE_KAFKA__BOOTSTRAP_SERVERS": "127.0.0.1:9",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "processor", "simulate", "--duration", "3"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
        env=os.environ | environment,
    )
    assert ended.returncode == 1
    assert ended.stderr == "cxpulse: no Kafka answers at 127.0.0.1:9 (_TRANSPORT)\n"


def test_records_that_did_not_arrive_are_a_failure_of_the_demo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for whole in (True, False):
        monkeypatch.setattr("processor.demo.show.run_demo", lambda _, whole=whole: whole)
        assert run(monkeypatch, "demo") == int(not whole)
