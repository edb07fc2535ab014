"""How to reach Kafka: plain values, and the options that aiokafka and Faust make of them."""

import ssl
from typing import Any

import faust
import msgspec
from faust.types.auth import CredentialsT


class KafkaAccess(msgspec.Struct, frozen=True):
    """Where Kafka is and how to get in. `ssl_context` is set where the protocol speaks TLS."""

    bootstrap_servers: tuple[str, ...]
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    username: str | None = None
    password: str | None = None
    ssl_context: ssl.SSLContext | None = None

    def client_options(self) -> dict[str, Any]:
        """The options of every aiokafka client."""
        options: dict[str, Any] = {
            "bootstrap_servers": list(self.bootstrap_servers),
            "security_protocol": self.security_protocol,
            "ssl_context": self.ssl_context,
        }
        if self.sasl_mechanism is not None:
            options |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return options

    def broker_url(self) -> str:
        """The servers as Faust wants them."""
        return ";".join(f"aiokafka://{server}" for server in self.bootstrap_servers)

    def credentials(self) -> CredentialsT | None:
        """The way in as Faust wants it."""
        if self.sasl_mechanism is not None:
            return faust.SASLCredentials(
                username=self.username,
                password=self.password,
                mechanism=self.sasl_mechanism,
                ssl_context=self.ssl_context,
            )
        if self.ssl_context is not None:
            return faust.SSLCredentials(context=self.ssl_context)
        return None
