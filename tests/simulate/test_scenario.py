from collections import defaultdict

import pytest

from processor.simulate.delivery import Sending
from processor.simulate.scenario import SCENARIOS, Influence, Target
from processor.simulate.simulation import Simulation
from processor.simulate.truth import Range, Truth
from tests.simulate.streams import HOUR, MINUTE, MORNING, told

BEGIN = MORNING + HOUR
END = MORNING + 3 * HOUR


def truth_of(scenario: str) -> Truth:
    return told(settings(scenario))[1]


def settings(scenario: str) -> Simulation:
    return Simulation(
        seed=3, start_ms=MORNING, end_ms=END, rate=4.0, scenario=scenario, scenario_at_ms=BEGIN
    )


def share(truth: Truth, asked: Range, part: str, *wholes: str) -> float:
    return truth.count(part, asked) / sum(truth.count(whole, asked) for whole in wholes)


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "steady"])
def test_stories_that_are_over_before_a_scenario_begins_are_the_same_byte_for_byte(
    scenario: str,
) -> None:
    over: dict[str, dict[bytes | None, list[Sending]]] = {}
    for name in ("steady", scenario):
        stories = defaultdict(list)
        for sending in told(settings(name))[0]:
            stories[sending.key].append(sending)
        over[name] = {key: s for key, s in stories.items() if s[-1].arrival_ms < BEGIN}
    assert over["steady"].items() <= over[scenario].items()
    assert len(over["steady"]) > 500


def test_in_an_nps_drop_one_channel_falls_and_the_others_stay() -> None:
    steady, drop = truth_of("steady"), truth_of("nps-drop")
    for channel in ("email", "web"):
        calm = steady.nps(BEGIN, END, channel=channel).score
        assert drop.nps(BEGIN, END, channel=channel).score == pytest.approx(calm)
    before = drop.nps(MORNING, BEGIN, channel="in_app").score
    after = drop.nps(BEGIN + 10 * MINUTE, END, channel="in_app").score
    assert before is not None
    assert after is not None
    assert after < before - 50


def test_in_an_outage_the_feed_is_silent_and_then_a_flood() -> None:
    arrivals = [s.arrival_ms for s in told(settings("outage"))[0] if s.topic == "contacts"]
    sound = [at for at in arrivals if BEGIN <= at < BEGIN + 20 * MINUTE]
    flood = [at for at in arrivals if BEGIN + 20 * MINUTE <= at < BEGIN + 21 * MINUTE]
    before = [at for at in arrivals if BEGIN - 20 * MINUTE <= at < BEGIN]
    assert len(sound) < 0.02 * len(before)  # only broken records still come
    assert len(flood) > 0.5 * len(before)


def test_in_an_outage_callers_give_up() -> None:
    lost = ("contact.abandoned", "contact.abandoned", "contact.answered")
    truth = truth_of("outage")
    assert share(truth, Range(MORNING, BEGIN), *lost) < 0.15
    assert share(truth, Range(BEGIN, BEGIN + HOUR), *lost) > 0.4


def test_with_a_broken_checkout_carts_are_abandoned_half_an_hour_later() -> None:
    lost = ("cart.abandoned", "cart.abandoned", "cart.converted")
    steady, broken = truth_of("steady"), truth_of("checkout-broken")
    later = Range(BEGIN + 30 * MINUTE, END)
    assert share(steady, later, *lost) < 0.8
    assert share(broken, later, *lost) > 0.93
    asked = Range(BEGIN + MINUTE, BEGIN + 20 * MINUTE)
    assert broken.count("cart.converted", asked) < 0.3 * steady.count("cart.converted", asked)


def test_when_nothing_is_solved_answers_fall_and_customers_come_back() -> None:
    steady, unsolved = truth_of("steady"), truth_of("unsolved")
    good = ("ces.easy", "ces.answers")
    later, whole = Range(BEGIN + 30 * MINUTE, END), Range(BEGIN, END)
    assert share(unsolved, later, *good) < share(steady, later, *good) - 0.1
    resolved = ("fcr.resolved", "fcr.first")
    assert share(unsolved, whole, *resolved) < share(steady, whole, *resolved) - 0.15
    back = ("repeat.repeats", "repeat.contacts")
    assert share(unsolved, whole, *back) > share(steady, whole, *back)


def test_every_scenario_says_what_one_should_see() -> None:
    for name, scenario in SCENARIOS.items():
        assert name == scenario.name
        assert scenario.sentence.endswith(".")


def test_an_effect_begins_and_ends_on_time() -> None:
    influence = Influence(SCENARIOS["checkout-broken"], BEGIN)
    at = [influence.factor(Target.ORDER, BEGIN + t) for t in (-1, 0, 2 * HOUR - 1, 2 * HOUR)]
    assert at[0] == at[3] == 1.0
    assert at[1] == at[2] < 0.1


def test_a_feed_that_stands_still_moves_again_at_the_end_and_the_others_never_stop() -> None:
    influence = Influence(SCENARIOS["outage"], BEGIN)
    assert influence.held_until("contacts", BEGIN + 1) == BEGIN + 20 * MINUTE
    assert influence.held_until("contacts", BEGIN + 20 * MINUTE) == BEGIN + 20 * MINUTE
    assert influence.held_until("surveys", BEGIN + 1) == BEGIN + 1
