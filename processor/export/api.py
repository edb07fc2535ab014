"""The same numbers as JSON, for programs that would rather not parse the exposition.

    {build, now_ms, status, topics: {name: {as_of_ms, partitions: {number: head}}},
     windows: {name: {counts: [{name, labels, value, unit}],
                      scores: [{name, labels, value, lower, upper, n, coverage}]}}}

Counts are whole numbers in units of 1/`unit`; a score of nothing is null, and so is the coverage of
one that no topic feeds.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from processor.core.metric import SCORES
from processor.core.series import series_labels
from processor.export.numbers import COUNTS_OF, SCORES_OF, Row, coverage, rows
from processor.export.watch import Watch


def windows_model(watch: Watch, build: Mapping[str, str]) -> dict[str, Any]:
    """Everything: status, topics with their partitions, and per window all counts and scores."""
    status = watch.status()
    windows = watch.windows
    coverages = _coverages(watch)
    by_window: dict[str, dict[str, list[dict[str, Any]]]] = {
        window.name: {"counts": [], "scores": []} for window in windows.definitions.windows
    }
    for row in rows(windows):
        by_window[row.window]["counts"] += _counts(row)
        by_window[row.window]["scores"] += _scores(row, coverages)
    return {
        "build": dict(build),
        "now_ms": windows.now_ms,
        "status": {"condition": status.condition, "text": status.text, "progress": status.progress},
        "topics": {topic: _topic(watch, topic) for topic in watch.topics},
        "windows": by_window,
    }


def _coverages(watch: Watch) -> dict[tuple[str, str], float]:
    """The share of a window that the view vouches for: {(window, score): 0 to 1}."""
    windows = watch.windows
    return {
        (window.name, score.name): coverage(
            windows, window.name, score.tally, watch.partitions_of(score.tally)
        )
        for score in SCORES
        if watch.partitions_of(score.tally)
        for window in windows.definitions.windows_of(score.tally)
    }


def _counts(row: Row) -> Iterator[dict[str, Any]]:
    labels = _labels(row)
    for count in COUNTS_OF[row.cell.tally]:
        yield {
            "name": count.name,
            "labels": labels | dict([count.label] if count.label else []),
            "value": count.of(row.vector),
            "unit": count.unit,
        }


def _scores(row: Row, coverages: Mapping[tuple[str, str], float]) -> Iterator[dict[str, Any]]:
    labels = _labels(row)
    for metric in SCORES_OF[row.cell.tally]:
        score = metric.of(row.vector)
        yield {
            "name": metric.name,
            "labels": labels,
            "value": score.value,
            "lower": score.lower,
            "upper": score.upper,
            "n": score.n,
            "coverage": coverages.get((row.window, metric.name)),
        }


def _labels(row: Row) -> dict[str, str]:
    """The labels of a row; its window is where the row stands."""
    return dict(series_labels(row.window, row.cell)[1:])


def _topic(watch: Watch, topic: str) -> dict[str, Any]:
    heads = {
        place.partition: head for place, head in watch.reader.heads.items() if place.topic == topic
    }
    return {
        "as_of_ms": watch.as_of_ms(topic),
        "partitions": {str(partition): head for partition, head in sorted(heads.items())},
    }
