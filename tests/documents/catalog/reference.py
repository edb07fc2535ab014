"""The tables of the page: scores, counts, health, the worker's own, sources."""

from collections.abc import Iterable, Iterator
from inspect import cleandoc

from processor.core.counted import COUNTS
from processor.core.formula import CountMetric, ScoreMetric
from processor.core.metric import SCORES
from processor.core.question import positive_edge
from processor.core.series import PREFIX
from processor.core.tally import CES, CSAT, TALLIES
from tests.documents.catalog.group import GROUPS, Group
from tests.documents.catalog.scrape import (
    Family,
    exporter_text,
    families,
    process_text,
    worker_text,
)
from tests.documents.catalog.source import sources_table
from tests.documents.markdown import prose, table
from tests.documents.wording import formula_words, interval_of

_COMPANIONS = ("_n", "_lower", "_upper", "_coverage_ratio", "_target")
_SCORE_TITLES = ("score", "says", "formula", "unit", "good", "target", "n", "bounds")
_SCALES = ((1, 2), (1, 3), (1, 5), (1, 7), (1, 10), (0, 10), (0, 100))


def scores() -> Iterator[str]:
    """Every score, by group."""
    yield "## Scores"
    yield prose("""
        Each row has, beside the series it names, its `_n`, `_coverage_ratio` and `_by_...`, where
        it has bounds `_lower` and `_upper`, and where it has a target `_target`. "n" is what `_n`
        counts, "good" the direction in which the score is good. Labels beside `window` and the
        slice stand under the name. The targets are the defaults; [settings.md](settings.md#targets)
        changes them.
    """)
    if {tally for group in GROUPS for tally in group.tallies} != set(TALLIES):
        raise ValueError("a tally belongs to no group of the page")
    for group in GROUPS:
        told = [score for score in SCORES if score.tally in group.tallies]
        if not told:
            continue
        yield f"### {group.title}"
        yield f"{cleandoc(group.text)}\n\nThe rules: [counting.md](counting.md#{group.rules})."
        yield table(_SCORE_TITLES, map(_score_row, told))
        yield from _boxes(group)
        yield from _defined_by(told)


def _score_row(score: ScoreMetric) -> tuple[str, ...]:
    name = f"**{score.title}**<br>`{PREFIX}{score.name}`{_labels(score.tally.dimensions)}"
    target = "" if score.target is None else f"{score.target:g}"
    bounds = interval_of(score) or "none"
    unit = (score.unit, score.good, target)
    return name, score.help, formula_words(score), *unit, score.counted, bounds


def _defined_by(scores: Iterable[ScoreMetric]) -> Iterator[str]:
    """Who defines the scores so; those with one source in one line."""
    titles: dict[str, list[str]] = {}
    for score in scores:
        titles.setdefault(score.source, []).append(score.title)
    lines = [f"- **{', '.join(those)}**: {source}." for source, those in titles.items()]
    yield "\n".join(["Defined by:", "", *lines])


def _labels(names: Iterable[str]) -> str:
    told = ", ".join(f"`{name}`" for name in names)
    return f"<br>{told}" if told else ""


def _boxes(group: Group) -> Iterator[str]:
    """What counts as positive on which scale."""
    for tally, kind in ((CSAT, "csat"), (CES, "ces")):
        if tally in group.tallies:
            rows = [(f"{low}-{high}", *_box(kind, low, high)) for low, high in _SCALES]
            titles = ("scale", "positive if high is good", "positive if low is good")
            yield "What is positive, unless the question registry says from which value on:"
            yield table(titles, rows)


def _box(kind: str, low: int, high: int) -> tuple[str, str]:
    best = positive_edge(kind, low, high, "high_good")
    worst = positive_edge(kind, low, high, "low_good")
    return (
        f"{best}-{high}" if best < high else f"{high}",
        f"{low}-{worst}" if worst > low else f"{low}",
    )


