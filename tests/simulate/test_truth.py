from collections import Counter
from functools import cache

import pytest

from processor.core.definitions import CartRules, Definitions, Question
from processor.core.identity import Identity
from processor.core.record import Outcome, Record
from processor.simulate.catalog import CURRENCIES
from processor.simulate.questions import SURVEYS
from processor.simulate.simulation import Simulation
from processor.simulate.story import Visit, begin_story
from processor.simulate.truth import Range, Truth
from tests.oracle import Oracle
from tests.simulate.streams import DAY, HOUR, MORNING, told

Facts = Counter[tuple[str, int]]

SHORT = Simulation(seed=21, start_ms=MORNING, end_ms=MORNING + HOUR, rate=1.5, corrected=0.1)
LONG = Simulation(seed=22, start_ms=MORNING, end_ms=MORNING + 12 * DAY, rate=0.008, excluded=0.05)
OUTAGE = Simulation(seed=23, start_ms=MORNING, end_ms=MORNING + HOUR, rate=1.5, scenario="outage")
OUTCOMES = {Outcome.APPLIED: "admitted", Outcome.NO_EFFECT: "admitted", Outcome.EXPIRED: "expired"}


def definitions() -> Definitions:
    """The product's defaults, and what it must know of this company."""
    registry = tuple(
        Question(
            name=question.kept_as,
            survey_id=survey.survey_id,
            question_id=question.question_id,
            kind=question.kind,
            scale_min=question.lowest if question.highest else None,
            scale_max=question.highest or None,
            polarity=question.polarity,
            options=question.options,
        )
        for survey in SURVEYS
        for question in survey.questions
    )
    return Definitions(questions=registry, cart=CartRules(currencies=CURRENCIES))


@cache
def counted(settings: Simulation) -> Facts:
    """What the oracle counts in the stream, every record of which must meet its expected fate."""
    oracle = Oracle(definitions(), Identity(bytes(range(32))))
    for offset, sending in enumerate(told(settings)[0]):
        record = Record(offset, sending.arrival_ms, sending.key, sending.value, sending.headers)
        outcome, reason = oracle.read(sending.topic, 0, record)
        assert OUTCOMES.get(outcome, reason) == sending.expected
    facts: Facts = Counter()
    for count, _ in oracle.counts():
        for field, amount in count.amounts.items():
            facts[".".join((count.tally, *count.dimensions, field)), count.at_ms] += amount
    return without_zeros(facts)


def meant(truth: Truth) -> Facts:
    """What the company meant, in the oracle's names."""
    facts: Facts = Counter()
    for field, (at_ms, amount, _, _) in truth.facts():
        name = f"{field}.chosen" if field.startswith("question_choice") else field
        facts[name, at_ms] += amount
    return without_zeros(facts)


def without_zeros(facts: Facts) -> Facts:
    return Counter({key: amount for key, amount in facts.items() if amount})


@pytest.mark.parametrize("settings", [SHORT, LONG, OUTAGE], ids=["short", "long", "outage"])
def test_the_oracle_counts_what_the_company_meant(settings: Simulation) -> None:
    found = counted(settings)
    # The truth says nothing of quality, nor of wrap codes that nobody configured.
    told_of = {
        key: amount
        for key, amount in found.items()
        if not key[0].startswith("quality") and ".net_" not in key[0]
    }
    assert told_of == meant(told(settings)[1])
    tallies = {name.partition(".")[0] for name, _ in told_of}
    assert tallies == {
        *("survey", "nps", "csat", "csat_rating", "ces", "ces_rating", "question_rating"),
        *("question_yes", "question_choice", "contact", "repeat", "fcr", "fcr_settled"),
        *("shop", "cart", "cart_value"),
    }


def test_a_truth_that_is_one_answer_off_is_noticed() -> None:
    found, truth = counted(SHORT), meant(told(SHORT)[1])
    truth["nps.r9", MORNING] += 1
    assert {key: n for key, n in found.items() if key[0] == "nps.r9"} != {
        key: n for key, n in truth.items() if key[0] == "nps.r9"
    }


