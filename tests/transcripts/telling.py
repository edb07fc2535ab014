"""Telling a story to the core and to the oracle; a `MismatchError` where it goes otherwise."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pytest
from msgspec import structs

from processor.core.metric import SCORE
from processor.core.record import Outcome, Record
from processor.core.slice import parse_cell
from processor.core.tally import zero
from tests.laws.runs import assert_agree, vectors
from tests.oracle import Cells, Oracle
from tests.transcripts.story import Arrival, Read, Story
from tests.world import Place, World, totals


class MismatchError(AssertionError):
    """The story expects something else."""


class Telling:
    """One run of a story through the core and the oracle."""

    def __init__(self, story: Story) -> None:
        self.world = World(story.definitions)
        self.oracle = Oracle(story.definitions, self.world.identity)
        self._offsets: dict[Place, int] = defaultdict(int)

    def arrive(self, arrivals: Sequence[Arrival]) -> tuple[list[str], list[str]]:
        """Records of one partition, as one batch: what became of each, by oracle and by core.

        The core counts and does not list, so its answer is for one record alone.
        """
        place = (arrivals[0].topic, arrivals[0].partition)
        records = [self._placed(arrival, place) for arrival in arrivals]
        judged = [" ".join(filter(None, self.oracle.read(*place, one))) for one in records]
        before = self.world.view(*place).head.accounting
        changes = self.world.feed(place[0], records, partition=place[1])
        after = changes.head.accounting
        became = [f"{refusal.outcome} {refusal.reason}" for _, refusal in changes.refusals]
        became += [Outcome.APPLIED] * (after.applied - before.applied)
        became += [Outcome.NO_EFFECT] * (after.no_effect - before.no_effect)
        check("how often core and oracle refuse or apply", sorted(judged), sorted(became))
        return judged, became

    def read(self, read: Read) -> None:
        """Look at all windows, and at what the story looks at."""
        windows = self.world.windows(read.now_ms, read.as_of_ms)
        known = {
            place: read.as_of_ms.get(
                f"{place[0]}/{place[1]}", read.as_of_ms.get(place[0], read.now_ms)
            )
            for place in [*self.world.views, ("cases", 0)]
        }
        expected = self.oracle.windows(read.now_ms, known)
        for window in self.world.definitions.windows:
            held = totals(windows, window.name)
            check(f"core and oracle in {window.name}", expected[window.name], vectors(held))
            seen = _seen(expected[window.name], read.windows.get(window.name, {}))
            check(f"{window.name}", read.windows.get(window.name, {}), seen)
            for name, score in read.scores.get(window.name, {}).items():
                check(f"{name} in {window.name}", score, _score(name, held))

    def end(self) -> None:
        """The panes of both are the same."""
        assert_agree(self.world, self.oracle)

    def _placed(self, arrival: Arrival, place: Place) -> Record:
        offset = self._offsets[place]
        self._offsets[place] += 1
        return structs.replace(arrival.record, offset=offset)


def check(what: str, expected: object, *found: object) -> None:
    """Raise unless exactly what is expected was found."""
    if found != (expected,):
        raise MismatchError(f"{what}: expected {expected}, found {' and '.join(map(str, found))}")


def _seen(held: Cells, cells: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    for cell in cells:
        parse_cell(cell)  # A misspelt name would hold nothing for ever.
    return {cell: dict(held.get(cell, {})) for cell in cells}


def _score(name: str, held: Mapping[str, Sequence[int]]) -> object:
    """A score by its name, or by name and cell: `csat_rating_mean csat_rating;scale=...`."""
    metric, _, cell = name.partition(" ")
    score = SCORE[metric]
    vector = list(held.get(cell or score.tally.name, zero(score.tally)))
    value = score.of(vector).value
    return value if value is None else pytest.approx(value, abs=0.005)


def tell(story: Story) -> None:
    """As it is written: record by record, each read where it stands."""
    telling = Telling(story)
    for step in story.log:
        if isinstance(step, Read):
            telling.read(step)
        else:
            judged, became = telling.arrive([step])
            check("the oracle", step.becomes, *judged)
            check("the core", step.becomes, *became)
    telling.end()


def tell_in_batches(story: Story, batches: Sequence[Sequence[Arrival]]) -> None:
    """The records in other batches, order or number; then the reads that the story ends with."""
    telling = Telling(story)
    for batch in batches:
        telling.arrive(batch)
    for read in last_reads(story):
        telling.read(read)
    telling.end()


def at_once(arrivals: Sequence[Arrival]) -> list[list[Arrival]]:
    """All records of a partition as one batch."""
    apart: dict[Place, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        apart[arrival.topic, arrival.partition].append(arrival)
    return list(apart.values())


def last_reads(story: Story) -> list[Read]:
    """The reads after the last record."""
    reads: list[Read] = []
    for step in story.log:
        reads = [*reads, step] if isinstance(step, Read) else []
    return reads
