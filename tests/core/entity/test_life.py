"""What all entities share: the registers of life and death."""

import pytest

from processor.core.entity.life import (
    ANCHOR,
    FATE,
    NEWEST,
    OVERSIZED,
    WITHDRAWN,
    alive_until_ms,
    code_of,
    instance_of,
    is_oversized,
    join_bounded,
    lift_life,
    oversize,
    register,
    standing,
    withdraw,
)
from processor.core.identity import Identity
from processor.core.state import Facts, State
from schemas.event import SurveyOffered
from tests.wire import DAY, NOON, SECOND

IDENTITY = Identity(bytes(32))


def event(occurred_at: int = NOON, created_at: int | None = NOON) -> SurveyOffered:
    return SurveyOffered(
        event_id="e",
        source="s",
        occurred_at=occurred_at,
        created_at=created_at,
        response_id="r",
        survey_id="s",
    )


def test_a_register_is_a_code_and_an_instance() -> None:
    made = register(7, 5)
    assert (code_of(made), instance_of(made)) == (7, 5)


def test_an_anchor_is_floored_to_whole_seconds() -> None:
    state, version = lift_life(event(created_at=NOON + 999), IDENTITY, anchored=True)
    assert (state.least[ANCHOR], state.most[ANCHOR]) == (NOON // SECOND, NOON // SECOND)
    assert version == (0, NOON, IDENTITY.event("e"))
    assert standing(state).anchor_ms == NOON


def test_who_has_no_anchor_has_no_beginning() -> None:
    assert lift_life(event(), IDENTITY, anchored=False)[0].least == {}
    assert standing(lift_life(event(created_at=None), IDENTITY, anchored=True)[0]).anchor_ms is None


def test_an_anchored_entity_lives_from_its_anchor_and_another_from_its_newest_event() -> None:
    anchored, _ = lift_life(event(NOON + 5), IDENTITY, anchored=True)
    assert alive_until_ms(anchored, DAY) == NOON + DAY
    other, version = lift_life(event(NOON + 5), IDENTITY, anchored=False)
    assert alive_until_ms(other, DAY) == NOON + 5 + DAY
    assert alive_until_ms(withdraw(other, version, permanent=None), DAY) == NOON + 5 + DAY


@pytest.mark.parametrize(
    ("newest", "withdrawn", "kept"), [(2, 1, True), (1, 2, False), (1, 1, False)]
)
def test_an_entity_stands_while_something_newer_than_its_withdrawal_was_said(
    newest: int, withdrawn: int, kept: bool
) -> None:
    facts: Facts = {(0, newest, 0): {NEWEST: 0}}
    facts[0, withdrawn, 0] = facts.get((0, withdrawn, 0), {}) | {WITHDRAWN: 0}
    assert standing(State(facts)).kept == kept


def test_what_was_only_ever_withdrawn_does_not_stand() -> None:
    state, version = lift_life(event(), IDENTITY, anchored=True)
    withdrawn = standing(withdraw(state, version, permanent=None))
    assert not withdrawn.kept
    assert withdrawn.newest_ms is None


def test_a_permanent_withdrawal_stands_against_everything() -> None:
    gone, version = lift_life(event(), IDENTITY, anchored=True)
    withdraw(gone, version, permanent=True)
    later, _ = lift_life(event(NOON + DAY), IDENTITY, anchored=True)
    assert not standing(join_bounded(gone, later, lambda state: state)).kept


@pytest.mark.parametrize(("apart", "conflict"), [(0, False), (1, False), (2, True)])
def test_anchors_more_than_a_second_apart_are_in_conflict(apart: int, conflict: bool) -> None:
    state = State({}, {ANCHOR: 5}, {ANCHOR: 5 + apart})
    assert standing(state).anchor_conflict == conflict


def test_of_an_oversized_state_only_life_and_withdrawal_are_left() -> None:
    state = State({(0, 1, 0): {NEWEST: 0, 9: 1}}, {ANCHOR: 5, 9: 1}, {ANCHOR: 6}, {FATE: 4, 9: 1})
    left = oversize(state, keep=frozenset({9}))
    assert left == State(state.facts, {ANCHOR: 5}, {ANCHOR: 6}, {FATE: 4 | OVERSIZED})
    assert is_oversized(left)
    assert oversize(State({(0, 1, 0): {9: 1}})) == State(marks={FATE: OVERSIZED})


def test_what_is_cut_away_again_was_no_news() -> None:
    left = oversize(State({(0, 5, 0): {NEWEST: 0}}))
    old = State({(0, 1, 0): {NEWEST: 0, 9: 1}})
    assert join_bounded(left, old, oversize) is left
