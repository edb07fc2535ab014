import pytest

from processor.simulate.answer import Given, choose, declare, facts_of
from processor.simulate.chance import Chance
from processor.simulate.questions import SURVEYS, Question

QUESTIONS = {question.question_id: question for s in SURVEYS for question in s.questions}
RATED = [question for question in QUESTIONS.values() if question.highest]


def answers(question: Question, gladness: float, times: int = 500) -> list[object]:
    stream = Chance(1).stream("answers")
    return [choose(question, stream, gladness=gladness) for _ in range(times)]


def mean(question: Question, gladness: float) -> float:
    return sum(value for value in answers(question, gladness) if isinstance(value, int)) / 500


@pytest.mark.parametrize("question", RATED, ids=lambda question: question.question_id)
@pytest.mark.parametrize("gladness", [-9.0, -1.0, 0.0, 1.0, 9.0])
def test_an_answer_fits_its_scale_however_people_feel(question: Question, gladness: float) -> None:
    for value in answers(question, gladness):
        assert isinstance(value, int)
        assert question.lowest <= value <= question.highest


@pytest.mark.parametrize("question", RATED, ids=lambda question: question.question_id)
def test_the_gladder_the_better_in_the_direction_of_the_scale(question: Question) -> None:
    better = mean(question, 0.5) - mean(question, -1.0)
    assert better > 0 if question.polarity == "high_good" else better < 0


def test_choices_are_options() -> None:
    for name in ("reason", "strengths"):
        options = set(QUESTIONS[name].options)
        for value in answers(QUESTIONS[name], 0.0):
            chosen = value if isinstance(value, list) else [value]
            assert chosen
            assert set(chosen) <= options
            assert len(set(chosen)) == len(chosen)


def test_a_scale_is_declared_where_the_kind_does_not_tell_it() -> None:
    brief = {name: declare(question, in_full=False) for name, question in QUESTIONS.items()}
    assert "scale_min" not in brief["satisfied"]
    assert (brief["shopping"]["scale_min"], brief["shopping"]["scale_max"]) == (1, 10)
    assert brief["effort"]["polarity"] == "low_good"
    assert declare(QUESTIONS["satisfied"], in_full=True)["scale_max"] == 5
    assert "scale_min" not in declare(QUESTIONS["resolved"], in_full=True)


@pytest.mark.parametrize(
    ("name", "value", "facts"),
    [
        ("recommend", 9, {"nps.r9": 1}),
        ("resolved", True, {"question_yes.resolved.answers": 1, "question_yes.resolved.yes": 1}),
        ("reason", "price", {"question_choice.reason.price": 1}),
        (
            "agent",
            4,
            {
                "question_rating.agent.1-5.high_good.answers": 1,
                "question_rating.agent.1-5.high_good.sum": 4,
                "question_rating.agent.1-5.high_good.squares": 16,
            },
        ),
        (
            "effort",
            3,
            {
                "ces.answers": 1,
                "ces.easy": 1,
                "ces_rating.1-7.low_good.answers": 1,
                "ces_rating.1-7.low_good.sum": 3,
                "ces_rating.1-7.low_good.squares": 9,
            },
        ),
    ],
)
def test_what_an_answer_counts_for(name: str, value: int | str, facts: dict[str, int]) -> None:
    assert dict(facts_of(Given(QUESTIONS[name], value, 0))) == facts


@pytest.mark.parametrize(("value", "satisfied"), [(8, 0), (9, 1), (10, 1)])
def test_the_best_two_of_ten_points_are_satisfied(value: int, satisfied: int) -> None:
    assert dict(facts_of(Given(QUESTIONS["shopping"], value, 0)))["csat.satisfied"] == satisfied
