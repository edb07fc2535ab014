"""The stage: embedded broker and store, worker and exporter, started in order and kept alive."""

import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import msgspec

from processor.demo.company import company_toml
from processor.settings.definition import cases_topic
from processor.settings.load import load
from processor.simulate.child import Child, free_port
from processor.simulate.embedded import embedded_broker, embedded_store

TOPICS = ("surveys", "contacts", "carts")
DEAD_LETTERS = "cxpulse.dead-letters"
READY_TIMEOUT_S = 30.0

FETCH_WAIT_MS = 50
"""The embedded broker answers an empty fetch only after the whole wait, whatever arrives in it."""


class Stage(msgspec.Struct):
    """What is running.

    Attributes:
        config: the settings file of all its processes.
        url: where the exporter serves.
    """

    folder: Path
    config: Path
    bootstrap: str
    url: str
    worker: Child
    exporter: Child

    def revive(self) -> list[Child]:
        """Start again what has ended, and say what that was."""
        ended = [child for child in (self.worker, self.exporter) if not child.running]
        for child in ended:
            child.start()
        return ended


@contextmanager
def set_up(port: int) -> Iterator[Stage]:
    """A stage whose exporter serves on this port of 127.0.0.1; all of it ends with the context.

    Port 0 is any free one.

    Raises:
        ServerError: something does not start; the message says what, and the end of its log.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cxpulse-demo-")))
        config = folder / "cxpulse.toml"
        base = _base_toml(port or free_port())
        config.write_text(base)
        settings = load(config, {}).settings
        topics = (*TOPICS, cases_topic(settings), DEAD_LETTERS)
        bootstrap = stack.enter_context(embedded_broker(topics))
        store = stack.enter_context(embedded_store())
        config.write_text(base + _address_toml(bootstrap, store))
        config.chmod(0o600)
        stage = Stage(
            folder,
            config,
            bootstrap,
            f"http://127.0.0.1:{settings.exporter.port}",
            _process("worker", config),
            _process("exporter", config),
        )
        for child in (stage.exporter, stage.worker):
            stack.callback(child.stop)
            child.start()
        stage.exporter.wait_until(
            lambda: _answers(f"{stage.url}/healthz"), timeout_s=READY_TIMEOUT_S
        )
        yield stage


def _process(command: str, config: Path) -> Child:
    words = [sys.executable, "-m", "processor", command, "--config", str(config)]
    return Child(words, directory=config.parent, name=command)


def _base_toml(port: int) -> str:
    topics = "".join(
        f'[[topics]]\nname = "{topic}"\nentity = "{entity}"\narrival_time = "producer"\n'
        for topic, entity in zip(TOPICS, ("response", "contact", "cart"), strict=True)
    )
    # Carts change for 3 d, and are believed a day late; the other topics have the defaults.
    topics += 'lateness_max = "1d"\nlife = "3d"\n'
    return f"""
[namespace]
name = "demo"
id_key = "{secrets.token_hex(32)}"

[exporter]
port = {port}

[worker]
port = 0

# On an ordinary day the company just keeps these, so that a bad day shows.
[targets]
nps_score = 10
fcr_ratio = 0.4
fcr_settled_ratio = 0.4

{topics}
{company_toml()}
"""


def _address_toml(bootstrap: str, store: str) -> str:
    address = store.removeprefix("redis://").partition("/")[0]
    return f"""
[kafka]
bootstrap_servers = ["{bootstrap}"]
fetch_wait_max = "{FETCH_WAIT_MS}ms"
dead_letter_topic = "{DEAD_LETTERS}"
create_topics = false

[redis]
addresses = ["{address}"]
"""


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False