def test_ranges_are_half_open_and_add_up() -> None:
    truth = told(SHORT)[1]
    whole = truth.contacts(MORNING, MORNING + 2 * HOUR)
    parts = truth.contacts(MORNING, MORNING + HOUR) + truth.contacts(
        MORNING + HOUR, MORNING + 2 * HOUR
    )
    assert whole == parts
    assert whole["contacts"] > 100


def test_brands_add_up_to_the_total() -> None:
    truth = told(SHORT)[1]
    brands = ("north", "harbor", "atlas", "meadow")
    parts = sum(truth.nps(0, MORNING * 2, brand=brand).answers for brand in brands)
    assert parts == truth.nps(0, MORNING * 2).answers > 50


def test_nps_classes_follow_the_standard_cuts() -> None:
    truth, story = Truth(), begin_story("forms:r", brand="north", channel="email")
    for value in (0, 6, 7, 8, 9, 10, 10):
        story.count(f"nps.r{value}", MORNING)
    truth.note(story)
    nps = truth.nps(MORNING, MORNING + 1)
    assert (nps.promoters, nps.passives, nps.detractors) == (3, 2, 2)
    assert nps.score == pytest.approx(100 / 7)
    assert truth.nps(MORNING + 1, MORNING + 2).score is None


def case(*contacts: tuple[int, dict[str, bool], bool]) -> Truth:
    """One customer, one issue: (days since the first contact, what was said, clean)."""
    truth = Truth()
    for number, (days, said, clean) in enumerate(contacts):
        story = begin_story(f"acd:{number}", brand="north", channel="voice")
        story.visit = Visit(
            contact_id=story.name,
            anchor_ms=MORNING + days * DAY,
            customer_id="cust-000001",
            issue_id=None,
            said=said,
            clean=clean,
        )
        truth.note(story)
    return truth


SOLVED = {"agent": True}


@pytest.mark.parametrize(
    ("contacts", "first", "resolved", "unknown", "repeats"),
    [
        ([(0, SOLVED, True)], 1, 1, 0, 0),
        ([(0, {}, True)], 1, 0, 1, 0),
        ([(0, {"agent": False}, True)], 1, 0, 0, 0),
        ([(0, SOLVED, False)], 1, 0, 0, 0),
        ([(0, SOLVED, True), (6, SOLVED, True)], 1, 0, 0, 1),
        ([(0, SOLVED, True), (7, SOLVED, True)], 2, 2, 0, 0),
        ([(0, SOLVED, True), (6, {}, True), (12, SOLVED, True)], 1, 0, 0, 2),
        ([(0, {"agent": True, "case": False}, True)], 1, 0, 0, 0),
    ],
)
def test_cases(
    contacts: list[tuple[int, dict[str, bool], bool]],
    first: int,
    resolved: int,
    unknown: int,
    repeats: int,
) -> None:
    truth, end = case(*contacts), MORNING + 40 * DAY
    fcr = truth.fcr(MORNING, end)
    assert (fcr["first"], fcr["resolved"], fcr["unknown"]) == (first, resolved, unknown)
    assert truth.repeats(MORNING, end)["repeats"] == repeats
    assert truth.fcr(MORNING + 7 * DAY, end, settled=True) == fcr
    assert not truth.fcr(MORNING, MORNING + 7 * DAY, settled=True)


def test_a_survey_has_the_last_word_on_a_contact() -> None:
    truth = case((0, SOLVED, True))
    answer = begin_story("forms:r", brand="north", channel="ivr")
    answer.verdict = "acd:0", False
    truth.note(answer)
    assert truth.fcr(MORNING, MORNING + 1)["resolved"] == 0


def test_a_silent_story_means_nothing() -> None:
    truth, story = Truth(), begin_story("acd:1", brand="north", channel="voice")
    story.count("contact.contacts", MORNING)
    story.silent = True
    truth.note(story)
    assert truth.count("contact.contacts", Range()) == 0
