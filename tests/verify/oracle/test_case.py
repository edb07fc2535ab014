"""Cases, read slowly."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, CaseRules, Definitions, Topic
from processor.core.identity import Identity
from processor.verify.oracle.case import Case
from processor.verify.oracle.contact import ContactRules
from processor.verify.oracle.entity import Entity
from schemas.event import ContactStarted
from tests.wire import DAY, HOUR, NOON

IDENTITY = Identity(bytes(32))
ANNA = IDENTITY.customer("anna")


def contact(name: str, at_ms: int = NOON, **more: Any) -> Entity:
    made = Entity("contacts", name.encode(), ContactRules(Definitions(), IDENTITY), 30 * DAY)
    said: dict[str, Any] = {
        **{"event_id": "e", "source": "s", "occurred_at": at_ms, "created_at": at_ms},
        **{"contact_id": name, "direction": "inbound", "customer_id": "anna"},
    }
    event = ContactStarted(**(said | more))
    made.events.append(event)
    return made


def case(*contacts: Entity, clock_ms: int = NOON, **rules: Any) -> Case:
    made = Case(Definitions(**rules), IDENTITY, ANNA)
    for one in contacts:
        meet(made, one, clock_ms)
    return made


def meet(made: Case, one: Entity, clock_ms: int) -> None:
    made.age(clock_ms)
    made.meet(one)


def counted(made: Case) -> dict[str, int]:
    sums: dict[str, int] = {}
    for count, _ in made.counts():
        for field, amount in count.amounts.items():
            name = f"{count.tally}.{field}"
            sums[name] = sums.get(name, 0) + amount
    return {name: amount for name, amount in sums.items() if amount}


def test_the_next_contact_of_the_issue_decides() -> None:
    solved: dict[str, Any] = {"resolved": True, "resolution_source": "case"}
    alone = counted(case(contact("k1", **solved)))
    assert alone["fcr.resolved"] == alone["fcr_settled.resolved"] == 1
    followed = counted(case(contact("k1", **solved), contact("k2", NOON + DAY)))
    assert "fcr.resolved" not in followed
    assert followed["repeat.repeats"] == 1
    apart = counted(case(contact("k1", **solved), contact("k2", NOON + DAY, issue_id="other")))
    assert apart["fcr.resolved"] == 1


@pytest.mark.parametrize(
    "other",
    [{"customer_id": "bert"}, {"direction": "outbound"}, {"excluded": "test"}],
)
def test_only_standing_inbound_contacts_of_the_customer_are_in_the_case(
    other: dict[str, Any],
) -> None:
    assert counted(case(contact("k", **other))) == {}


def test_a_case_knows_no_more_of_a_contact_than_it_was_told() -> None:
    moved = contact("k")
    made = case(moved)
    moved.events += contact("k", NOON + 1, customer_id="bert").events
    assert counted(made)["repeat.contacts"] == 1
    made.meet(moved)
    assert counted(made) == {}


def test_what_is_final_counts_as_it_did_and_is_a_neighbour_still() -> None:
    rules: dict[str, Any] = {
        "topics": (Topic("contacts", "contact", lateness_max_ms=HOUR, life_ms=HOUR),),
        "case": CaseRules(repeat_window_ms=HOUR),
    }
    made = case(contact("k1", resolved=True, resolution_source="agent"), **rules)
    meet(made, contact("k2", NOON + HOUR - 1), NOON + 2 * HOUR + 1)
    assert counted(made)["fcr.resolved"] == 1
    assert counted(made)["repeat.repeats"] == 1


def test_what_is_forgotten_stays_counted_and_counts_for_no_bound() -> None:
    rules: dict[str, Any] = {
        "topics": (Topic("contacts", "contact", lateness_max_ms=HOUR, life_ms=HOUR),),
        "case": CaseRules(repeat_window_ms=HOUR),
        "bounds": Bounds(ids_max=1),
    }
    made = case(contact("k1"), **rules)
    meet(made, contact("k2", NOON + 3 * HOUR), NOON + 3 * HOUR + 1)
    assert not made.is_oversized
    assert counted(made)["repeat.contacts"] == 2
    meet(made, contact("k3", NOON + 3 * HOUR), NOON + 3 * HOUR + 1)
    assert counted(made)["repeat.contacts"] == 1
    assert counted(made)["quality.oversized"] == 1


def test_a_case_is_dead_when_all_is_forgotten() -> None:
    made = case(contact("k1"), contact("k2", NOON + HOUR))
    assert made.newest_ms == NOON + HOUR
    assert not made.is_dead(NOON + HOUR + 44 * DAY)
    assert made.is_dead(NOON + HOUR + 44 * DAY + 1)
