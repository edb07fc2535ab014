"""The last chapters of the worked example: from Redis to /metrics."""

from collections.abc import Iterator, Sequence

from redis.crc import key_slot

from processor.core.formula import Mean, NetPromoter, ScoreMetric, Share
from processor.core.metric import SCORE
from processor.core.pane import Pane
from processor.core.score import CONFIDENCE, Z
from processor.core.slice import cell_name
from processor.core.tally import Tally, Vector, add, zero
from processor.core.window import Ranges, reading_of, window_ranges
from processor.store.contract import Place
from processor.store.layout import Keys, pane_name, windows_key
from tests.documents.example.arithmetic import Spelled, mean_steps, net_promoter_steps, share_steps
from tests.documents.example.naming import vector_words
from tests.documents.example.story import CARTS, CONTACTS, NOW_MS, SURVEYS, Story
from tests.documents.markdown import columns, fence, prose, table
from tests.documents.times import clock, length
from tests.documents.wording import counted_words, formula_words

SHOWN = (
    ("nps_score", "1h"),
    ("nps_score", "5m"),
    ("service_level_ratio", "1h"),
    ("handle_time_seconds", "1h"),
    ("fcr_ratio", "7d"),
    ("cart_abandonment_ratio", "1h"),
)
"""The scores whose arithmetic is spelled out."""


def redis(story: Story) -> Iterator[str]:
    """What is stored now."""
    stage = story.stage
    first = Keys(stage.namespace, SURVEYS).head
    tag = first[1 : first.index("}")]
    yield "## 8. What Redis holds"
    yield prose(f"""
        The braces in a key are a hash tag: Redis Cluster takes only what stands between them
        (CRC-16, modulo 16384) for the slot. So all keys of a partition, here those of `{tag}`, live
        in one slot, and one script may touch them all.
    """)
    rows = [row for place in stage.places for row in _keys(story, place)]
    name = windows_key(stage.namespace)
    rows.append((f"`{name}`", "hash", key_slot(name.encode()), "the windows, published back"))
    yield table(("key", "type", "slot", "holds"), rows)
    yield prose("""
        The last one is the exporter's: it writes the windows back for whatever reads Redis rather
        than Prometheus, each line of `/metrics` as a field and a value, with the common now:
    """)
    (line,) = lines_of(story.exposition.splitlines(), SCORE["nps_score"], "1h")[:1]
    field, value = line.rsplit(" ", 1)
    yield fence(columns([("now_ms", str(NOW_MS)), (field, value), ("...", "")]), "text")


def _keys(story: Story, place: Place) -> list[tuple[object, ...]]:
    keys = Keys(story.stage.namespace, place)
    panes = sorted(story.stage.view(place).panes.stored)
    holds = (
        (keys.head, "hash", "`commit`: the last one; `head`: as JSON"),
        (keys.journal, "stream", _entries(story, place)),
        (keys.recent, "list", f"{_commits(story, place)} commits, each with the panes it touched"),
        (keys.panes, "sorted set", f"the names of {len(panes)} panes"),
        (keys.pane(panes[0]), "hash", f"a pane; {len(panes) - 1} more are like it"),
    )
    slot = key_slot(keys.head.encode())
    return [(f"`{key}`", kind, slot, what) for key, kind, what in holds]


def _commits(story: Story, place: Place) -> int:
    return sum(act.place == place for act in story.stage.acts)


def _entries(story: Story, place: Place) -> str:
    entries = sum(bool(act.commit.states) for act in story.stage.acts if act.place == place)
    return f"{entries} entries, one for each commit that changed a state"


