"""The four joins, and what every entity has."""

from typing import Any

import pytest

from processor.core.definitions import Definitions, Dimension
from processor.core.identity import Identity
from processor.verify.oracle.register import Source, Write, content, is_dead, is_withdrawn, joined
from schemas.event import AnyEvent, CartUpdated, ContactStarted, SurveyOffered, SurveyWithdrawn
from tests.wire import NOON

IDENTITY = Identity(bytes(32))
BRAND = Dimension("brand", ("7", "true"), (("n", "7"),))


class Spoken(Source):
    """A source whose events have no facts of their own."""

    def facts(self, event: Any) -> Any:
        yield from ()


def registers(*events: AnyEvent, entity: Any = "response", **rules: Any) -> dict[Any, Any]:
    source = Spoken(Definitions(**rules), IDENTITY, entity)
    return joined(write for event in events for write in source.writes(event))


def offered(at_ms: int = NOON, **more: Any) -> SurveyOffered:
    return SurveyOffered(
        event_id="e", source="forms", occurred_at=at_ms, response_id="r", survey_id="s", **more
    )


def withdrawn(at_ms: int = NOON, **more: Any) -> SurveyWithdrawn:
    return SurveyWithdrawn(event_id="e", source="forms", occurred_at=at_ms, response_id="r", **more)


@pytest.mark.parametrize(
    ("join", "first", "second", "left"),
    [
        ("latest", ((2, 1), 5), ((1, 9), 9), ((2, 1), 5)),
        ("latest", ((2, 1), 5), ((2, 1), 6), ((2, 1), 6)),
        ("least", 5, 3, 3),
        ("most", 5, 3, 5),
        ("marks", 0b01, 0b10, 0b11),
    ],
)
def test_a_join(join: str, first: Any, second: Any, left: Any) -> None:
    for pair in ((first, second), (second, first)):
        assert joined(Write(join, ("k",), value) for value in pair) == {("k",): left}


def test_the_content_of_a_register_nobody_wrote_is_none() -> None:
    assert content({}, "k") is None
    assert content({("k",): ((1, 2), 5)}, "k") == 5


def test_anchors_are_floored_and_the_earliest_and_the_latest_kept() -> None:
    held = registers(offered(created_at=NOON + 999), offered(created_at=NOON + 5000))
    assert (held["anchor",], held["anchor claimed",]) == (NOON, NOON + 5000)


def test_a_cart_has_no_anchor() -> None:
    event = CartUpdated(
        event_id="e", source="s", occurred_at=NOON, cart_id="c", items_count=1, created_at=NOON
    )
    assert ("anchor",) not in registers(event, entity="cart")


def test_reasons_of_exclusion_are_a_set() -> None:
    held = registers(offered(excluded="test"), offered(excluded="internal"))
    assert held["excluded",] == 0b101


@pytest.mark.parametrize(
    ("events", "gone"),
    [
        ([offered(5)], False),
        ([offered(5), withdrawn(4)], False),
        ([offered(5), withdrawn(5)], True),
        ([offered(5), withdrawn(6)], True),
        ([withdrawn(6)], True),
        ([offered(9), withdrawn(6, permanent=True)], True),
    ],
)
def test_withdrawn_is_what_nothing_newer_stands_against(events: list[Any], gone: bool) -> None:
    assert is_withdrawn(registers(*events)) == gone


def test_a_withdrawal_writes_no_dimension() -> None:
    assert ("label", "channel") in registers(offered(channel="web"))
    assert ("label", "channel") not in registers(withdrawn(channel="web"))


@pytest.mark.parametrize(
    ("held", "until"),
    [
        ([offered(NOON + 50, created_at=NOON)], NOON),
        ([offered(NOON + 50)], NOON + 50),
        ([offered(NOON + 50), withdrawn(NOON + 70)], NOON + 70),
        ([withdrawn(NOON + 70)], NOON + 70),
    ],
)
def test_death_comes_a_life_after_the_anchor_or_the_newest_word(
    held: list[Any], until: int
) -> None:
    assert not is_dead(registers(*held), 1000, until + 1000)
    assert is_dead(registers(*held), 1000, until + 1001)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"attributes": {"brand": "n"}}, "7"),
        ({"attributes": {"brand": 7}}, "7"),
        ({"attributes": {"brand": True}}, "true"),
        ({"attributes": {"brand": False}}, "__other__"),
        ({"attributes": {"other": "n"}}, "__none__"),
        ({"attributes": {"brand": "nobody"}}, "__none__"),
        ({}, "__none__"),
    ],
)
def test_a_value_is_resolved_by_list_and_alias(said: dict[str, Any], name: str) -> None:
    rules: dict[str, Any] = {"dimensions": (BRAND,), "unknown_words": {"forms": ("nobody",)}}
    source = Spoken(Definitions(**rules), IDENTITY, "response")
    assert source.labels(registers(offered(**said), **rules))["brand"] == name


def test_a_survey_is_a_dimension_of_responses_only() -> None:
    survey = Dimension("survey", ("s",))
    rules: dict[str, Any] = {
        "dimensions": (survey,),
        "slices": {"response": (("survey",), ("touchpoint",)), "contact": (("survey",),)},
    }
    assert content(registers(offered(), **rules), "label", "survey") == 1
    event = ContactStarted(
        event_id="e",
        source="s",
        occurred_at=NOON,
        created_at=NOON,
        contact_id="k",
        direction="inbound",
    )
    assert ("label", "survey") not in registers(event, entity="contact", **rules)


def test_a_kind_of_entity_must_say_what_its_events_mean() -> None:
    with pytest.raises(NotImplementedError):
        list(Source(Definitions(), IDENTITY, "response").writes(offered()))


def test_only_surveys_have_a_survey() -> None:
    slices: Any = {"cart": (("survey",),)}
    event = CartUpdated(
        event_id="e",
        source="s",
        occurred_at=NOON,
        cart_id="c",
        items_count=1,
        attributes={"survey": "s"},
    )
    assert ("label", "survey") not in registers(event, entity="cart", slices=slices)
