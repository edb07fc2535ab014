import pytest
from msgspec.structs import replace

from processor.simulate.simulation import SHARES, Simulation
from tests.simulate.streams import MORNING


def test_the_defaults_are_a_company() -> None:
    assert Simulation(start_ms=MORNING).scenario == "steady"


@pytest.mark.parametrize("share", SHARES)
def test_a_share_outside_its_limits_is_refused_by_name(share: str) -> None:
    with pytest.raises(ValueError, match=share):
        replace(Simulation(start_ms=MORNING), **{share: 0.6})
    with pytest.raises(ValueError, match=share):
        replace(Simulation(start_ms=MORNING), **{share: -0.1})


def test_a_start_that_the_contract_could_not_express_is_refused() -> None:
    with pytest.raises(ValueError, match="start_ms"):
        Simulation(start_ms=MORNING // 1000)


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(ValueError, match="end_ms"):
        Simulation(start_ms=MORNING, end_ms=MORNING)


def test_nothing_at_all_is_no_count() -> None:
    with pytest.raises(ValueError, match="count"):
        Simulation(start_ms=MORNING, count=0)


def test_a_rate_must_be_positive() -> None:
    with pytest.raises(ValueError, match="rate"):
        Simulation(start_ms=MORNING, rate=0.0)
