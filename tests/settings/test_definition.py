"""The fingerprint moves when, and only when, a setting moves that decides stored data."""

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from processor.core.definitions import Definitions, Question
from processor.settings.catalog import Setting, catalog
from processor.settings.definition import (
    cases_topic,
    consumer_group,
    identity,
    namespace,
    to_definitions,
)
from processor.settings.model import Settings
from processor.settings.problem import Path as Place
from processor.settings.problem import SettingsError
from processor.settings.source import given_by
from tests.settings.conftest import KEY, Right

BASE: dict[str, Any] = {
    "namespace": {"id_key": KEY},
    "kafka": {"security_protocol": "SASL_SSL", "username": "me", "password": "hunter2"},
    "redis": {"tls": True, "cluster": True, "password": "hunter2"},
    "topics": [{"name": "shop", "entity": "response"}],
    "windows": [{"name": "w", "length": "2m", "pane": "10s"}],
    "dimensions": [{"name": "brand", "values": ["north", "harbor"]}],
    "questions": [
        {"name": "a", "survey_id": "s", "question_id": "1", "kind": "csat", "scale_min": 1}
        | {"scale_max": 5},
        {"name": "b", "survey_id": "s", "question_id": "2", "kind": "ces", "polarity": "low_good"},
        {"name": "c", "survey_id": "s", "question_id": "3", "kind": "choice"},
    ],
    "unknown_words": {"chat": ["0"]},
}

Change = dict[Place, object]

