"""The messages, as somebody reads them who was woken by them."""

import pytest

from tests.settings.conftest import Wrong

BAD = {
    # a value of the wrong kind
    '[kafka]\nsession_timeout = "3x"': "kafka.session_timeout = '3x' (file cxpulse.toml): a"
    " duration such as 10s, 30m or 7d, between 1s and 5m",
    "[kafka]\nsession_timeout = 6": "kafka.session_timeout = 6 (file cxpulse.toml): a duration"
    " such as 10s, 30m or 7d, between 1s and 5m",
    "[kafka]\nsession_timeout = 6.5": "kafka.session_timeout = 6.5 (file cxpulse.toml): a duration"
    " such as 10s, 30m or 7d, between 1s and 5m",
    "[kafka]\ngroup = 5": "kafka.group = 5 (file cxpulse.toml): 1 to 200 characters out of"
    " letters, digits, dots, hyphens and underscores",
    '[kafka]\nbootstrap_servers = "kafka"': "kafka.bootstrap_servers = 'kafka' (file cxpulse.toml):"
    " a list of 1 to 100 different addresses: each host:port, such as node-1.example.com:9092 or"
    " [::1]:9092",
    "[kafka]\nbootstrap_servers = []": "kafka.bootstrap_servers = [] (file cxpulse.toml): a list of"
    " 1 to 100 different addresses: each host:port, such as node-1.example.com:9092 or [::1]:9092",
    "[redis]\ncluster = 1": "redis.cluster = 1 (file cxpulse.toml): true or false",
    '[redis]\ncluster = "maybe"': "redis.cluster = 'maybe' (file cxpulse.toml): true or false",
    "[redis]\npassword = 5": "redis.password = ******** (file cxpulse.toml): text without control"
    " characters",
    "[log]\nlevel = 2026-01-01": "log.level = datetime.date(2026, 1, 1) (file cxpulse.toml): one of"
    " DEBUG, INFO, WARNING, ERROR",
    "[kafka.group]\nname = 1": "kafka.group = {'name': 1} (file cxpulse.toml): 1 to 200 characters"
    " out of letters, digits, dots, hyphens and underscores",
    # a table of the wrong kind
    "kafka = 5": "kafka = 5 (file cxpulse.toml): a table of settings",
    "[topics]\nname = 1": "topics = {'name': 1} (file cxpulse.toml): a list of tables: each begins"
    " with [[topics]]",
    "topics = [5]": "topics.#1 = 5 (file cxpulse.toml): a table of settings",
    "[[targets]]\nnps_score = 1": "targets = [{'nps_score': 1}] (file cxpulse.toml): a table of"
    " scores, each with the number it should reach",
    "topics = []": "topics = [] (file cxpulse.toml): at least one topic",
    # a name that does not exist
    "[kafka]\nsesion_timeout = 1": "kafka.sesion_timeout (file cxpulse.toml): there is no such"
    " setting; did you mean kafka.session_timeout?",
    "[kafka]\nsession_timeout_ms = 1": "kafka.session_timeout_ms (file cxpulse.toml): there is no"
    " such setting; did you mean kafka.session_timeout?",
    "[redis]\nsession_timeout = 1": "redis.session_timeout (file cxpulse.toml): there is no such"
    " setting; did you mean kafka.session_timeout?",
    "quiet_time = 1": "quiet_time (file cxpulse.toml): there is no such setting; did you mean"
    " cart.quiet_time?",
    "[kafak]\nx = 1": "kafak (file cxpulse.toml): there is no such setting; did you mean kafka?",
    "[zebra]\nx = 1": "zebra (file cxpulse.toml): there is no such setting",
    '[[topics]]\nname = "a"\nentity = "cart"\nlive = 1': "topics.a.live (file cxpulse.toml): there"
    " is no such setting; did you mean topics.a.life?",
    '[[topics]]\nnane = "a"\nname = "b"\nentity = "cart"': "topics.b.nane (file cxpulse.toml):"
    " there is no such setting; did you mean topics.b.name?",
}


@pytest.mark.parametrize(("toml", "line"), BAD.items())
def test_one_thing_wrong_is_one_line(wrong: Wrong, toml: str, line: str) -> None:
    assert wrong(toml) == [line]


def test_everything_that_is_wrong_is_listed_in_the_order_of_the_tables(wrong: Wrong) -> None:
    lines = wrong(
        '[log]\nlevel = "LOUD"\n[kafka]\nsession_timeout = "3x"\nnonsense = 1\n'
        '[[topics]]\nname = "a"\nlife = "soon"\n[redis]\nusername = "me"',
        CXPULSE_WORKER__PORT="http",
        CXPULSE_WORKER__PROT="9701",
        CXPULSE_WINDOWS="[",
    )
    assert [line.split(" ")[0].rstrip(":") for line in lines] == [
        "CXPULSE_WINDOWS",
        "CXPULSE_WORKER__PROT",
        "kafka.session_timeout",
        "kafka.nonsense",
        "redis.password",
        "topics.a.entity",
        "topics.a.life",
        "worker.port",
        "log.level",
    ]


def test_a_value_without_a_name_of_its_own_goes_by_its_number(wrong: Wrong) -> None:
    tables = '[[topics]]\nname = "a"\nentity = "cart"\nlife = "x"\n' * 2
    assert [line.split(" ")[0] for line in wrong(tables)] == ["topics.#1.life", "topics.#2.life"]


@pytest.mark.parametrize(
    "toml",
    [
        '[namespace]\nid_key = "hunter2"',
        '[namespace]\nid_kye = "hunter2"',
        '[kafka]\npassword = "hunter2"',
        '[kafka]\npasword = "hunter2"',
        '[kafka]\npassword = ["hunter2"]',
        '[redis]\naddresses = ["redis://:hunter2@redis:6379"]',
        'password = "hunter2"',
    ],
)
def test_no_message_shows_a_secret_wherever_it_was_put(wrong: Wrong, toml: str) -> None:
    lines = wrong(toml)
    assert lines
    assert "hunter2" not in "\n".join(lines)
