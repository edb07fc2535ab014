"""Records whose times, answers or money are wrong: the tables of `tests.schemas.hostile`."""

from typing import Any

from tests.schemas.hostile_fields import ANSWER, CARTS, CONTACTS, SURVEYS, R, Wrong


def _asked(*answers: dict[str, Any] | None) -> dict[str, Any]:
    return {"answers": list(answers)}


_NO_TIMES = (
    "", "now", "2026-03-02", "2026-03-02T09:00:00", "2026-03-02 09:00:00Z", "2026-03-02T09:00Z",
    "2026-03-02T09:00:00.Z", "2026-03-02T09:00:00.1234567890Z", "2026-03-02T09:00:00,5Z",
    "2026-03-02T09:00:00+0100", "2026-03-02T09:00:00+01", "2026-03-02T09:00:00+24:00",
    "2026-03-02T09:00:00 +01:00", "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z",
    "2026-03-02T09:00:61Z", "2026-02-29T09:00:00Z", "2026-13-01T09:00:00Z",
    "2026-00-10T09:00:00Z", "26-03-02T09:00:00Z", "20260302T090000Z", "2026-W10-1T09:00:00Z",
    "2026-061T09:00:00Z", "0000-01-01T00:00:00Z", "1999-12-31T23:59:59Z",
    "2099-01-01T00:00:00Z", "+2026-03-02T09:00:00Z", " 2026-03-02T09:00:00Z",
    "2026-03-02T09:00:00Z ", "2026-03-02T09:00:00Z\n", "٢٠٢٦-03-02T09:00:00Z",
    "2026-03-02T09:00:00\u221201:00", "2026-03-02T09:00:00Europe/Berlin",
    "2026-03-02T03:50:1500:00",
    "1772442000000", "Mon, 02 Mar 2026 09:00:00 GMT", "2026-03-02T09:00:00Z" + " " * 5000,
)  # fmt: skip
_NO_NUMBERS_OF_MS = (
    0, -1, 5, 999_999_999_999, 4_000_000_000_000, 17_724_420_000, 5 * 10**13, 10**30,
    -1772442000000, 1772442000000.0, 1772442000.123, 1e12, True, False,
    ["2026-03-02T09:00:00Z"], {"$date": 1},
)  # fmt: skip
_OTHER_UNITS = (1_772_442_000, 1_772_442_000_000_000, 1_772_442_000_000_000_000, 10**9, 10**19 - 1)

