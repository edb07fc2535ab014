"""The chapters about a survey answer: submitted, sent again, corrected."""

import json
from collections.abc import Iterator

from processor.core.head import Head
from processor.store.layout import pack_head
from tests.documents.example.anatomy import packed_state
from tests.documents.example.naming import Naming
from tests.documents.example.sight import (
    checks_table,
    delta_table,
    panes_table,
    record_table,
    state_table,
    topic_of,
    value_text,
)
from tests.documents.example.stage import Act
from tests.documents.example.story import QUESTION, REMARK, Story
from tests.documents.example.wire import commit_listing
from tests.documents.markdown import folded, prose, table
from tests.documents.times import clock, length


def submission(story: Story) -> Iterator[str]:
    """A submission, with everything."""
    act = story.survey
    (told,) = act.told
    yield "## 1. A survey answer"
    yield prose("""
        A customer rates 9 of 10 and writes a remark. The form sends a record; the broker stamps it
        with its own clock, and that is its *arrival*.
    """)
    yield record_table(act.place, told.record)
    yield value_text(told.record)
    yield "### Admitted"
    yield checks_table(topic_of(act, "response"), told)
    yield prose(f"""
        So it is admitted. The clock of the partition, the running maximum of arrivals, moves to
        {clock(act.changes.head.clock_ms)}. An instant that is not said falls back: the answer has
        no `answered_at` and the event no `submitted_at`, so the answer was given when the event
        occurred.
    """)
    yield from _state(story)
    yield from _counts(act)
    yield from _commit(act)


def _state(story: Story) -> Iterator[str]:
    act = story.survey
    (told,) = act.told
    packed = act.changes.states[told.entity]
    if any(REMARK.encode() in part for part in (packed, *map(_bytes, act.arguments))):
        raise ValueError("the remark was kept")
    yield "### Its state"
    yield prose(f"""
        The response is known as `{told.entity.hex()}`. There was no state of that name; now there
        is one, of these registers. A *version* is (shape, occurred_at, hash of the event id), and
        of two things said about one register that with the greater version holds. The *anchor* is
        `created_at` cut to a whole second. The remark has no register: an answer of kind `text` is
        dropped before anybody looks at it.
    """)
    yield state_table(None, told.after, _naming(story))
    yield prose(f"""
        Packed (MessagePack) it has {len(packed)} bytes. A register is a number, `instance << 8 |
        code`. The instance says which question, segment or order; a question without a row in the
        registry goes by half of its hash, with bit 55 set.
    """)
    yield packed_state(packed, _naming(story))


def _counts(act: Act) -> Iterator[str]:
    (told,) = act.told
    yield "### What it counts"
    yield prose("""
        A function of the state alone, at the instant of the first answer. Nothing was counted
        before, so all of it is added: to the total, and to the slice of its channel.
    """)
    yield delta_table(act, told)
    yield "### Where it lands"
    yield prose("""
        Each count goes to one pane of every tier: 10 s, 1 min, 1 h. In tier `w` the pane of instant
        `t` begins at `t - t mod w`; its name is `w:start`, both in ms. A cell is a vector, stored
        as a MessagePack array of integers in the order of the tally's fields: `9b` says that eleven
        follow, r0 to r10.
    """)
    yield panes_table(act)


def _commit(act: Act) -> Iterator[str]:
    yield "### The commit"
    yield prose(f"""
        All of it is one call of [commit.lua](../processor/store/commit.lua): `EVALSHA`, the SHA-1
        of the script, {len(act.keys)} for the number of keys, and what follows. The script compares
        ARGV[1] with the commit that the head names, which is the one by which the worker took the
        partition over, and writes only if the two agree: state and position change together or not
        at all. It computes nothing; every value is absolute, so that a commit may be sent again.
        Bytes are shown in hex (`0x`), and what stands behind `#` is not sent.
    """)
    yield commit_listing(act)
    yield "### The head"
    yield prose("""
        What the partition's view claims from now on. `position - start` is the sum of the
        accounting: nothing can vanish.
    """)
    yield head_table(act.head_before, act.changes.head)


