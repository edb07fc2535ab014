"""Connection values, given to the clients that will use them; no server is needed.

The certificate in tls/ is good for localhost until 2126, for these tests and nothing else.
"""

import ssl
from pathlib import Path
from typing import Any

import pytest
from aiokafka.client import AIOKafkaClient
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from processor.settings.connection import KafkaConnection, kafka_connection, redis_connection
from processor.settings.kafka import KafkaSettings
from processor.settings.problem import SettingsError
from processor.settings.redis import RedisSettings
from processor.store.connection import Address, Connection, Tls, connect

FOLDER = Path(__file__).parent / "tls"
CERTIFICATE = str(FOLDER / "localhost.pem")
KEY = str(FOLDER / "localhost-key.pem")
FILES = {"ca_file": CERTIFICATE, "certificate_file": CERTIFICATE, "key_file": KEY}
LOGIN = {"username": "me", "password": "hunter2"}


def kafka(**said: Any) -> KafkaConnection:
    return kafka_connection(KafkaSettings.model_validate({"bootstrap_servers": "a:1,b:2"} | said))


EVERY_WAY_IN = [
    {},
    {"security_protocol": "SSL"} | FILES,
    {"security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN"} | LOGIN,
    {"security_protocol": "SASL_SSL"} | LOGIN | FILES,
]


@pytest.mark.parametrize("said", EVERY_WAY_IN)
async def test_aiokafka_takes_every_way_in(said: dict[str, str]) -> None:
    AIOKafkaClient(**kafka(**said).aiokafka_options())


@pytest.mark.parametrize("said", EVERY_WAY_IN)
def test_librdkafka_takes_every_way_in(said: dict[str, str]) -> None:
    AdminClient(kafka(**said).librdkafka_config() | {"log_level": 0})


def test_librdkafka_would_notice_a_wrong_file() -> None:
    said = {"security_protocol": "SSL", "ca_file": KEY}
    with pytest.raises(KafkaException):
        AdminClient(kafka(**said).librdkafka_config() | {"log_level": 0})


def test_librdkafka_is_told_everything() -> None:
    said = {"security_protocol": "SASL_SSL"} | LOGIN | FILES
    assert kafka(**said).librdkafka_config() == {
        "bootstrap.servers": "a:1,b:2",
        "security.protocol": "SASL_SSL",
        "sasl.mechanisms": "SCRAM-SHA-512",
        "sasl.username": "me",
        "sasl.password": "hunter2",
        "ssl.ca.location": CERTIFICATE,
        "ssl.certificate.location": CERTIFICATE,
        "ssl.key.location": KEY,
    }


def test_without_a_word_nothing_is_protected() -> None:
    connection = kafka()
    assert connection.librdkafka_config() == {
        "bootstrap.servers": "a:1,b:2",
        "security.protocol": "PLAINTEXT",
    }
    assert connection.aiokafka_options() == {
        "bootstrap_servers": ["a:1", "b:2"],
        "security_protocol": "PLAINTEXT",
        "ssl_context": None,
    }


def handshake(client: ssl.SSLContext, name: str) -> None:
    """One handshake in memory with a server that has the certificate of localhost."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(CERTIFICATE, KEY)
    server.load_verify_locations(CERTIFICATE)
    server.verify_mode = ssl.CERT_REQUIRED
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(back, there, server_hostname=name),
        server.wrap_bio(there, back, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ends[0].version() is not None
    assert ends[1].getpeercert()


def test_the_broker_must_show_the_right_certificate_and_sees_ours() -> None:
    context = kafka(security_protocol="SSL", **FILES).ssl_context()
    assert context is not None
    handshake(context, "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(context, "elsewhere")
    of_system = kafka(security_protocol="SSL").ssl_context()
    assert of_system is not None
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(of_system, "localhost")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"ca_file": KEY}, "kafka.ca_file"),
        ({"certificate_file": CERTIFICATE, "key_file": CERTIFICATE}, "kafka.certificate_file"),
    ],
)
def test_a_file_of_another_kind_is_a_fault_of_its_setting(said: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        kafka(security_protocol="SSL", **said).ssl_context()
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{name} = '")
    assert ": a file in PEM format (" in line


def test_a_password_is_not_printed() -> None:
    connection = kafka(security_protocol="SASL_PLAINTEXT", **LOGIN)
    assert connection.password == "hunter2"
    assert "hunter2" not in f"{connection} {connection!r}"
    assert "username='me', password='********'" in repr(connection)
    assert "password=None" in repr(kafka())


def test_redis_is_described_as_the_store_wants_it() -> None:
    said = {"addresses": "[::1]:6379,b:6380", "cluster": True, "tls": True, "timeout": "500ms"}
    settings = RedisSettings.model_validate(said | LOGIN | FILES)
    assert redis_connection(settings) == Connection(
        addresses=(Address("::1", 6379), Address("b", 6380)),
        cluster=True,
        username="me",
        password="hunter2",
        tls=Tls(CERTIFICATE, CERTIFICATE, KEY),
        timeout_s=0.5,
    )
    assert redis_connection(RedisSettings()) == Connection((Address("localhost", 6379),))


@pytest.mark.parametrize("said", [{}, {"tls": True} | FILES, {"cluster": True} | LOGIN])
async def test_the_store_takes_every_way_in(said: dict[str, Any]) -> None:
    client = connect(redis_connection(RedisSettings.model_validate(said)))
    await client.aclose()
