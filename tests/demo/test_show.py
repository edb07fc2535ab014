"""`cxpulse demo` as a newcomer meets it: one command, an address, numbers, an end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
import pytest
from rich.console import Console

from processor.demo.play import Play
from processor.demo.show import DemoOptions, _tell, instant_text, run_demo
from processor.simulate.child import wait_until
from processor.simulate.delivery import Sending
from processor.simulate.sender import Account

ROOT = Path(__file__).parents[2]
START_S = 60.0
END_S = 15.0


class Demo:
    """A demo of its own, whose temporary folders are all in one place."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder / "temporary"
        self.folder.mkdir()
        self.output = folder / "output"
        environment = os.environ | {"TMPDIR": str(self.folder), "NO_COLOR": "1", "COLUMNS": "120"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "processor", "demo", "--port", "0", *options],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def said(self, pattern: str) -> str:
        """The first group of a pattern, once it was printed."""
        wait_until(
            lambda: re.search(pattern, self.text) is not None or self.process.poll() is not None,
            timeout_s=START_S,
            what=pattern,
        )
        found = re.search(pattern, self.text)
        assert found, self.text
        return found[1]

    def ended(self) -> int:
        return self.process.wait(END_S)

    def remains(self) -> list[str]:
        """Folders and processes that it has left behind."""
        running = (" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"]))
        ours = [line for line in running if str(self.folder) in line]
        return [*ours, *map(str, self.folder.iterdir())]


@pytest.fixture
def demo(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Demo]:
    options = getattr(request, "param", ("--records", "4000"))
    made = Demo(tmp_path, *options)
    yield made
    if made.process.poll() is None:
        made.process.terminate()
        made.process.wait(END_S)


def fetch(url: str) -> str:
    with urlopen(url, timeout=5) as answer:
        text: str = answer.read().decode()
        return text


def told(url: str) -> dict[str, Any]:
    """What programs are told: the wallboard's numbers."""
    windows: dict[str, Any] = json.loads(fetch(f"{url}/api/windows"))
    return windows


def count(url: str, name: str) -> int:
    """A total of the four weeks."""
    counts = told(url)["windows"]["28d"]["counts"]
    return int(next(one["value"] for one in counts if one["name"] == name and not one["labels"]))


def sample(text: str, series: str) -> float:
    """A value on a page of metrics."""
    found = re.search(rf"(?m)^{re.escape(series)} (\S+)$", text)
    assert found, series
    return float(found[1])


def until_live(demo: Demo) -> str:
    """The demo's address, once it shows numbers of all kinds."""
    url = demo.said(r"The wallboard +(http://127\.0\.0\.1:\d+)/")
    wait_until(
        lambda: (
            told(url)["status"]["condition"] == "live"
            and all(count(url, name) > 50 for name in ("nps_answers", "contacts", "orders"))
        ),
        timeout_s=START_S,
        what="numbers of all kinds",
    )
    return url


@pytest.mark.parametrize("demo", [("--records", "4000", "--duration", "15")], indirect=True)
def test_it_shows_numbers_and_ends_by_itself_without_a_trace(demo: Demo) -> None:
    url = until_live(demo)
    assert demo.said(r"The metrics +(\S+)") == f"{url}/metrics"
    metrics = fetch(f"{url}/metrics")
    assert sample(metrics, "cx_up") == 1
    assert sample(metrics, 'cx_nps_answers{window="28d"}') > 50
    assert "<html" in fetch(f"{url}/")
    assert demo.remains() != []
    assert demo.ended() == 0
    assert demo.remains() == []
    assert "Traceback" not in demo.text


def test_a_broken_worker_comes_back_and_ctrl_c_ends_all_of_it(demo: Demo) -> None:
    url = until_live(demo)
    before = count(url, "nps_answers")
    broken = int(demo.said(r"kill -9 (\d+)"))
    os.kill(broken, signal.SIGKILL)
    assert int(demo.said(r"The worker was gone; it is back as process (\d+)\.")) != broken
    wait_until(
        lambda: told(url)["status"]["condition"] == "live", timeout_s=START_S, what="live again"
    )
    assert before <= count(url, "nps_answers") < before + 200
    demo.process.send_signal(signal.SIGINT)
    assert demo.ended() == 0
    assert demo.remains() == []
    assert "Traceback" not in demo.text


def test_ctrl_c_ends_it_while_it_starts(demo: Demo) -> None:
    demo.said(r"(Starting) broker, store, worker and exporter")
    demo.process.send_signal(signal.SIGINT)
    assert demo.ended() == 0
    assert demo.remains() == []


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        demo = Demo(tmp_path, "--port", str(taken))
        assert demo.process.wait(START_S) == 1
    assert f"('127.0.0.1', {taken}): address already in use" in demo.text
    assert "--- the end of exporter.log" in demo.text
    assert str(demo.folder) not in demo.text
    assert demo.remains() == []


def test_instants_are_told_in_utc() -> None:
    assert instant_text(1_772_442_000_500) == "2026-03-02 09:00:00 UTC"


def test_what_ends_the_company_ends_the_demo_before_it_promises_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_play: Play, _begin_ms: int) -> Iterator[Sending]:
        raise ValueError("no company could live by it")

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr("processor.demo.show.perform", refuse)
    try:
        with pytest.raises(ValueError, match="no company could live by it"):
            run_demo(DemoOptions(port=0))
    finally:
        for number, former in before.items():
            signal.signal(number, former)
    told = capsys.readouterr().out
    assert "The wallboard" not in told
    assert "100%" not in told


def test_the_end_says_what_became_of_the_records(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account(sent=1200, delivered=1190, refused=Counter({"TOO_LARGE": 3}), unknown=7)
    _tell(Console(width=80), account)
    assert capsys.readouterr().out.splitlines() == [
        "1,190 of 1,200 records delivered.",
        "  3 refused: TOO_LARGE",
        "  7 unanswered: the broker has fallen silent",
    ]
