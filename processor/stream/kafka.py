"""How to reach Kafka: the options of aiokafka's clients, and the same as Faust wants to be told."""

from typing import Any

import faust
import msgspec
from faust.types.auth import CredentialsT

from processor.stream.tolerance import tolerate_header_names

# Here, because nobody makes a client of aiokafka's without asking this module for the way in.
tolerate_header_names()


class KafkaAccess(msgspec.Struct, frozen=True):
    """The options with which every aiokafka client gets in: servers, protocol, SASL, TLS.

    There is a password among them, so it tells nobody more than the servers.
    """

    options: dict[str, Any]

    def __repr__(self) -> str:
        """The servers alone."""
        return f"KafkaAccess({', '.join(self.options['bootstrap_servers'])})"

    def broker_url(self) -> str:
        """The servers as Faust wants them."""
        return ";".join(f"aiokafka://{server}" for server in self.options["bootstrap_servers"])

    def credentials(self) -> CredentialsT | None:
        """The way in as Faust wants it; None if none is needed."""
        context = self.options.get("ssl_context")
        if "sasl_mechanism" in self.options:
            return faust.SASLCredentials(
                username=self.options["sasl_plain_username"],
                password=self.options["sasl_plain_password"],
                mechanism=self.options["sasl_mechanism"],
                ssl_context=context,
            )
        return faust.SSLCredentials(context=context) if context is not None else None
