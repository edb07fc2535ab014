"""The forms of values that are text: names, words from the wire, addresses, secrets, files."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final
from unicodedata import category

from pydantic import SecretStr

from processor.settings.form import Form
from processor.settings.problem import MASK

_ADDRESS: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):([0-9]{1,5})")
_PORT_MAX: Final = 65_535


@dataclass(frozen=True)
class Text(Form):
    """Text of a pattern, and the pattern in words."""

    pattern: str
    phrase: str

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return self.phrase

    def parse(self, value: object) -> str:
        """The text."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise ValueError(self.allowed)
        return value


@dataclass(frozen=True)
class Word(Form):
    """A word as it comes over the wire: an id, a code, a value of a dimension."""

    bytes_max: int = 256
    reserved: tuple[str, ...] = ()
    may_be_empty: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed."""
        size = f"text of {'0' if self.may_be_empty else '1'} to {self.bytes_max} bytes"
        but = ", but not " + " or ".join(self.reserved) if self.reserved else ""
        return f"{size}, without control characters or surrounding blanks{but}"

    def parse(self, value: object) -> str:
        """The word."""
        if not isinstance(value, str) or value in self.reserved or value != value.strip():
            raise ValueError(self.allowed)
        size = len(value.encode(errors="replace"))
        if not (value or self.may_be_empty) or size > self.bytes_max or _controls(value):
            raise ValueError(self.allowed)
        return value


def _controls(text: str) -> bool:
    return any(category(char) == "Cc" for char in text)


@dataclass(frozen=True)
class Address(Form):
    """Where a server listens; `port` is the usual one, for the example."""

    port: int

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return f"host:port, such as node-1.example.com:{self.port} or [::1]:{self.port}"

    def parse(self, value: object) -> str:
        """The address as it is written; `host_and_port` takes it apart."""
        match = _ADDRESS.fullmatch(value) if isinstance(value, str) else None
        if match is None or not 1 <= int(match[2]) <= _PORT_MAX:
            raise ValueError(self.allowed)
        return match[0]


def host_and_port(address: str) -> tuple[str, int]:
    """The two parts of an address that `Address` let through, without brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


@dataclass(frozen=True)
class Secret(Form):
    """Text that is never shown."""

    secret: ClassVar[bool] = True

    pattern: str = r"[^\x00-\x1f\x7f]+"
    phrase: str = "text without control characters"

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return self.phrase

    def parse(self, value: object) -> SecretStr:
        """The secret, in a wrapper that does not print it."""
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise ValueError(self.allowed)
        return SecretStr(value)

    def show(self, value: object) -> str:
        """A mask."""
        return "none" if value is None else MASK

    def plain(self, value: object) -> object:
        """A mask."""
        return None if value is None else MASK


@dataclass(frozen=True)
class File(Form):
    """The path of a file that can be read, from the folder of the process on."""

    @property
    def allowed(self) -> str:
        """What is allowed."""
        return "the path of a file that this process may read"

    def parse(self, value: object) -> Path:
        """The path."""
        if not isinstance(value, str) or not value:
            raise ValueError(self.allowed)
        path = Path(value).expanduser()
        try:
            with path.open("rb"):
                return path
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise ValueError(f"{self.allowed} ({why})") from None

    def plain(self, value: object) -> object:
        """The path as text."""
        return None if value is None else str(value)
