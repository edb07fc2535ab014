"""What a verification compares, what it leaves out, and what it says of that."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from aiokafka.errors import LeaderNotAvailableError
from msgspec import structs

from processor.core.definitions import DAY_MS, Definitions
from processor.core.head import LogIdentity
from processor.core.identity import Identity
from processor.store.contract import Place
from processor.verify import verification
from processor.verify.oracle import Oracle
from tests.export.scene import NOW_MS, contact, survey
from tests.verify.told import TOPICS, Told

Tell = Callable[..., Told]


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    return lambda **partitions: Told(monkeypatch, **partitions)


async def test_nothing_at_all_is_not_equal(tell: Tell) -> None:
    report = await tell().verify()
    assert report.verdict == "unverifiable"
    assert {f"{topic}/0 has no view yet" for topic in TOPICS} <= set(report.remarks)
    assert list(report.lines())[-1] == "Nothing could be compared."


async def test_views_of_empty_logs_are_not_equal_either(tell: Tell) -> None:
    told = tell()
    await told.idle()
    report = await told.verify()
    assert (report.verdict, report.remarks) == ("unverifiable", [])


async def test_a_clean_view_of_a_whole_log_is_equal(tell: Tell) -> None:
    told = tell()
    await told.scene.tell("surveys", survey(1, 9), survey(2, 3))
    await told.scene.tell("contacts", contact(1, resolved=True))
    await told.idle()
    for url in (None, "http://127.0.0.1:1"):
        report = await told.verify(url)
        assert (report.verdict, report.remarks) == ("equal", [])
        assert all(check.compared for check in report.checks)


async def test_where_nobody_has_contacts_no_case_is_missed(tell: Tell) -> None:
    """An exporter that nothing but surveys feeds does not read the cases."""
    told = tell()
    topics = tuple(topic for topic in told.definitions.topics if topic.entity == "response")
    told.definitions = structs.replace(told.definitions, topics=topics)
    told.shown = ("surveys",)
    await told.scene.tell("surveys", survey(1, 9), survey(2, 3))
    await told.idle()
    report = await told.verify("http://127.0.0.1:1")
    assert (report.verdict, report.remarks) == ("equal", [])


async def test_a_partition_behind_one_without_a_view_is_compared_too(tell: Tell) -> None:
    told = tell(surveys=3)
    await told.scene.tell("surveys", survey(1, 9))
    await told.idle()
    await told.plant(Place("surveys", 2), (10_000, NOW_MS), partitions=3)
    report = await told.verify()
    assert report.verdict == "different"
    assert "surveys/1 has no view yet" in report.remarks


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_partition_without_a_view_is_told_of(tell: Tell, topic: str) -> None:
    told = tell(**{topic: 2})
    await told.scene.tell("surveys", survey(1, 9))
    await told.idle()
    report = await told.verify()
    assert report.verdict == "unverifiable"
    assert f"{topic}/1 has no view yet" in report.remarks


async def test_a_topic_that_kafka_does_not_have_is_told_of(tell: Tell) -> None:
    told = tell()
    await told.scene.tell("surveys", survey(1, 9))
    await told.idle()
    del told.kafka.partitions["carts"]
    report = await told.verify()
    assert report.verdict == "unverifiable"
    assert report.remarks == ["carts: Kafka has no such topic"]


async def test_a_view_of_a_partition_that_kafka_does_not_have_is_told_of(tell: Tell) -> None:
    told = tell(surveys=1)
    await told.scene.tell("surveys", survey(1, 9))
    await told.idle()
    await told.plant(Place("carts", 0))
    await told.plant(Place("surveys", 1), (10_000, NOW_MS), partitions=2)
    told.scene.world.view("surveys").head.log = LogIdentity("c", 2)
    await told.idle()
    report = await told.verify()
    assert report.verdict == "unverifiable"
    assert report.remarks == ["surveys/1: Kafka has no such partition, though a view says so"]


async def test_the_oracle_spreads_cases_as_the_topic_does(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    spread: list[int] = []

    def listening(definitions: Definitions, identity: Identity, partitions: int) -> Any:
        spread.append(partitions)
        return Oracle(definitions, identity, partitions)

    monkeypatch.setattr(verification, "Oracle", listening)
    await tell(cases=5).verify()
    assert spread == [5]


async def test_a_topic_of_which_kafka_says_nothing_now_is_an_error(tell: Tell) -> None:
    told = tell()
    told.kafka.error_code = LeaderNotAvailableError.errno
    with pytest.raises(LeaderNotAvailableError):
        await told.verify()


async def test_it_says_how_far_the_views_are_behind(tell: Tell) -> None:
    told = tell()
    await told.scene.tell("surveys", survey(1, 9))
    await told.idle()
    told.scene.log.append(("surveys", told.scene._record(1, survey(2, 3))))
    report = await told.verify()
    assert report.verdict == "equal"
    extents = json.loads(report.as_json())["extents"]
    assert {"partition": "surveys/0", "position": 1, "lag": 1} in extents


CUT = "the log no longer has"


async def cut_surveys(tell: Tell) -> Told:
    """Six answers, a day and a half apart, of which retention has taken the first three."""
    told = tell()
    for number in range(6):
        ago_ms = (6 - number) * DAY_MS * 3 // 2
        await told.scene.tell("surveys", survey(number, number, ago_ms=ago_ms))
    await told.idle()
    told.cut("surveys", 3)
    return told


async def test_a_clean_view_of_a_cut_log_has_no_difference_and_is_not_equal(tell: Tell) -> None:
    told = await cut_surveys(tell)
    report = await told.verify("http://127.0.0.1:1")
    assert [check.differences for check in report.checks] == [[], [], []]
    assert all(check.compared for check in report.checks)
    assert report.verdict == "unverifiable"
    assert report.records == 3
    assert report.remarks == [
        f"outcomes of surveys/0: {CUT} all its records",
        f"panes of surveys/0 before 2026-02-26 22:05:00 UTC: {CUT} their records",
        f"windows 7d, 28d of each response in the exporter: {CUT} all their records",
    ]


async def test_what_the_replay_of_a_cut_log_can_know_is_compared(tell: Tell) -> None:
    told = await cut_surveys(tell)
    await told.spoil("surveys", (3_600_000, NOW_MS - DAY_MS))
    report = await told.verify()
    assert report.verdict == "different"
    (difference,) = (d for check in report.checks for d in check.differences)
    assert difference.where.startswith("surveys/0, 3600 s from ")


async def test_what_the_replay_of_a_cut_log_cannot_know_is_left_out(tell: Tell) -> None:
    told = await cut_surveys(tell)
    await told.spoil("surveys", (3_600_000, NOW_MS - 5 * DAY_MS))
    assert (await told.verify()).verdict == "unverifiable"


async def test_an_exporters_window_that_a_cut_log_covers_is_compared(tell: Tell) -> None:
    told = await cut_surveys(tell)
    await told.spoil("surveys", (60_000, NOW_MS - DAY_MS // 2))
    report = await told.verify("http://127.0.0.1:1")
    assert {d.where.partition("{")[0] for d in report.checks[2].differences} >= {"cx_nps_score"}


async def test_positions_that_do_not_add_up_are_noticed_in_a_cut_log_too(tell: Tell) -> None:
    told = await cut_surveys(tell)
    told.scene.world.view("surveys").head.accounting.applied += 1
    await told.idle()
    (difference,) = (await told.verify()).checks[0].differences
    assert difference.where == "surveys/0, positions"


async def cut_contacts(tell: Tell) -> Told:
    """Four contacts, of which retention has taken the first."""
    told = tell()
    for number, days in enumerate((19, 18, 2, 1)):
        event = contact(number, resolved=True, ago_ms=days * DAY_MS)
        await told.scene.tell("contacts", event)
    await told.idle()
    told.cut("contacts", 1)
    return told


async def test_cases_of_a_cut_log_are_known_two_repeat_windows_later(tell: Tell) -> None:
    told = await cut_contacts(tell)
    report = await told.verify("http://127.0.0.1:1")
    assert [check.differences for check in report.checks] == [[], [], []]
    assert {
        f"panes of cases/0 before 2026-02-27 10:05:30 UTC: {CUT} their records",
        f"windows 7d, 28d of each case in the exporter: {CUT} all their records",
    } <= set(report.remarks)


@pytest.mark.parametrize(("days", "verdict"), [(4, "unverifiable"), (2, "different")])
async def test_later_panes_of_cases_are_compared(tell: Tell, days: int, verdict: str) -> None:
    told = await cut_contacts(tell)
    await told.spoil("cases", (3_600_000, NOW_MS - days * DAY_MS))
    assert (await told.verify()).verdict == verdict


async def test_of_a_log_without_any_record_left_no_pane_is_compared(tell: Tell) -> None:
    told = await cut_surveys(tell)
    told.cut("surveys", 6)
    report = await told.verify()
    assert report.verdict == "unverifiable"
    assert f"panes of surveys/0: {CUT} their records" in report.remarks
