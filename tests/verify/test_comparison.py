"""Each number that could be wrong is compared: faults are planted in all of them, one by one."""

from collections.abc import Collection
from typing import Any

import pytest

from processor.core.head import Accounting, Head, LogIdentity
from processor.core.identity import Identity
from processor.core.pane import Cells, Pane, pack_vector
from processor.export.exposition import exposition
from processor.store.contract import Place
from processor.verify.comparison import (
    EntityWindow,
    compare_accounts,
    compare_panes,
    compare_series,
)
from processor.verify.report import Check
from processor.verify.snapshot import Series, parse_series
from tests.export.scene import BUILD, NOW_MS, TARGETS, Scene, survey
from tests.oracle import Oracle
from tests.world import KEY

PLACE = Place("surveys", 0)
PANE: Pane = (60_000, 1_772_445_600_000)
NINE = pack_vector([0] * 9 + [1, 0])


def pane_check(stored: dict[Pane, Cells]) -> Check:
    check = Check("panes")
    compare_panes(check, PLACE, {PANE: {"nps": {"r9": 1}}}, stored)
    return check


def test_panes_that_hold_what_they_should_are_equal() -> None:
    check = pane_check({PANE: {"nps": NINE}})
    assert (check.compared, check.differences) == (1, [])


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ({}, "{}"),
        ({PANE: {"nps": pack_vector([0] * 9 + [2, 0])}}, "{'r9': 2}"),
        ({PANE: {"nps": pack_vector([1] + [0] * 8 + [1, 0])}}, "{'r0': 1, 'r9': 1}"),
        ({PANE: {"nps": NINE, "nps@channel=web": NINE}}, "{'r9': 1}"),
        ({PANE: {"nps": NINE}, (60_000, 0): {"nps": NINE}}, "{'r9': 1}"),
    ],
)
def test_a_pane_with_too_little_or_too_much_is_noticed(
    stored: dict[Pane, Cells], found: str
) -> None:
    (difference,) = pane_check(stored).differences
    assert difference.found == found


def test_a_difference_is_told_in_words_that_help_to_find_it() -> None:
    (difference,) = pane_check({}).differences
    assert difference.where == "surveys/0, 60 s from 2026-03-02 10:00:00 UTC, nps"


def account_check(head: Head, replayed: Accounting | None) -> list[str]:
    check = Check("accounts")
    compare_accounts(check, PLACE, head, replayed)
    return [difference.where for difference in check.differences]


def head(position: int, *, applied: int, invisible: int = 0) -> Head:
    log, accounting = LogIdentity("c", 1), Accounting(applied=applied, invisible=invisible)
    return Head(start=2, position=position, log=log, accounting=accounting)


def test_positions_that_are_not_all_accounted_for_are_noticed() -> None:
    assert account_check(head(5, applied=2, invisible=1), None) == []
    assert account_check(head(5, applied=2), None) == ["surveys/0, positions"]


def test_another_outcome_than_the_replay_had_is_noticed() -> None:
    assert account_check(head(4, applied=2), Accounting(applied=2)) == []
    replayed = Accounting(applied=1, no_effect=1)
    assert account_check(head(4, applied=2), replayed) == ["surveys/0, outcomes"]
    late = Accounting(applied=1, expired={"lateness": 1})
    assert account_check(head(4, applied=2), late) == ["surveys/0, outcomes"]


async def told() -> tuple[Oracle, Series]:
    """A scene's exposition, and an oracle that read the same log."""
    scene = Scene()
    answers = [survey(number, rating, channel="web") for number, rating in enumerate((9, 10, 3))]
    await scene.tell("surveys", *answers)
    await scene.tell("contacts", contact(1), contact(2))
    await scene.idle("carts", "cases")
    await scene.watch.refresh()
    oracle = Oracle(scene.definitions, Identity(KEY))
    for topic, record in scene.log:
        oracle.read(topic, 0, record)
    return oracle, parse_series(exposition(scene.watch, BUILD, TARGETS))


