"""Number by number: what the oracle says, and what a running system holds."""

from collections.abc import Collection, Iterator, Mapping
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

_ENTITIES: dict[str, tuple[str, ...]] = {
    **{f"{PREFIX}{count.name}": count.tally.entities for count in COUNTS},
    **{f"{PREFIX}{score.name}": score.tally.entities for score in SCORES},
}

SeriesKey = tuple[str, frozenset[tuple[str, str]]]

EntityWindow = tuple[str, str]
"""All numbers of one entity over one window, both by name."""


def compare_panes(
    check: Check,
    place: Place,
    expected: Mapping[Pane, Sums],
    stored: Mapping[Pane, Cells],
    from_ms: float = 0,
) -> None:
    """Every cell of every pane of a partition, those that should not be there included.

    Panes that start before `from_ms` are left out.
    """
    for pane in sorted(pane for pane in expected.keys() | stored.keys() if pane[1] >= from_ms):
        wanted, cells = expected.get(pane, {}), stored.get(pane, {})
        for name in sorted(wanted.keys() | cells.keys()):
            found = _fields(name, cells[name]) if name in cells else {}
            check.compare(f"{place}, {_pane_text(pane)}, {name}", wanted.get(name, {}), found)


def compare_series(
    check: Check,
    expected: Mapping[str, Sums],
    found: Series,
    left_out: Collection[EntityWindow] = (),
) -> None:
    """Every count and score of every window, slice by slice; what nothing counts for is zero."""
    wanted = dict(_expected_series(expected))
    for key in wanted.keys() | {key for key in found if _is_number(key)}:
        if _entity_window(key) not in left_out:
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


def pane_time(at_ms: float) -> str:
    """The start of a pane for people."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _is_number(key: SeriesKey) -> bool:
    """Whether a series is a count or a score over a window."""
    name, labels = key
    has_window = any(label == "window" for label, _ in labels)
    return name.startswith(PREFIX) and has_window and not name.endswith("_coverage_ratio")


def _entity_window(key: SeriesKey) -> EntityWindow:
    """What a series is a number of; no entity if nobody knows it."""
    name, labels = key[0], dict(key[1])
    known = (begin for begin in _ENTITIES if name == begin or name.startswith(f"{begin}_"))
    entities = _ENTITIES.get(max(known, key=len, default=""), ("",))
    entity = entities[0] if len(entities) == 1 else labels.get("entity", "")
    return entity, labels.get("window", "")


def _series_text(key: SeriesKey) -> str:
    name, labels = key
    return f"{name}{{{', '.join(f'{label}={value}' for label, value in sorted(labels))}}}"


def _pane_text(pane: Pane) -> str:
    length_ms, start_ms = pane
    return f"{length_ms // 1000} s from {pane_time(start_ms)}"


def _vector(tally: Tally, fields: Mapping[str, int]) -> Vector:
    vector = zero(tally)
    for field, amount in fields.items():
        vector[tally.fields.index(field)] = amount
    return vector


def _fields(name: str, packed: bytes) -> dict[str, int]:
    tally = TALLY_BY_NAME[tally_name(name)]
    pairs = zip(tally.fields, unpack_vector(packed), strict=True)
    return {field: amount for field, amount in pairs if amount}
