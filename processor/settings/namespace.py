"""The table `namespace`: whose view this is, and the key that hides the ids in it."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import SecretStr

from processor.settings.section import Section, setting
from processor.settings.text import File, Secret, Text

KEY_COMMAND: Final = 'python -c "import secrets; print(secrets.token_hex(32))"'
"""Prints a new key."""

ID_KEY: Final = Secret(r"[0-9a-fA-F]{64}", f"64 hexadecimal digits; make them with {KEY_COMMAND}")

NAMESPACE_NAME: Final = Text(
    r"[a-z0-9-]{1,40}", "1 to 40 characters out of lower-case letters, digits and hyphens"
)


class NamespaceSettings(Section):
    """The name of the view, and the secret key that takes the place of ids."""

    name: Annotated[str, NAMESPACE_NAME] = setting(
        "cxpulse",
        "The first part of every Redis key, consumer group and derived topic; the fingerprint"
        " follows it. Two installations that share a Redis or a Kafka need different names.",
    )
    id_key: Annotated[SecretStr | None, ID_KEY] = setting(
        None,
        "The secret key with which ids of customers, contacts, carts and responses are hashed"
        " before they are stored. Worker, exporter and verify need it, and all of them the same"
        " one; another key is another view.",
        stored=True,
    )
    id_key_file: Annotated[Path | None, File()] = setting(
        None,
        "A file that holds `id_key`, for secrets that are mounted as files. Give one of the two.",
    )