def windows(story: Story) -> Iterator[str]:
    """Panes into windows."""
    nps, carts = SCORE["nps_score"].tally, SCORE["cart_abandonment_ratio"].tally
    yield "## 9. Windows"
    yield prose(f"""
        The exporter reads the panes that changed and moves all windows to one common now,
        {clock(NOW_MS)}. A window begins at `now - length`, rounded up to its tier. Most counts are
        read up to now, the open pane of 10 s included. What may stand in the future (outcomes of
        carts, settled FCR) is read up to the as-of, {_as_of(story)}, in closed panes only. Where
        the last minute or hour is still open, finer panes stand in for it.
    """)
    rows = []
    for window in story.stage.definitions.windows:
        ranges, due = (_ranges(story, tally, window.name) for tally in (nps, carts))
        rows.append((f"`{window.name}`", _covered(ranges), _covered(due)))
    yield table(("window", "most counts: panes", "what time alone brings: panes"), rows)
    yield "The panes with NPS answers that make up the window of 1 h:"
    yield _pane_sum(story, nps, SURVEYS, "1h")
    yield prose("""
        The same answers in the window of 24 h: panes of a minute, and one of 10 s for the minute
        that is open.
    """)
    yield _pane_sum(story, nps, SURVEYS, "24h")
    yield prose("""
        And the outcomes of carts in the window of 1 h. Of the abandonment that was counted in
        advance nothing is left.
    """)
    yield _pane_sum(story, carts, CARTS, "1h")


def _as_of(story: Story) -> str:
    return clock(story.windows.partitions[(CARTS.topic, CARTS.partition)].as_of_ms)


def _ranges(story: Story, tally: Tally, name: str) -> Ranges:
    definitions = story.stage.definitions
    window = next(each for each in definitions.windows if each.name == name)
    reading = reading_of(definitions, tally)
    as_of_ms = story.windows.partitions[(SURVEYS.topic, SURVEYS.partition)].as_of_ms
    return window_ranges(window, reading, NOW_MS, reading.end_ms(NOW_MS, as_of_ms))


def _covered(ranges: Ranges) -> str:
    parts = [
        f"{length(tier)}: {clock(start)} to {clock(until)}"
        for tier, (start, until) in ranges.items()
        if start < until
    ]
    return "<br>".join(parts)


def _panes(story: Story, tally: Tally, place: Place, window: str) -> Iterator[tuple[Pane, Vector]]:
    """The panes of a window that hold a tally's total."""
    partition = story.windows.partitions[(place.topic, place.partition)]
    held = partition.panes(reading_of(story.stage.definitions, tally))
    for tier, (start, until) in _ranges(story, tally, window).items():
        for pane in sorted(held):
            if pane[0] == tier and start <= pane[1] < until and tally.name in held[pane]:
                yield pane, held[pane][tally.name]


def _pane_sum(story: Story, tally: Tally, place: Place, window: str) -> str:
    total = zero(tally)
    rows: list[Sequence[object]] = []
    for pane, vector in _panes(story, tally, place, window):
        total = add(total, vector)
        words = vector_words(tally, vector)
        rows.append((f"`{pane_name(pane)}`", clock(pane[1]), f"`{vector}`", words))
    held = _total(story, tally, window)
    if total != held:
        raise ValueError(f"the panes shown add up to {total}, the window holds {held}")
    rows.append(("**sum**", "", f"`{held}`", vector_words(tally, held)))
    return table(("pane", "from", f"`{tally.name}`", ""), rows)


def _total(story: Story, tally: Tally, window: str) -> Vector:
    totals = story.windows.totals(window, tally)
    return totals.get(cell_name(tally, (), ())) or zero(tally)


def scores(story: Story) -> Iterator[str]:
    """Counts into scores."""
    yield "## 10. Scores"
    yield prose(f"""
        A score is a formula over the counts of one window; [metrics.md](metrics.md) has them all,
        with who defined them. The bounds are those of a two-sided interval of
        {100 * CONFIDENCE:.0f} %, z = {Z:.5f}. Six digits are shown in the steps; `/metrics` is
        given the whole number.
    """)
    text = story.exposition.splitlines()
    for name, window in SHOWN:
        metric = SCORE[name]
        vector = _total(story, metric.tally, window)
        yield f"### {metric.title}, {window}"
        yield f"{formula_words(metric)}, with {counted_words(metric, vector)}:"
        yield fence(spelled(metric, vector).steps, "text")
        yield fence(lines_of(text, metric, window), "text")
    yield prose("""
        Bounds say what a number is worth. Two promoters are an NPS of 100 of which nobody knows
        whether it is below zero. One first contact that was not resolved leaves everything open but
        the top fifth.
    """)


