"""What settings become: each part is given what its section says, and nothing else."""

from pathlib import Path

import pytest

from processor.settings.load import load
from processor.settings.model import Settings
from processor.wiring import (
    access_of,
    exporter_plan,
    exporter_url,
    topics_by_entity,
    verify_plan,
    worker_plan,
)

DAY_MS = 86_400_000
TOPICS = """
[[topics]]
name = "feedback"
entity = "response"
[[topics]]
name = "calls"
entity = "contact"
arrival_time = "{arrival_time}"
[[topics]]
name = "chats"
entity = "contact"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def settings(folder: Path, text: str = "", arrival_time: str = "broker") -> Settings:
    path = folder / "cxpulse.toml"
    topics = TOPICS.format(arrival_time=arrival_time)
    path.write_text(f'[namespace]\nname = "shop"\nid_key = "{"0a" * 32}"\n{text}\n{topics}')
    return load(path, {}).settings


def test_topics_feed_the_tallies_of_their_entity(folder: Path) -> None:
    names = topics_by_entity(settings(folder))
    assert names["response"] == ("feedback",)
    assert names["contact"] == ("calls", "chats")
    (derived,) = names["case"]
    assert derived.startswith("shop.")
    assert derived.endswith(".cases")


def test_a_worker_reads_what_is_configured_and_makes_what_is_its_own(folder: Path) -> None:
    plan = worker_plan(
        settings(
            folder,
            "[kafka]\nderived_partitions = 6\nreplication_factor = 3\n"
            'dead_letter_topic = "graves"\ndead_letter_retention = "3d"\n'
            'batch_records_max = 77\n[worker]\nport = 1234\ndrain_timeout = "3s"\n',
        )
    )
    assert [source.name for source in plan.sources] == ["feedback", "calls", "chats"]
    assert plan.plans.cases_topic == plan.cases.name
    assert (plan.cases.partitions, plan.cases.replication_factor) == (6, 3)
    assert plan.cases.like == "calls"
    assert (plan.dead_letters.name, plan.dead_letters.retention_ms) == ("graves", 3 * DAY_MS)
    assert (plan.group.batch_records_max, plan.group.drain_timeout_ms) == (77, 3_000)
    assert plan.metrics_address == ("127.0.0.1", 1234)


def test_the_derived_topic_outlives_what_its_panes_may_need(folder: Path) -> None:
    plan = worker_plan(settings(folder))
    longest_ms = max(window.length_ms for window in plan.definitions.windows)
    repeats_ms = 2 * plan.definitions.case.repeat_window_ms
    assert plan.cases.retention_ms == plan.definitions.contact_life_ms + repeats_ms + longest_ms


@pytest.mark.parametrize("arrival_time", ["broker", "producer"])
def test_the_derived_log_runs_by_the_clock_of_its_sources(folder: Path, arrival_time: str) -> None:
    plan = worker_plan(settings(folder, arrival_time=arrival_time))
    assert plan.cases.arrival_time == arrival_time


def test_all_processes_stand_on_one_namespace(folder: Path) -> None:
    made = settings(folder)
    namespace = verify_plan(made, None).namespace
    assert exporter_plan(made).build["namespace"] == namespace
    assert worker_plan(made).group.name.endswith(namespace.partition(".")[2])
    assert (
        worker_plan(made).cases.name == f"{namespace}.cases" == verify_plan(made, None).cases_topic
    )


def test_the_ways_to_kafka_are_the_same_for_all(folder: Path) -> None:
    made = settings(folder, '[kafka]\nbootstrap_servers = ["a:1", "b:2"]\n')
    assert access_of(made).options["bootstrap_servers"] == ["a:1", "b:2"]
    assert verify_plan(made, None).kafka == access_of(made).options


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9700"),
        ("0.0.0.0", "http://127.0.0.1:9700"),
        ("::", "http://127.0.0.1:9700"),
        ("::1", "http://[::1]:9700"),
        ("wall.example.com", "http://wall.example.com:9700"),
    ],
)
def test_an_exporter_is_asked_where_it_can_be_reached_from_here(
    folder: Path, host: str, url: str
) -> None:
    assert exporter_url(settings(folder, f'[exporter]\nhost = "{host}"\n')) == url
