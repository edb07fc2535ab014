"""What the processes say of themselves: one line per event, for people or for programs.

What lives here: the set-up of structlog and of the standard library's loggers, which share one
handler on standard error. What must never live here: what is worth saying. What the rest may lean
on: a line never holds the value of a key that is named like a secret; a library's errors are
written whatever the level; whoever logs calls `structlog.get_logger()` and names values by key.

    {"ts": "2026-11-22T14:58:00.123456Z", "level": "warning", "event": "dead letter", "topic": ...}
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from typing import Final, Literal, TextIO, TypeAlias

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Form: TypeAlias = Literal["auto", "console", "json"]

NOISY: Final = ("aiokafka", "aiohttp", "asyncio", "faust", "kafka", "mode", "redis", "urllib3")
"""Libraries that tell at INFO what only their authors want to know."""

REDACTED: Final = "[redacted]"

_SECRET_KEY: Final = re.compile(
    r"(?:^|[_.-])(?:pass(?:word|wd|phrase)|secret|token|credentials?|authorization|cookie"
    r"|(?:api|id|private|access|encryption)[_-]?key)s?$",
    re.IGNORECASE,
)
_CREDENTIALS: Final = re.compile(r"(?<=://)[^\s/@]+@")
"""User and password in an URL."""

_DEPTH_MAX: Final = 4
"""Levels of lists and tables that a line shows: a value may contain itself."""

_STAMPED: Final[tuple[Processor, ...]] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
)
"""What every event gets, ours and the libraries'."""


def set_up(level: str, form: Form, *, stream: TextIO | None = None) -> None:
    """Send everything that is logged to one stream in one form; a second call replaces the first.

    A Faust worker must be told to leave this alone: `Worker(..., override_logging=False)`.

    Args:
        level: the least level that is written: DEBUG, INFO, WARNING or ERROR.
        form: JSON lines, text, or text if the stream is a terminal.
        stream: standard error unless given.
    """
    stream = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(form, on_terminal=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in NOISY:
        logging.getLogger(name).setLevel(_level_of_noisy(level))
    logging.captureWarnings(True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_STAMPED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _level_of_noisy(level: str) -> int:
    """WARNING, or ERROR if only errors are wanted; who asks for DEBUG gets their INFO."""
    wanted = logging.getLevelNamesMapping()[level]
    return logging.INFO if wanted <= logging.DEBUG else max(wanted, logging.WARNING)


def _formatter(form: Form, *, on_terminal: bool) -> logging.Formatter:
    if form == "console" or (form == "auto" and on_terminal):
        # Without local variables in tracebacks: they are long, and they hold customers' data.
        renderer: Processor = structlog.dev.ConsoleRenderer(
            colors=on_terminal,
            timestamp_key="ts",
            exception_formatter=structlog.dev.plain_traceback,
        )
    else:
        renderer = _json_line
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_STAMPED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            _trim,
            redact,
            renderer,
        ],
    )


def _json_line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line of JSON whatever the values are: a line that cannot be written is an error lost."""
    line = {key: event.get(key) for key in ("ts", "level", "event")} | dict(event)
    try:
        return json.dumps(line, default=repr, allow_nan=False)
    except (TypeError, ValueError):
        texts = {str(key): v if isinstance(v, str) else repr(v) for key, v in line.items()}
        return json.dumps(texts)


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event without values of keys that are named like secrets, nor passwords in URLs."""
    return {key: _redacted(key, value) for key, value in event.items()}


def _trim(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The event without the line break at its end, which warnings have."""
    text = event.get("event")
    return {**event, "event": text.rstrip()} if isinstance(text, str) else event


def _redacted(key: object, value: object, depth: int = 0) -> object:
    if isinstance(key, str) and _SECRET_KEY.search(key):
        return REDACTED
    if isinstance(value, str):
        return _CREDENTIALS.sub(f"{REDACTED}@", value)
    if not isinstance(value, Mapping | list | tuple):
        return value
    if depth == _DEPTH_MAX:
        return "..."
    if isinstance(value, Mapping):
        return {name: _redacted(name, below, depth + 1) for name, below in value.items()}
    return [_redacted(None, each, depth + 1) for each in value]
