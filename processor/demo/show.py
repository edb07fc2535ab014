"""The show: a history first, so that no window is empty; then the company goes on live."""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from time import monotonic

import msgspec
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from processor.clock import now_ms
from processor.demo.feed import FeedOptions, feed
from processor.demo.stage import Stage, set_up
from processor.settings.model import Settings
from processor.simulate.history import history
from processor.simulate.scenario import SCENARIOS
from processor.simulate.sender import Account, Kafka, Pace, Sender, connect
from processor.simulate.simulation import MINUTE_MS, Simulation

WATCH_EVERY_S = 0.25
SCENARIO_AFTER_MS = MINUTE_MS
"""A scenario begins this long after the demo, so that its effect can be watched from the start."""


class DemoOptions(msgspec.Struct, frozen=True):
    """What to show.

    Attributes:
        port: of the wallboard; 0 is any free one.
        records: how many records the four weeks of history have, roughly.
        rate: records a second after that.
        duration_s: when it ends by itself; None: when it is told to.
    """

    scenario: str = "steady"
    seed: int = 1
    port: int = 9700
    records: int = 20_000
    rate: float = 8.0
    duration_s: float | None = None


def run_demo(options: DemoOptions) -> Account:
    """Run until Ctrl-C; what became of the records.

    Raises:
        ServerError: something does not start.
    """
    console, stop = Console(highlight=False), _told_to_stop()
    console.print("Starting broker, store, worker and exporter ...")
    with set_up(options.port) as stage:
        sending = _Sending(options, stage, stop)
        with _progress(console) as progress:
            task = progress.add_task("Four weeks of history", total=options.records)
            sending.start()
            while sending.in_history and sending.running:
                progress.update(task, completed=min(sending.sent, options.records))
                stop.wait(WATCH_EVERY_S)
            progress.update(task, completed=options.records)
        _announce(console, stage, options)
        _watch(console, stage, sending, options)
        stop.set()
        console.print("Stopping ...")
        return sending.join()


def run_feed(settings: Settings, options: FeedOptions) -> bool:
    """Send a company into somebody's Kafka until Ctrl-C; whether the broker has every record.

    Raises:
        SettingsError, ValueError: see `feed`.
    """
    console, stop = Console(highlight=False), _told_to_stop()
    with Live(Text(), console=console, refresh_per_second=4, transient=True) as live:

        def on_progress(sent: int, simulated_ms: int, _: int | None) -> None:
            live.update(Text(f"  {sent:,} records sent, story at {instant_text(simulated_ms)}"))

        account = feed(settings, options, stop, on_progress)
    console.print(f"{account.delivered:,} of {account.sent:,} records delivered.")
    for error, count in account.refused.items():
        console.print(f"  {count:,} refused: {error}")
    return account.whole


def instant_text(at_ms: int) -> str:
    """An instant as people read it, in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _told_to_stop() -> threading.Event:
    """Set by Ctrl-C or SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


class _Sending:
    """The simulator in a thread of its own."""

    def __init__(self, options: DemoOptions, stage: Stage, stop: threading.Event) -> None:
        self._options = options
        self._stop = stop
        self._begin_ms = now_ms()
        self._kafka = Kafka(bootstrap=stage.bootstrap, arrival_time="producer")
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._account = Account()
        self.sent = 0
        self.simulated_ms = 0

    @property
    def running(self) -> bool:
        return self._thread.is_alive() and not self._stop.is_set()

    @property
    def in_history(self) -> bool:
        return self.simulated_ms < self._begin_ms - MINUTE_MS

    def start(self) -> None:
        self._thread.start()

    def wait(self, seconds: float) -> None:
        self._stop.wait(seconds)

    def join(self) -> Account:
        self._thread.join()
        return self._account

    def _run(self) -> None:
        onward = Simulation(
            start_ms=self._begin_ms,
            rate=self._options.rate,
            scenario=self._options.scenario,
            scenario_at_ms=self._begin_ms + SCENARIO_AFTER_MS,
            daily=False,
        )
        stream = history(self._options.seed, self._begin_ms, self._options.records, onward=onward)
        sender = Sender(
            connect(self._kafka), self._kafka, stop=self._stop, on_progress=self._on_progress
        )
        self._account = sender.send(stream, Pace(speed=1.0, begin_ms=self._begin_ms))

    def _on_progress(self, sent: int, simulated_ms: int, _: int | None) -> None:
        self.sent, self.simulated_ms = sent, simulated_ms


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def _announce(console: Console, stage: Stage, options: DemoOptions) -> None:
    sentence = SCENARIOS[options.scenario].sentence
    lines = (
        "",
        f"  The wallboard   [bold cyan]{stage.url}/[/]",
        f"  The metrics     {stage.url}/metrics",
        f"  The logs        {stage.worker.log.parent}",
        "",
        f"  Scenario [bold]{options.scenario}[/]: {sentence}",
        "",
        f"  Break something   [bold]kill -9 {stage.worker.pid}[/]   (the worker; it comes back)",
        f"  Then check it     [bold]{_command()} verify --config {stage.config}[/]",
        "",
        "  Ctrl-C ends all of it.",
        "",
    )
    for line in lines:
        # Commands and addresses stay in one piece, so that they can be copied.
        console.print(line, soft_wrap=True)


def _command() -> str:
    """How to start us again from the folder we were started in."""
    program = Path(sys.argv[0])
    if program.name != "cxpulse":
        return f"{Path(sys.executable)} -m processor"
    return "cxpulse" if which("cxpulse") else os.path.relpath(program)


def _watch(console: Console, stage: Stage, sending: _Sending, options: DemoOptions) -> None:
    """Show the pulse, and start again what somebody breaks."""
    begun_s = monotonic()
    with Live(Text(), console=console, refresh_per_second=4, transient=True) as live:
        while sending.running:
            passed_s = monotonic() - begun_s
            if options.duration_s is not None and passed_s >= options.duration_s:
                return
            for child in stage.revive():
                console.print(f"  The {child.name} was gone; it is back as process {child.pid}.")
            pulse = f"  {sending.sent:,} records sent, {options.rate:g} a second now"
            live.update(Text(pulse, style="dim"))
            sending.wait(WATCH_EVERY_S)