# {setting: a change of it, with whatever must change along}; PATH stands for a file that is there.
PATH = object()
CHANGES: dict[str, Change] = {
    "namespace.name": {("namespace", "name"): "other"},
    "namespace.id_key": {("namespace", "id_key"): "00" * 32},
    "namespace.id_key_file": {("namespace", "id_key_file"): PATH},
    "kafka.bootstrap_servers": {("kafka", "bootstrap_servers"): ["a:1"]},
    "kafka.security_protocol": {("kafka", "security_protocol"): "SASL_PLAINTEXT"},
    "kafka.sasl_mechanism": {("kafka", "sasl_mechanism"): "PLAIN"},
    "kafka.username": {("kafka", "username"): "you"},
    "kafka.password": {("kafka", "password"): "other"},
    "kafka.password_file": {("kafka", "password_file"): PATH},
    "kafka.ca_file": {("kafka", "ca_file"): PATH},
    "kafka.certificate_file": {
        ("kafka", "certificate_file"): PATH,
        ("kafka", "key_file"): PATH,
    },
    "kafka.key_file": {("kafka", "certificate_file"): PATH, ("kafka", "key_file"): PATH},
    "kafka.group": {("kafka", "group"): "g"},
    "kafka.group_instance_id": {("kafka", "group_instance_id"): "worker-0"},
    "kafka.session_timeout": {("kafka", "session_timeout"): "7s"},
    "kafka.rebalance_timeout": {("kafka", "rebalance_timeout"): "7s"},
    "kafka.batch_records_max": {("kafka", "batch_records_max"): 7},
    "kafka.fetch_wait_max": {("kafka", "fetch_wait_max"): "7s"},
    "kafka.create_topics": {("kafka", "create_topics"): False},
    "kafka.replication_factor": {("kafka", "replication_factor"): 3},
    "kafka.derived_partitions": {("kafka", "derived_partitions"): 3},
    "kafka.dead_letter_topic": {("kafka", "dead_letter_topic"): "dead"},
    "kafka.dead_letter_retention": {("kafka", "dead_letter_retention"): "1d"},
    "kafka.ce_type_prefixes": {("kafka", "ce_type_prefixes"): ["com.example."]},
    "redis.addresses": {("redis", "addresses"): ["a:1", "b:2"]},
    "redis.cluster": {("redis", "cluster"): False},
    "redis.database": {("redis", "database"): 1, ("redis", "cluster"): False},
    "redis.username": {("redis", "username"): "you"},
    "redis.password": {("redis", "password"): "other"},
    "redis.password_file": {("redis", "password_file"): PATH},
    "redis.tls": {("redis", "tls"): False},
    "redis.ca_file": {("redis", "ca_file"): PATH},
    "redis.certificate_file": {
        ("redis", "certificate_file"): PATH,
        ("redis", "key_file"): PATH,
    },
    "redis.key_file": {("redis", "certificate_file"): PATH, ("redis", "key_file"): PATH},
    "redis.timeout": {("redis", "timeout"): "1s"},
    "topics[].name": {("topics", 0, "name"): "other"},
    "topics[].entity": {("topics", 0, "entity"): "contact"},
    "topics[].lateness_max": {("topics", 0, "lateness_max"): "6d"},
    "topics[].life": {("topics", 0, "life"): "31d"},
    "topics[].future_max": {("topics", 0, "future_max"): "6m"},
    "topics[].reach": {("topics", 0, "reach"): "2d"},
    "topics[].arrival_time": {("topics", 0, "arrival_time"): "producer"},
    "windows[].name": {("windows", 0, "name"): "other"},
    "windows[].length": {("windows", 0, "length"): "3m"},
    "windows[].pane": {("windows", 0, "pane"): "20s"},
    "dimensions[].name": {("dimensions", 0, "name"): "market"},
    "dimensions[].values": {("dimensions", 0, "values"): ["north"]},
    "dimensions[].aliases": {("dimensions", 0, "aliases"): {"n": "north"}},
    "slices.response": {("slices", "response"): ["channel"]},
    "slices.contact": {("slices", "contact"): ["channel"]},
    "slices.cart": {("slices", "cart"): ["channel"]},
    "questions[].name": {("questions", 0, "name"): "other"},
    "questions[].source": {("questions", 0, "source"): "chat"},
    "questions[].survey_id": {("questions", 0, "survey_id"): "t"},
    "questions[].question_id": {("questions", 0, "question_id"): "9"},
    "questions[].kind": {("questions", 0, "kind"): "ces"},
    "questions[].scale_min": {("questions", 0, "scale_min"): 0},
    "questions[].scale_max": {("questions", 0, "scale_max"): 7},
    "questions[].polarity": {("questions", 0, "polarity"): "low_good"},
    "questions[].positive_from": {("questions", 0, "positive_from"): 3},
    "questions[].positive_to": {("questions", 1, "positive_to"): 2},
    "questions[].options": {("questions", 2, "options"): ["price"]},
    "unknown_words.<source>": {("unknown_words", "chat"): ["0", "nobody"]},
    "contact.service_level": {("contact", "service_level"): "30s"},
    "contact.short_abandon": {("contact", "short_abandon"): "5s"},
    "case.repeat_window": {("case", "repeat_window"): "5d"},
    "case.directions": {("case", "directions"): ["outbound"]},
    "case.resolution_order": {("case", "resolution_order"): ["agent", "case", "survey"]},
    "case.transferred_breaks_fcr": {("case", "transferred_breaks_fcr"): False},
    "case.reopened_breaks_fcr": {("case", "reopened_breaks_fcr"): False},
    "case.not_level_one": {("case", "not_level_one"): ["fraud"]},
    "cart.quiet_time": {("cart", "quiet_time"): "20m"},
    "cart.order_grace": {("cart", "order_grace"): "20s"},
    "cart.cancelled_undoes_conversion": {("cart", "cancelled_undoes_conversion"): True},
    "cart.currencies": {("cart", "currencies"): ["EUR"]},
    "bounds.ids_max": {("bounds", "ids_max"): 100},
    "bounds.segments_max": {("bounds", "segments_max"): 10},
    "bounds.cart_extent_max": {("bounds", "cart_extent_max"): "20d"},
    "clock.margin": {("clock", "margin"): "3s"},
    "worker.host": {("worker", "host"): "0.0.0.0"},
    "worker.port": {("worker", "port"): 1},
    "worker.drain_timeout": {("worker", "drain_timeout"): "1s"},
    "exporter.host": {("exporter", "host"): "0.0.0.0"},
    "exporter.port": {("exporter", "port"): 1},
    "exporter.refresh": {("exporter", "refresh"): "2s"},
    "exporter.publish_windows": {("exporter", "publish_windows"): False},
    "exporter.stale_after": {("exporter", "stale_after"): "40s"},
    "log.level": {("log", "level"): "ERROR"},
    "log.format": {("log", "format"): "json"},
}
CHANGES |= {row.name: {row.path: 0.123} for row in catalog() if row.path[0] == "targets"}


def changed(change: Change, file: Path) -> Settings:
    tree = copy.deepcopy(BASE)
    for path, value in change.items():
        table: Any = tree
        for part in path[:-1]:
            table = table[part] if isinstance(part, int) else table.setdefault(part, {})
        table[path[-1]] = str(file) if value is PATH else value
    return Settings.model_validate(tree)


def misjudged(row: Setting, file: Path) -> bool:
    """Whether the mark of a setting says otherwise than the fingerprint."""
    base, other = changed({}, file), changed(CHANGES[row.name], file)
    assert base.model_dump() != other.model_dump()
    moved = to_definitions(base).fingerprint != to_definitions(other).fingerprint
    return moved is not row.stored


def test_the_changes_are_changes_of_every_setting() -> None:
    assert set(CHANGES) == {row.name for row in catalog()}


