from collections.abc import Iterator
from typing import Annotated

import pytest
from pydantic import ValidationError

from processor.settings.form import Duration, Whole
from processor.settings.problem import Fault, FaultsError
from processor.settings.section import Section, different, repeated, setting


class Oven(Section):
    heat: Annotated[int, Whole(0, 300)] = setting(180, "How hot.")
    time_ms: Annotated[int, Duration("0s", "1d")] = setting(0, "How long.")

    def faults(self) -> Iterator[Fault]:
        if self.heat > 200:
            yield Fault(("heat",), "less")
        if self.time_ms > 60_000:
            yield Fault(("time",), "shorter")


class Kitchen(Section):
    ovens: Annotated[
        tuple[Oven, ...], different("a heat of its own", lambda o: o.heat, "heat")
    ] = ()


def test_a_duration_is_written_with_its_unit_and_read_in_milliseconds() -> None:
    assert Oven.model_validate({"time": "30s"}).time_ms == 30_000


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    with pytest.raises(ValidationError) as caught:
        Oven.model_validate({"heat": 250, "time": "2m"})
    cause = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(cause, FaultsError)
    assert [fault.path for fault in cause.faults] == [("heat",), ("time",)]


def test_a_table_is_frozen_and_knows_its_names() -> None:
    with pytest.raises(ValidationError):
        Oven().heat = 1
    with pytest.raises(ValidationError):
        Oven.model_validate({"heet": 1})
    with pytest.raises(ValidationError):
        Oven.model_validate({"time_ms": 1})


def test_two_tables_of_one_key_are_refused() -> None:
    assert len(Kitchen.model_validate({"ovens": [{"heat": 1}, {"heat": 2}]}).ovens) == 2
    with pytest.raises(ValidationError) as caught:
        Kitchen.model_validate({"ovens": [{"heat": 1}, {"heat": 2}, {"heat": 1}]})
    cause = caught.value.errors()[0]["ctx"]["error"]
    wanted = "a heat of its own, and #1 of this list has it already"
    assert cause.faults == (Fault((2, "heat"), wanted),)


def test_each_repetition_names_the_first_one() -> None:
    faults = list(repeated("abacaa", "x"))
    assert [fault.path for fault in faults] == [(2,), (4,), (5,)]
    assert all("#1 " in fault.allowed for fault in faults)
