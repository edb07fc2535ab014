import pytest

from processor.simulate.curve import Curve, contact_curve, flat_curve, shop_curve, survey_curve
from tests.simulate.streams import DAY, HOUR, MONDAY

CURVES = [contact_curve(), shop_curve(), survey_curve(), flat_curve()]


@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_is_one_on_average_and_never_zero(curve: Curve) -> None:
    levels = [curve.at(MONDAY + hour * HOUR) for hour in range(168)]
    assert sum(levels) / 168 == pytest.approx(1.0)
    assert 0 < min(levels) <= max(levels) <= curve.peak + 1e-9


@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_is_continuous_over_the_end_of_the_week(curve: Curve) -> None:
    end = MONDAY + 7 * DAY
    assert curve.at(end - 1) == pytest.approx(curve.at(end), abs=1e-3)
    assert curve.at(end) == curve.at(MONDAY)


def test_contacts_have_business_hours_a_lunch_dip_and_a_quiet_weekend() -> None:
    curve = contact_curve()
    night, morning, lunch, afternoon = (curve.at(MONDAY + h * HOUR) for h in (3, 10, 12.5, 14.5))
    assert night < lunch < morning
    assert lunch < afternoon
    assert curve.at(MONDAY + 5 * DAY + 10 * HOUR) < morning / 2


def test_shoppers_prefer_the_evening() -> None:
    curve = shop_curve()
    assert curve.at(MONDAY + 20 * HOUR) > curve.at(MONDAY + 14 * HOUR) > curve.at(MONDAY + 3 * HOUR)


def test_local_time_moves_the_curve() -> None:
    east = contact_curve(utc_offset_ms=9 * HOUR)
    assert east.at(MONDAY + HOUR) == contact_curve().at(MONDAY + 10 * HOUR)
