"""When the next story begins: a Poisson process whose rate follows the week and the wanted density.

What lives here: densities (how many records an average hour has) and arrivals (when). What must
never live here: what begins. What the rest may lean on: arrivals are exact for any density, by
thinning: candidates come at a rate that is never exceeded, and each stays with the probability
that its instant deserves.

Source of the method: P. A. W. Lewis, G. S. Shedler, "Simulation of nonhomogeneous Poisson
processes by thinning", Naval Research Logistics Quarterly 26 (1979).
"""

from math import inf
from typing import Final, Protocol

from processor.simulate.chance import Stream
from processor.simulate.curve import Curve
from processor.simulate.simulation import MINUTE_MS

SECOND_MS: Final = 1000
# With 10 min, the last 5 min of 28 d get a twentieth of a history, the last hour a quarter, and the
# last day three fifths.
KNEE_MS: Final = 10 * MINUTE_MS


class Density(Protocol):
    """Records per simulated second in an average hour."""

    def at(self, at_ms: float) -> float:
        """The density at an instant."""
        ...

    def ceiling(self, at_ms: float) -> tuple[float, float]:
        """`(density, until_ms)`: what is not exceeded from `at_ms` until `until_ms`."""
        ...


class Steady:
    """The same density at all times."""

    __slots__ = ("_rate",)

    def __init__(self, rate: float) -> None:
        """Keep to `rate` records per second."""
        self._rate = rate

    def at(self, at_ms: float) -> float:
        """The rate, whenever."""
        return self._rate

    def ceiling(self, at_ms: float) -> tuple[float, float]:
        """The rate, for ever."""
        return self._rate, inf


class Rising:
    """Density proportional to 1 / (age + knee) up to an end, and a steady rate after it.

    Every doubling of the age then holds as many records as the one before: each of several windows
    that all reach back from the end, from minutes to weeks, gets its share.
    """

    __slots__ = ("_after", "_end_ms", "_scale")

    def __init__(self, end_ms: int, *, scale: float, after: float) -> None:
        """Rise towards `end_ms` as `scale` / (age in ms), and keep to `after` from then on."""
        self._end_ms = end_ms
        self._scale = scale
        self._after = after

    def at(self, at_ms: float) -> float:
        """The density at an instant."""
        age_ms = self._end_ms - at_ms
        return self._scale / (age_ms + KNEE_MS) if age_ms > 0 else self._after

    def ceiling(self, at_ms: float) -> tuple[float, float]:
        """The density a quarter of the way further on: the candidates wasted stay below a third."""
        age_ms = self._end_ms - at_ms
        if age_ms <= 0:
            return self._after, inf
        step_ms = min(age_ms, (age_ms + KNEE_MS) / 4)
        return self._scale / (age_ms - step_ms + KNEE_MS), at_ms + step_ms


class Arrivals:
    """The beginnings of one kind of story."""

    __slots__ = ("_curve", "_density", "_share", "_stream")

    def __init__(self, stream: Stream, *, curve: Curve, density: Density, share: float) -> None:
        """Begin `share` stories per record that the density asks for."""
        self._stream = stream
        self._curve = curve
        self._density = density
        self._share = share

    def after(self, begin_ms: float) -> float:
        """The first beginning after an instant, in ms."""
        at_ms = begin_ms
        while True:
            density, until_ms = self._density.ceiling(at_ms)
            ceiling = density * self._curve.peak
            at_ms += self._stream.expovariate(ceiling * self._share / SECOND_MS)
            if at_ms >= until_ms:
                at_ms = until_ms  # An exponential wait has no memory: it may be drawn anew.
            elif self._stream.likely(self._density.at(at_ms) * self._curve.at(at_ms) / ceiling):
                return at_ms
