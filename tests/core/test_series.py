"""What a number is called on /metrics."""

from processor.core.series import series_labels, series_name
from processor.core.slice import parse_cell


def test_a_slice_is_another_series_than_the_total_it_is_part_of() -> None:
    total = parse_cell("cart_value;currency=EUR")
    part = parse_cell("cart_value;currency=EUR@brand=north,channel=web")
    assert series_name("carts", total) == "cx_carts"
    assert series_name("carts", part) == "cx_carts_by_brand_channel"
    assert series_labels("1h", part) == (
        *(("window", "1h"), ("currency", "EUR")),
        *(("brand", "north"), ("channel", "web")),
    )
