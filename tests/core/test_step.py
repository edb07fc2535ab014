"""One step: what was counted is withdrawn, what counts now is added."""

from processor.core.definitions import Bounds, Definitions
from processor.core.entity.response import Response
from processor.core.identity import Identity
from processor.core.state import State
from processor.core.step import known, step
from schemas.event import Answer, SurveySubmitted
from tests.wire import DAY, NOON

RULES = Response(Definitions(bounds=Bounds(ids_max=1)), Identity(bytes(32)), 30 * DAY)


def said(at_ms: int, *values: int) -> State:
    answers = [Answer(question_id=f"q{at}", kind="nps", value=v) for at, v in enumerate(values)]
    event = SurveySubmitted(
        event_id="e",
        source="s",
        occurred_at=at_ms,
        created_at=NOON,
        response_id="r",
        survey_id="s",
        answers=answers,
    )
    return RULES.lift(event)[0]


def test_the_first_event_adds_what_it_counts_for() -> None:
    after, delta = step(RULES, None, said(NOON, 9))
    assert [sign for sign, _ in delta] == [1, 1]
    assert [count for _, count in delta] == list(after.contribution)


def test_an_edit_withdraws_and_adds() -> None:
    before = known(RULES, said(NOON, 9))
    _, delta = step(RULES, before, said(NOON + 1, 3))
    assert sorted((sign, count.tally.name, count.amounts) for sign, count in delta) == [
        (-1, "nps", ((9, 1),)),
        (1, "nps", ((3, 1),)),
    ]


def test_nothing_new_is_the_very_same_state_and_no_delta() -> None:
    before = known(RULES, said(NOON, 9))
    assert step(RULES, before, said(NOON, 9)) == (before, [])


def test_a_first_event_may_be_beyond_the_bound_already() -> None:
    after, delta = step(RULES, None, said(NOON, 9, 9))
    assert [count.tally.name for _, count in delta] == ["quality"]
    assert step(RULES, after, said(NOON - 1, 9, 9))[0] is after
