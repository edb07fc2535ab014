"""The command `cxpulse`.

What lives here: commands, their options, and what they print. What must never live here: what they
do. What the rest may lean on: nothing heavy is imported before a command runs, so that help is
quick; every command ends with status 2 and a list if the settings are wrong.
"""

# ruff: noqa: PLC0415 - a command imports what it needs when it runs, so that help is quick.

import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from processor.settings.problem import SettingsError

if TYPE_CHECKING:
    from processor.settings.model import Settings

_CANNOT_START: Final = 1
_WRONG_SETTINGS: Final = 2
_UNVERIFIABLE: Final = 3
_YEAR_S: Final = 365 * 86_400

app = typer.Typer(
    name="cxpulse",
    help="CX Pulse: NPS, CSAT, first contact resolution and cart abandonment, in real time.\n\n"
    "Reads what customers say and do from Kafka, keeps rolling windows in Redis, and serves them as"
    " Prometheus metrics and on a wall.",
    epilog="Settings come from a TOML file and from the environment: see [bold]cxpulse config[/].",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="The settings in TOML. Without it: the file that CXPULSE_CONFIG names, else"
        " cxpulse.toml in this folder, else the defaults.",
    ),
]
"""The option that every command with settings has."""


def _within(least: float, most: float) -> Callable[[float | None], float | None]:
    """A check of an option's value, if it has one."""

    def check(value: float | None) -> float | None:
        # Put so that what is not a number is refused too.
        if value is not None and not least <= value <= most:
            raise typer.BadParameter(f"{value:g} is not between {least:,} and {most:,}.")
        return value

    return check


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"cxpulse {version('cxpulse')}")
        raise typer.Exit


