"""Bad input through the whole worker: each record ends as a dead letter or is rightly admitted.

None of them stops a partition or touches its neighbours.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from processor.core.definitions import Definitions
from processor.core.pane import unpack_vector
from processor.core.record import Outcome, Record
from processor.store.contract import Place
from processor.stream.batch import Batch
from processor.stream.outlet import DEAD_LETTER_VALUE_MAX
from schemas.decode import answer_valid, decode
from schemas.diagnose import diagnose
from schemas.field import RECORD_BYTES_MAX
from schemas.reason import Reason, Rejection
from schemas.topic import TopicKind
from tests.laws.runs import PaneCells, is_kept, vectors
from tests.oracle import CASES, Oracle
from tests.schemas.hostile import HOSTILE
from tests.stream.crowd import (
    HOSTILE_ARRIVAL_MS,
    NEIGHBOUR_EVERY,
    TOPICS,
    fuzz_stream,
    hostile_stream,
    neighbour,
)
from tests.stream.row import Letter, Row
from tests.wire import MINUTE

MUTATIONS = 100_000


class Verdict(NamedTuple):
    """What the oracle says of a record."""

    outcome: Outcome
    reason: str


APPLIED, NO_EFFECT = Verdict(Outcome.APPLIED, ""), Verdict(Outcome.NO_EFFECT, "")


def ask(row: Row) -> tuple[Oracle, dict[str, list[Verdict]]]:
    """The oracle, having read the row's logs, and what it says of each record."""
    oracle = Oracle(row.definitions, row.identity)
    verdicts = {
        topic: [Verdict(*oracle.read(topic, 0, one)) for one in row.logs[Place(topic, 0)]]
        for topic in TOPICS
    }
    return oracle, verdicts


async def stored_panes(row: Row, topic: str, clock_ms: int) -> PaneCells:
    """What the store holds of a topic within retention at a clock."""
    reading = await row.store.read(Place(topic, 0), "")
    assert reading is not None
    panes = {
        pane: vectors({cell: unpack_vector(packed) for cell, packed in cells.items()})
        for pane, cells in reading.panes.items()
        if is_kept(row.definitions, pane, clock_ms)
    }
    return {pane: cells for pane, cells in panes.items() if cells}


async def differences(row: Row, oracle: Oracle, verdicts: dict[str, list[Verdict]]) -> list[str]:
    """Where a row that has read everything is not what the oracle says."""
    found = []
    told = {letter.key: (letter.reason, letter.value) for letter in row.letters}
    if told != _letters_due(row, verdicts) or len(told) != len(row.letters):
        found.append("the dead letters are not those of the oracle")
    for topic, became in verdicts.items():
        found += _miscounted(row, topic, Counter(became))
    clock_ms = max(oracle.clocks.values())
    for topic in (*TOPICS, CASES):
        true = oracle.panes(topic, clock_ms=clock_ms)
        if await stored_panes(row, topic, clock_ms) != true:
            found.append(f"{topic}: the panes are not those of the oracle")
    return found


def _letters_due(
    row: Row, verdicts: dict[str, list[Verdict]]
) -> dict[str, tuple[str, bytes | None]]:
    """Reason and value of every dead letter, by position."""
    due: dict[str, tuple[str, bytes | None]] = {}
    for topic, became in verdicts.items():
        for one, verdict in zip(row.logs[Place(topic, 0)], became, strict=True):
            if verdict.outcome is Outcome.DEAD_LETTER:
                whole = len(one.value or b"") <= DEAD_LETTER_VALUE_MAX
                due[f"{topic}/0/{one.offset}"] = (verdict.reason, one.value if whole else None)
    return due


def _miscounted(row: Row, topic: str, became: Counter[Verdict]) -> Iterator[str]:
    head = row.head(topic)
    booked = head.accounting
    refused: dict[Outcome, dict[str, int]] = defaultdict(dict)
    for (outcome, reason), count in became.items():
        refused[outcome][reason] = count
    if not head.is_accounted or head.position != became.total() or booked.invisible or booked.lost:
        yield f"{topic}: not every position is accounted for"
    if booked.dead_letter != refused[Outcome.DEAD_LETTER]:
        yield f"{topic}: dead letters are miscounted"
    if booked.expired != refused[Outcome.EXPIRED]:
        yield f"{topic}: the expired are miscounted"
    counted = (booked.applied, booked.no_effect)
    if counted != (refused[Outcome.APPLIED].get("", 0), refused[Outcome.NO_EFFECT].get("", 0)):
        yield f"{topic}: what was admitted is miscounted"


@pytest.fixture
async def rows() -> AsyncIterator[Callable[[Sequence[tuple[str, Record]]], Awaitable[Row]]]:
    """A way to have a row read a stream to its end."""
    made: list[Row] = []

    async def read(stream: Sequence[tuple[str, Record]], row: Row | None = None) -> Row:
        row = row or Row(Definitions())
        made.append(row)
        for topic, one in stream:
            row.append(topic, [one])
        await row.read_all()
        return row

    yield read
    for row in made:
        await row.stop()


Read = Callable[..., Awaitable[Row]]


async def test_every_hostile_record_is_a_dead_letter_and_its_neighbours_are_counted(
    rows: Read,
) -> None:
    assert len(HOSTILE) >= 200
    row = await rows(list(hostile_stream()))
    assert await differences(row, *ask(row)) == []
    assert len(row.letters) == 3 * len(HOSTILE)
    reasons = [refusal.reason for refusal in row.refused.values()]
    assert set(map(str, reasons)) == {str(hostile.reason) for hostile in HOSTILE}
    alone = await rows([neighbour(n, HOSTILE_ARRIVAL_MS) for n in range(len(HOSTILE))])
    for topic in TOPICS:
        assert row.head(topic).accounting.applied == alone.head(topic).accounting.applied
    for topic in (*TOPICS, CASES):
        assert await stored_panes(row, topic, 0) == await stored_panes(alone, topic, 0) != {}


