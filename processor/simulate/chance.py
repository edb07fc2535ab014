"""Chance: every random number of a simulation, drawn from streams that have names.

What lives here: seeded streams and the few shapes of draw that the model uses. What must never
live here: a stream without a name, or the process-wide generator. What the rest may lean on: a
stream depends on the seed and its name alone, so what one story draws never moves what another one
draws.
"""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from math import log
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Wheel(Generic[T]):
    """Items with weights, ready to be picked from."""

    __slots__ = ("_items", "_last", "_marks", "total")

    def __init__(self, weights: Mapping[T, float]) -> None:
        """Lay out the items in the order of `weights`."""
        self._items = tuple(weights)
        self._marks = tuple(accumulate(weights.values()))
        self._last = len(self._items) - 1
        self.total = self._marks[-1]

    def at(self, share: float) -> T:
        """The item at `share`, in [0, 1), of the way round the wheel."""
        return self._items[min(bisect_right(self._marks, share * self.total), self._last)]


class Stream(Random):
    """One named sequence of draws."""

    def likely(self, probability: float) -> bool:
        """True in `probability` of all draws."""
        return self.random() < probability

    def between(self, low: int, high: int) -> int:
        """An integer of [low, high), all alike."""
        return low + int(self.random() * (high - low))

    def spread(self, low: int, high: int) -> int:
        """An integer of [low, high), all orders of magnitude alike; 0 < low < high."""
        return int(low * (high / low) ** self.random())

    def around(self, mean: float) -> int:
        """A waiting time with that mean, exponentially distributed, at least 1."""
        return 1 + int(-log(1.0 - self.random()) * mean)

    def pick(self, wheel: Wheel[T]) -> T:
        """One item of the wheel."""
        return wheel.at(self.random())


class Chance:
    """The seed, and the streams that grow from it."""

    __slots__ = ("_seed",)

    def __init__(self, seed: int) -> None:
        """Plant the seed."""
        self._seed = seed

    def stream(self, name: str) -> Stream:
        """A new stream of that name, at its beginning."""
        stream = Stream()
        self.restart(stream, name)
        return stream

    def restart(self, stream: Stream, name: str) -> None:
        """Make `stream` the beginning of the stream of that name, without making an object."""
        stream.seed(f"{self._seed}/{name}")
