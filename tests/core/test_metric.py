"""The one table of metrics."""

import re

import pytest

from processor.core.counted import COUNT
from processor.core.formula import Mean, NetPromoter, ScoreMetric, Share
from processor.core.metric import SCORE, SCORES
from processor.core.tally import TALLY_BY_NAME, zero


def parts(score: ScoreMetric) -> list[str]:
    match score.formula:
        case NetPromoter(promoters, detractors, answers):
            counts = [promoters, detractors, answers]
        case Share(part, wholes):
            counts = [part, *wholes]
        case Mean(total, squares, count):
            counts = [total, count, *([squares] if squares else [])]
    return [count.name for count in counts]


def vector(tally: str, **amounts: int) -> list[int]:
    """A vector of a tally, by field."""
    fields = TALLY_BY_NAME[tally].fields
    made = zero(TALLY_BY_NAME[tally])
    for field, amount in amounts.items():
        made[fields.index(field)] = amount
    return made


def test_every_score_has_a_name_of_its_own_that_no_count_has() -> None:
    assert len(SCORE) == len(SCORES)
    assert not SCORE.keys() & COUNT.keys()


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.name)
def test_a_score_is_made_of_exported_counts_of_one_tally(score: ScoreMetric) -> None:
    assert [name for name in parts(score) if COUNT[name].tally is not score.tally] == []


@pytest.mark.parametrize("score", SCORES, ids=lambda score: score.name)
def test_a_score_says_what_it_is_and_who_says_so(score: ScoreMetric) -> None:
    assert all((score.title, score.help, score.source, score.counted))
    units = {"ratio": "_ratio", "seconds": "_seconds", "rating": "_mean", "points": "_score"}
    assert score.name.endswith(units[score.unit])
    assert re.fullmatch(r"[a-z][a-z0-9_]*", score.name)


@pytest.mark.parametrize(
    ("name", "held", "value"),
    [
        ("nps_score", vector("nps", r9=791, r0=509, r7=349), 17.10),
        ("csat_ratio", vector("csat", answers=4, satisfied=3), 0.75),
        ("csat_rating_mean", vector("csat_rating", answers=2, sum=9, squares=41), 4.5),
        ("ces_ratio", vector("ces", answers=4, easy=1), 0.25),
        ("fcr_ratio", vector("fcr", first=400, resolved=280), 0.7),  # SQM's example
        # Gross counts all first contacts; net leaves out those nobody at level one could resolve
        # (MetricNet).
        ("fcr_ratio", vector("fcr", first=100, resolved=70, net_first=80, net_resolved=70), 0.7),
        (
            "fcr_net_ratio",
            vector("fcr", first=100, resolved=70, net_first=80, net_resolved=70),
            0.875,
        ),
        ("fcr_settled_ratio", vector("fcr_settled", first=10, resolved=5), 0.5),
        ("repeat_contact_ratio", vector("repeat", contacts=10, repeats=3), 0.3),
        # Answered within 20 s of 4054 answered and 946 who gave up, as published: 7.48 %.
        (
            "service_level_ratio",
            vector("contact", answered=4054, abandoned=946, in_time=374),
            0.075,
        ),
        ("contact_abandonment_ratio", vector("contact", answered=3, abandoned=1, offered=9), 0.25),
        ("speed_of_answer_seconds", vector("contact", waited=2, wait_ms=30_000), 15),
        # Talk, hold and after-call work of the one record: 2257 + 1021 + 0 s.
        (
            "handle_time_seconds",
            vector("contact", handled=1, handle_ms=3_278_000, handle_ms_squares=3_278_000**2),
            3278,
        ),
        ("transfer_ratio", vector("contact", handled=4, transferred=1), 0.25),
        ("cart_abandonment_ratio", vector("cart", abandoned=7, converted=3), 0.7),
        ("cart_recovery_ratio", vector("cart", abandoned=7, recovered=1, converted=3), 0.125),
        ("order_unjoined_ratio", vector("shop", orders=10, unjoined=2), 0.2),
        ("survey_completion_ratio", vector("survey", responses=4, completed=3), 0.75),
    ],
)
def test_a_worked_example(name: str, held: list[int], value: float) -> None:
    assert SCORE[name].of(held).value == pytest.approx(value, abs=0.005)


def test_offers_are_not_what_a_rate_of_exits_stands_on() -> None:
    some = SCORE["contact_abandonment_ratio"].of(vector("contact", answered=3, abandoned=1)).value
    more = vector("contact", answered=3, abandoned=1, offered=50)
    assert SCORE["contact_abandonment_ratio"].of(more).value == some
