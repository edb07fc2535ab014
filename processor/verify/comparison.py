"""Number by number: what the oracle says, and what a running system holds."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from processor.core.counted import COUNTS
from processor.core.head import Accounting, Head
from processor.core.metric import SCORES
from processor.core.pane import Cells, Pane, unpack_vector
from processor.core.series import PREFIX, series_labels, series_name
from processor.core.slice import Cell, parse_cell, tally_name
from processor.core.tally import TALLY_BY_NAME, Tally, Vector, zero
from processor.store.contract import Place
from processor.verify.oracle import Cells as Sums
from processor.verify.report import Check
from processor.verify.snapshot import Series

_CASE_PREFIXES = (
    *(f"{PREFIX}{count.name}" for count in COUNTS if count.tally.entities == ("case",)),
    *(f"{PREFIX}{score.name}" for score in SCORES if score.tally.entities == ("case",)),
)

SeriesKey = tuple[str, frozenset[tuple[str, str]]]


def compare_panes(
    check: Check,
    place: Place,
    expected: Mapping[Pane, Sums],
    stored: Mapping[Pane, Cells],
) -> None:
    """Every cell of every pane of a partition, those that should not be there included."""
    for pane in sorted(expected.keys() | stored.keys()):
        wanted, cells = expected.get(pane, {}), stored.get(pane, {})
        for name in sorted(wanted.keys() | cells.keys()):
            found = _fields(name, cells[name]) if name in cells else {}
            check.compare(f"{place}, {_pane_text(pane)}, {name}", wanted.get(name, {}), found)


def compare_series(
    check: Check, expected: Mapping[str, Sums], found: Series, *, with_cases: bool
) -> None:
    """Every count and score of every window, slice by slice; what nothing counts for is zero."""
    wanted = dict(_expected_series(expected))
    for key in wanted.keys() | {key for key in found if _is_number(key)}:
        if with_cases or not _is_of_cases(key):
            check.compare(_series_text(key), wanted.get(key, 0.0), found.get(key))


def compare_accounts(check: Check, place: Place, head: Head, replayed: Accounting | None) -> None:
    """The accounting identity of a partition, and what became of its records if replayed."""
    positions = head.position - head.start
    check.compare(f"{place}, positions", positions, head.accounting.positions)
    if replayed is not None:
        check.compare(f"{place}, outcomes", replayed, head.accounting)


def _expected_series(expected: Mapping[str, Sums]) -> Iterator[tuple[SeriesKey, float]]:
    for window, sums in expected.items():
        for name, fields in sums.items():
            cell = parse_cell(name)
            vector = _vector(cell.tally, fields)
            labels = tuple(series_labels(window, cell))
            yield from _count_series(cell, labels, vector)
            yield from _score_series(cell, labels, vector)


def _count_series(
    cell: Cell, labels: tuple[tuple[str, str], ...], vector: Vector
) -> Iterator[tuple[SeriesKey, float]]:
    for count in COUNTS:
        if count.tally is cell.tally:
            told = frozenset((*labels, count.label) if count.label else labels)
            yield (series_name(count.name, cell), told), count.of(vector) / count.unit


def _score_series(
    cell: Cell, labels: tuple[tuple[str, str], ...], vector: Vector
) -> Iterator[tuple[SeriesKey, float]]:
    told = frozenset(labels)
    for metric in SCORES:
        if metric.tally is cell.tally:
            score, name = metric.of(vector), series_name(metric.name, cell)
            values = {"": score.value, "_lower": score.lower, "_upper": score.upper}
            known = {suffix: value for suffix, value in values.items() if value is not None}
            for suffix, value in {**known, "_n": float(score.n)}.items():
                yield (f"{name}{suffix}", told), value


def _is_number(key: SeriesKey) -> bool:
    """Whether a series is a count or a score over a window."""
    name, labels = key
    has_window = any(label == "window" for label, _ in labels)
    return name.startswith(PREFIX) and has_window and not name.endswith("_coverage_ratio")


def _is_of_cases(key: SeriesKey) -> bool:
    return key[0].startswith(_CASE_PREFIXES) or ("entity", "case") in key[1]


def _series_text(key: SeriesKey) -> str:
    name, labels = key
    return f"{name}{{{', '.join(f'{label}={value}' for label, value in sorted(labels))}}}"


def _pane_text(pane: Pane) -> str:
    length_ms, start_ms = pane
    start = datetime.fromtimestamp(start_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{length_ms // 1000} s from {start}"


def _vector(tally: Tally, fields: Mapping[str, int]) -> Vector:
    vector = zero(tally)
    for field, amount in fields.items():
        vector[tally.fields.index(field)] = amount
    return vector


def _fields(name: str, packed: bytes) -> dict[str, int]:
    tally = TALLY_BY_NAME[tally_name(name)]
    pairs = zip(tally.fields, unpack_vector(packed), strict=True)
    return {field: amount for field, amount in pairs if amount}