def counts() -> Iterator[str]:
    """Every count, by group."""
    yield "## Counts"
    yield prose("""
        What scores are made of, and more: recompute any score from the counts of the same window
        and slice. "Made of" is where a count comes from: the fields of a tally, as they stand in
        Redis and in [counting.md](counting.md). All have the label `window`, and exist by slice
        too, but for the last group. "Of these" refers to the row above.
    """)
    for group in GROUPS:
        yield f"### {group.title}: counts"
        yield table(("count", "says", "unit", "made of"), _count_rows(group))


def _count_rows(group: Group) -> Iterator[tuple[str, ...]]:
    told: dict[str, None] = {}
    for tally in group.tallies:
        for count in COUNTS:
            if count.tally is tally and count.name not in told:
                told[count.name] = None
                yield _count_row(count)


def _count_row(count: CountMetric) -> tuple[str, ...]:
    labels = (*count.tally.dimensions, *([count.label[0]] if count.label else []))
    name = f"`{PREFIX}{count.name}`{_labels(labels)}"
    fields = "one field each" if count.label else " + ".join(count.fields)
    return name, count.help, _unit(count), f"`{count.tally.name}`: {fields}"


def _unit(count: CountMetric) -> str:
    """The unit of a count; a name tells it, as Prometheus asks of names."""
    if count.unit > 1:
        return "s²" if count.name.endswith("_squares") else "s"
    return "minor units" if count.name.endswith("_minor_units") else "number"


def health() -> Iterator[str]:
    """What the exporter says of the view."""
    made = {f"{PREFIX}{name}" for name in (*(s.name for s in SCORES), *(c.name for c in COUNTS))}
    made |= {f"{PREFIX}{score.name}{suffix}" for score in SCORES for suffix in _COMPANIONS}
    own = [each for name, each in families(exporter_text()).items() if name not in made]
    yield "## Health of the view"
    yield "The exporter's own, gauges all. `cx_rebuild_ratio` is there only during a rebuild."
    yield _family_table(own)
    yield prose("""
        `cx_log_positions` says where every position of a partition's log went. Its sum over
        `outcome` and `reason` is the position less where the view began: nothing can vanish, and
        `cxpulse verify` checks it.
    """)
    yield table(("outcome", "is", "reason"), _OUTCOMES)


_OUTCOMES = (
    ("`applied`", "merged, and it changed a state", ""),
    ("`no_effect`", "merged, and it changed nothing: sent twice, or outdated", ""),
    ("`expired`", "too late to count", "`lateness`, `life`"),
    ("`dead_letter`", "refused; kept in a topic of its own", "[list](events.md#dead-letters)"),
    ("`invisible`", "no record: transaction markers, aborted and compacted records", ""),
    ("`lost`", "taken by retention before it was read", ""),
)


def worker() -> Iterator[str]:
    """What a worker says of itself."""
    own = [f for f in families(worker_text()).values() if not f.name.endswith("_created")]
    yield "## The worker's own"
    yield prose("""
        Each worker serves a `/metrics` of its own about the partitions it owns. A gauge of a
        partition goes with the partition when another worker takes it over. Counters begin with the
        process, and have a `_created` beside them that says when; for totals that outlive a worker,
        see `cx_log_positions` above.
    """)
    yield _family_table(own)
    yield prose("""
        `stalled`: commits have been failing for more than a second; the partition waits, loses
        nothing and goes on by itself. `stopped`: the log under this name is not the one the view
        was made from, and a person must decide.
    """)
    yield "### The process"
    yield prose("""
        Exporter and worker both expose what prometheus-client says of a process: these, the first
        six on Linux only.
    """)
    yield _family_table(families(process_text()).values())


def _family_table(rows: Iterable[Family]) -> str:
    told = (
        (f"`{f.name}`", f.kind, ", ".join(f"`{label}`" for label in f.labels), f.help) for f in rows
    )
    return table(("metric", "type", "labels", "says"), told)


def sources() -> Iterator[str]:
    """The publications."""
    yield "## Sources"
    yield prose("""
        Scale, polarity and formula differ from publisher to publisher under one name. This is whom
        the defaults follow; what is configurable can follow somebody else.
    """)
    yield sources_table()
