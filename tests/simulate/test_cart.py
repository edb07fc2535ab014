import json
from collections import Counter

from processor.simulate.basket import QUIET_MS
from processor.simulate.cart import Cart
from processor.simulate.catalog import person
from processor.simulate.simulation import Simulation
from processor.simulate.story import Cause, Story
from processor.simulate.world import make_world
from tests.simulate.streams import HOUR, MINUTE, MORNING


def carts(number: int = 600, *, kind: str = "cart", **settings: object) -> list[Story]:
    world = make_world(Simulation(start_ms=MORNING, **settings))  # type: ignore[arg-type]
    causes = [Cause(kind, MORNING + HOUR, n, person(n, known=True)) for n in range(number)]
    return [Cart(world, cause).tell() for cause in causes]


def amounts(story: Story) -> Counter[str]:
    found: Counter[str] = Counter()
    for field, _, amount in story.facts:
        found[field] += amount
    return found


def test_a_cart_has_at_most_one_open_end() -> None:
    for story in carts():
        counted = amounts(story)
        assert counted["cart.abandoned"] <= 1
        assert counted["cart.abandoned"] <= counted["cart.abandonments"]
        assert counted["cart.checkout_abandoned"] <= counted["cart.abandoned"]
        assert counted["cart.recovered"] <= counted["cart.converted"]


def test_all_outcomes_occur_and_most_carts_are_abandoned() -> None:
    total: Counter[str] = Counter()
    for story in carts():
        total += amounts(story)
    outcomes = total["cart.abandoned"] + total["cart.converted"]
    assert 0.55 < total["cart.abandoned"] / outcomes < 0.8
    assert min(total["cart.recovered"], total["cart.checkout_abandoned"]) > 5
    assert total["shop.started"] > outcomes  # some are emptied


def test_an_abandonment_stands_where_the_quiet_time_ends() -> None:
    for story in carts():
        acts = {record.occurred_ms + QUIET_MS for record in story.records}
        due = {at_ms for field, at_ms, _ in story.facts if field == "cart.abandonments"}
        assert due <= acts


def test_looking_around_counts_for_nothing() -> None:
    for story in carts():
        if all(json.loads(record.value).get("action") == "viewed" for record in story.records):
            assert not story.facts


def test_a_second_order_is_a_second_cart_under_the_same_id() -> None:
    twice = [story for story in carts(2000) if amounts(story)["cart.converted"] == 2]
    assert twice
    assert all(amounts(story)["shop.started"] == 2 for story in twice)


def test_an_order_without_a_cart_starts_and_converts_nothing() -> None:
    for story in carts(50, kind="sale"):
        assert amounts(story) == {"shop.orders": 1, "shop.unjoined": 1}
        assert {record.key for record in story.records} == {story.name.encode()}
        assert story.name.startswith("order:")


def test_when_the_shop_takes_no_orders_there_are_none() -> None:
    begin = MORNING + HOUR - MINUTE

    def converted(scenario: str) -> int:
        stories = carts(scenario=scenario, scenario_at_ms=begin)
        facts = [fact for story in stories for fact in story.facts]
        return sum(f[0] == "cart.converted" and f[1] < begin + 2 * HOUR for f in facts)

    assert converted("checkout-broken") < 0.15 * converted("steady")


def test_after_an_order_the_shop_asks_how_it_was() -> None:
    asked = [cause for story in carts() for cause in story.follow_ups]
    assert asked
    assert {cause.kind for cause in asked} == {"after-purchase"}
    assert all(cause.thread.startswith("o-") for cause in asked)
