import json
from typing import Any

from processor.simulate.basket import GRACE_MS, QUIET_MS, Basket
from processor.simulate.catalog import person
from processor.simulate.chance import Chance
from processor.simulate.story import CARTS_TOPIC, Story, Teller, begin_story
from tests.simulate.streams import HOUR, MORNING


def basket(number: int = 0) -> tuple[Story, Basket]:
    story = begin_story("shop:1", brand="north", channel="web")
    teller = Teller(story, "shop", topic=CARTS_TOPIC, entity="shop:1")
    stream = Chance(number).stream("basket")
    market = person(1, known=True).market
    return story, Basket(teller, stream, market=market, about={}, at_ms=MORNING)


def shops() -> tuple[tuple[Story, Basket], tuple[Story, Basket]]:
    """A shop that tells snapshots and one that tells acts, each with one thing in the cart."""
    found: dict[str, tuple[Story, Basket]] = {}
    for number in range(20):
        story, held = basket(number)
        held.add()
        found[json.loads(story.records[0].value)["type"]] = story, held
    return found["cart.updated"], found["cart.touched"]


def events(story: Story) -> list[dict[str, Any]]:
    return [json.loads(record.value) for record in story.records]


def test_pauses_are_shorter_than_the_quiet_time_and_rests_longer() -> None:
    _, held = basket()
    for _ in range(500):
        before = held.at_ms
        held.pause()
        assert 2000 < held.at_ms - before < QUIET_MS
        before = held.at_ms
        held.rest(20 * HOUR)
        assert QUIET_MS < held.at_ms - before <= 20 * HOUR


def test_looking_prolongs_nothing() -> None:
    _, held = basket()
    held.look()
    assert held.at_ms == MORNING


def test_the_value_is_known_where_the_shop_tells_it() -> None:
    (_, snapshots), (story, acts) = shops()
    assert snapshots.known_value is not None
    assert acts.known_value is None
    acts.check_out("ch-1")
    assert acts.known_value == events(story)[1]["value_minor"]


def test_a_cart_can_be_emptied_in_both_shops() -> None:
    for story, held in shops():
        held.empty()
        assert events(story)[-1]["items_count"] == 0


def test_an_order_leaves_an_empty_cart_and_its_echo_comes_within_the_grace() -> None:
    echoes = 0
    for number in range(60):
        story, held = basket(number)
        held.add()
        before = len(story.records)
        held.leave_order()
        assert held.known_value is None
        for record in story.records[before:]:
            assert held.at_ms < record.occurred_ms < held.at_ms + GRACE_MS
            echoes += 1
    assert echoes > 5
