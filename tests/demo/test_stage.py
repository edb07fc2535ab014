"""The stage: what the demo starts, keeps alive and takes away again."""

import re
import stat
import sys
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from processor.demo.stage import DEAD_LETTERS, TOPICS, _base_toml, set_up
from processor.settings.load import load
from processor.simulate.child import Child, ServerError, free_port


def children() -> set[int]:
    """What this process has started, and what that has started."""
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_a_stage_serves_revives_and_vanishes() -> None:
    before = children()
    with set_up(0) as stage:
        with urlopen(f"{stage.url}/healthz", timeout=5) as answer:
            assert answer.status == 200
        assert stage.revive() == []
        stage.worker.kill()
        stage.exporter.kill()
        assert [child.name for child in stage.revive()] == ["worker", "exporter"]
        assert all(child.running for child in (stage.worker, stage.exporter))
        folder = stage.folder
        assert {stage.worker.pid, stage.exporter.pid} < children() - before
    assert not folder.exists()
    assert children() == before


def test_the_settings_of_a_stage_are_good_and_nobody_elses_business() -> None:
    with set_up(port := free_port()) as stage:
        settings = load(stage.config, {}).settings
        assert stat.S_IMODE(stage.config.stat().st_mode) == 0o600
        assert stage.url == f"http://127.0.0.1:{port}"
        assert settings.exporter.port == port
        assert settings.kafka.bootstrap_servers == tuple(stage.bootstrap.split(","))
        assert settings.kafka.dead_letter_topic == DEAD_LETTERS
        assert tuple(topic.name for topic in settings.topics) == TOPICS


def test_every_stage_has_a_key_of_its_own() -> None:
    keys = {re.findall('id_key = "([0-9a-f]{64})"', _base_toml(1))[0] for _ in range(2)}
    assert len(keys) == 2


def test_what_does_not_start_is_told_with_its_last_words_and_the_rest_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(command: str, config: Path) -> Child:
        program = "print('my last words'); raise SystemExit(3)"
        return Child([sys.executable, "-c", program], directory=config.parent, name=command)

    before = children()
    monkeypatch.setattr("processor.demo.stage._process", broken)
    with pytest.raises(ServerError, match=r"(?s)exporter ended with code 3.*my last words"):
        set_up(0).__enter__()
    assert children() == before
