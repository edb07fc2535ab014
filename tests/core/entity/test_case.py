"""A case: the contacts of one customer, and whether the first one resolved the issue."""

from typing import Any

import pytest

from processor.core.definitions import Bounds, CaseRules, Definitions, Topic
from tests.core.counted_log import counts_in, counts_of, read
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND

SOLVED: dict[str, Any] = {"resolved": True, "resolution_source": "agent"}
SHORT = Definitions(topics=(Topic("contacts", "contact", lateness_max_ms=HOUR, life_ms=2 * HOUR),))


def started(name: str = "k", at_ms: int = NOON, **more: Any) -> dict[str, Any]:
    event = {"type": "contact.started", "contact_id": name, "direction": "inbound"}
    return event | {"customer_id": "anna", "created_at": at_ms, "occurred_at": at_ms} | more


def first_contact_resolution(*events: dict[str, Any], **rules: Any) -> dict[str, int]:
    return counts_of(*events, definitions=Definitions(case=CaseRules(**rules)))["fcr"]


def test_gross_and_net() -> None:
    """Of all first contacts; of those that level one could have resolved (MetricNet)."""
    counts = first_contact_resolution(
        started("k1", **SOLVED),
        started("k2", customer_id="bert", wrap_code="hardware"),
        started("k3", customer_id="carl", wrap_code="software", resolved=False),
        not_level_one=("hardware",),
    )
    assert counts == {"first": 3, "resolved": 1, "unknown": 2, "net_first": 2, "net_resolved": 1}


@pytest.mark.parametrize(("order", "resolved"), [(("agent", "case"), 1), (("case", "agent"), 0)])
def test_the_first_source_that_has_spoken_is_believed(
    order: tuple[str, ...], resolved: int
) -> None:
    case = {"type": "contact.resolved", "contact_id": "k", "occurred_at": NOON}
    denied = case | {"resolved": False, "resolution_source": "case"}
    counts = first_contact_resolution(started(**SOLVED), denied, resolution_order=order)
    assert counts.get("resolved", 0) == resolved


@pytest.mark.parametrize(("breaks", "resolved"), [(True, 0), (False, 1)])
def test_whether_transfers_and_reopenings_break_it_is_a_setting(
    breaks: bool, resolved: int
) -> None:
    event = {"contact_id": "k", "occurred_at": NOON + 1}
    transferred = first_contact_resolution(
        started(**SOLVED),
        event | {"type": "contact.transferred"},
        transferred_breaks_fcr=breaks,
    )
    reopened = first_contact_resolution(
        started(**SOLVED), event | {"type": "contact.reopened"}, reopened_breaks_fcr=breaks
    )
    assert transferred.get("resolved", 0) == reopened.get("resolved", 0) == resolved


def test_which_directions_are_looked_at_is_a_setting() -> None:
    outbound = started(direction="outbound")
    assert "repeat" not in counts_of(outbound)
    both = Definitions(case=CaseRules(directions=("inbound", "outbound")))
    assert counts_of(outbound, definitions=both)["repeat"] == {"contacts": 1}


def test_a_follower_within_the_window_makes_a_first_contact_unclean() -> None:
    assert first_contact_resolution(
        started("k1", **SOLVED), started("k2", NOON + DAY, **SOLVED), repeat_window_ms=DAY
    ) == {"first": 2, "resolved": 2, "net_first": 2, "net_resolved": 2}
    assert first_contact_resolution(
        started("k1", **SOLVED), started("k2", NOON + DAY, **SOLVED), repeat_window_ms=DAY + 1
    ) == {"first": 1, "net_first": 1}


def test_contacts_of_one_second_are_ordered_by_their_hashes() -> None:
    counts = counts_of(started("k1"), started("k2"))
    assert counts["repeat"] == {"contacts": 2, "repeats": 1}
    assert counts == counts_of(started("k2"), started("k1"))


def test_a_case_hears_that_its_contact_counts_again() -> None:
    gone = {"type": "contact.withdrawn", "contact_id": "k", "occurred_at": NOON + 1}
    back = {"type": "contact.updated", "contact_id": "k", "occurred_at": NOON + 2}
    assert "repeat" not in counts_of(started(), gone)
    assert counts_of(started(), gone, back | {"customer_id": "anna"})["repeat"] == {"contacts": 1}


def test_an_oversized_case_stands_at_the_latest_beginning_whatever_came_first() -> None:
    small = Definitions(bounds=Bounds(ids_max=2))
    events = [
        started("k1"),
        started("k1", NOON + HOUR, created_at=NOON - HOUR),
        started("k2", NOON - 2 * HOUR),
        started("k3", NOON - 2 * HOUR),
    ]
    worlds = [read(*order, definitions=small)[0] for order in (events, events[::-1])]
    assert counts_in(worlds[0])["quality;entity=case"] == {"oversized": 1}
    hours = [
        {pane for pane in world.view("cases").panes.stored if pane[0] == HOUR} for world in worlds
    ]
    assert hours[0] == hours[1] == {(HOUR, NOON)}


def test_a_contact_that_has_its_id_again_is_another_contact() -> None:
    counts = counts_of(
        started(**SOLVED), started(at_ms=NOON + 2 * HOUR + SECOND), definitions=SHORT
    )
    assert counts["repeat"] == {"contacts": 2, "repeats": 1}
    assert counts["fcr"] == {"first": 1, "net_first": 1}


def test_a_late_word_on_a_dead_contact_is_no_contact_of_its_own() -> None:
    """As when a summary is sent again after its contact has died."""
    world, _ = read(
        started("k1", **SOLVED),
        started("k2", NOON + 2 * HOUR + SECOND, customer_id="anna"),
        definitions=SHORT,
    )
    again = world.cases_log[0]
    late = type(again)(2, NOON + 3 * HOUR, again.key, again.value)
    before = counts_in(world)
    changes = world.feed("cases", [late])
    assert changes.read.no_effect == 1
    assert counts_in(world) == before


def test_a_case_forgets_what_can_touch_nothing_any_more() -> None:
    rules = Definitions(
        topics=SHORT.topics, case=CaseRules(repeat_window_ms=HOUR), bounds=Bounds(ids_max=2)
    )
    memory = 4 * HOUR
    events = [started("k1"), started("k2", NOON + HOUR)]
    soon = read(*events, started("k3", NOON + memory), definitions=rules)[0]
    assert "oversized" in counts_in(soon).get("quality;entity=case", {})
    later = read(*events, started("k3", NOON + memory + SECOND), definitions=rules)[0]
    assert counts_in(later)["repeat"] == {"contacts": 3}


def test_a_case_all_of_whose_contacts_are_forgotten_begins_from_nothing() -> None:
    rules = Definitions(
        topics=SHORT.topics, case=CaseRules(repeat_window_ms=HOUR), bounds=Bounds(ids_max=1)
    )
    events = [started("k1"), started("k2", NOON + MINUTE)]
    oversized = read(*events, started("k3", NOON + MINUTE + 4 * HOUR), definitions=rules)[0]
    assert "repeat" not in counts_in(oversized)
    anew = read(*events, started("k3", NOON + MINUTE + 4 * HOUR + SECOND), definitions=rules)[0]
    assert counts_in(anew)["repeat"] == {"contacts": 1}
    assert counts_in(anew)["quality;entity=case"] == {"oversized": 1}
