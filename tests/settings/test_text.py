from pathlib import Path

import pytest

from processor.settings.form import Form
from processor.settings.text import Address, File, Secret, Text, Word, host_and_port


def refused(form: Form, value: object) -> str:
    with pytest.raises(ValueError) as caught:
        form.parse(value)
    return str(caught.value)


def test_text_must_match_from_end_to_end() -> None:
    form = Text(r"[a-z]{1,3}", "1 to 3 letters")
    assert form.parse("abc") == "abc"
    for value in ("", "abcd", "abc\n", "a c", 1, None):
        assert refused(form, value) == "1 to 3 letters"


def test_a_word_is_limited_in_bytes_and_not_in_characters() -> None:
    assert Word(4).parse("üü") == "üü"
    assert "1 to 4 bytes" in refused(Word(4), "üüü")


@pytest.mark.parametrize("value", ["", " a", "a ", "a\nb", "a\x00", "\x7f", "a\x85b", 35436, None])
def test_what_the_wire_would_not_bring_is_no_word(value: object) -> None:
    refused(Word(), value)


def test_a_word_may_be_reserved_and_a_word_may_be_allowed_to_be_empty() -> None:
    assert refused(Word(reserved=("__other__",)), "__other__").endswith("but not __other__")
    assert Word(may_be_empty=True).parse("") == ""


@pytest.mark.parametrize(
    "value", ["localhost:6379", "10.0.0.1:1", "[::1]:65535", "redis_1.internal:6379"]
)
def test_an_address_has_a_host_and_a_port(value: str) -> None:
    assert Address(6379).parse(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "localhost",
        "localhost:",
        ":6379",
        "localhost:0",
        "localhost:65536",
        "redis://localhost:6379",
        "::1:6379",
        "a b:1",
        6379,
    ],
)
def test_anything_else_is_no_address(value: object) -> None:
    assert (
        refused(Address(6379), value) == "host:port, such as node-1.example.com:6379 or [::1]:6379"
    )


def test_an_address_comes_apart() -> None:
    assert host_and_port("[::1]:6379") == ("::1", 6379)
    assert host_and_port("redis.internal:6380") == ("redis.internal", 6380)


def test_a_secret_is_never_shown() -> None:
    secret = Secret().parse("hunter2")
    assert secret.get_secret_value() == "hunter2"
    assert Secret().show(secret) == Secret().plain(secret) == "********"
    assert "hunter2" not in f"{secret} {secret!r}"
    assert Secret().show(None) == "none"
    assert Secret().plain(None) is None
    assert "hunter2" not in refused(Secret(), "hunter2\n")


def test_a_file_must_be_there_and_readable(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("x")
    assert File().parse(str(path)) == path
    assert File().plain(path) == str(path)
    assert refused(File(), str(tmp_path / "none")).endswith("(no such file or directory)")
    assert refused(File(), str(tmp_path)).endswith("(is a directory)")
    assert refused(File(), "") == refused(File(), 1) == File().allowed
