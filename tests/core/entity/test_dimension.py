"""Dimensions: what an event says of them, and back as labels."""

from typing import Any

import pytest

from processor.core.definitions import Definitions, Dimension
from processor.core.entity.dimension import Dimensions
from processor.core.remark import UNLISTED_VALUE, Remark
from processor.core.slice import NONE, OTHER, Slices
from schemas.event import CartUpdated, ContactUpdated, SurveyOffered

NAMES = ("channel", "touchpoint", "survey", "brand")
DIMENSIONS = Dimensions(
    Slices(
        Definitions(
            slices={"response": tuple((name,) for name in NAMES), "cart": (("survey",),)},
            dimensions=(
                Dimension("touchpoint", ("post_contact",)),
                Dimension("survey", ("s",)),
                Dimension("brand", ("7", "true"), (("n", "7"),)),
            ),
            unknown_words={"forms": ("nobody",)},
        ),
        "response",
    )
)


def labels(**said: Any) -> list[int]:
    event = SurveyOffered(
        event_id="e",
        source=said.pop("source", "till"),
        occurred_at=0,
        response_id="r",
        survey_id=said.pop("survey_id", "s"),
        **said,
    )
    return list(DIMENSIONS.labels(DIMENSIONS.facts(event)[0]))


def test_each_dimension_has_its_place_in_an_event() -> None:
    said = labels(channel="email", touchpoint="post_contact", attributes={"brand": "n"})
    assert said == [1, 1, 1, 1]


def test_what_nobody_said_is_none() -> None:
    assert labels() == [NONE, NONE, 1, NONE]


def test_what_is_not_listed_is_other_and_named_to_the_operator() -> None:
    assert labels(channel="pigeon", survey_id="t")[0] == OTHER
    event = SurveyOffered(
        event_id="e", source="s", occurred_at=0, response_id="r", survey_id="s", channel="pigeon"
    )
    assert DIMENSIONS.facts(event)[1] == [Remark(UNLISTED_VALUE, "channel", "pigeon")]


@pytest.mark.parametrize(("value", "label"), [(7, 1), (True, 2), (False, OTHER), ("true", 2)])
def test_an_attribute_may_be_a_number_or_a_boolean(value: Any, label: int) -> None:
    assert labels(attributes={"brand": value})[3] == label


def test_a_word_for_nothing_known_says_nothing() -> None:
    assert labels(source="forms", attributes={"brand": "nobody"})[3] == NONE
    assert labels(source="till", attributes={"brand": "nobody"})[3] == OTHER


def test_only_surveys_have_a_survey() -> None:
    slices = Slices(Definitions(slices={"cart": (("survey",),)}), "cart")
    cart = CartUpdated(event_id="e", source="s", occurred_at=0, cart_id="c", items_count=1)
    assert Dimensions(slices).facts(cart) == ({}, [])


def test_the_queue_is_found_by_its_place() -> None:
    assert DIMENSIONS.queue_at is None
    assert Dimensions(Slices(Definitions(), "contact")).queue_at == 2


def test_the_queue_of_a_contact_is_no_attribute() -> None:
    said: Any = {"event_id": "e", "source": "s", "occurred_at": 0, "attributes": {"queue": "q"}}
    contact = Dimensions(Slices(Definitions(slices={"contact": (("queue",),)}), "contact"))
    assert contact.facts(ContactUpdated(**said, contact_id="k")) == ({}, [])
    cart = Dimensions(Slices(Definitions(slices={"cart": (("queue",),)}), "cart"))
    (label,) = cart.facts(CartUpdated(**said, cart_id="c", items_count=1))[0].values()
    assert label == OTHER
