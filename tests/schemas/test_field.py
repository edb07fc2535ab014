from typing import Any

import msgspec
import pytest

from schemas import field

LARGEST = 2**53 - 1


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (field.Number, [0, LARGEST], [-1, LARGEST + 1, True, 1.0, "1"]),
        (field.Duration, [0, 7_776_000_000], [-1, 7_776_000_001]),
        (field.Id, ["x", "x" * 256], ["", "x" * 257, 1]),
        (field.ShortId, ["x", "x" * 128], ["", "x" * 129]),
        (field.Source, ["x" * 64], ["", "x" * 65]),
        (field.Currency, ["EUR"], ["EU", "EURO", "EUR\n"]),
        (field.Instant, [10**12, 4 * 10**12 - 1, "any text"], [10**12 - 1, 4 * 10**12, 1e12, True]),
        (field.AnswerValue, [0, True, "", [], [None], ["a"] * 20], [-1, 0.5, ["a"] * 21, [1], {}]),
        (field.AnswerStatus, [None, "answered"], ["done", 1]),
        (field.Attributes, [{}, {"a": None, "b": 1, "c": True}], [{"a": 0.5}, {"a": []}, []]),
    ],
)
def test_a_type_takes_what_the_wire_may_say(kind: Any, good: list[Any], bad: list[Any]) -> None:
    for said in good:
        assert msgspec.json.decode(msgspec.json.encode(said), type=kind) == said
    for said in bad:
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode(said), type=kind)


def test_limits_are_those_of_the_contract() -> None:
    assert field.RECORD_BYTES_MAX == 65_536
    assert field.DURATION_MAX_MS == 90 * 24 * 3600 * 1000
    assert field.ANCHOR_TOLERANCE_MS == 300_000
    assert (field.ATTRIBUTES_MAX, field.OPTIONS_MAX) == (32, 20)
