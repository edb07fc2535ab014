"""What a state counts for: a list of counts, a function of the state alone.

As a law, `contribution(state) -> {(slice, pane): tally}`; a `Count` is one term of it before it is
spread over slices and panes (`core.pane`), so that a delta is found on a handful of small tuples.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from processor.core.slice import Label
from processor.core.tally import Amounts, Tally


class Count(NamedTuple):
    """One term: `amounts` added to `tally` at an instant, in all slices that `labels` belong to.

    `dimensions` are the values of the tally's mandatory dimensions; `labels` those of the entity's
    slice dimensions.
    """

    at_ms: int
    tally: Tally
    amounts: Amounts
    labels: tuple[Label, ...]
    dimensions: tuple[str, ...] = ()


Contribution: TypeAlias = Sequence[Count]

Delta: TypeAlias = list[tuple[int, Count]]
"""Signed counts: +1 adds, -1 retracts."""


def difference(before: Contribution, after: Contribution) -> Delta:
    """What must be added to make `after` of `before`: terms that both have stay untouched."""
    if not before:
        return [(1, count) for count in after]
    if before == after:
        return []
    left = list(before)
    delta: Delta = []
    for count in after:
        if count in left:
            left.remove(count)
        else:
            delta.append((1, count))
    delta += [(-1, count) for count in left]
    return delta


def within(counts: Iterable[Count], start_ms: int, end_ms: int) -> tuple[list[Count], bool]:
    """The counts whose instant lies in `[start, end]`, and whether any did not."""
    every = list(counts)
    kept = [count for count in every if start_ms <= count.at_ms <= end_ms]
    return kept, len(kept) < len(every)