def contact(number: int) -> dict[str, Any]:
    """A customer's call, answered and over."""
    return {
        **{"type": "contact.recorded", "event_id": f"c{number}", "source": "acd"},
        **{"contact_id": f"acd:c{number}", "customer_id": "k-1", "direction": "inbound"},
        **{"created_at": NOW_MS - 600_000 * number, "occurred_at": NOW_MS - 60_000},
        "segments": [
            {
                "queued_at": NOW_MS - 600_000 * number,
                "answered_at": NOW_MS - 580_000 * number,
                "ended_at": NOW_MS - 400_000 * number,
            }
        ],
    }


def series_check(oracle: Oracle, found: Series, left_out: Collection[EntityWindow] = ()) -> Check:
    check = Check("series")
    compare_series(check, oracle.windows(NOW_MS), found, left_out)
    return check


async def test_what_an_exporter_shows_of_a_log_is_what_the_oracle_says() -> None:
    oracle, found = await told()
    check = series_check(oracle, found)
    assert check.differences == []
    shown = {name for name, _ in found}
    assert {"cx_nps_score_lower", "cx_nps_score_by_channel_n", "cx_case_contacts"} <= shown
    assert check.compared > 500


KEYS = [
    ("cx_nps_score", {"window": "1h"}),
    ("cx_nps_score_upper", {"window": "1h"}),
    ("cx_nps_score_by_channel_n", {"window": "24h", "channel": "web"}),
    ("cx_nps_ratings", {"window": "24h", "rating": "9"}),
    ("cx_contacts", {"window": "24h"}),
    ("cx_case_contacts", {"window": "24h"}),
]


@pytest.mark.parametrize(("name", "labels"), KEYS)
@pytest.mark.parametrize("fault", ["off by one", "missing", "doubled in another slice"])
async def test_a_series_that_is_wrong_is_noticed(
    name: str, labels: dict[str, str], fault: str
) -> None:
    oracle, found = await told()
    key = (name, frozenset(labels.items()))
    if fault == "off by one":
        found[key] += 1
    elif fault == "missing":
        del found[key]
    else:
        found[f"{name}_by_brand", key[1] | {("brand", "north")}] = 7.0
    (difference,) = series_check(oracle, found).differences
    assert difference.where.startswith(name)


@pytest.mark.parametrize(
    ("name", "labels", "entity"),
    [
        ("cx_case_contacts", {}, "case"),
        ("cx_contacts", {}, "contact"),
        ("cx_nps_score_by_channel_n", {"channel": "web"}, "response"),
        ("cx_carts_started", {}, "cart"),
    ],
)
async def test_an_entitys_window_is_left_out_if_it_should_be(
    name: str, labels: dict[str, str], entity: str
) -> None:
    oracle, found = await told()
    key = (name, frozenset({**labels, "window": "24h"}.items()))
    found[key] += 1
    others = {(other, "24h") for other in ("case", "contact", "response", "cart")} - {
        (entity, "24h")
    }
    assert len(series_check(oracle, found, {*others, (entity, "1h")}).differences) == 1
    assert series_check(oracle, found, {(entity, "24h")}).differences == []


async def test_the_quality_of_an_entity_goes_with_it() -> None:
    oracle, found = await told()
    labels = {"entity": "contact", "window": "24h"}
    found["cx_entities_oversized", frozenset(labels.items())] = 7.0
    assert len(series_check(oracle, found, {("case", "24h")}).differences) == 1
    assert series_check(oracle, found, {("contact", "24h")}).differences == []


def test_panes_before_an_instant_are_left_out() -> None:
    check = Check("panes")
    compare_panes(check, PLACE, {PANE: {"nps": {"r9": 1}}}, {}, PANE[1] + 1)
    assert check.compared == 0
    compare_panes(check, PLACE, {PANE: {"nps": {"r9": 1}}}, {}, PANE[1])
    assert len(check.differences) == 1