TIMES: tuple[Wrong, ...] = (
    *((SURVEYS, {"occurred_at": said}, R.TIME_INVALID) for said in _NO_TIMES),
    *((SURVEYS, {"created_at": said}, R.TIME_INVALID) for said in _NO_NUMBERS_OF_MS),
    *((CARTS, {"occurred_at": said}, R.TIME_UNIT) for said in _OTHER_UNITS),
    (SURVEYS, {"submitted_at": "soon"}, R.TIME_INVALID),
    (SURVEYS, _asked(ANSWER | {"answered_at": 0.5}), R.TIME_INVALID),
    (CONTACTS, {"segments": [{"ended_at": "later"}]}, R.TIME_INVALID),
    (CONTACTS, {"segments": [{"queued_at": 1_772_442_000}]}, R.TIME_UNIT),
    (CONTACTS, {"created_at": 1_772_442_000, "occurred_at": "x"}, R.TIME_INVALID),
    (SURVEYS, {"created_at": "2026-03-02T09:05:00.001Z"}, R.TIME_ORDER),
    (SURVEYS, {"submitted_at": "2026-03-02T08:54:59.999Z"}, R.TIME_ORDER),
    (SURVEYS, _asked(ANSWER | {"answered_at": "2026-03-02T08:54:59Z"}), R.TIME_ORDER),
    (CONTACTS, {"segments": [{"queued_at": "2026-03-01T09:00:00Z"}]}, R.TIME_ORDER),
    (CONTACTS, {"created_at": "2026-03-09T09:00:00Z"}, R.TIME_ORDER),
    (SURVEYS, {"occurred_at": "2026-03-05T00:05:00.001Z"}, R.FUTURE),
    (SURVEYS, {"submitted_at": "2027-03-02T09:00:00Z"}, R.FUTURE),
    (SURVEYS, _asked(ANSWER | {"answered_at": 3_999_999_999_999}), R.FUTURE),
    (CONTACTS, {"segments": [{"ended_at": "2026-03-06T09:00:00Z"}]}, R.FUTURE),
    (CARTS, {"occurred_at": "2026-03-05T01:00:00+00:00"}, R.FUTURE),
)
ANSWERS: tuple[Wrong, ...] = (
    *(
        (
            SURVEYS,
            {"answers": [{"question_id": "q1", "kind": kind, "value": value}]},
            R.ANSWER_INVALID,
        )
        for kind, values in (
            ("nps", (11, 9.5, 9.0, "9", True, None, [9], {}, -1, 2**53, 10**40)),
            ("csat", (0, 6, 9, "5", False, 4.5, None)),
            ("ces", (0, 8, "easy", None)),
            ("scale", ("3", True, 2.5, None)),
            ("yes_no", (0, 1, "yes", None, [True])),
            ("choice", (1, True, ["price"], None, {"id": 1})),
            ("multi_choice", ("price", 1, [1], [["a"]], ["a"] * 21, None, {"a": 1})),
            ("text", (1.5, {"a": "b"}, [1])),
        )
        for value in values
    ),
    (
        SURVEYS,
        _asked(ANSWER | {"value": 3, "scale_min": 5, "scale_max": 9}),
        R.ANSWER_INVALID,
    ),
    (
        SURVEYS,
        _asked(ANSWER | {"kind": "csat", "scale_min": 1, "scale_max": 8}),
        R.ANSWER_INVALID,
    ),
    (
        SURVEYS,
        _asked(ANSWER | {"kind": None, "scale_min": 1, "scale_max": 8}),
        R.ANSWER_INVALID,
    ),
    (SURVEYS, _asked(ANSWER | {"scale_min": 0}), R.ANSWER_INVALID),
    (SURVEYS, _asked(ANSWER | {"scale_max": 10}), R.ANSWER_INVALID),
    (SURVEYS, _asked(ANSWER | {"scale_min": 10, "scale_max": 10}), R.ANSWER_INVALID),
    (SURVEYS, _asked(ANSWER | {"scale_min": 10, "scale_max": 0}), R.ANSWER_INVALID),
    (SURVEYS, _asked(ANSWER | {"status": "skipped", "scale_min": 1}), R.ANSWER_INVALID),
    (SURVEYS, _asked(ANSWER | {"status": "skipped", "value": 0.5}), R.ANSWER_INVALID),
    (SURVEYS, {"answers": [ANSWER, ANSWER]}, R.ANSWER_INVALID),
    (
        SURVEYS,
        {"answers": [ANSWER, None, {"question_id": "q1", "status": "skipped"}]},
        R.ANSWER_INVALID,
    ),
    (
        SURVEYS,
        {"answers": [ANSWER, {"question_id": "q2", "kind": "csat", "value": 6}]},
        R.ANSWER_INVALID,
    ),
    (SURVEYS, {"answers": [{"question_id": f"q{i}"} for i in range(101)]}, R.TOO_MANY),
    (SURVEYS, {"answers": [None] * 101}, R.TOO_MANY),
    (SURVEYS, {"attributes": {f"a{i}": None for i in range(33)}}, R.TOO_MANY),
    (CONTACTS, {"segments": [{"segment_id": f"s{i}"} for i in range(33)]}, R.TOO_MANY),
    (CARTS, {"attributes": {f"a{i}": i for i in range(33)}}, R.TOO_MANY),
)
MONEY: tuple[Wrong, ...] = (
    *(
        (CARTS, {"value_minor": said}, R.MONEY_INVALID)
        for said in ("3998", 39.98, 3998.0, -1, True, 2**53, 10**30, [3998], {"amount": 1}, 1e3)
    ),
    *(
        (CARTS, {"currency": said}, R.CURRENCY_INVALID)
        for said in (
            None,
            "",
            "eur",
            "EURO",
            "EU",
            "€",
            "EUR ",
            "EUR\n",
            "ÄÖÜ",
            "E1R",
            978,
            True,
            ["EUR"],
        )
    ),
    (CARTS, {"currency": "eur", "value_minor": None}, R.CURRENCY_INVALID),
    (CARTS, {"currency": "eur", "value_minor": 0.5}, R.MONEY_INVALID),
)
VALUES: tuple[Wrong, ...] = (*TIMES, *ANSWERS, *MONEY)
