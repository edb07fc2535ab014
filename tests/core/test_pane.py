"""Panes: where counts land, what is written of them, and when they are past."""

import pytest

from processor.core.contribution import Count
from processor.core.definitions import Definitions
from processor.core.pane import Pane, Panes, pack_vector, pane_at, unpack_vector
from processor.core.slice import Slices
from processor.core.tally import FCR_SETTLED, NPS
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND

DEFINITIONS = Definitions(slices={"response": ()})
KEPT_MS = HOUR + 5 * MINUTE


def panes(stored: dict[Pane, dict[str, bytes]] | None = None) -> Panes:
    return Panes(DEFINITIONS, Slices(DEFINITIONS, "response"), stored or {})


def count(at_ms: int) -> Count:
    return Count(at_ms, NPS, ((9, 1),), ())


def test_a_pane_is_half_open() -> None:
    assert pane_at(10 * SECOND, NOON - 1) == (10 * SECOND, NOON - 10 * SECOND)
    assert pane_at(10 * SECOND, NOON) == pane_at(10 * SECOND, NOON + 9_999) == (10 * SECOND, NOON)


def test_a_count_lands_in_every_tier_of_its_tally() -> None:
    held = panes()
    held.apply([(1, count(NOON)), (1, Count(NOON, FCR_SETTLED, ((0, 1),), ()))], NOON)
    changes = held.take(NOON)
    assert changes.cells.keys() == {(10 * SECOND, NOON), (MINUTE, NOON), (HOUR, NOON)}
    assert changes.cells[HOUR, NOON].keys() == {"nps", "fcr_settled"}
    assert unpack_vector(changes.cells[MINUTE, NOON]["nps"] or b"") == [0] * 9 + [1, 0]
    assert changes.gone == []


def test_what_is_written_is_absolute() -> None:
    held = panes()
    held.apply([(1, count(NOON))], NOON)
    held.take(NOON)
    held.apply([(1, count(NOON)), (1, count(NOON))], NOON)
    assert unpack_vector(held.take(NOON).cells[HOUR, NOON]["nps"] or b"")[9] == 3


def test_a_cell_that_is_zero_again_is_taken_out_and_an_empty_pane_is_gone() -> None:
    held = panes()
    held.apply([(1, count(NOON)), (1, Count(NOON, NPS, ((0, 1),), ()))], NOON)
    held.take(NOON)
    held.apply([(-1, count(NOON)), (-1, Count(NOON, NPS, ((0, 1),), ()))], NOON)
    changes = held.take(NOON)
    assert sorted(changes.gone) == [(10 * SECOND, NOON), (MINUTE, NOON), (HOUR, NOON)]
    assert changes.cells == {}
    assert held.stored == {}


def test_a_change_that_cancels_itself_writes_nothing() -> None:
    held = panes()
    held.apply([(1, count(NOON)), (-1, count(NOON))], NOON)
    changes = held.take(NOON)
    assert (changes.cells, changes.gone) == ({}, [])
    held.apply([(1, count(NOON))], NOON)
    held.take(NOON)
    held.apply([(1, count(NOON)), (-1, count(NOON))], NOON)
    assert held.take(NOON).cells == {}


@pytest.mark.parametrize("amount", [0, 1, -1, 2**63 - 1, -(2**63), 2**64 - 1])
def test_a_vector_of_64_bits_is_a_msgpack_array(amount: int) -> None:
    packed = pack_vector([amount, 3])
    assert packed[0] == 0x92
    assert unpack_vector(packed) == [amount, 3]


@pytest.mark.parametrize("amount", [2**64, -(2**63) - 1, 10**40])
def test_a_vector_beyond_64_bits_is_decimal_text(amount: int) -> None:
    packed = pack_vector([amount, -3])
    assert packed == f"{amount} -3".encode()
    assert unpack_vector(packed) == [amount, -3]
    assert unpack_vector(pack_vector([-3, amount])) == [-3, amount]


def test_a_long_vector_is_still_told_from_text() -> None:
    assert unpack_vector(pack_vector([7] * 20)) == [7] * 20
    assert unpack_vector(pack_vector([7] * 70_000)) == [7] * 70_000


def test_a_delta_to_a_pane_past_retention_is_not_written() -> None:
    held = panes()
    past_ms = NOON + 10 * SECOND + KEPT_MS
    held.apply([(1, count(NOON))], past_ms - 1)
    assert (10 * SECOND, NOON) in held.take(past_ms - 1).cells
    held = panes()
    held.apply([(1, count(NOON))], past_ms)
    assert held.take(past_ms).cells.keys() == {(MINUTE, NOON), (HOUR, NOON)}


def test_a_pane_that_passes_retention_within_a_batch_is_not_written_either() -> None:
    held = panes()
    held.apply([(1, count(NOON))], NOON)
    changes = held.take(NOON + 10 * SECOND + KEPT_MS)
    assert changes.cells.keys() == {(MINUTE, NOON), (HOUR, NOON)}


def test_panes_past_retention_are_swept() -> None:
    held = panes()
    held.apply([(1, count(NOON))], NOON)
    held.take(NOON)
    assert held.take(NOON + 9_999).gone == []
    assert held.take(NOON + 10 * SECOND + KEPT_MS).gone == [(10 * SECOND, NOON)]
    assert held.take(NOON + 29 * DAY).gone == [(MINUTE, NOON), (HOUR, NOON)]
    assert held.stored == {}


def test_panes_are_taken_over_as_they_are_stored() -> None:
    first = panes()
    first.apply([(1, count(NOON))], NOON)
    first.take(NOON)
    second = panes(first.stored)
    second.apply([(1, count(NOON))], NOON)
    assert unpack_vector(second.take(NOON).cells[HOUR, NOON]["nps"] or b"")[9] == 2
