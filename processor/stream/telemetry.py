"""The worker's own metrics, and its word on what it refused.

Counters live in the worker and start with it; totals that the store keeps are the exporter's to
show.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from processor.core.record import Outcome
from processor.core.remark import Remark
from processor.core.series import PREFIX
from processor.core.view import Changes
from processor.store.contract import Place
from processor.stream.lane import Lane, Stage

log = structlog.get_logger(__name__)

REMARKS_MAX = 1000
"""So many different remarks are told in the log, once each; more are only counted."""

OFFSETS_MAX = 10
"""So many positions of refused records are told per commit and reason: enough to look at."""

_WORKER = f"{PREFIX}worker_"
_SIZES = (1, 10, 100, 250, 500, 1000, 2500)


class Telemetry:
    """What a worker counts while it works."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the counters."""
        self._records = Counter(
            f"{_WORKER}records",
            "Records read, by what became of them.",
            ("topic", "outcome", "reason"),
            registry=registry,
        )
        self._batch = Histogram(
            f"{_WORKER}batch_records",
            "Records per commit.",
            ("topic",),
            buckets=_SIZES,
            registry=registry,
        )
        self._remarks = Counter(
            f"{_WORKER}remarks",
            "Accepted, but worth a look: unmapped questions, unlisted values.",
            ("kind",),
            registry=registry,
        )
        self._told: set[Remark] = set()

    def on_commit(self, place: Place, changes: Changes[Any]) -> None:
        """Count a commit, and say what was refused or is worth a look."""
        read = changes.read
        refused = [(Outcome.EXPIRED, reason, n) for reason, n in read.expired.items()]
        refused += [(Outcome.DEAD_LETTER, reason, n) for reason, n in read.dead_letter.items()]
        accepted = [(Outcome.APPLIED, "", read.applied), (Outcome.NO_EFFECT, "", read.no_effect)]
        for outcome, reason, count in (*accepted, *refused):
            if count:
                self._records.labels(place.topic, outcome, reason).inc(count)
        if read.records:
            self._batch.labels(place.topic).observe(read.records)
        for outcome, reason, count in refused:
            offsets = [
                record.offset
                for record, refusal in changes.refusals
                if (refusal.outcome, refusal.reason) == (outcome, reason)
            ]
            told = offsets[:OFFSETS_MAX]
            log.info(str(outcome), reason=reason, place=str(place), count=count, offsets=told)
        for remark, count in changes.remarks.items():
            self._remarks.labels(remark.kind).inc(count)
            self._tell(remark)

    def _tell(self, remark: Remark) -> None:
        if remark in self._told or len(self._told) >= REMARKS_MAX:
            return
        self._told.add(remark)
        log.warning(remark.kind, subject=remark.subject, detail=remark.detail)


class LaneCollector(Collector):
    """The worker's partitions as gauges.

    They are made anew for every scrape, so a partition that moved away leaves no value behind.
    """

    def __init__(self, lanes: Mapping[Place, Lane]) -> None:
        """Watch the lanes."""
        self._lanes = lanes

    def collect(self) -> Iterator[Metric]:
        """One family per row below."""
        rows: tuple[tuple[str, str, Callable[[Lane], float | None]], ...] = (
            ("position", "Offset of the next record to read.", _position),
            ("lag_records", "Records between the view and the end of the log.", _lag),
            ("as_of_timestamp_seconds", "Everything that had arrived by then is in.", _as_of_s),
            ("live_states", "Entities in memory.", lambda lane: lane.live_states),
            ("stalled", "Whether commits are failing.", lambda lane: lane.stage is Stage.STALLED),
            ("stopped", "Whether a person must decide.", lambda lane: lane.stage is Stage.STOPPED),
        )
        lanes = list(self._lanes.items())
        for name, meaning, value in rows:
            family = GaugeMetricFamily(_WORKER + name, meaning, labels=("topic", "partition"))
            for place, lane in lanes:
                number = value(lane)
                if number is not None:
                    family.add_metric((place.topic, str(place.partition)), float(number))
            yield family

    def describe(self) -> Iterator[Metric]:
        """Nothing: asking for it must not collect."""
        return iter(())


def _position(lane: Lane) -> float | None:
    return lane.head.position if lane.head else None


def _lag(lane: Lane) -> float | None:
    return max(0, lane.head.log_end - lane.head.position) if lane.head else None


def _as_of_s(lane: Lane) -> float | None:
    return lane.head.as_of_ms / 1000 if lane.head else None
