"""What became of baskets, as counts."""

from typing import Any

from processor.core.contribution import Count
from processor.core.entity.basket import Basket
from processor.core.entity.outcome import Worth, outcome_counts, shop_counts
from processor.core.slice import OTHER_NAME

BOUGHT = Basket(100, 0, 105, (), is_abandoned=False)
RECOVERED = Basket(100, 0, None, (130,), is_abandoned=False)
LEFT = Basket(100, None, 105, (130, 170), is_abandoned=True)
ACTIVE = Basket(100, None, None, (130,), is_abandoned=False)


def named(counts: Any) -> list[tuple[Any, ...]]:
    return [
        (
            count.at_ms,
            ";".join((count.tally.name, *count.dimensions)),
            {count.tally.fields[at]: amount for at, amount in count.amounts},
        )
        for count in counts
        if isinstance(count, Count)
    ]


def test_what_happens_counts_when_it_happens() -> None:
    assert named(shop_counts([BOUGHT], [110], ())) == [
        (110, "shop", {"orders": 1}),
        (100, "shop", {"started": 1}),
        (105, "shop", {"checkouts": 1}),
    ]


def test_an_order_that_no_basket_became_is_unjoined() -> None:
    assert named(shop_counts([ACTIVE], [90], ())) == [
        (90, "shop", {"orders": 1, "unjoined": 1}),
        (100, "shop", {"started": 1}),
    ]


def test_a_basket_that_was_bought() -> None:
    assert named(outcome_counts(BOUGHT, 110, Worth(500, "EUR"), ())) == [
        (110, "cart", {"converted": 1}),
        (110, "cart_value;EUR", {"converted": 1, "converted_minor": 500}),
    ]


def test_a_basket_that_was_bought_after_all() -> None:
    assert named(outcome_counts(RECOVERED, 140, Worth(500, "EUR"), ())) == [
        (130, "cart", {"abandonments": 1}),
        (140, "cart", {"converted": 1, "recovered": 1}),
        (
            140,
            "cart_value;EUR",
            {"converted": 1, "recovered": 1, "converted_minor": 500, "recovered_minor": 500},
        ),
    ]


def test_a_basket_that_was_left_at_the_checkout() -> None:
    assert named(outcome_counts(LEFT, None, None, ())) == [
        (130, "cart", {"abandonments": 1}),
        (170, "cart", {"abandonments": 1}),
        (170, "cart", {"abandoned": 1, "checkout_abandoned": 1}),
    ]


def test_a_basket_that_has_no_outcome_yet_still_was_left_before() -> None:
    assert named(outcome_counts(ACTIVE, None, Worth(5, "EUR"), ())) == [
        (130, "cart", {"abandonments": 1})
    ]


def test_what_is_no_configured_currency_is_counted_and_not_summed() -> None:
    worth = Worth(500, OTHER_NAME)
    assert named(outcome_counts(BOUGHT, 110, worth, ()))[1:] == [
        (110, "cart_value;__other__", {"converted": 1})
    ]
