from collections import Counter

import pytest

from processor.simulate.catalog import (
    BRAND_NAMES,
    CURRENCIES,
    ISSUES,
    MARKET_NAMES,
    QUEUE_OF_ISSUE,
    QUEUES,
    person,
)


def test_a_customer_is_the_same_person_whenever_they_come_back() -> None:
    assert person(1234, known=True) == person(1234, known=True)
    stranger = person(1234, known=False)
    assert stranger.customer_id is None
    assert stranger.brand == person(1234, known=True).brand


def test_customers_are_scattered_over_brands_and_markets_by_weight() -> None:
    people = [person(number, known=True) for number in range(10_000)]
    brands = Counter(who.brand.name for who in people)
    markets = Counter(who.market.name for who in people)
    assert tuple(sorted(brands)) == tuple(sorted(BRAND_NAMES))
    assert tuple(sorted(markets)) == tuple(sorted(MARKET_NAMES))
    assert brands["north"] / 10_000 == pytest.approx(0.40, abs=0.02)
    assert markets["jp"] / 10_000 == pytest.approx(0.08, abs=0.02)
    pairs = Counter((who.brand.name, who.market.name) for who in people)
    assert pairs["north", "de"] / 10_000 == pytest.approx(0.40 * 0.34, abs=0.03)


def test_every_market_pays_in_a_currency_of_the_list() -> None:
    people = [person(number, known=True) for number in range(1000)]
    assert {who.market.currency for who in people} == set(CURRENCIES)


def test_every_issue_has_a_queue() -> None:
    issues = {ISSUES.at(share / 100) for share in range(100)}
    assert set(QUEUE_OF_ISSUE) == issues
    assert set(QUEUE_OF_ISSUE.values()) == set(QUEUES)