@app.callback()
def _cxpulse(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """What stands before a command."""


@app.command()
def config(
    file: ConfigFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
) -> None:
    """Show every setting in force, and where it came from.

    If settings are wrong, it lists them with what would be right, and ends with status 2.
    """
    from processor.settings import display
    from processor.settings.load import load

    loaded = load(file, os.environ)
    if as_json:
        typer.echo(display.as_json(loaded))
    else:
        display.write_table(loaded)


@app.command()
def worker(file: ConfigFile = None) -> None:
    """Read Kafka and keep the windows in Redis, until stopped.

    Start as many as you like: they share the partitions. Stopping one loses nothing.
    """
    from processor.wiring import run_worker_with

    _run(file, run_worker_with)


@app.command()
def exporter(file: ConfigFile = None) -> None:
    """Serve the wallboard and /metrics from Redis, until stopped.

    Several exporters of one namespace show equal numbers.
    """
    from processor.wiring import run_exporter_with

    _run(file, run_exporter_with)


@app.command()
def verify(
    file: ConfigFile = None,
    url: Annotated[
        str | None, typer.Option(help="Where the exporter is, if not where the settings say.")
    ] = None,
    redis_only: Annotated[
        bool, typer.Option("--redis-only", help="Do not ask the exporter.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object.")] = False,
) -> None:
    """Replay the log through a slow, separate counting of everything, and compare every number.

    Ends with 0 if all are equal, 1 if any differs, 3 if not everything could be compared.
    """
    import uvloop
    from rich.console import Console

    from processor.settings.load import load
    from processor.wiring import CANNOT_VERIFY, exporter_url, verify_with

    settings = load(file, os.environ).settings
    where = None if redis_only else (url or exporter_url(settings))
    with Console(stderr=True).status("Reading the log ...") as status:

        def on_progress(records: int) -> None:
            status.update(f"{records:,} records replayed ...")

        try:
            report = uvloop.run(verify_with(settings, where, on_progress))
        except CANNOT_VERIFY as error:
            typer.echo(f"cxpulse: {error}", err=True)
            raise typer.Exit(_UNVERIFIABLE) from None
    typer.echo(report.as_json().decode() if as_json else "\n".join(report.lines()))
    raise typer.Exit({"equal": 0, "different": 1, "unverifiable": _UNVERIFIABLE}[report.verdict])


@app.command()
def demo(  # noqa: PLR0913, PLR0917  (each parameter is an option of the command)
    scenario: Annotated[
        str, typer.Option(help="What happens to the company: see below.")
    ] = "steady",
    port: Annotated[
        int,
        typer.Option(callback=_within(0, 65_535), help="The wallboard's port; 0 is any free one."),
    ] = 9700,
    rate: Annotated[
        float,
        typer.Option(callback=_within(0.1, 1000), help="Records a second, once the history is in."),
    ] = 8.0,
    records: Annotated[
        int,
        typer.Option(callback=_within(1, 100_000), help="About how many records are history."),
    ] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = 1,
    duration: Annotated[
        float | None,
        typer.Option(callback=_within(0, _YEAR_S), help="End by itself after so many seconds."),
    ] = None,
) -> None:
    """See a wallboard move, with nothing installed: everything runs here and ends with Ctrl-C.

    Scenarios: steady, nps-drop, outage, checkout-broken, unsolved.
    """
    _need_extra()
    from processor.demo.play import Play
    from processor.demo.show import DemoOptions, run_demo
    from processor.simulate.child import ServerError

    _check_scenario(scenario)
    try:
        whole = run_demo(DemoOptions(Play(scenario, seed, records, rate), port, duration))
    except ServerError as error:
        typer.echo(f"cxpulse: {error}", err=True)
        raise typer.Exit(_CANNOT_START) from None
    raise typer.Exit(0 if whole else _CANNOT_START)


@app.command()
def simulate(  # noqa: PLR0913, PLR0917  (as above)
    file: ConfigFile = None,
    scenario: Annotated[str, typer.Option(help="What happens to the company.")] = "steady",
    since: Annotated[str, typer.Option(help="How long ago it begins: 30m, 6h, 2d.")] = "0s",
    rate: Annotated[
        float,
        typer.Option(callback=_within(0.001, 100_000), help="Records per simulated second."),
    ] = 20.0,
    speed: Annotated[
        float,
        typer.Option(
            callback=_within(0, 1_000_000),
            help="Simulated seconds per second; 0 is as fast as possible.",
        ),
    ] = 1.0,
    count: Annotated[
        int | None, typer.Option(callback=_within(1, 10**9), help="End after so many records.")
    ] = None,
    duration: Annotated[
        float | None, typer.Option(callback=_within(0, _YEAR_S), help="End after so many seconds.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another company.")] = 1,
) -> None:
    """Send a believable company's events into your Kafka.

    Scenarios: steady, nps-drop, outage, checkout-broken, unsolved. cxpulse.example.toml has the
    company's brands, queues and questions.
    """
    _need_extra()
    from processor.demo.feed import FeedOptions
    from processor.demo.show import run_feed
    from processor.settings.form import duration_ms
    from processor.settings.load import load
    from processor.simulate.sender import NoKafkaError

    _check_scenario(scenario)
    settings = load(file, os.environ).settings
    try:
        options = FeedOptions(scenario, seed, duration_ms(since), rate, speed, count, duration)
        whole = run_feed(settings, options)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    except NoKafkaError as error:
        typer.echo(f"cxpulse: {error}", err=True)
        raise typer.Exit(_CANNOT_START) from None
    raise typer.Exit(0 if whole else _CANNOT_START)


def _need_extra() -> None:
    """End with a sentence if what the company is sent with is not installed."""
    from importlib.util import find_spec

    if find_spec("confluent_kafka") is None:
        typer.echo("cxpulse: this command needs more: pip install 'cxpulse[demo]'", err=True)
        raise typer.Exit(_CANNOT_START)


def _check_scenario(name: str) -> None:
    from processor.simulate.scenario import SCENARIOS

    if name not in SCENARIOS:
        told = f"{name!r} is not one of {', '.join(SCENARIOS)}."
        raise typer.BadParameter(told, param_hint="'--scenario'")


def _run(file: Path | None, run: Callable[["Settings"], Coroutine[Any, Any, None]]) -> None:
    """Run a process of ours with its settings and its log.

    What it cannot start without ends it with a sentence.
    """
    import uvloop

    from processor import logs
    from processor.settings.load import load
    from processor.wiring import CANNOT_START

    settings = load(file, os.environ).settings
    logs.set_up(settings.log.level, settings.log.format)
    try:
        uvloop.run(run(settings))
    except CANNOT_START as error:
        typer.echo(f"cxpulse: {error}", err=True)
        raise typer.Exit(_CANNOT_START) from None


def main() -> None:
    """Run the command line; faults of the settings become a list on standard error."""
    try:
        app()
    except SettingsError as error:
        count = len(error.problems)
        title = "1 setting is wrong" if count == 1 else f"{count} settings are wrong"
        typer.echo(f"cxpulse: {title}\n", err=True)
        for problem in error.problems:
            typer.echo(f"  {problem}", err=True)
        sys.exit(_WRONG_SETTINGS)
