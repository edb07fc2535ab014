"""The tables `clock`, `worker`, `exporter` and `log`: how the processes run."""

from collections.abc import Iterator
from typing import Annotated, Final, Literal

from processor.core.definitions import SECOND_MS
from processor.settings.form import Choice, Duration, Flag, Whole
from processor.settings.problem import Fault
from processor.settings.section import Section, setting
from processor.settings.text import Text

_HOST: Final = Text(r"[A-Za-z0-9_.:-]{1,253}", "a host name or an address, such as 127.0.0.1")
_PORT: Final = Whole(0, 65_535)


class ClockSettings(Section):
    """How far clocks may differ."""

    margin_ms: Annotated[int, Duration("0s", "5m")] = setting(
        2 * SECOND_MS,
        "How far the clocks of brokers and workers may differ. What time alone brings, such as an"
        " abandoned cart, is shown this much later.",
    )


class WorkerSettings(Section):
    """The process that reads Kafka and writes Redis."""

    host: Annotated[str, _HOST] = setting(
        "127.0.0.1",
        "The address on which the worker's own metrics and health are served; 0.0.0.0 is every"
        " one. There is no password on them.",
    )
    port: Annotated[int, _PORT] = setting(9701, "The port at that address; 0 is any that is free.")
    drain_timeout_ms: Annotated[int, Duration("0s", "10m")] = setting(
        10 * SECOND_MS,
        "How long a worker that is asked to stop may take to commit what it is doing. Nothing is"
        " lost if it does not get there: the next one reads it again.",
    )


class ExporterSettings(Section):
    """The process that reads Redis and serves metrics and the wallboard."""

    host: Annotated[str, _HOST] = setting(
        "127.0.0.1",
        "The address on which /metrics and the wallboard are served; 0.0.0.0 is every one. There"
        " is no password on them.",
    )
    port: Annotated[int, _PORT] = setting(9700, "The port at that address; 0 is any that is free.")
    refresh_ms: Annotated[int, Duration("100ms", "1m")] = setting(
        SECOND_MS, "How often the windows are brought up to date."
    )
    publish_windows: Annotated[bool, Flag()] = setting(
        True,
        "Whether the rolling windows are written back to Redis, so that whatever reads Redis sees"
        " the same numbers.",
    )
    stale_after_ms: Annotated[int, Duration("1s", "1d")] = setting(
        30 * SECOND_MS,
        "A view that is current as of longer ago than this is stale: its tiles turn grey.",
    )

    def faults(self) -> Iterator[Fault]:
        """Numbers that would be stale between two refreshes."""
        if self.stale_after_ms <= self.refresh_ms:
            yield Fault(("stale_after",), "more than exporter.refresh")


class LogSettings(Section):
    """What the processes say of themselves, on standard error."""

    level: Annotated[str, Choice(("DEBUG", "INFO", "WARNING", "ERROR"))] = setting(
        "INFO", "The least important messages that are written."
    )
    format: Annotated[Literal["auto", "console", "json"], Choice(("auto", "console", "json"))] = (
        setting(
            "auto",
            "One JSON object per line for programs, or coloured text for people; auto is text on a"
            " terminal.",
        )
    )
