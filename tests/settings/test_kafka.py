from pathlib import Path

from tests.settings.conftest import Right, Wrong

SASL = '[kafka]\nsecurity_protocol = "SASL_SSL"\n'


def test_sasl_needs_a_user_and_a_password(wrong: Wrong) -> None:
    assert wrong(SASL) == [
        "kafka.username: needed, because kafka.security_protocol is SASL_SSL",
        "kafka.password: needed, because kafka.security_protocol is SASL_SSL"
        " (kafka.password_file will do as well)",
    ]


def test_a_user_or_password_that_nobody_would_use_is_refused(wrong: Wrong) -> None:
    unused = "not used while kafka.security_protocol is PLAINTEXT; set SASL_SSL, or leave it out"
    assert wrong('[kafka]\nusername = "me"') == [
        f"kafka.username = 'me' (file cxpulse.toml): {unused}"
    ]
    assert wrong('[kafka]\npassword = "hunter2"') == [
        f"kafka.password = ******** (file cxpulse.toml): {unused}"
    ]


def test_files_of_tls_without_tls_are_refused(wrong: Wrong, folder: Path) -> None:
    (folder / "ca.pem").touch()
    assert wrong('[kafka]\nca_file = "ca.pem"') == [
        "kafka.ca_file = 'ca.pem' (file cxpulse.toml): not used while kafka.security_protocol is"
        " PLAINTEXT; set SSL or SASL_SSL, or leave it out"
    ]


def test_a_certificate_needs_its_key(wrong: Wrong, folder: Path) -> None:
    (folder / "me.pem").touch()
    lines = wrong('[kafka]\nsecurity_protocol = "ssl"\ncertificate_file = "me.pem"')
    assert lines == ["kafka.key_file: needed, because a certificate and its key go together"]


def test_a_whole_sasl_table_is_right(right: Right, folder: Path) -> None:
    (folder / "password").write_text("hunter2\n")
    loaded = right(SASL + 'username = "me"\npassword_file = "password"')
    password = loaded.settings.kafka.password
    assert password is not None
    assert password.get_secret_value() == "hunter2"


def test_addresses_may_be_words_with_commas(right: Right) -> None:
    loaded = right(CXPULSE_KAFKA__BOOTSTRAP_SERVERS="a:9092, b:9092")
    assert loaded.settings.kafka.bootstrap_servers == ("a:9092", "b:9092")


def test_a_topic_name_is_one_that_kafka_takes(wrong: Wrong) -> None:
    for name in ("", ".", "..", "a b", "a/b", "x" * 250):
        assert len(wrong(f'[kafka]\ndead_letter_topic = "{name}"')) == 1
