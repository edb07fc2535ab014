"""What a worker counts and says of itself."""

from collections import Counter
from typing import Any

from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from processor.core.head import Accounting, Head, LogIdentity
from processor.core.pane import PaneChanges
from processor.core.record import LATENESS, Outcome, Record, Refusal
from processor.core.remark import UNLISTED_VALUE, Remark
from processor.core.view import Changes
from processor.store.contract import Place
from processor.stream.telemetry import LaneCollector, Telemetry
from tests.stream.bench import Bench, answer

PLACE = Place("surveys", 2)


def changes(read: Accounting, **fields: Any) -> Changes[Any]:
    told: dict[str, Any] = {"refusals": [], "remarks": Counter()} | fields
    head = Head(9, 0, LogIdentity("c", 1))
    return Changes(head, read, {}, PaneChanges({}, []), 0, told["refusals"], {}, told["remarks"])


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


def test_records_are_counted_by_what_became_of_them() -> None:
    registry = CollectorRegistry()
    read = Accounting(5, 2, {"lateness": 1}, {"undecodable": 3})
    Telemetry(registry).on_commit(PLACE, changes(read))
    for outcome, reason, count in (
        ("applied", "", 5),
        ("no_effect", "", 2),
        ("expired", "lateness", 1),
        ("dead_letter", "undecodable", 3),
    ):
        labels = {"topic": "surveys", "outcome": outcome, "reason": reason}
        assert value(registry, "cx_worker_records_total", **labels) == count
    assert value(registry, "cx_worker_batch_records_sum", topic="surveys") == 11


def test_a_commit_without_records_is_no_batch() -> None:
    registry = CollectorRegistry()
    Telemetry(registry).on_commit(PLACE, changes(Accounting()))
    assert value(registry, "cx_worker_batch_records_count", topic="surveys") is None


def test_what_is_refused_is_said_with_its_positions_and_nothing_of_its_content() -> None:
    letter = Refusal(Outcome.DEAD_LETTER, "undecodable")
    refusals = [(Record(n, 0, b"key", b"secret"), letter) for n in (4, 7)]
    refusals.append((Record(5, 0, b"key", b"secret"), LATENESS))
    with capture_logs() as told:
        read = Accounting(0, 0, {"lateness": 1}, {"undecodable": 2})
        Telemetry(CollectorRegistry()).on_commit(PLACE, changes(read, refusals=refusals))
    assert [(line["event"], line["reason"], line["offsets"], line["place"]) for line in told] == [
        ("expired", "lateness", [5], "surveys/2"),
        ("dead_letter", "undecodable", [4, 7], "surveys/2"),
    ]
    assert "secret" not in str(told)


def test_a_remark_is_counted_always_and_told_once() -> None:
    registry = CollectorRegistry()
    telemetry = Telemetry(registry)
    remarks = Counter({Remark(UNLISTED_VALUE, "brand", "nord"): 3})
    with capture_logs() as told:
        for _ in range(2):
            telemetry.on_commit(PLACE, changes(Accounting(applied=3), remarks=remarks))
    assert [(line["event"], line["subject"], line["detail"]) for line in told] == [
        ("unlisted_value", "brand", "nord")
    ]
    assert value(registry, "cx_worker_remarks_total", kind="unlisted_value") == 6


async def test_the_lanes_are_gauges_while_they_are_ours() -> None:
    bench = Bench()
    registry = CollectorRegistry()
    lanes = {bench.lane.place: bench.lane}
    registry.register(LaneCollector(lanes))
    bench.log.records += [answer(n) for n in range(4)]
    await bench.until_committed(4)
    labels = {"topic": "surveys", "partition": "0"}
    assert value(registry, "cx_worker_position", **labels) == 4
    assert value(registry, "cx_worker_lag_records", **labels) == 0
    assert value(registry, "cx_worker_live_states", **labels) == 4
    assert value(registry, "cx_worker_stopped", **labels) == 0
    await bench.stop()
    lanes.clear()
    assert value(registry, "cx_worker_position", **labels) is None
