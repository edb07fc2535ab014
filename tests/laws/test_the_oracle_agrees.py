"""For every random log, the core's outcomes, panes and windows are those of the oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws import logs
from tests.laws.happenings import OF_ONE_TOPIC
from tests.laws.logs import DEFINITIONS, Entry
from tests.laws.profile import law
from tests.laws.runs import ask, assert_agree, assert_sources_agree, run_singly
from tests.wire import DAY, MINUTE, SECOND

nows = st.lists(
    st.sampled_from((0, 1, 10 * SECOND - 1, 10 * SECOND, 30 * MINUTE, DAY, 7 * DAY, 28 * DAY)),
    max_size=3,
)


def _compare(name: str, log: list[Entry], ahead: list[int]) -> None:
    world, became = run_singly(DEFINITIONS[name], log)
    oracle, expected = ask(world, log)
    assert became == expected
    clock_ms = max((one.arrival_ms for one in log), default=0)
    assert_agree(world, oracle, nows=[clock_ms + by for by in ahead])


@pytest.mark.parametrize("topic", OF_ONE_TOPIC)
def test_on_logs_inside_lateness_and_life(topic: str) -> None:
    @law(200)
    @given(logs.names, logs.gentle(OF_ONE_TOPIC[topic]), nows)
    def check(name: str, log: list[Entry], ahead: list[int]) -> None:
        _compare(name, log, ahead)

    check()


@pytest.mark.parametrize("topic", OF_ONE_TOPIC)
def test_on_logs_at_the_edges_of_lateness_and_life(topic: str) -> None:
    @law(200)
    @given(logs.names, logs.rough_but_steady(OF_ONE_TOPIC[topic]), nows)
    def check(name: str, log: list[Entry], ahead: list[int]) -> None:
        _compare(name, log, ahead)

    check()


@law(100)
@given(logs.names, logs.rough_but_steady(size=16), nows)
def test_on_logs_of_all_topics(name: str, log: list[Entry], ahead: list[int]) -> None:
    _compare(name, log, ahead)


@law(200)
@given(logs.names, logs.rough())
def test_on_logs_whose_arrival_goes_back(name: str, log: list[Entry]) -> None:
    world, became = run_singly(DEFINITIONS[name], log)
    oracle, expected = ask(world, log)
    assert became == expected
    assert_sources_agree(world, oracle)
