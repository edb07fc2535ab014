"""Every count that is exported is the sum of some fields of a tally, by a name that is its own."""

from processor.core.counted import COUNT, COUNTS, NPS_RATINGS
from processor.core.tally import TALLIES


def test_every_name_and_label_is_given_once() -> None:
    names = [(count.name, count.label) for count in COUNTS]
    assert len(set(names)) == len(names)
    assert set(COUNT) == {count.name for count in COUNTS if count.label is None}


def test_a_count_is_made_of_fields_that_its_tally_has() -> None:
    assert [
        count.name for count in COUNTS if not set(count.fields) <= set(count.tally.fields)
    ] == []


def test_every_field_of_every_tally_is_exported() -> None:
    counted = {(count.tally.name, field) for count in COUNTS for field in count.fields}
    assert counted == {(tally.name, field) for tally in TALLIES for field in tally.fields}


def test_promoters_passives_and_detractors_are_all_answers() -> None:
    vector = list(range(11))
    parts = [COUNT[f"nps_{name}"].of(vector) for name in ("promoters", "passives", "detractors")]
    assert parts == [9 + 10, 7 + 8, 0 + 1 + 2 + 3 + 4 + 5 + 6]
    assert sum(parts) == COUNT["nps_answers"].of(vector)
    assert [rating.of(vector) for rating in NPS_RATINGS] == vector


def test_durations_are_exported_in_seconds_and_their_squares_in_square_seconds() -> None:
    assert COUNT["contacts_wait_seconds"].unit == 1000
    assert COUNT["contacts_handle_seconds_squares"].unit == 1_000_000
    assert COUNT["carts_converted_minor_units"].unit == 1


def test_every_count_says_what_it_counts() -> None:
    assert all(count.help for count in COUNTS)
