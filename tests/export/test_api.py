"""The numbers as JSON: what is told of a window, and what is null."""

import json
from typing import Any

import msgspec

from processor.core.score import net_promoter
from processor.export.api import windows_model
from tests.export.scene import BUILD, NOW_MS, Scene, cart, survey, surveys


async def told(scene: Scene) -> dict[str, Any]:
    """The model as a program reads it."""
    await scene.watch.refresh()
    model: dict[str, Any] = json.loads(msgspec.json.encode(windows_model(scene.watch, BUILD)))
    return model


def named(rows: list[dict[str, Any]], name: str, **labels: str) -> dict[str, Any]:
    (found,) = [row for row in rows if row["name"] == name and row["labels"] == labels]
    return found


async def test_a_count_has_its_labels_and_its_unit() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 9, 3], channel="email"))
    counts = (await told(scene))["windows"]["1h"]["counts"]
    assert named(counts, "nps_promoters") == {
        "name": "nps_promoters",
        "labels": {},
        "value": 2,
        "unit": 1,
    }
    assert named(counts, "nps_promoters", channel="email")["value"] == 2
    assert named(counts, "nps_ratings", rating="3")["value"] == 1
    assert named(counts, "nps_ratings", rating="3", channel="email")["value"] == 1


async def test_a_score_has_its_bounds_and_says_on_what_it_stands() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 9, 3]), as_of_ms=NOW_MS - 15 * 60_000)
    expected = net_promoter(2, 1, 3)
    assert named((await told(scene))["windows"]["1h"]["scores"], "nps_score") == {
        "name": "nps_score",
        "labels": {},
        "value": expected.value,
        "lower": expected.lower,
        "upper": expected.upper,
        "n": 3,
        "coverage": 0.75,
    }


async def test_a_score_of_nothing_is_null_and_its_counts_are_zero() -> None:
    window = (await told(Scene()))["windows"]["5m"]
    score = named(window["scores"], "nps_score")
    assert (score["value"], score["lower"], score["upper"], score["n"]) == (None, None, None, 0)
    assert named(window["counts"], "nps_answers")["value"] == 0


async def test_money_is_told_by_currency_in_minor_units() -> None:
    scene = Scene()
    await scene.tell("carts", *cart(1, ago_ms=50 * 60_000))
    counts = (await told(scene))["windows"]["1h"]["counts"]
    assert named(counts, "carts_abandoned_minor_units", currency="EUR")["value"] == 1999


async def test_time_is_told_in_whole_milliseconds_of_which_a_second_has_a_thousand() -> None:
    scene = Scene()
    at_ms = NOW_MS - 120_000
    leg = {"answered_at": at_ms, "ended_at": at_ms + 60_000, "talk_ms": 40_500}
    contact = {
        "type": "contact.recorded",
        "event_id": "e1",
        "source": "acd",
        "contact_id": "acd:c1",
        "occurred_at": at_ms + 60_000,
        "created_at": at_ms,
        "segments": [leg],
    }
    await scene.tell("contacts", contact)
    talk = named((await told(scene))["windows"]["1h"]["counts"], "contacts_talk_seconds")
    assert (talk["value"], talk["unit"]) == (40_500, 1000)


async def test_every_window_is_there_and_holds_only_what_is_kept_for_it() -> None:
    model = await told(Scene())
    assert list(model["windows"]) == ["5m", "1h", "24h", "7d", "28d"]
    settled = {
        name: [row for row in window["scores"] if row["name"] == "fcr_settled_ratio"]
        for name, window in model["windows"].items()
    }
    assert [name for name, found in settled.items() if found] == ["7d", "28d"]


async def test_topics_are_told_with_the_heads_of_their_partitions() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10), survey(2, 9))
    topics = (await told(scene))["topics"]
    head = topics["surveys"]["partitions"]["0"]
    assert (head["position"], head["accounting"]["applied"]) == (2, 2)
    assert topics["surveys"]["as_of_ms"] == NOW_MS
    assert topics["carts"] == {"as_of_ms": 0, "partitions": {}}


async def test_what_runs_when_it_was_read_and_how_it_is_stand_beside_the_numbers() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10))
    model = await told(scene)
    assert (model["build"], model["now_ms"]) == (BUILD, NOW_MS)
    assert model["status"] == {
        "condition": "stale",
        "text": "Nothing is known of contacts, carts, cases",
        "progress": None,
    }
