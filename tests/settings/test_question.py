import pytest

from tests.settings.conftest import Right, Wrong

ROW = '[[questions]]\nname = "ease"\nsurvey_id = "s"\nquestion_id = "q"\n'


def fault(wrong: Wrong, row: str) -> str:
    (line,) = wrong(ROW + row)
    return line.removeprefix("questions.ease.").replace(" (file cxpulse.toml)", "")


@pytest.mark.parametrize(
    "row",
    [
        'kind = "nps"',
        'kind = "nps"\nscale_min = 1\nscale_max = 10',
        'kind = "csat"\npositive_from = 5',
        'kind = "csat"\nscale_min = 0\nscale_max = 100\npositive_from = 80',
        'kind = "ces"\npolarity = "low_good"\npositive_to = 2',
        'kind = "ces"\npositive_to = 2',
        'kind = "scale"\nscale_min = 1\nscale_max = 5\npolarity = "low_good"',
        'kind = "yes_no"\nsource = "satismeter/eu"',
        'kind = "multi_choice"\noptions = ["a", "b"]',
        'kind = "text"',
    ],
)
def test_a_question_that_fits_its_kind_is_right(right: Right, row: str) -> None:
    assert right(ROW + row).settings.questions[0].name == "ease"


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ('kind = "scale"\nscale_min = 1', "scale_max: needed: a scale has both ends"),
        ('kind = "csat"\nscale_max = 5', "scale_min: needed: a scale has both ends"),
        (
            'kind = "csat"\nscale_min = 5\nscale_max = 5',
            "scale_max = 5: more than scale_min, which is 5",
        ),
        (
            'kind = "nps"\nscale_min = 1\nscale_max = 11',
            "scale_max = 11: at most 10, because the kind is nps",
        ),
        (
            'kind = "nps"\npolarity = "low_good"',
            "polarity = 'low_good': high_good, because the kind is nps",
        ),
        (
            'kind = "nps"\npositive_from = 9',
            "positive_from = 9: left out, because the kind is nps",
        ),
        (
            'kind = "csat"\npositive_from = 6',
            "positive_from = 6: within the scale of 1 to 5",
        ),
        (
            'kind = "csat"\npolarity = "high_good"\npositive_to = 2',
            "positive_to = 2: left out in favour of positive_from, because it is high_good",
        ),
        (
            'kind = "csat"\npositive_from = 4\npositive_to = 2',
            "positive_to = 2: left out in favour of positive_from, because it is high_good",
        ),
        (
            'kind = "ces"\npolarity = "low_good"\npositive_from = 2',
            "positive_from = 2: left out in favour of positive_to, because it is low_good",
        ),
        (
            'kind = "csat"\noptions = ["a"]',
            "options = ['a']: left out, because the kind is csat",
        ),
        (
            'kind = "stars"',
            "kind = 'stars': one of nps, csat, ces, scale, yes_no, choice, multi_choice, text",
        ),
        (
            'kind = "csat"\nscale_min = -1\nscale_max = 5',
            "scale_min = -1: a whole number between 0 and 1000",
        ),
    ],
)
def test_a_question_that_does_not_is_told_what_to_change(wrong: Wrong, row: str, line: str) -> None:
    assert fault(wrong, row) == line


def test_a_scale_of_what_has_none_is_refused_at_both_ends(wrong: Wrong) -> None:
    lines = wrong(ROW + 'kind = "yes_no"\nscale_min = 0\nscale_max = 1')
    assert [line.partition(" ")[0] for line in lines] == [
        "questions.ease.scale_min",
        "questions.ease.scale_max",
    ]


def test_one_question_has_one_row(wrong: Wrong, right: Right) -> None:
    row = ROW + 'kind = "nps"\n'
    assert wrong(row * 2) == [
        "questions.#2.question_id = 'q' (file cxpulse.toml): a source, survey_id and question_id"
        " of its own, and #1 of this list has it already"
    ]
    assert len(right(row + row + 'source = "other"').settings.questions) == 2


@pytest.mark.parametrize(
    ("row", "polarity"),
    [
        ("", None),
        ('polarity = "high_good"', "high_good"),
        ('polarity = "low_good"', "low_good"),
        ("positive_from = 5", "high_good"),
        ("positive_to = 2", "low_good"),
    ],
)
def test_a_row_has_a_polarity_if_it_says_one_or_draws_its_line(
    right: Right, row: str, polarity: str | None
) -> None:
    (question,) = right(ROW + 'kind = "ces"\n' + row).settings.questions
    assert question.polarity_given == polarity
