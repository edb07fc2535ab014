"""The same numbers as JSON: `/api/windows`, for programs that would rather not parse the exposition."""

from typing import Any

from processor.core.counted import COUNTS
from processor.core.metric import SCORES, series_labels
from processor.export.numbers import coverage, rows
from processor.export.watch import Watch


def windows_model(watch: Watch, build: dict[str, str]) -> dict[str, Any]:
    """Everything: status, topics with their partitions, and per window all counts and scores."""
    status = watch.status()
    windows = watch.windows
    by_window: dict[str, dict[str, list[dict[str, Any]]]] = {
        window.name: {"counts": [], "scores": []} for window in windows.definitions.windows
    }
    shares = {
        (window.name, score.name): coverage(
            windows, window.name, score.tally, watch.partitions_of(score.tally)
        )
        for score in SCORES
        for window in windows.definitions.windows_of(score.tally)
    }
    for row in rows(windows):
        labels = dict(series_labels(row.window, row.cell)[1:])
        for count in COUNTS:
            if count.tally is row.cell.tally:
                told = labels | dict([count.label] if count.label else [])
                value = {"name": count.name, "labels": told, "value": count.of(row.vector)}
                by_window[row.window]["counts"].append(value | {"unit": count.unit})
        for score in SCORES:
            if score.tally is row.cell.tally:
                made = score.of(row.vector)
                by_window[row.window]["scores"].append(
                    {
                        "name": score.name,
                        "labels": labels,
                        "value": made.value,
                        "lower": made.lower,
                        "upper": made.upper,
                        "n": made.n,
                        "coverage": shares[row.window, score.name],
                    }
                )
    return {
        "build": build,
        "now_ms": windows.now_ms,
        "status": {"condition": status.condition, "text": status.text, "progress": status.progress},
        "topics": {topic: _topic(watch, topic) for topic in watch.topics},
        "windows": by_window,
    }


def _topic(watch: Watch, topic: str) -> dict[str, Any]:
    heads = {
        place.partition: head for place, head in watch.reader.heads.items() if place.topic == topic
    }
    return {
        "as_of_ms": watch.as_of_ms(topic),
        "partitions": {str(partition): head for partition, head in sorted(heads.items())},
    }
