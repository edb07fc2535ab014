"""Panes: where counts land, what is written of them, and when they are past."""

from processor.core.contribution import Count
from processor.core.definitions import Definitions
from processor.core.pane import Pane, Panes, pane_at, unpack_vector
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
