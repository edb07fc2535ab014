"""One way into Kafka, told to aiokafka's clients and to Faust."""

import ssl

import faust

from processor.stream.kafka import KafkaAccess

SERVERS = {"bootstrap_servers": ["one:9092", "two:9092"]}
SASL = {
    "sasl_mechanism": "SCRAM-SHA-512",
    "sasl_plain_username": "cx",
    "sasl_plain_password": "secret",
}


def test_faust_is_told_every_server() -> None:
    assert KafkaAccess(SERVERS).broker_url() == "aiokafka://one:9092;aiokafka://two:9092"


def test_without_user_and_certificates_there_are_no_credentials() -> None:
    assert KafkaAccess(SERVERS).credentials() is None


def test_a_user_is_told_with_the_mechanism_and_how_to_encrypt() -> None:
    context = ssl.create_default_context()
    found = KafkaAccess(SERVERS | SASL | {"ssl_context": context}).credentials()
    assert isinstance(found, faust.SASLCredentials)
    assert (found.username, found.password) == ("cx", "secret")
    assert found.mechanism.value == "SCRAM-SHA-512"
    assert found.ssl_context is context


def test_certificates_alone_are_credentials_too() -> None:
    context = ssl.create_default_context()
    found = KafkaAccess(SERVERS | {"ssl_context": context}).credentials()
    assert isinstance(found, faust.SSLCredentials)
    assert found.context is context