@pytest.mark.parametrize("row", catalog(), ids=lambda row: row.name)
def test_the_fingerprint_moves_with_what_decides_stored_data_only(
    row: Setting, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert not misjudged(row, file)
    assert misjudged(replace(row, stored=not row.stored), file)  # a wrong mark would be noticed


def test_the_order_of_tables_and_of_sets_of_words_changes_nothing(right: Right) -> None:
    tables = [
        '[[topics]]\nname = "a"\nentity = "cart"\n',
        '[[topics]]\nname = "b"\nentity = "contact"\n',
        '[[topics]]\nname = "c"\nentity = "contact"\n',
        '[[windows]]\nname = "x"\nlength = "2m"\npane = "10s"\n',
        '[[windows]]\nname = "y"\nlength = "1m"\npane = "10s"\n',
        '[[dimensions]]\nname = "brand"\nvalues = ["n"]\naliases = { x = "n", y = "n" }\n',
        '[[dimensions]]\nname = "market"\n',
        '[[questions]]\nname = "q"\nsurvey_id = "s"\nquestion_id = "1"\nkind = "nps"\n',
        '[[questions]]\nname = "q"\nsurvey_id = "s"\nquestion_id = "2"\nkind = "nps"\n',
        '[unknown_words]\nu = ["a", "b"]\nv = []\n',
        '[case]\nnot_level_one = ["x", "y"]\ndirections = ["inbound", "internal"]\n',
    ]
    turned = [
        *reversed(tables[:5]),
        '[[dimensions]]\nname = "market"\n',
        '[[dimensions]]\nname = "brand"\nvalues = ["n"]\naliases = { y = "n", x = "n" }\n',
        *reversed(tables[7:9]),
        '[unknown_words]\nv = []\nu = ["b", "a"]\n',
        '[case]\nnot_level_one = ["y", "x"]\ndirections = ["internal", "inbound"]\n',
    ]
    ours = right("".join(tables), CXPULSE_NAMESPACE__ID_KEY=KEY).settings
    theirs = right("".join(turned), CXPULSE_NAMESPACE__ID_KEY=KEY.upper()).settings
    assert ours.topics != theirs.topics
    assert to_definitions(ours) == to_definitions(theirs)


def test_the_defaults_are_those_of_the_core(right: Right) -> None:
    settings = right(CXPULSE_NAMESPACE__ID_KEY=KEY).settings
    digest = identity(settings).key_digest
    assert to_definitions(settings) == Definitions(id_key_digest=digest)


def test_a_question_becomes_a_row_of_the_registry() -> None:
    settings = changed({("questions", 1, "positive_to"): 3}, Path())
    assert to_definitions(settings).questions[1] == Question(
        "b", "s", "2", "ces", polarity="low_good", positive_edge=3
    )


@pytest.mark.parametrize("ask", [identity, to_definitions, namespace, cases_topic, consumer_group])
def test_without_a_key_one_is_told_how_to_make_it(ask: Any) -> None:
    with pytest.raises(SettingsError) as caught:
        ask(Settings())
    (line,) = str(caught.value).splitlines()
    assert line.startswith("namespace.id_key: needed: ids are stored as keyed hashes")
    assert 'python -c "import secrets; print(secrets.token_hex(32))"' in line
    assert "CXPULSE_NAMESPACE__ID_KEY" in line


def test_a_contradiction_that_only_the_core_finds_is_told_as_a_problem_of_the_settings() -> None:
    settings = changed({}, Path()).model_copy(update={"windows": ()})
    with pytest.raises(SettingsError, match="settings: windows: at least one is needed"):
        to_definitions(settings)


def test_names_carry_the_fingerprint(right: Right) -> None:
    settings = right('[namespace]\nname = "acme"', CXPULSE_NAMESPACE__ID_KEY=KEY).settings
    fingerprint = to_definitions(settings).fingerprint
    assert namespace(settings) == f"acme.{fingerprint}"
    assert cases_topic(settings) == f"acme.{fingerprint}.cases"
    assert consumer_group(settings) == f"acme.{fingerprint}"
    grouped = right('[kafka]\ngroup = "g"', CXPULSE_NAMESPACE__ID_KEY=KEY).settings
    assert consumer_group(grouped) == f"g.{fingerprint}"


def test_a_key_is_the_same_in_capitals_and_wherever_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY.upper())
    given = given_by(None, {"CXPULSE_NAMESPACE__ID_KEY_FILE": str(tmp_path / "key")})
    from_file = Settings.model_validate(given.tree)
    plain = Settings.model_validate({"namespace": {"id_key": KEY}})
    assert identity(from_file).key_digest == identity(plain).key_digest