async def test_a_hostile_record_gives_its_reason_in_its_own_topic(rows: Read) -> None:
    row = await rows(
        [(str(h.topic), Record(0, HOSTILE_ARRIVAL_MS, h.key, h.value, h.headers)) for h in HOSTILE]
    )
    offsets = Counter[str]()
    for hostile in HOSTILE:
        refusal = row.refused[hostile.topic, offsets[hostile.topic]]
        offsets[hostile.topic] += 1
        assert (refusal.outcome, refusal.reason) == (Outcome.DEAD_LETTER, hostile.reason)


async def test_a_hundred_thousand_mutations_go_through_and_the_oracle_agrees_on_each(
    rows: Read,
) -> None:
    row = await rows(list(fuzz_stream(5, MUTATIONS)))
    oracle, verdicts = ask(row)
    assert await differences(row, oracle, verdicts) == []
    became = Counter(verdict for told in verdicts.values() for verdict in told)
    assert became.total() == MUTATIONS * (NEIGHBOUR_EVERY + 1) // NEIGHBOUR_EVERY
    assert min(became[verdict] for verdict in (APPLIED, NO_EFFECT)) > 5_000
    assert became[Verdict(Outcome.EXPIRED, "lateness")] > 1_000
    assert len(row.letters) > MUTATIONS // 2
    for topic, told in verdicts.items():
        for one, verdict in zip(row.logs[Place(topic, 0)], told, strict=True):
            assert_twin_agrees(oracle, topic, one, verdict)
            good = (one.key or b"").startswith(b"good-")
            assert verdict == APPLIED or not good


def assert_twin_agrees(oracle: Oracle, topic: str, one: Record, verdict: Verdict) -> None:
    """The slow reader alone gives the same reason, or no fault; it knows nothing of envelopes."""
    size = len(one.value or b"") + len(one.key or b"")
    if one.headers or not one.value or size > RECORD_BYTES_MAX:
        return
    fault = diagnose(
        TopicKind(topic),
        one.key,
        value=one.value,
        latest_ms=one.arrival_ms + 5 * MINUTE,
        judge_answer=oracle.responses.judge if topic == TopicKind.SURVEYS else answer_valid,
    )
    refused = verdict.outcome is Outcome.DEAD_LETTER
    assert (fault.reason if fault else None) == (verdict.reason if refused else None)


class Forgetful(Row):
    def acknowledge(self, letter: Letter) -> None:
        if len(letter.key) % 5:
            super().acknowledge(letter)


class Stuttering(Row):
    def acknowledge(self, letter: Letter) -> None:
        super().acknowledge(letter)
        super().acknowledge(letter)


class Emptying(Row):
    def acknowledge(self, letter: Letter) -> None:
        super().acknowledge(msgspec.structs.replace(letter, value=b""))


class Skipping(Row):
    def batch(self, place: Place, generation: int, start: int, records: Sequence[Record]) -> Batch:
        return super().batch(place, generation, start, records[1:])


class Deaf(Row):
    async def move(self, place: Place, position: int, generation: int) -> None:
        return None


@pytest.mark.parametrize(
    ("faulty", "symptom"),
    [
        (Row, None),
        (Forgetful, "the dead letters are not"),
        (Stuttering, "the dead letters are not"),
        (Emptying, "the dead letters are not"),
        (Skipping, "not every position"),
    ],
)
async def test_a_faulty_worker_is_found(rows: Read, faulty: type[Row], symptom: str | None) -> None:
    row = await rows(list(fuzz_stream(1, 2_000)), faulty(Definitions()))
    found = await differences(row, *ask(row))
    assert any(symptom in text for text in found) if symptom else not found


def confused(*record: Any, **known: Any) -> Any:
    """A reader that takes one reason for another."""
    event = decode(*record, **known)
    wrong = Rejection(Reason.UNDECODABLE)
    return wrong if isinstance(event, Rejection) and event.reason is Reason.KEY_MISSING else event


def gullible(*record: Any, **known: Any) -> Any:
    """A reader that does not look at times."""
    return decode(*record, **known | {"latest_ms": 2**53})


def fragile(*record: Any, **known: Any) -> Any:
    """A reader that does not expect everything."""
    event = decode(*record, **known)
    assert not isinstance(event, Rejection) or event.reason is not Reason.TOO_MANY
    return event


@pytest.mark.parametrize("reader", [confused, gullible])
async def test_a_faulty_reader_is_found(
    rows: Read, monkeypatch: pytest.MonkeyPatch, reader: Callable[..., Any]
) -> None:
    monkeypatch.setattr("processor.core.admission.decode", reader)
    row = await rows(list(hostile_stream()))
    assert await differences(row, *ask(row)) != []


async def test_a_stopped_partition_is_found(rows: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    row = Deaf(Definitions(), patience_s=0.2)
    with pytest.raises(TimeoutError):
        await rows(list(hostile_stream()), row)
    await row.stop()
    monkeypatch.setattr("processor.core.admission.decode", fragile)
    broken = Row(Definitions())
    with pytest.raises(AssertionError, match="is broken"):
        await rows(list(hostile_stream()), broken)
    await broken.stop()
