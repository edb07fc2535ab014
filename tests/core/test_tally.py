"""Tallies are vectors of integers, named field by field."""

from processor.core.tally import CART, CONTACT, NPS, TALLIES, TALLY_BY_NAME, add, subtract, zero


def test_amounts_are_named_by_field_and_zeros_left_out() -> None:
    assert NPS.amounts(r0=1, r10=2) == ((0, 1), (10, 2))
    assert CONTACT.amounts(contacts=0) == ()


def test_what_is_added_can_be_taken_back() -> None:
    some = [3, 0, 1, 0, 2]
    assert subtract(add(zero(CART), some), some) == zero(CART)


def test_every_tally_is_found_by_its_name() -> None:
    assert [TALLY_BY_NAME[tally.name] for tally in TALLIES] == list(TALLIES)
    assert len({tally.name for tally in TALLIES}) == len(TALLIES)


def test_what_time_alone_brings_is_due() -> None:
    assert {tally.name for tally in TALLIES if tally.due} == {"cart", "cart_value", "fcr_settled"}
