import io
import json
import logging
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from mode.utils.logging import get_logger

from processor.logs import NOISY, REDACTED, Form, set_up


class Terminal(io.StringIO):
    """A stream on which people read."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Logging as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in NOISY}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_event_and_values() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    structlog.get_logger("cx.worker").info("started", topic="surveys", partition=3)
    (line,) = logged(stream)
    assert list(line)[:3] == ["ts", "level", "event"]
    at = datetime.fromisoformat(line.pop("ts"))
    assert at.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert line == {
        "level": "info",
        "event": "started",
        "topic": "surveys",
        "partition": 3,
        "logger": "cx.worker",
    }


def test_the_libraries_go_the_same_way() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    logging.getLogger("aiohttp.server").error("broken %s", "pipe")
    get_logger("faust.app.base").warning("slow")
    assert [(line["logger"], line["level"], line["event"]) for line in logged(stream)] == [
        ("aiohttp.server", "error", "broken pipe"),
        ("faust.app.base", "warning", "slow"),
    ]


@pytest.mark.parametrize("name", NOISY)
def test_noisy_libraries_are_quiet_but_their_errors_are_not_lost(name: str) -> None:
    for level, kept in (
        ("DEBUG", ["info", "warning", "error"]),
        ("INFO", ["warning", "error"]),
        ("ERROR", ["error"]),
    ):
        stream = io.StringIO()
        set_up(level, "json", stream=stream)
        logger = logging.getLogger(f"{name}.part")
        for say in (logger.debug, logger.info, logger.warning, logger.error):
            say("x")
        assert [line["level"] for line in logged(stream)] == kept


def test_our_own_words_follow_the_level() -> None:
    stream = io.StringIO()
    set_up("WARNING", "json", stream=stream)
    log = structlog.get_logger("cx")
    log.info("not wanted")
    log.warning("wanted")
    assert [line["event"] for line in logged(stream)] == ["wanted"]


def test_values_named_like_secrets_are_not_written() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    structlog.get_logger().info(
        "connecting to redis://me:hunter2@redis:6379",
        password="hunter2",
        sasl_plain_password="hunter2",
        id_key="hunter2",
        options={"ssl": True, "Authorization": "hunter2", "more": [{"api-key": "hunter2"}]},
        key="contact-1",
        tokens_count=3,
        passed=7,
    )
    assert "hunter2" not in stream.getvalue()
    (line,) = logged(stream)
    assert line["event"] == f"connecting to redis://{REDACTED}@redis:6379"
    assert line["options"] == {
        "ssl": True,
        "Authorization": REDACTED,
        "more": [{"api-key": REDACTED}],
    }
    assert (line["key"], line["tokens_count"], line["passed"]) == ("contact-1", 3, 7)


def test_an_exception_is_one_line_with_its_traceback_and_without_passwords() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    for log in (structlog.get_logger("ours").exception, logging.getLogger("theirs").exception):
        try:
            raise ConnectionError("kafka://me:hunter2@broker:9092")
        except ConnectionError:
            log("commit failed")
    lines = logged(stream)
    assert len(lines) == 2
    for line in lines:
        assert line["event"] == "commit failed"
        assert "Traceback (most recent call last)" in line["exception"]
        assert f"ConnectionError: kafka://{REDACTED}@broker:9092" in line["exception"]


@pytest.mark.parametrize(
    "value", [object(), float("nan"), {(1, 2): 3}, b"\xff", "\ud800", {1, 2}, Ellipsis]
)
def test_no_value_can_keep_a_line_from_being_written(value: object) -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    structlog.get_logger().error("odd", value=value)
    (line,) = logged(stream)
    assert line["event"] == "odd"
    assert "value" in line


def test_a_value_that_contains_itself_can_neither() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    endless: list[object] = []
    endless.append(endless)
    structlog.get_logger().error("odd", value=endless)
    assert [line["event"] for line in logged(stream)] == ["odd"]


def test_warnings_become_lines() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    (line,) = logged(stream)
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")
    assert "DeprecationWarning: old" in line["event"]
    assert not line["event"].endswith("\n")


def test_people_get_text_and_colours_on_a_terminal_only() -> None:
    cases: list[tuple[Form, io.StringIO, bool, bool]] = [
        ("auto", Terminal(), True, True),
        ("auto", io.StringIO(), False, False),
        ("console", io.StringIO(), True, False),
        ("json", Terminal(), False, False),
    ]
    for form, stream, is_text, is_coloured in cases:
        set_up("INFO", form, stream=stream)
        structlog.get_logger("cx").info("started", partition=3)
        text = stream.getvalue()
        assert text.startswith("{") is not is_text
        assert ("\x1b[" in text) is is_coloured


def test_text_for_people_has_no_secrets_and_no_local_variables() -> None:
    stream = io.StringIO()
    set_up("INFO", "console", stream=stream)
    try:
        customer = "jane"
        raise ValueError("x" if customer else "")
    except ValueError:
        structlog.get_logger("cx").exception("failed", password="hunter2")
    text = stream.getvalue()
    assert "ValueError: x" in text
    assert "hunter2" not in text
    assert "jane" not in text.replace('customer = "jane"', "")


def test_a_second_set_up_replaces_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up("INFO", "json", stream=first)
    log = structlog.get_logger("cx")
    log.info("one")
    set_up("INFO", "json", stream=second)
    log.info("two")
    assert [line["event"] for line in logged(first)] == ["one"]
    assert [line["event"] for line in logged(second)] == ["two"]


def test_without_a_stream_it_is_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", "json")
    structlog.get_logger().info("hello")
    said = capsys.readouterr()
    assert said.out == ""
    assert json.loads(said.err)["event"] == "hello"


def test_what_is_bound_to_the_context_is_in_every_line() -> None:
    stream = io.StringIO()
    set_up("INFO", "json", stream=stream)
    with structlog.contextvars.bound_contextvars(worker="w-1"):
        structlog.get_logger().info("x")
    assert logged(stream)[0]["worker"] == "w-1"
