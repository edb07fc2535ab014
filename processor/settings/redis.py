"""The table `redis`: where the view is stored, and how to get in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import SecretStr

from processor.core.definitions import SECOND_MS
from processor.settings.collection import Words
from processor.settings.form import Duration, Flag, Whole
from processor.settings.problem import Fault
from processor.settings.section import Section, setting
from processor.settings.text import Address, File, Secret, Word
from processor.settings.tls import tls_faults


class RedisSettings(Section):
    """Where Redis is, and how to get in."""

    addresses: Annotated[tuple[str, ...], Words(Address(6379), "addresses", 1, 100)] = setting(
        ("localhost:6379",), "The server; or, with `cluster`, some nodes of the Cluster."
    )
    cluster: Annotated[bool, Flag()] = setting(False, "Whether it is a Redis Cluster.")
    database: Annotated[int, Whole(0, 1_000_000)] = setting(
        0, "The number of the database; a Cluster has only 0."
    )
    username: Annotated[str | None, Word()] = setting(
        None, "The ACL user; without it, the default user."
    )
    password: Annotated[SecretStr | None, Secret()] = setting(None, "The user's password.")
    password_file: Annotated[Path | None, File()] = setting(
        None, "A file that holds `password`. Give one of the two."
    )
    tls: Annotated[bool, Flag()] = setting(False, "Whether connections are encrypted.")
    ca_file: Annotated[Path | None, File()] = setting(
        None,
        "The certificates of the authorities that the server's certificate must come from, in PEM"
        " format; without it, those that the system trusts.",
    )
    certificate_file: Annotated[Path | None, File()] = setting(
        None, "Our own certificate in PEM format, where the server asks for one (mutual TLS)."
    )
    key_file: Annotated[Path | None, File()] = setting(
        None, "The private key of our own certificate, in PEM format and without a passphrase."
    )
    timeout_ms: Annotated[int, Duration("50ms", "1m")] = setting(
        2 * SECOND_MS,
        "After this long a command counts as failed and is tried again. It must be less than"
        " `kafka.rebalance_timeout`, since a batch that waits for Redis holds up a rebalance.",
    )

    def faults(self) -> Iterator[Fault]:
        """Servers that are no Cluster, a user without a password, files that nobody reads."""
        if len(self.addresses) > 1 and not self.cluster:
            yield Fault(("addresses",), "only one, unless redis.cluster is true")
        if self.cluster and self.database:
            yield Fault(("database",), "only 0, because redis.cluster is true")
        if self.username is not None and self.password is None:
            yield Fault(
                ("password",), "needed, or redis.password_file, because there is a redis.username"
            )
        unused = "not used while redis.tls is false; set it to true or leave this out"
        yield from tls_faults(self, None if self.tls else unused)
