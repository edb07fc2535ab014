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
from processor.demo.play import Play, perform
from processor.demo.stage import Stage, set_up
from processor.settings.model import Settings
from processor.simulate.scenario import SCENARIOS
from processor.simulate.sender import Account, Kafka, Pace, Sender, connect
from processor.simulate.simulation import MINUTE_MS

WATCH_EVERY_S = 0.25


class DemoOptions(msgspec.Struct, frozen=True):
    """What to show, and where.

    Attributes:
        port: of the wallboard; 0 is any free one.
        duration_s: when it ends by itself; None: when it is told to.
    """

    play: Play = Play()
    port: int = 9700
    duration_s: float | None = None


def run_demo(options: DemoOptions) -> bool:
    """Run until Ctrl-C; whether the broker has every record that was sent.

    Raises:
        ServerError: something does not start.
    """
    console, stop = Console(highlight=False), _told_to_stop()
    records = options.play.records
    console.print("Starting broker, store, worker and exporter ...")
    with set_up(options.port) as stage:
        sending = _Sending(options.play, stage, stop)
        with _progress(console) as progress:
            task = progress.add_task("Four weeks of history", total=records)
            sending.start()
            while sending.in_history and sending.running:
                progress.update(task, completed=min(sending.sent, records))
                stop.wait(WATCH_EVERY_S)
            sending.raise_failure()
            progress.update(task, completed=records)
        _announce(console, stage, options.play)
        _watch(console, stage, sending, options)
        stop.set()
        console.print("Stopping ...")
        account = sending.join()
    _tell(console, account)
    return account.whole


def run_feed(settings: Settings, options: FeedOptions) -> bool:
    """Send a company into somebody's Kafka until Ctrl-C; whether the broker has every record.

    Raises:
        SettingsError, ValueError, NoKafkaError: see `feed`.
    """
    console, stop = Console(highlight=False), _told_to_stop()
    with Live(Text(), console=console, refresh_per_second=4, transient=True) as live:

        def on_progress(sent: int, simulated_ms: int, _: int | None) -> None:
            live.update(Text(f"  {sent:,} records sent, story at {instant_text(simulated_ms)}"))

        account = feed(settings, options, stop, on_progress)
    _tell(console, account)
    return account.whole


def _tell(console: Console, account: Account) -> None:
    """Say what became of the records."""
    console.print(f"{account.delivered:,} of {account.sent:,} records delivered.")
    for error, count in account.refused.items():
        console.print(f"  {count:,} refused: {error}")
    if account.unknown:
        console.print(f"  {account.unknown:,} unanswered: the broker has fallen silent")


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

    def __init__(self, play: Play, stage: Stage, stop: threading.Event) -> None:
        self._play = play
        self._stop = stop
        self._begin_ms = now_ms()
        self._kafka = Kafka(bootstrap=stage.bootstrap, arrival_time="producer")
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._account = Account()
        self._failure: Exception | None = None
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
        self.raise_failure()
        return self._account

    def raise_failure(self) -> None:
        """Raise what has ended the thread before its time."""
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            self._send()
        except Exception as failure:
            self._failure = failure

    def _send(self) -> None:
        sender = Sender(
            connect(self._kafka), self._kafka, stop=self._stop, on_progress=self._on_progress
        )
        stream = perform(self._play, self._begin_ms)
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


def _announce(console: Console, stage: Stage, play: Play) -> None:
    sentence = SCENARIOS[play.scenario].sentence
    lines = (
        "",
        f"  The wallboard   [bold cyan]{stage.url}/[/]",
        f"  The metrics     {stage.url}/metrics",
        f"  The logs        {stage.worker.log.parent}",
        "",
        f"  Scenario [bold]{play.scenario}[/]: {sentence}",
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
            pulse = f"  {sending.sent:,} records sent, {options.play.rate:g} a second now"
            live.update(Text(pulse, style="dim"))
            sending.wait(WATCH_EVERY_S)
