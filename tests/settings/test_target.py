from processor.core.metric import SCORE
from processor.settings.model import Settings
from tests.settings.conftest import Right, Wrong


def test_the_default_targets_are_those_of_the_metrics() -> None:
    defaults = {name: score.target for name, score in SCORE.items() if score.target is not None}
    assert Settings().targets == defaults


def test_a_target_may_be_set_and_the_others_stay(right: Right) -> None:
    loaded = right("[targets]\nnps_score = 40", CXPULSE_TARGETS__HANDLE_TIME_SECONDS="300")
    targets = loaded.settings.targets
    assert (targets["nps_score"], targets["handle_time_seconds"]) == (40, 300)
    assert targets["csat_ratio"] == SCORE["csat_ratio"].target


def test_a_score_that_does_not_exist_has_no_target(wrong: Wrong) -> None:
    assert wrong("[targets]\nnps_scor = 40\nprofit = 1") == [
        "targets.nps_scor = 40 (file cxpulse.toml): there is no such score; did you mean"
        " nps_score?",
        "targets.profit = 1 (file cxpulse.toml): there is no such score",
    ]


def test_a_share_is_not_given_in_percent(wrong: Wrong) -> None:
    assert wrong("[targets]\ncsat_ratio = 80\nnps_score = 101") == [
        "targets.csat_ratio = 80 (file cxpulse.toml): a share (0.8 for 80 %) between 0 and 1",
        "targets.nps_score = 101 (file cxpulse.toml): points between -100 and 100",
    ]
