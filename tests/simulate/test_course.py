from collections.abc import Callable

import pytest

from processor.simulate import course
from processor.simulate.chance import Chance
from processor.simulate.course import INBOUND, Course, Leg, Scene
from processor.simulate.story import encode
from tests.simulate.streams import MORNING

COURSES = [INBOUND.at(share / 1000) for share in range(1000)]
INBOUND_COURSES = list(dict.fromkeys(COURSES))


def play(
    make: Callable[[Scene], Course], *, times: int = 300, wait: float = 20_000
) -> list[Course]:
    stream = Chance(1).stream(make.__name__)
    return [make(Scene(stream, "acd:1", "billing", MORNING, wait)) for _ in range(times)]


def test_all_courses_are_taken() -> None:
    assert len(INBOUND_COURSES) == 9


@pytest.mark.parametrize("make", [*INBOUND_COURSES, course.call_out])
def test_every_leg_is_over_in_the_end(make: Callable[[Scene], Course]) -> None:
    for played in play(make):
        assert all(leg.ended_at or leg.left_queue_at for leg in played.legs)
        known = {leg.segment_id for leg in played.legs}
        assert all(leg.next_segment_id in known for leg in played.legs if leg.next_segment_id)


@pytest.mark.parametrize("make", INBOUND_COURSES)
def test_an_inbound_course_has_at_most_one_outcome(make: Callable[[Scene], Course]) -> None:
    for played in play(make):
        outcomes = (played.answered_ms, played.abandoned_ms, played.other_exit_ms)
        assert sum(outcome is not None for outcome in outcomes) == (played.queued_ms is not None)


def test_patience_decides_between_an_answer_and_an_abandonment() -> None:
    quick, slow = play(course.wait_in_queue, wait=1000.0), play(course.wait_in_queue, wait=600_000)
    assert sum(played.abandoned_ms is not None for played in quick) == 0
    assert sum(played.abandoned_ms is not None for played in slow) > 200


def test_a_transferred_contact_leaves_its_first_agent_first() -> None:
    for played in play(course.transfer):
        if played.transferred:
            first, second = played.legs
            assert (first.ended_at or 0) < (second.answered_at or 0) < (second.ended_at or 0)


def test_an_agent_who_asks_a_colleague_comes_back() -> None:
    for played in play(course.consult):
        if played.answered_ms is not None:
            first, colleague = played.legs
            assert (first.answered_at or 0) < (colleague.answered_at or 0)
            assert (colleague.ended_at or 0) < (first.ended_at or 0)
            assert not played.transferred


def test_a_callback_has_no_wait_and_most_are_reached() -> None:
    played = play(course.ask_for_callback)
    assert all(one.wait_ms is None and one.legs[1].is_callback for one in played)
    assert 240 < sum(one.answered_ms is not None for one in played) < 300


def test_a_leg_is_written_as_a_segment_without_what_it_does_not_know() -> None:
    assert encode(Leg(segment_id="a", hold_ms=0)) == b'{"segment_id":"a","hold_ms":0}'
