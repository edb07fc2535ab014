"""The plans of a namespace: how the records of each topic become a view."""

import pytest

from processor.core.definitions import Definitions, Topic
from processor.core.entity.cart import Cart
from processor.core.entity.case import Case
from processor.core.entity.contact import Contact
from processor.core.entity.response import Response
from processor.core.identity import Identity
from processor.core.plan import CASES, plans
from tests.wire import DAY, MINUTE

IDENTITY = Identity(bytes(32))


@pytest.mark.parametrize(
    ("topic", "rules"),
    [("surveys", Response), ("contacts", Contact), ("carts", Cart), (CASES, Case)],
)
def test_each_topic_has_the_rules_of_its_entity(topic: str, rules: type) -> None:
    assert isinstance(plans(Definitions(), IDENTITY).of(topic).rules, rules)


def test_only_what_contacts_say_is_told_to_somebody_else() -> None:
    made = plans(Definitions(), IDENTITY)
    told = [topic for topic in (*made.sources, CASES) if made.of(topic).addressees]
    assert told == ["contacts"]
    assert [topic for topic in made.sources if made.of(topic).final_name] == ["contacts"]


def test_a_case_outlives_its_contacts_by_two_repeat_windows() -> None:
    made = plans(Definitions(), IDENTITY)
    assert made.of("contacts").life_ms == 30 * DAY + 5 * MINUTE
    assert made.of(CASES).life_ms == 44 * DAY


def test_the_derived_topic_may_have_another_name() -> None:
    made = plans(Definitions(), IDENTITY, cases_topic="cxpulse.abc.cases")
    assert made.of("cxpulse.abc.cases") is made.cases


def test_two_topics_may_be_of_one_kind() -> None:
    topics = tuple(
        Topic(name, "contact", lateness_max_ms=DAY, life_ms=life_ms)
        for name, life_ms in (("contacts", 30 * DAY), ("contacts_async", 120 * DAY))
    )
    made = plans(Definitions(topics=topics), IDENTITY)
    assert made.of("contacts_async").life_ms == 120 * DAY + 5 * MINUTE
    assert made.of(CASES).life_ms == 134 * DAY
