from pathlib import Path

from tests.settings.conftest import Right, Wrong


def test_several_servers_are_a_cluster(wrong: Wrong, right: Right) -> None:
    two = '[redis]\naddresses = ["a:1", "b:2"]\n'
    assert wrong(two) == [
        "redis.addresses = ['a:1', 'b:2'] (file cxpulse.toml): only one, unless redis.cluster is"
        " true"
    ]
    assert right(two + "cluster = true").settings.redis.addresses == ("a:1", "b:2")


def test_a_cluster_has_one_database(wrong: Wrong) -> None:
    assert wrong("[redis]\ncluster = true\ndatabase = 1") == [
        "redis.database = 1 (file cxpulse.toml): only 0, because redis.cluster is true"
    ]


def test_a_user_needs_a_password(wrong: Wrong) -> None:
    assert wrong('[redis]\nusername = "me"') == [
        "redis.password: needed, or redis.password_file, because there is a redis.username"
    ]


def test_files_of_tls_without_tls_are_refused(wrong: Wrong, folder: Path) -> None:
    (folder / "ca.pem").touch()
    assert wrong('[redis]\nca_file = "ca.pem"') == [
        "redis.ca_file = 'ca.pem' (file cxpulse.toml): not used while redis.tls is false; set it"
        " to true or leave this out"
    ]


def test_an_url_is_no_address_and_its_password_is_not_shown(wrong: Wrong) -> None:
    lines = wrong(CXPULSE_REDIS__ADDRESSES="redis://me:hunter2@redis:6379")
    assert len(lines) == 1
    assert "host:port" in lines[0]
    assert "hunter2" not in lines[0]
