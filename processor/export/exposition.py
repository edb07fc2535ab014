"""The numbers as Prometheus reads them: text, pre-joined, without timestamps.

Counts first, then scores with their bounds, on how many they stand and how much of the window is
vouched for. A total and its parts never share a name: by slice, a series is called
`<name>_by_<dimension>`. A score of nothing has no series. Own text, because it is many times faster
than building samples; a test holds it against prometheus-client's parser.
"""

from collections.abc import Iterable, Iterator, Mapping

from processor.core.formula import CountMetric, ScoreMetric
from processor.core.head import Accounting
from processor.core.metric import SCORES
from processor.core.record import Outcome
from processor.core.series import PREFIX, series_labels, series_name
from processor.export.numbers import COUNTS_OF, SCORES_OF, Row, coverage, rows
from processor.export.watch import Condition, Watch

_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Families:
    """Metric families in the making: {name: help}, {name: lines}."""

    def __init__(self) -> None:
        """Start empty."""
        self._help: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}

    def add(
        self, name: str, meaning: str, value: float, labels: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Add one series, all of them gauges."""
        lines = self._lines.get(name)
        if lines is None:
            self._help[name] = meaning
            lines = self._lines[name] = []
        pairs = ",".join(f'{label}="{text.translate(_ESCAPES)}"' for label, text in labels)
        lines.append(f"{name}{{{pairs}}} {value!r}" if pairs else f"{name} {value!r}")

    def text(self) -> str:
        """The families as exposition text."""
        parts: list[str] = []
        for name, lines in self._lines.items():
            parts += (f"# HELP {name} {self._help[name]}", f"# TYPE {name} gauge", *lines)
        return "\n".join(parts) + "\n"


def exposition(watch: Watch, build: Mapping[str, str], targets: Mapping[str, float]) -> str:
    """Everything the exporter knows, as one page of text."""
    families = Families()
    _add_view(families, watch, build)
    for row in rows(watch.windows):
        _add_counts(families, row)
    for row in rows(watch.windows):
        _add_scores(families, row)
    for score in SCORES:
        _add_companions(families, watch, score, targets.get(score.name))
    return families.text()


def _add_counts(families: Families, row: Row) -> None:
    labels = series_labels(row.window, row.cell)
    for count in COUNTS_OF[row.cell.tally]:
        told = (*labels, count.label) if count.label else labels
        families.add(series_name(count.name, row.cell), _help(count, row), _value(count, row), told)


def _value(count: CountMetric, row: Row) -> float:
    whole = count.of(row.vector)
    return whole if count.unit == 1 else whole / count.unit


def _add_scores(families: Families, row: Row) -> None:
    labels = series_labels(row.window, row.cell)
    for metric in SCORES_OF[row.cell.tally]:
        score = metric.of(row.vector)
        name = series_name(metric.name, row.cell)
        meaning = _help(metric, row)
        families.add(f"{name}_n", f"On how many {metric.counted} {name} stands.", score.n, labels)
        if score.value is not None:
            families.add(name, meaning, score.value, labels)
        if score.lower is not None and score.upper is not None:
            families.add(f"{name}_lower", f"Lower 95 % bound of {name}.", score.lower, labels)
            families.add(f"{name}_upper", f"Upper 95 % bound of {name}.", score.upper, labels)


def _help(metric: CountMetric | ScoreMetric, row: Row) -> str:
    by = " and ".join(dimension for dimension, _ in row.cell.slice)
    return f"Over a rolling window of event time, {metric.help}{f', by {by}' if by else ''}."


def _add_companions(
    families: Families, watch: Watch, score: ScoreMetric, target: float | None
) -> None:
    name = f"{PREFIX}{score.name}"
    topics = watch.partitions_of(score.tally)
    for window in watch.windows.definitions.windows_of(score.tally) if topics else ():
        share = coverage(watch.windows, window.name, score.tally, topics)
        meaning = f"Share of the window that {name} can vouch for."
        families.add(f"{name}_coverage_ratio", meaning, share, [("window", window.name)])
    if target is not None:
        families.add(f"{name}_target", f"The target of {name}.", target)


def _add_view(families: Families, watch: Watch, build: Mapping[str, str]) -> None:
    status = watch.status()
    families.add(f"{PREFIX}up", "Whether the store was read and holds a view.", int(watch.is_up))
    families.add(f"{PREFIX}build_info", "What is running.", 1, build.items())
    families.add(
        f"{PREFIX}rebuilding",
        "Whether the view is catching up with the log.",
        int(status.condition is Condition.REBUILDING),
    )
    if status.progress is not None:
        families.add(f"{PREFIX}rebuild_ratio", "How much of the log is in.", status.progress)
    families.add(
        f"{PREFIX}windows_timestamp_seconds",
        "The common now at which all windows end.",
        watch.windows.now_ms / 1000,
    )
    families.add(
        f"{PREFIX}refresh_duration_seconds",
        "How long the last reading of the store took.",
        watch.duration_s,
    )
    for topic in watch.topics:
        families.add(
            f"{PREFIX}as_of_timestamp_seconds",
            "Everything that had arrived on the topic by then is in the view.",
            watch.as_of_ms(topic) / 1000,
            [("topic", topic)],
        )
    for place, head in sorted(watch.reader.heads.items(), key=lambda item: str(item[0])):
        where = (("topic", place.topic), ("partition", str(place.partition)))
        for outcome, reason, number in _accounts(head.accounting):
            families.add(
                f"{PREFIX}log_positions",
                "What became of the log's positions, all of them (a rollback lowers these).",
                number,
                (*where, ("outcome", outcome), ("reason", reason)),
            )


def _accounts(accounting: Accounting) -> Iterator[tuple[str, str, int]]:
    yield Outcome.APPLIED, "", accounting.applied
    yield Outcome.NO_EFFECT, "", accounting.no_effect
    yield "invisible", "", accounting.invisible
    yield "lost", "", accounting.lost
    for reason, number in accounting.expired.items():
        yield Outcome.EXPIRED, reason, number
    for reason, number in accounting.dead_letter.items():
        yield Outcome.DEAD_LETTER, reason, number
