from itertools import pairwise

import pytest

from processor.simulate.history import HISTORY_MS, history
from processor.simulate.simulation import Simulation
from processor.simulate.truth import Truth
from tests.simulate.streams import DAY, HOUR, MINUTE, MORNING

WINDOWS = {"5m": 5 * MINUTE, "1h": HOUR, "24h": DAY, "7d": 7 * DAY, "28d": 28 * DAY}
END = MORNING + 26 * HOUR


@pytest.mark.parametrize("hour", [0, 8])
def test_a_history_has_about_as_many_records_as_it_may_and_ends_on_time(hour: int) -> None:
    end = END + hour * HOUR
    sendings = list(history(1, end, 20_000))
    assert len(sendings) == pytest.approx(20_000, rel=0.1)
    assert all(a.arrival_ms <= b.arrival_ms for a, b in pairwise(sendings))
    assert end - HISTORY_MS < sendings[0].arrival_ms
    assert sendings[-1].arrival_ms < end


def test_every_window_has_something_to_show() -> None:
    truth = Truth()
    for _ in history(1, END, 20_000, truth=truth):
        pass
    for length in WINDOWS.values():
        begin = END - length
        assert truth.nps(begin, END).answers >= 5
        assert truth.csat(begin, END)["answers"] >= 5
        assert truth.contacts(begin, END)["answered"] >= 10
        carts = truth.carts(begin, END)
        assert carts["abandoned"] + carts["converted"] >= 5
    for length in (7 * DAY, 28 * DAY):
        assert truth.fcr(END - length, END, settled=True)["first"] >= 50


def test_a_history_is_the_same_every_time() -> None:
    assert list(history(7, END, 3000)) == list(history(7, END, 3000))


def test_life_goes_on_without_a_seam() -> None:
    onward = Simulation(start_ms=END, end_ms=END + 30 * MINUTE, rate=10.0, drain=False)
    stream = list(history(1, END, 4000, onward=onward))
    before = [s for s in stream if s.arrival_ms < END]
    after = [s for s in stream if s.arrival_ms >= END]
    assert len(before) == pytest.approx(4000, rel=0.15)
    assert len(after) > 5000
    gaps = [b.arrival_ms - a.arrival_ms for a, b in pairwise(stream) if a.arrival_ms > END - HOUR]
    assert max(gaps) < 5 * MINUTE
    assert {s.key for s in before} & {s.key for s in after}


def test_a_scenario_begins_after_the_history() -> None:
    calm = Simulation(start_ms=END, end_ms=END + 20 * MINUTE, rate=5.0)
    wild = Simulation(start_ms=END, end_ms=END + 20 * MINUTE, rate=5.0, scenario="outage")
    first, second = (list(history(1, END, 3000, onward=onward)) for onward in (calm, wild))
    assert [s for s in first if s.arrival_ms < END] == [s for s in second if s.arrival_ms < END]
    assert first != second


def test_what_follows_must_begin_where_the_history_ends() -> None:
    with pytest.raises(ValueError, match="onward"):
        history(1, END, 3000, onward=Simulation(start_ms=MORNING))


def test_a_history_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="budget"):
        history(1, END, 0)
