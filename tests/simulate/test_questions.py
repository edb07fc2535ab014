from processor.simulate import questions
from processor.simulate.questions import SURVEYS, Question, Survey


def cells(survey: Survey, question: Question) -> list[str]:
    """The row of a question as the page has it, without the column of positive answers."""
    rated = question.kind in ("nps", "csat", "ces", "scale")
    scale, polarity = (question.scale, question.polarity) if rated else ("", "")
    return [survey.survey_id, question.question_id, question.kind, scale, polarity]


def test_the_table_on_the_page_is_the_table_in_the_code() -> None:
    assert questions.__doc__ is not None
    lines = [line for line in questions.__doc__.splitlines() if line.startswith("| ")]
    shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]
    coded = [(s, q) for s in SURVEYS for q in s.questions]
    assert [row[:5] for row in shown] == [cells(survey, question) for survey, question in coded]
    for row, (_, question) in zip(shown, coded, strict=True):
        if question.positive is not None:
            assert row[5] == "{}-{}".format(*question.positive)


def test_question_ids_are_unique_so_that_a_registry_may_name_them_alone() -> None:
    ids = [question.question_id for survey in SURVEYS for question in survey.questions]
    assert len(ids) == len(set(ids))


def test_every_kind_and_both_polarities_are_asked() -> None:
    asked = [question for survey in SURVEYS for question in survey.questions]
    assert {question.kind for question in asked} == {
        *("nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text")
    }
    assert {q.polarity for q in asked if q.kind == "ces"} == {"high_good", "low_good"}
    assert {q.scale for q in asked if q.kind == "csat"} == {"1-5", "1-10"}