def spelled(metric: ScoreMetric, vector: Vector) -> Spelled:
    """The arithmetic of a score."""
    formula = metric.formula
    if isinstance(formula, NetPromoter):
        counts = (formula.promoters, formula.detractors, formula.answers)
        promoters, detractors, answers = (count.of(vector) for count in counts)
        return net_promoter_steps(promoters, detractors, answers)
    if isinstance(formula, Share):
        whole = sum(each.of(vector) for each in formula.wholes)
        return share_steps(formula.part.of(vector), whole)
    assert isinstance(formula, Mean)
    assert formula.squares is not None
    counted = (formula.total, formula.squares, formula.count)
    total, squares, n = (each.of(vector) for each in counted)
    return mean_steps(total, squares, n, formula.total.unit)


def lines_of(text: Sequence[str], metric: ScoreMetric, window: str) -> list[str]:
    """A score's lines in an exposition: of its total, in one window."""
    name = f"cx_{metric.name}"
    suffixes = ("", "_lower", "_upper", "_n", "_coverage_ratio")
    starts = [f'{name}{suffix}{{window="{window}"}} ' for suffix in suffixes]
    return [line for start in starts for line in text if line.startswith(start)]


def exposition(story: Story) -> Iterator[str]:
    """Lines of /metrics."""
    text = story.exposition.splitlines()
    yield "## 11. /metrics"
    yield prose("""
        What Prometheus reads. Everything is a gauge, for a correction lowers a count. A slice is
        another metric name, for a sum over a total and its parts would be wrong. Numbers are the
        shortest decimals that read back to the same value. Of the windows only 1h is shown here:
    """)
    yield fence([line for name in LINES for line in _family(text, name, "1h")], "text")
    yield prose("""
        A score of nothing has no line; its `_n` says 0, and its counts are there. The settled FCR
        of the two calls will be known in a week:
    """)
    settled = [line for line in text if line.startswith("cx_fcr_settled_") and '"7d"' in line]
    yield fence([line for line in settled if "_by_" not in line and "_net_" not in line], "text")
    yield "What the exporter says of the view:"
    yield fence([line for name in HEALTH for line in _family(text, name)], "text")
    yield prose(f"""
        And where every position of the logs went; lines with 0 are left out, and `{SURVEYS}` and
        `{CONTACTS}` shown:
    """)
    yield fence(filter(_told, text), "text")


LINES = (
    "cx_nps_answers",
    "cx_nps_promoters",
    "cx_nps_detractors",
    "cx_nps_answers_by_channel",
    "cx_nps_score",
    "cx_nps_score_by_channel",
    "cx_nps_score_by_channel_lower",
    "cx_nps_score_by_channel_upper",
    "cx_nps_score_by_channel_n",
    "cx_carts_abandoned",
    "cx_carts_converted_minor_units",
)
HEALTH = ("cx_up", "cx_windows_timestamp_seconds", "cx_as_of_timestamp_seconds")


def _told(line: str) -> bool:
    of = (f'topic="{SURVEYS.topic}"', f'topic="{CONTACTS.topic}"')
    told = line.startswith("cx_log_positions{") and not line.endswith(" 0")
    return told and any(each in line for each in of)


def _family(text: Sequence[str], name: str, window: str | None = None) -> list[str]:
    """A family's help, type and lines, those of one window if it is named.

    Raises:
        ValueError: there is no such family.
    """
    head = [line for line in text if line.startswith((f"# HELP {name} ", f"# TYPE {name} "))]
    if not head:
        raise ValueError(f"{name} is not exposed")
    lines = [line for line in text if line.startswith((f"{name}{{", f"{name} "))]
    return head + [line for line in lines if window is None or f'window="{window}"' in line]
