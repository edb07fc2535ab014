"""The compose file: nothing open to strangers, no secret written down, settings that we accept."""

import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from processor.settings.load import load

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "cxpulse.example.toml"
SECRETS = {"ID_KEY": "0a" * 32, "REDIS_PASSWORD": "open sesame", "GRAFANA_PASSWORD": "sesame"}
NEEDED = re.compile(r"\$\{(\w+):\?[^}]+\}")

TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ONE_SHOT = {"topics"}
OURS = ("worker", "exporter")


def environment(service: str) -> dict[str, str]:
    """A service's environment, with the secrets that its owner gave."""
    given = SERVICES[service].get("environment", {})
    return {
        name: NEEDED.sub(lambda found: SECRETS[found[1]], str(text)) for name, text in given.items()
    }


@pytest.mark.parametrize("service", SERVICES)
def test_ports_are_open_to_this_machine_only(service: str) -> None:
    ports = SERVICES[service].get("ports", [])
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_secret_must_be_given_by_whoever_starts_it() -> None:
    secret = re.compile(r"(?i)(password|id_key)\w*: (.+)")
    values = [found[2] for found in secret.finditer(TEXT)]
    assert len(values) >= 4
    assert all(NEEDED.fullmatch(value) for value in values)
    assert set(NEEDED.findall(TEXT)) == SECRETS.keys()


@pytest.mark.parametrize("service", SERVICES.keys() - ONE_SHOT)
def test_every_service_says_whether_it_is_well_and_comes_back(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", OURS)
def test_our_processes_may_do_little(service: str) -> None:
    limits = SERVICES[service]
    assert limits["read_only"]
    assert limits["cap_drop"] == ["ALL"]
    assert limits["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER (?!0\b|root\b)\S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("service", OURS)
def test_our_processes_understand_their_settings(service: str) -> None:
    given = {k: v for k, v in environment(service).items() if k != "CXPULSE_CONFIG"}
    settings = load(EXAMPLE, given).settings
    assert settings.kafka.bootstrap_servers == ("kafka:9092",)
    assert settings.redis.password == SecretStr(SECRETS["REDIS_PASSWORD"])
    assert settings.namespace.id_key == SecretStr(SECRETS["ID_KEY"])


def test_the_topics_are_those_of_the_settings() -> None:
    made = re.search(r"for topic in (.+?);", TEXT)
    assert made is not None
    settings = load(EXAMPLE, environment("worker") | {"CXPULSE_CONFIG": ""}).settings
    assert set(made[1].split()) == {topic.name for topic in settings.topics}


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_mounted_is_there(service: str) -> None:
    for mount in SERVICES[service].get("volumes", []):
        source = mount.split(":")[0]
        assert not source.startswith("./") or (ROOT / source).exists(), source


def test_a_worker_has_time_to_finish_its_commits() -> None:
    assert SERVICES["worker"]["stop_grace_period"] == "20s"


def test_the_secrets_of_the_readme_are_written_once_and_stay(tmp_path: Path) -> None:
    found = re.search(r"^\[ -e \.env \].*$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert found is not None
    written = []
    for _ in range(2):
        subprocess.run(["/bin/sh", "-ec", found[0]], cwd=tmp_path, check=True, timeout=10)
        written.append((tmp_path / ".env").read_text())
    secrets = dict(line.split("=") for line in written[0].splitlines())
    assert secrets.keys() == SECRETS.keys()
    assert re.fullmatch("[0-9a-f]{64}", secrets["ID_KEY"])
    assert written[0] == written[1]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
