"""The demo's store: where its program comes from, and that nothing of it is left behind."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from processor.simulate.child import ServerError, listening
from processor.simulate.embedded import (
    MissingServerError,
    embedded_store,
    find_store_program,
    installation_hint,
    store_serves,
)

EMPTY_FOLDER = "/nonexistent"
WHEEL = find_store_program(search_path=EMPTY_FOLDER)
PROGRAMS = [str(WHEEL), *filter(None, [shutil.which("redis-server")])]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_store_answers_keeps_everything_in_memory_and_evicts_nothing(program: str) -> None:
    with embedded_store(Path(program)) as url:
        client = redis.Redis.from_url(url, decode_responses=True)
        try:
            client.set("key", "value")
            assert client.get("key") == "value"
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
            assert client.config_get("save") == {"save": ""}
            assert client.config_get("appendonly") == {"appendonly": "no"}
            assert client.config_get("bind") == {"bind": "127.0.0.1"}
        finally:
            client.close()


def test_the_store_and_its_folder_are_gone_after_its_context_even_if_that_fails() -> None:
    with pytest.raises(ZeroDivisionError), embedded_store() as url:
        port = urlsplit(url).port or 0
        client = redis.Redis.from_url(url, decode_responses=True)
        folder = Path(str(client.config_get("dir")["dir"]))
        pid = client.info("server")["process_id"]
        client.close()
        assert folder.is_dir()
        _ = 1 / 0
    assert not listening(port)
    assert not psutil.pid_exists(pid)
    assert not folder.exists()


def test_a_store_of_somebody_else_on_the_same_port_is_not_taken_for_ours() -> None:
    with embedded_store() as url:
        port = urlsplit(url).port or 0
        client = redis.Redis.from_url(url)
        pid = client.info("server")["process_id"]
        client.close()
        assert store_serves(port, pid)
        assert not store_serves(port, pid + 1)
    assert not store_serves(port, pid)


def test_a_store_that_does_not_start_shows_why() -> None:
    with pytest.raises(ServerError, match="store ended with code 1"):
        embedded_store(Path("/bin/false")).__enter__()


def program_in(folder: Path, name: str, version: str) -> Path:
    """A program that can tell its version and nothing else."""
    program = folder / name
    program.write_text(f"#!/bin/sh\necho 'Redis server {version} sha=00000000:0'\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_an_installed_server_is_preferred_to_the_wheel(tmp_path: Path, name: str) -> None:
    installed = program_in(tmp_path, name, "v=7.0.15")
    assert find_store_program(search_path=str(tmp_path)) == installed


@pytest.mark.parametrize("version", ["v=6.2.99", "v=5.0.7", "of no version"])
def test_an_installed_server_that_is_too_old_is_passed_over(tmp_path: Path, version: str) -> None:
    program_in(tmp_path, "redis-server", version)
    assert find_store_program(search_path=str(tmp_path)) == WHEEL
    with pytest.raises(MissingServerError, match="too old"):
        find_store_program(search_path=str(tmp_path), package="no_such_package")


def test_an_installed_program_that_cannot_run_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "redis-server"
    broken.write_text("no program")
    broken.chmod(0o755)
    assert find_store_program(search_path=str(tmp_path)) == WHEEL


def test_without_any_program_the_error_says_what_to_install() -> None:
    with pytest.raises(MissingServerError, match="no Redis for the embedded store: "):
        find_store_program(search_path=EMPTY_FOLDER, package="no_such_package")
    with pytest.raises(MissingServerError):  # A package that is there and holds no server.
        find_store_program(search_path=EMPTY_FOLDER, package="json")
    assert "apt install redis-server" in installation_hint("Linux")
    assert "brew install redis" in installation_hint("Darwin")
    assert "WSL" in installation_hint("Windows")
