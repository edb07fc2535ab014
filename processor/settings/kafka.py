"""The table `kafka`: how to reach the brokers, how to fetch, and the topics we make ourselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import SecretStr

from processor.core.definitions import DAY_MS, SECOND_MS
from processor.settings.collection import Words
from processor.settings.form import Choice, Duration, Flag, Whole
from processor.settings.problem import Fault
from processor.settings.section import Section, setting
from processor.settings.text import Address, File, Secret, Text, Word
from processor.settings.tls import tls_faults

TOPIC_NAME: Final = Text(
    r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}",
    "1 to 249 characters out of letters, digits, dots, hyphens and underscores",
)
_NAME: Final = Text(
    r"[A-Za-z0-9._-]{1,200}",
    "1 to 200 characters out of letters, digits, dots, hyphens and underscores",
)
_PROTOCOLS: Final = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
_MECHANISMS: Final = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")


class KafkaSettings(Section):
    """Where Kafka is, how to get in, how records are fetched, and which topics are made."""

    bootstrap_servers: Annotated[tuple[str, ...], Words(Address(9092), "addresses", 1, 100)] = (
        setting(
            ("localhost:9092",),
            "Some brokers of the cluster; the others are learned from them.",
        )
    )
    security_protocol: Annotated[str, Choice(_PROTOCOLS)] = setting(
        "PLAINTEXT",
        "How connections are protected: SSL encrypts, SASL asks for a user name and a password.",
    )
    sasl_mechanism: Annotated[str, Choice(_MECHANISMS)] = setting(
        "SCRAM-SHA-512",
        "How user name and password are shown to the broker, when the security protocol is one of"
        " the SASL ones.",
    )
    username: Annotated[str | None, Word()] = setting(None, "The user name for SASL.")
    password: Annotated[SecretStr | None, Secret()] = setting(None, "The password for SASL.")
    password_file: Annotated[Path | None, File()] = setting(
        None, "A file that holds `password`. Give one of the two."
    )
    ca_file: Annotated[Path | None, File()] = setting(
        None,
        "The certificates of the authorities that the brokers' certificates must come from, in"
        " PEM format; without it, those that the system trusts.",
    )
    certificate_file: Annotated[Path | None, File()] = setting(
        None, "Our own certificate in PEM format, where the brokers ask for one (mutual TLS)."
    )
    key_file: Annotated[Path | None, File()] = setting(
        None, "The private key of our own certificate, in PEM format and without a passphrase."
    )
    group: Annotated[str | None, _NAME] = setting(
        None,
        "The first part of the consumer group's id; the fingerprint follows it. Without it, the"
        " namespace's name.",
    )
    group_instance_id: Annotated[str | None, _NAME] = setting(
        None,
        "The lasting name of this worker in its group (static membership): a worker that comes"
        " back under its name within the session timeout causes no rebalance. Every worker needs"
        " one of its own, such as its pod's name.",
    )
    session_timeout_ms: Annotated[int, Duration("1s", "5m")] = setting(
        6 * SECOND_MS,
        "After this long without a heartbeat a worker counts as gone and others take its"
        " partitions. Brokers refuse less than their `group.min.session.timeout.ms`, 6s unless"
        " changed.",
    )
    rebalance_timeout_ms: Annotated[int, Duration("1s", "10m")] = setting(
        10 * SECOND_MS,
        "How long a rebalance waits for every worker to finish its batch and join again.",
    )
    batch_records_max: Annotated[int, Whole(1, 100_000)] = setting(
        1000,
        "The most records that one batch of a partition holds. One batch is one commit: larger"
        " ones cost less per record, and take longer to show.",
    )
    fetch_wait_max_ms: Annotated[int, Duration("1ms", "1m")] = setting(
        500, "How long a broker may hold back the answer to a fetch while there are no records."
    )
    create_topics: Annotated[bool, Flag()] = setting(
        True,
        "Whether the worker makes the topics that are its own, the derived one and the one for"
        " dead letters, where they do not exist. Source topics are never made.",
    )
    replication_factor: Annotated[int, Whole(1, 100, also=-1)] = setting(
        -1,
        "On how many brokers the topics that the worker makes are kept; -1 is on as many as the"
        " source topic that they take after.",
    )
    derived_partitions: Annotated[int, Whole(0, 10_000)] = setting(
        0,
        "How many partitions the derived topic is made with; 0 is as many as the contacts topic"
        " has.",
    )
    dead_letter_topic: Annotated[str, TOPIC_NAME] = setting(
        "cxpulse.dead-letters",
        "Where records go that cannot be read or break the contract, with the reason and their"
        " place.",
    )
    dead_letter_retention_ms: Annotated[int, Duration("1h", "365d")] = setting(
        7 * DAY_MS,
        "How long dead letters are kept. They are the original bytes and may hold what should not"
        " have been sent, so keep them no longer than somebody needs to look at them.",
    )
    ce_type_prefixes: Annotated[tuple[str, ...], Words(_NAME, "CloudEvents type prefixes")] = (
        setting(
            (),
            "What is cut off the front of a CloudEvents type to get the type of the event: with"
            " `com.example.`, the type com.example.survey.submitted is survey.submitted.",
            stored=True,
        )
    )

    def faults(self) -> Iterator[Fault]:
        """A user without a password, files that nobody reads, and the like."""
        protocol = self.security_protocol
        unused = f"not used while kafka.security_protocol is {protocol}"
        if protocol.startswith("SASL"):
            needed = f"needed, because kafka.security_protocol is {protocol}"
            if self.username is None:
                yield Fault(("username",), needed)
            if self.password is None:
                yield Fault(("password",), f"{needed} (kafka.password_file will do as well)")
        elif self.username is not None or self.password is not None:
            name = "password" if self.username is None else "username"
            yield Fault((name,), f"{unused}; set SASL_SSL, or leave it out")
        encrypted = protocol in ("SSL", "SASL_SSL")
        unused += "; set SSL or SASL_SSL, or leave it out"
        yield from tls_faults(self, None if encrypted else unused)
