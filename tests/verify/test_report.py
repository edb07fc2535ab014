"""What a verification says, to people and to programs."""

import json

import pytest

from processor.verify.report import DIFFERENCES_TOLD_MAX, Check, Extent, Report

EXTENTS = [Extent("surveys/0", 1200, 0), Extent("surveys/1", 34, 0)]


def check(*pairs: tuple[object, object]) -> Check:
    made = Check("cells of panes in Redis")
    for number, (expected, found) in enumerate(pairs):
        made.compare(f"surveys/{number}", expected, found)
    return made


def report(*pairs: tuple[object, object], remarks: tuple[str, ...] = ()) -> Report:
    return Report("cxpulse.5e5e", 1234, EXTENTS, [check(*pairs)], list(remarks))


@pytest.mark.parametrize(
    ("made", "verdict"),
    [
        (report((1, 1)), "equal"),
        (report((1, 1), (1, 2)), "different"),
        (report((1, 1), remarks=("cases",)), "unverifiable"),
        (report(), "unverifiable"),
        (report(remarks=("cases",)), "unverifiable"),
        (report((1, 2), remarks=("cases",)), "different"),
    ],
)
def test_it_is_a_clean_bill_only_if_everything_was_compared_and_is_equal(
    made: Report, verdict: str
) -> None:
    assert made.verdict == verdict
    assert json.loads(made.as_json())["verdict"] == verdict


def test_checks_do_not_share_what_they_found() -> None:
    assert check((1, 2)).differences
    assert check((1, 1)).differences == []


def test_a_person_reads_what_was_compared_and_what_differs() -> None:
    lines = list(report((1, 1), ({"r9": 1}, {}), remarks=("cases, because of traffic",)).lines())
    assert lines == [
        "1,234 records of cxpulse.5e5e replayed from the log.",
        "  The views stand at the end of the log.",
        "          2 cells of panes in Redis: 1 NOT EQUAL",
        "            surveys/1",
        "              the log says  {'r9': 1}",
        "              there is      {}",
        "  Not compared: cases, because of traffic",
        "SOME NUMBERS ARE NOT WHAT THE LOG SAYS.",
    ]


def test_a_check_that_compared_nothing_makes_no_report_equal() -> None:
    made = Report("n", 0, EXTENTS, [check((1, 1)), check()], [])
    assert made.verdict == "unverifiable"
    assert "          0 cells of panes in Redis: nothing to compare" in list(made.lines())
    assert list(made.lines())[-1].startswith("What could be compared is equal")


def test_a_report_on_nothing_says_so() -> None:
    lines = list(Report("n", 0, [], [check()], []).lines())
    assert lines[-1] == "Nothing could be compared."
    assert not any("views stand" in line for line in lines)


def test_a_report_says_how_far_the_views_are_behind() -> None:
    behind = [Extent("surveys/0", 5, 1_000), Extent("surveys/1", 34, 2)]
    made = Report("n", 9, behind, [check((1, 1))], [])
    assert "  The views stand 1,002 records behind the end of the log." in made.lines()
    told = json.loads(made.as_json())["extents"]
    assert told[0] == {"partition": "surveys/0", "position": 5, "lag": 1000}


def test_a_person_is_not_told_thousands_of_differences() -> None:
    text = "\n".join(report(*[(1, 2)] * 1000).lines())
    assert text.count("the log says") == DIFFERENCES_TOLD_MAX
    assert "and 980 more" in text


def test_a_program_is_told_all_of_them() -> None:
    told = json.loads(report(*[(1, 2)] * 1000).as_json())
    assert (told["namespace"], told["records"], told["remarks"]) == ("cxpulse.5e5e", 1234, [])
    (check_,) = told["checks"]
    assert check_["compared"] == len(check_["differences"]) == 1000
    assert check_["differences"][0] == {"where": "surveys/0", "expected": "1", "found": "2"}
