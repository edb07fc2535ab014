import json

from processor.simulate.chance import Chance
from processor.simulate.story import CARTS_TOPIC, Story, Teller, begin_story
from processor.simulate.till import Till
from tests.simulate.streams import MORNING


def till(number: int = 0) -> tuple[Story, Till]:
    story = begin_story("shop:1", brand="north", channel="web")
    teller = Teller(story, "shop", topic=CARTS_TOPIC, entity="shop:1")
    stream = Chance(number).stream("till")
    return story, Till(story, teller, stream=stream, currency="EUR", about={})


def test_an_order_counts_once_however_often_it_is_said() -> None:
    lengths = set()
    for number in range(200):
        story, taken = till(number)
        taken.sell({"order_id": "o-1", "checkout_id": "ch-1"}, MORNING, amount=1999, priced=True)
        taken.count()
        lengths.add(len(story.records))
        assert story.facts == [
            ("shop.orders", MORNING, 1),
            ("cart.converted", MORNING, 1),
            ("cart_value.EUR.converted", MORNING, 1),
            ("cart_value.EUR.converted_minor", MORNING, 1999),
        ]
    assert lengths == {1, 2}


def test_a_split_checkout_stays_one_checkout() -> None:
    split = []
    for number in range(400):
        story, taken = till(number)
        taken.sell({"order_id": "o-1", "checkout_id": "ch-1"}, MORNING, amount=1999, priced=True)
        said = [json.loads(record.value) for record in story.records]
        split += [said] if {event["order_id"] for event in said} == {"o-1", "o-1-split"} else []
        assert {event["checkout_id"] for event in said} == {"ch-1"}
    assert split


def test_the_last_amount_is_the_one_that_counts() -> None:
    story, taken = till()
    sale = taken.sell({"order_id": "o-1"}, MORNING, amount=1999, priced=True)
    taken.correct()
    taken.count()
    edit = story.records[-1]
    assert edit.edits == sale.place == 0
    assert json.loads(edit.value)["value_minor"] == sale.amount != 1999
    assert ("cart_value.EUR.converted_minor", MORNING, sale.amount) in story.facts


def test_an_order_without_a_cart_is_a_sale() -> None:
    story, taken = till()
    taken.sell({"order_id": "o-1"}, MORNING, amount=1999, priced=True).joined = False
    taken.count()
    assert {field for field, _, _ in story.facts} == {"shop.orders", "shop.unjoined"}


def test_regrets_take_nothing_back() -> None:
    regrets = set()
    for number in range(300):
        story, taken = till(number)
        taken.sell({"order_id": "o-1"}, MORNING, amount=1999, priced=True)
        before = len(story.records)
        taken.regret()
        taken.count()
        regrets |= {json.loads(record.value)["type"] for record in story.records[before:]}
        assert ("cart.converted", MORNING, 1) in story.facts
    assert regrets == {"cart.order_cancelled", "cart.order_refunded"}


def test_there_is_nothing_to_regret_without_an_order() -> None:
    story, taken = till()
    for _ in range(200):
        taken.regret()
    assert not story.records
