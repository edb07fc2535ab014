"""The text is what Prometheus expects, and its scores follow from the counts beside them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from processor.core.score import net_promoter, share
from processor.export.exposition import exposition
from tests.export.scene import BUILD, NOW_MS, TARGETS, Scene, cart, log_identity, survey, surveys
from tests.servers.prometheus import check_metrics

Labels = frozenset[tuple[str, str]]


def parsed(text: str) -> dict[tuple[str, Labels], float]:
    samples = [
        sample for family in text_string_to_metric_families(text) for sample in family.samples
    ]
    series = {(s.name, frozenset(s.labels.items())): s.value for s in samples}
    assert len(series) == len(samples), "a series stands twice"
    return series


def value(series: dict[tuple[str, Labels], float], name: str, **labels: str) -> float | None:
    return series.get((name, frozenset(labels.items())))


async def page(scene: Scene) -> str:
    await scene.watch.refresh()
    return exposition(scene.watch, BUILD, TARGETS)


async def test_scores_follow_from_the_counts_beside_them() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 9, 8, 3, 0, 10, 7], channel="email"))
    series = parsed(await page(scene))
    for labels, suffix in (({}, ""), ({"channel": "email"}, "_by_channel")):
        told = {"window": "1h", **labels}
        promoters, detractors, answers = (
            int(value(series, f"cx_nps_{name}{suffix}", **told) or 0)
            for name in ("promoters", "detractors", "answers")
        )
        score = net_promoter(promoters, detractors, answers)
        assert (promoters, detractors, answers) == (3, 2, 7)
        assert value(series, f"cx_nps_score{suffix}", **told) == score.value
        assert value(series, f"cx_nps_score{suffix}_lower", **told) == score.lower
        assert value(series, f"cx_nps_score{suffix}_upper", **told) == score.upper
        assert value(series, f"cx_nps_score{suffix}_n", **told) == answers
        ratings = [
            value(series, f"cx_nps_ratings{suffix}", rating=str(r), **told) for r in range(11)
        ]
        assert ratings == [1, 0, 0, 1, 0, 0, 0, 1, 1, 1, 2]


async def test_a_ratio_follows_from_the_counts_of_its_parts() -> None:
    scene = Scene()
    carts = [e for n in range(5) for e in cart(n, ago_ms=50 * 60_000, ordered=n < 2)]
    await scene.tell("carts", *carts)
    series = parsed(await page(scene))
    assert value(series, "cx_carts_abandoned", window="1h") == 3
    assert value(series, "cx_carts_converted", window="1h") == 2
    assert value(series, "cx_cart_abandonment_ratio", window="1h") == share(3, 5).value
    assert value(series, "cx_carts_abandoned_minor_units", window="1h", currency="EUR") == 3 * 1999


async def test_a_score_of_nothing_has_no_series_and_its_counts_are_zero() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10, ago_ms=30 * 60_000))
    series = parsed(await page(scene))
    assert value(series, "cx_nps_score", window="1h") == 100.0
    assert value(series, "cx_nps_score", window="5m") is None
    assert value(series, "cx_nps_answers", window="5m") == 0
    assert value(series, "cx_csat_answers", window="1h") == 0
    assert value(series, "cx_csat_ratio", window="1h") is None


async def test_a_slice_that_leaves_a_window_stays_as_zero_while_another_window_holds_it() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10, ago_ms=30 * 60_000, channel="sms"))
    series = parsed(await page(scene))
    assert value(series, "cx_nps_answers_by_channel", window="5m", channel="sms") == 0
    assert value(series, "cx_nps_answers_by_channel", window="1h", channel="sms") == 1


async def test_the_sum_over_a_slice_is_the_total() -> None:
    scene = Scene()
    events = [survey(n, n % 11, channel=("email", "sms", "fax")[n % 3]) for n in range(33)]
    events += [survey(99, 5)]
    await scene.tell("surveys", *events)
    series = parsed(await page(scene))
    parts = [
        v
        for (name, labels), v in series.items()
        if name == "cx_nps_answers_by_channel" and ("window", "1h") in labels
    ]
    assert sum(parts) == value(series, "cx_nps_answers", window="1h") == 34
    assert value(series, "cx_nps_answers_by_channel", window="1h", channel="__other__") == 11
    assert value(series, "cx_nps_answers_by_channel", window="1h", channel="__none__") == 1


async def test_label_values_may_hold_any_text() -> None:
    scene = Scene()
    brands = ['say "hi"\\', "line\nbreak"]
    await scene.tell(
        "surveys", *[survey(n, 9, attributes={"brand": b}) for n, b in enumerate(brands)]
    )
    series = parsed(await page(scene))
    for brand in brands:
        assert value(series, "cx_nps_answers_by_brand", window="1h", brand=brand) == 1


async def test_promtool_finds_nothing_to_say_and_every_line_parses_back_exactly() -> None:
    scene = Scene()
    await scene.tell("surveys", *surveys([10, 9, 1], channel="email"))
    await scene.tell("carts", *cart(1, ago_ms=50 * 60_000))
    text = await page(scene)
    assert check_metrics(text) == ()
    series = parsed(text)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == len(series)
    assert {float(line.rsplit(" ", 1)[1]) for line in lines} == set(series.values())


async def test_what_is_running_and_how_current_it_is_stand_beside_the_numbers() -> None:
    scene = Scene()
    await scene.tell("surveys", survey(1, 10), as_of_ms=NOW_MS - 7_000)
    series = parsed(await page(scene))
    assert value(series, "cx_up") == 1
    assert value(series, "cx_build_info", **BUILD) == 1
    assert value(series, "cx_as_of_timestamp_seconds", topic="surveys") == (NOW_MS - 7_000) / 1000
    assert value(series, "cx_as_of_timestamp_seconds", topic="carts") == 0
    assert value(series, "cx_windows_timestamp_seconds") == NOW_MS / 1000
    assert value(series, "cx_nps_score_coverage_ratio", window="5m") == pytest.approx(293 / 300)
    assert value(series, "cx_cart_abandonment_ratio_coverage_ratio", window="5m") == 0
    assert value(series, "cx_nps_score_target") == 50.0
    applied = {"topic": "surveys", "partition": "0", "outcome": "applied", "reason": ""}
    assert value(series, "cx_log_positions", **applied) == 1


async def test_a_partition_that_no_worker_has_taken_up_is_missing_from_the_coverage() -> None:
    scene = Scene()
    scene.world.view("surveys").head.log = log_identity(4)
    await scene.tell("surveys", survey(1, 10))
    series = parsed(await page(scene))
    assert value(series, "cx_nps_score_coverage_ratio", window="1h") == 0.25
    assert value(series, "cx_as_of_timestamp_seconds", topic="surveys") == 0


async def test_without_a_store_the_page_still_stands_and_says_so() -> None:
    scene = Scene()
    scene.store.away = True
    series = parsed(await page(scene))
    assert value(series, "cx_up") == 0