_INSTANTS = ("clock_ms", "as_of_ms")
_HEAD_SAYS = {
    "position": "the offset of the next record to read",
    "start": "the position at which the view began",
    "log.cluster": "the id of the Kafka cluster",
    "log.partitions": "how many partitions the topic has",
    "log.offset": "the last record that was read: whoever takes over reads it again",
    "log.checksum": "and compares the CRC-32 of its key and value",
    "clock_ms": "the greatest arrival so far",
    "as_of_ms": "all that had arrived by then is in; while behind: clock - 1 ms - 2 s of margin",
    "log_end": "where the log ended when last asked",
    "covered_from_ms": "the view vouches for its panes from then on; 0: for all of them",
    "accounting.applied": "records that changed a state",
    "accounting.no_effect": "records that changed nothing",
    "accounting.expired": "refused as too late, by reason",
    "accounting.dead_letter": "refused as broken, by reason",
    "accounting.invisible": "positions without a record",
    "accounting.lost": "positions that retention took before they were read",
}


def head_table(before: Head, after: Head) -> str:
    """The fields of a head before and after, what changed in bold."""
    old, new = (_flat(json.loads(pack_head(head))) for head in (before, after))
    rows = []
    for name, value in new.items():
        told = f"{value} ({clock(int(value))})" if name in _INSTANTS and value != "0" else value
        shown = told if old[name] == value else f"**{told}**"
        rows.append((f"`{name}`", old[name], shown, _HEAD_SAYS[name]))
    return table(("field", "before", "after", "says"), rows)


def _flat(head: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in head.items():
        if name in ("log", "accounting") and isinstance(value, dict):
            flat |= _flat(value, f"{name}.")
        else:
            flat[prefix + name] = "none" if value == {} else str(value)
    return flat


def duplicate(story: Story) -> Iterator[str]:
    """The same bytes again."""
    act = story.again
    (told,) = act.told
    if act.changes.read.no_effect != 1 or act.changes.states or act.changes.panes.cells:
        raise ValueError("a duplicate had an effect")
    yield "## 2. The same record again"
    yield prose(f"""
        The form missed the acknowledgement and sends the same bytes again. They stand at offset
        {told.record.offset} and arrived at {clock(told.record.arrival_ms)}. Joining what is there
        already changes nothing: outcome *no_effect*. No event id was remembered for that; it is a
        property of the join. The commit carries no state and no cell, only a head that is one
        position further.
    """)
    yield commit_listing(act)


def correction(story: Story) -> Iterator[str]:
    """An edit."""
    first, act = story.survey, story.edit
    (told,) = act.told
    later = length((told.record.arrival_ms - first.told[0].record.arrival_ms) // 60_000 * 60_000)
    yield "## 3. The correction"
    yield prose(f"""
        {later} later the customer changes the 9 to a 6. The form sends what is different, under the
        response's id; nothing in it says that it is a correction.
    """)
    yield record_table(act.place, told.record)
    yield value_text(told.record)
    yield prose("""
        It is admitted like the first, and its greater version wins the register of the answer. The
        *first answer* is a smallest instant: it stays, and with it the pane. An edit changes a
        value, never when it counts. What the edit does not speak of stays as it was.
    """)
    yield state_table(told.before, told.after, _naming(story))
    yield packed_state(act.changes.states[told.entity], _naming(story))
    yield prose("""
        The contribution after, less the contribution before: the promoter leaves the very panes it
        was added to, a detractor takes its place. The response itself counts as it did, so `survey`
        is not touched. Had the edit arrived before the original, the state and the panes would now
        be the same.
    """)
    yield delta_table(act, told)
    yield panes_table(act)
    yield folded("The commit", commit_listing(act))


def _naming(story: Story) -> Naming:
    stage = story.stage
    return Naming(stage.definitions, stage.identity, "response", {QUESTION: QUESTION})


def _bytes(argument: object) -> bytes:
    return argument if isinstance(argument, bytes) else str(argument).encode()
