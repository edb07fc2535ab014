"""How to reach Kafka and Redis, as plain values for whoever connects.

What must never live here: a connection. What the rest may lean on: files of certificates are read
when a context is made, and a fault in them is told as a fault of the setting that names them.
"""

import ssl
from pathlib import Path

import msgspec
from pydantic import SecretStr

from processor.settings.kafka import KafkaSettings
from processor.settings.problem import MASK, Problem, SettingsError
from processor.settings.redis import RedisSettings
from processor.settings.text import host_and_port
from processor.store.connection import Address, Connection, Tls


class KafkaConnection(msgspec.Struct, frozen=True):
    """Where Kafka is and how to get in.

    Attributes:
        mechanism: of SASL; None without SASL, and then there is no username and no password.
        tls: None if connections are not encrypted.
    """

    bootstrap_servers: tuple[str, ...]
    security_protocol: str = "PLAINTEXT"
    mechanism: str | None = None
    username: str | None = None
    password: str | None = None
    tls: Tls | None = None

    def __repr__(self) -> str:
        """Everything but the password."""
        password = None if self.password is None else MASK
        shown = {name: getattr(self, name) for name in self.__struct_fields__}
        fields = ", ".join(
            f"{name}={value!r}" for name, value in (shown | {"password": password}).items()
        )
        return f"KafkaConnection({fields})"

    def ssl_context(self) -> ssl.SSLContext | None:
        """A context that checks the broker's certificate and name; None without encryption.

        Raises:
            SettingsError: a file is no certificate or no key.
        """
        if self.tls is None:
            return None
        try:
            context = ssl.create_default_context(cafile=self.tls.ca_file)
        except ssl.SSLError as error:
            raise _unreadable("kafka.ca_file", self.tls.ca_file, error) from error
        if self.tls.certificate_file is not None:
            try:
                context.load_cert_chain(self.tls.certificate_file, self.tls.key_file)
            except ssl.SSLError as error:
                place = "kafka.certificate_file", self.tls.certificate_file
                raise _unreadable(*place, error) from error
        return context

    def aiokafka_options(self) -> dict[str, object]:
        """The keyword arguments by which aiokafka's clients get in.

        Raises:
            SettingsError: a file is no certificate or no key.
        """
        options: dict[str, object] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "security_protocol": self.security_protocol,
            "ssl_context": self.ssl_context(),
        }
        if self.mechanism is not None:
            options |= {
                "sasl_mechanism": self.mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options

    def librdkafka_config(self) -> dict[str, str | int | float | bool]:
        """The properties by which librdkafka's clients get in."""
        tls = self.tls or Tls()
        config: dict[str, str | None] = {
            "bootstrap.servers": ",".join(self.bootstrap_servers),
            "security.protocol": self.security_protocol,
            "sasl.mechanisms": self.mechanism,
            "sasl.username": self.username,
            "sasl.password": self.password,
            "ssl.ca.location": tls.ca_file,
            "ssl.certificate.location": tls.certificate_file,
            "ssl.key.location": tls.key_file,
        }
        return {name: value for name, value in config.items() if value is not None}


def kafka_connection(kafka: KafkaSettings) -> KafkaConnection:
    """Where Kafka is and how to get in, as set."""
    with_sasl = kafka.security_protocol.startswith("SASL")
    with_tls = kafka.security_protocol in ("SSL", "SASL_SSL")
    return KafkaConnection(
        bootstrap_servers=kafka.bootstrap_servers,
        security_protocol=kafka.security_protocol,
        mechanism=kafka.sasl_mechanism if with_sasl else None,
        username=kafka.username,
        password=_plain(kafka.password),
        tls=_tls(kafka) if with_tls else None,
    )


def redis_connection(redis: RedisSettings) -> Connection:
    """Where Redis is and how to get in, as set."""
    return Connection(
        addresses=tuple(Address(*host_and_port(address)) for address in redis.addresses),
        cluster=redis.cluster,
        database=redis.database,
        username=redis.username,
        password=_plain(redis.password),
        tls=_tls(redis) if redis.tls else None,
        timeout_s=redis.timeout_ms / 1000,
    )


def _tls(table: KafkaSettings | RedisSettings) -> Tls:
    return Tls(_text(table.ca_file), _text(table.certificate_file), _text(table.key_file))


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


def _unreadable(name: str, path: str | None, error: ssl.SSLError) -> SettingsError:
    allowed = f"a file in PEM format ({error.reason or error})"
    return SettingsError([Problem(name, allowed, repr(path))])
