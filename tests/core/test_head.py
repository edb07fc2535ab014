"""The head books every position."""

import pytest

from processor.core.head import Accounting, Head, LogIdentity
from processor.core.record import Outcome


def booked() -> Accounting:
    accounting = Accounting(invisible=2, lost=3)
    accounting.count(Outcome.APPLIED)
    accounting.count(Outcome.NO_EFFECT)
    accounting.count(Outcome.EXPIRED, "life")
    accounting.count(Outcome.EXPIRED, "life")
    accounting.count(Outcome.DEAD_LETTER, "future")
    return accounting


def test_every_record_is_booked_by_outcome_and_reason() -> None:
    accounting = booked()
    assert (accounting.applied, accounting.no_effect) == (1, 1)
    assert accounting.expired == {"life": 2}
    assert accounting.dead_letter == {"future": 1}
    assert accounting.records == 5
    assert accounting.positions == 10


def test_accountings_add_up() -> None:
    twice = booked().plus(booked())
    assert twice.positions == 20
    assert twice.expired == {"life": 4}
    assert Accounting().plus(booked()) == booked()


@pytest.mark.parametrize(("position", "whole"), [(15, True), (14, False)])
def test_a_head_accounts_for_all_it_has_passed(position: int, whole: bool) -> None:
    head = Head(position, 5, LogIdentity("c", 1), accounting=booked())
    assert head.is_accounted == whole


def test_what_is_vouched_for_never_falls() -> None:
    head = Head(0, 0, LogIdentity("c", 1), as_of_ms=5)
    head.vouch(3)
    assert head.as_of_ms == 5
    head.vouch(9)
    assert head.as_of_ms == 9
