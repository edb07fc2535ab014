import pytest

from processor.simulate.chance import Chance
from processor.simulate.curve import contact_curve, flat_curve
from processor.simulate.pace import Arrivals, Density, Rising, Steady
from tests.simulate.streams import DAY, HOUR, MINUTE, MONDAY


def beginnings(density: Density, end_ms: float, *, daily: bool = False) -> list[float]:
    curve = contact_curve() if daily else flat_curve()
    arrivals = Arrivals(Chance(1).stream("arrivals"), curve=curve, density=density, share=0.5)
    found: list[float] = []
    at_ms = arrivals.after(MONDAY)
    while at_ms < end_ms:
        found.append(at_ms)
        at_ms = arrivals.after(at_ms)
    return found


def test_a_steady_density_gives_its_share_of_beginnings() -> None:
    found = beginnings(Steady(0.1), MONDAY + DAY)
    assert len(found) == pytest.approx(0.1 * 0.5 * 86_400, rel=0.05)


def test_beginnings_follow_the_curve() -> None:
    found = beginnings(Steady(0.2), MONDAY + DAY, daily=True)
    hours = [int((at - MONDAY) // HOUR) for at in found]
    assert hours.count(10) > 1.2 * hours.count(12) > 5 * hours.count(3)


def test_every_doubling_of_the_age_holds_as_many() -> None:
    end = MONDAY + 7 * DAY
    found = beginnings(Rising(end, scale=3_000_000.0, after=1.0), end)
    knee = 10 * MINUTE

    def within(age_ms: float) -> int:
        return sum(at >= end - age_ms for at in found)

    first, second, third = within(knee), within(3 * knee), within(7 * knee)
    assert first == pytest.approx(second - first, rel=0.15)
    assert first == pytest.approx(third - second, rel=0.15)


def test_after_the_end_the_density_is_steady() -> None:
    rising = Rising(MONDAY, scale=1e9, after=0.1)
    found = beginnings(rising, MONDAY + DAY)
    assert len(found) == pytest.approx(0.1 * 0.5 * 86_400, rel=0.05)


@pytest.mark.parametrize("age_ms", [1, MINUTE, HOUR, 7 * DAY])
def test_a_ceiling_is_never_exceeded_before_it_ends(age_ms: int) -> None:
    rising = Rising(MONDAY, scale=1e6, after=1.0)
    density, until_ms = rising.ceiling(MONDAY - age_ms)
    assert MONDAY - age_ms < until_ms <= MONDAY
    assert density >= rising.at(until_ms - 0.001)
