"""What the tables `kafka` and `redis` have in common: the files of TLS."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from processor.settings.problem import Fault


class TlsFiles(Protocol):
    """A table with the three files."""

    @property
    def ca_file(self) -> Path | None:
        """The authorities' certificates."""

    @property
    def certificate_file(self) -> Path | None:
        """Our own certificate."""

    @property
    def key_file(self) -> Path | None:
        """The key of our own certificate."""


def tls_faults(files: TlsFiles, unused: str | None) -> Iterator[Fault]:
    """Files that nobody will read (`unused` says why), and a certificate or a key alone."""
    given = {
        name: getattr(files, name) is not None
        for name in ("ca_file", "certificate_file", "key_file")
    }
    if unused is not None:
        yield from (Fault((name,), unused) for name, is_given in given.items() if is_given)
    elif given["certificate_file"] != given["key_file"]:
        lacking = "key_file" if given["certificate_file"] else "certificate_file"
        yield Fault((lacking,), "needed, because a certificate and its key go together")
