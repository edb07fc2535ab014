"""Small logs whose numbers a person can work out on paper."""

from typing import Any

import pytest

from processor.core.definitions import CartRules, Definitions, Dimension
from processor.core.identity import Identity
from processor.core.record import Outcome
from tests.oracle import CASES, Oracle
from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND, record, topic_of

INF = float("inf")


def read(
    *events: dict[str, Any], definitions: Definitions | None = None, late: int = 0
) -> tuple[Oracle, list[str]]:
    oracle = Oracle(definitions or Definitions(), Identity(bytes(32)))
    became = []
    for at, event in enumerate(events):
        arrival = event.get("occurred_at", NOON) + late
        outcome, reason = oracle.read(topic_of(event), 0, record(event, arrival, at))
        became.append(reason or outcome.value)
    return oracle, became


def totals(oracle: Oracle, tally: str) -> dict[str, int]:
    return oracle.cells(0, INF).get(tally, {})


def survey(*answers: dict[str, Any], at: int = NOON, **more: Any) -> dict[str, Any]:
    return {
        **{"type": "survey.submitted", "response_id": "r", "survey_id": "s"},
        **{"occurred_at": at, "created_at": NOON, "answers": list(answers), **more},
    }


def nps(value: int | None, **more: Any) -> dict[str, Any]:
    return {"question_id": "q", "kind": "nps", "value": value, **more}


def touch(at: int, action: str = "added", **more: Any) -> dict[str, Any]:
    base = {"type": "cart.touched", "cart_id": "c", "occurred_at": at, "action": action}
    return base | more


def order(at: int, name: str = "o", **more: Any) -> dict[str, Any]:
    return {"type": "cart.ordered", "cart_id": "c", "order_id": name, "occurred_at": at, **more}


def contact(at: int, name: str = "k", **more: Any) -> dict[str, Any]:
    base = {"type": "contact.started", "contact_id": name, "occurred_at": at, "created_at": at}
    return base | {"direction": "inbound", "customer_id": "anna"} | more


def test_an_edit_moves_the_value_and_not_the_pane() -> None:
    oracle, became = read(survey(nps(3)), survey(nps(9), at=NOON + HOUR))
    assert became == ["applied", "applied"]
    assert oracle.cells(NOON, NOON + 1)["nps"] == {"r9": 1}
    assert "nps" not in oracle.cells(NOON + 1, INF)


def test_the_same_message_again_has_no_effect() -> None:
    event = survey(nps(3), event_id="e")
    assert read(event, event)[1] == ["applied", "no_effect"]


def test_a_dismissed_question_says_nothing() -> None:
    oracle, _ = read(survey(nps(3)), survey(nps(None, status="dismissed"), at=NOON + 1))
    assert oracle.cells(0, INF)["nps"] == {"r3": 1}


def test_a_skipped_question_takes_its_answer_back() -> None:
    oracle, _ = read(survey(nps(3)), survey(nps(None, status="skipped"), at=NOON + 1))
    assert "nps" not in oracle.cells(0, INF)
    assert "survey" not in oracle.cells(0, INF)


def test_a_withdrawn_response_counts_again_when_something_newer_is_said() -> None:
    gone = {"type": "survey.withdrawn", "response_id": "r", "occurred_at": NOON + 5}
    assert "nps" not in read(survey(nps(3)), gone)[0].cells(0, INF)
    assert "nps" not in read(gone, survey(nps(3)))[0].cells(0, INF)
    assert totals(read(survey(nps(3)), gone, survey(nps(4), at=NOON + 6))[0], "nps") == {"r4": 1}
    for_ever = gone | {"permanent": True}
    assert "nps" not in read(for_ever, survey(nps(4), at=NOON + 6))[0].cells(0, INF)


@pytest.mark.parametrize(
    ("late", "more", "reason"),
    [
        (7 * DAY, {"created_at": None}, "applied"),
        (7 * DAY + 1, {"created_at": None}, "lateness"),
        (0, {"created_at": NOON - 30 * DAY}, "applied"),
        (0, {"created_at": NOON - 30 * DAY - 1}, "life"),
        (-5 * MINUTE, {}, "applied"),
        (-5 * MINUTE - 1, {}, "future"),
    ],
)
def test_admission_looks_at_the_record_alone(late: int, more: dict[str, Any], reason: str) -> None:
    assert read(survey(nps(3), **more), late=late)[1] == [reason]


def test_the_top_box_follows_the_scale() -> None:
    answers = [
        ("csat", 4, 1, 5, "high_good", 1),
        ("csat", 3, 1, 5, "high_good", 0),
        ("csat", 8, 1, 10, "high_good", 0),
        ("csat", 2, 1, 10, "low_good", 1),
        ("ces", 5, 1, 7, "high_good", 1),
        ("ces", 4, 1, 7, "high_good", 0),
        ("ces", 2, 1, 5, "low_good", 1),
        ("ces", 3, 1, 5, "low_good", 0),
    ]
    for kind, value, low, high, polarity, good in answers:
        answer = {"question_id": "q", "kind": kind, "value": value, "polarity": polarity}
        oracle, _ = read(survey(answer | {"scale_min": low, "scale_max": high}))
        field = "satisfied" if kind == "csat" else "easy"
        assert totals(oracle, kind).get(field, 0) == good, answer
        rating = f"{kind}_rating;scale={low}-{high},polarity={polarity}"
        assert totals(oracle, rating) == {"answers": 1, "sum": value, "squares": value**2}


def test_a_cart_is_abandoned_in_the_pane_of_its_last_touch_and_the_quiet_time() -> None:
    oracle, _ = read(touch(NOON), touch(NOON + 10 * MINUTE))
    assert totals(oracle, "cart") == {"abandoned": 1, "abandonments": 1}
    assert oracle.cells(NOON + 40 * MINUTE, NOON + 40 * MINUTE + 1)["cart"]["abandoned"] == 1


def test_a_gap_of_exactly_the_quiet_time_is_an_abandonment() -> None:
    assert totals(read(touch(NOON), order(NOON + 30 * MINUTE))[0], "cart") == {
        **{"abandonments": 1, "converted": 1, "recovered": 1}
    }
    assert totals(read(touch(NOON), order(NOON + 30 * MINUTE - 1))[0], "cart") == {"converted": 1}


def test_what_follows_an_order_is_a_new_cart() -> None:
    events = [touch(NOON), order(NOON + 60_000), touch(NOON + 70_000), touch(NOON + 70_001)]
    oracle, _ = read(*events)
    assert totals(oracle, "shop") == {"started": 2, "orders": 1}
    assert totals(oracle, "cart") == {"converted": 1, "abandoned": 1, "abandonments": 1}
    oracle, _ = read(*events[:3])
    assert totals(oracle, "shop") == {"started": 1, "orders": 1}


def test_an_order_without_a_cart_is_a_sale() -> None:
    sale = {"type": "cart.ordered", "order_id": "o"}
    assert totals(read(sale)[0], "shop") == {"orders": 1, "unjoined": 1}


def test_an_emptied_cart_is_not_abandoned() -> None:
    emptied = {"type": "cart.updated", "cart_id": "c", "items_count": 0, "occurred_at": NOON + 1}
    assert "cart" not in read(touch(NOON), emptied)[0].cells(0, INF)


def test_money_is_summed_by_currency_and_only_if_the_currency_is_listed() -> None:
    amounts: dict[str, Any] = {"value_minor": 500, "currency": "EUR"}
    oracle, _ = read(touch(NOON), order(NOON + 1, **amounts))
    cell = {"converted": 1, "converted_minor": 500}
    assert totals(oracle, "cart_value;currency=EUR") == cell
    oracle, _ = read(touch(NOON), order(NOON + 1, value_minor=500, currency="XAU"))
    assert totals(oracle, "cart_value;currency=__other__") == {"converted": 1}


def test_a_cancelled_order_is_as_if_it_had_never_been_where_that_is_wanted() -> None:
    cancel = {"type": "cart.order_cancelled", "cart_id": "c", "order_id": "o"}
    events = (touch(NOON), order(NOON + 1), cancel | {"occurred_at": NOON + 2})
    assert totals(read(*events)[0], "cart") == {"converted": 1}
    undone = Definitions(cart=CartRules(cancelled_undoes_conversion=True))
    oracle, _ = read(*events, definitions=undone)
    assert totals(oracle, "cart") == {"abandoned": 1, "abandonments": 1}
    assert totals(oracle, "shop") == {"started": 1}


def test_a_call_is_offered_answered_handled_each_at_its_own_instant() -> None:
    queued = contact(NOON, queued_at=NOON + SECOND, queue="billing")
    ended = {"type": "contact.ended", "contact_id": "k", "occurred_at": NOON + MINUTE}
    times = {"answered_at": NOON + 11 * SECOND, "ended_at": NOON + MINUTE, "talk_ms": 40_000}
    oracle, _ = read(queued, ended | times | {"hold_ms": 9_000})
    assert oracle.cells(NOON, NOON + 1)["contact"] == {"contacts": 1}
    assert oracle.cells(NOON + SECOND, NOON + SECOND + 1)["contact"] == {"offered": 1}
    assert oracle.cells(NOON + 11 * SECOND, NOON + 11 * SECOND + 1)["contact"] == {
        **{"answered": 1, "in_time": 1, "waited": 1, "wait_ms": 10_000}
    }
    assert oracle.cells(NOON + MINUTE, INF)["contact"] == {
        **{"handled": 1, "handle_ms": 49_000, "handle_ms_squares": 49_000**2},
        **{"talk_ms": 40_000, "hold_ms": 9_000},
    }
    assert oracle.cells(0, INF)["contact@queue=__other__"]["offered"] == 1


def test_a_caller_who_hangs_up_in_the_queue_has_abandoned_at_that_moment() -> None:
    left: dict[str, Any] = {"type": "contact.left_queue", "contact_id": "k"}
    left |= {"left_reason": "abandoned"}
    left |= {"left_queue_at": NOON + MINUTE, "occurred_at": NOON + MINUTE}
    oracle, _ = read(contact(NOON, queued_at=NOON), left)
    assert oracle.cells(NOON + MINUTE, NOON + MINUTE + 1)["contact"] == {"abandoned": 1}
    oracle, _ = read(contact(NOON, queued_at=NOON), left | {"left_reason": "timeout"})
    assert totals(oracle, "contact") == {"contacts": 1, "offered": 1, "other_exit": 1}
    oracle, _ = read(contact(NOON, queued_at=NOON), left | {"next_segment_id": "k2"})
    assert totals(oracle, "contact") == {"contacts": 1, "offered": 1}


def test_a_contact_without_a_beginning_counts_nothing_but_that() -> None:
    update = {"type": "contact.updated", "contact_id": "k", "customer_id": "anna"}
    assert read(update)[0].cells(0, INF) == {"quality;entity=contact": {"unanchored": 1}}


@pytest.mark.parametrize(("gap", "repeats"), [(7 * DAY - SECOND, 1), (7 * DAY, 0)])
def test_a_contact_within_the_repeat_window_is_a_repeat(gap: int, repeats: int) -> None:
    solved: dict[str, Any] = {"resolved": True, "resolution_source": "agent"}
    oracle, _ = read(contact(NOON, **solved), contact(NOON + gap, "k2", **solved))
    assert totals(oracle, "repeat").get("repeats", 0) == repeats
    first = (
        {"first": 1, "net_first": 1}
        if repeats
        else dict.fromkeys(("first", "resolved", "net_first", "net_resolved"), 2)
    )
    assert totals(oracle, "fcr") == first
    assert totals(oracle, "fcr_settled") == first
    assert "fcr_settled" in oracle.cells(NOON + 7 * DAY, INF)


def test_a_corrected_customer_takes_the_contact_along() -> None:
    moved = {"type": "contact.updated", "contact_id": "k", "occurred_at": NOON + 1}
    events = (contact(NOON), contact(NOON + HOUR, "k2"), moved | {"customer_id": "berta"})
    assert totals(read(*events)[0], "repeat") == {"contacts": 2}
    assert totals(read(*events[:2])[0], "repeat") == {"contacts": 2, "repeats": 1}


def test_a_dead_id_used_again_begins_from_nothing() -> None:
    later = NOON + 30 * DAY + 1000
    oracle, became = read(contact(NOON), contact(later, customer_id=None))
    assert became == ["applied", "applied"]
    assert totals(oracle, "contact") == {"contacts": 2}
    assert totals(oracle, "repeat") == {"contacts": 1}


def test_panes_past_retention_are_not_stored() -> None:
    oracle, _ = read(contact(NOON), contact(NOON + HOUR + 5 * MINUTE + 10 * SECOND, "k2"))
    assert (10_000, NOON) not in oracle.panes("contacts")
    assert (60_000, NOON) in oracle.panes("contacts")
    oracle, _ = read(contact(NOON), contact(NOON + HOUR + 5 * MINUTE + 10 * SECOND - 1, "k2"))
    assert (10_000, NOON) in oracle.panes("contacts")


def test_windows_read_due_counts_up_to_as_of_and_others_up_to_now() -> None:
    oracle, _ = read(touch(NOON))
    due = NOON + 30 * MINUTE
    assert "cart" not in oracle.windows(due + 9_999)["1h"]
    assert oracle.windows(due + 10_000)["1h"]["cart"] == {"abandoned": 1, "abandonments": 1}
    assert "cart" not in oracle.windows(due + 10_000, {("carts", 0): due})["1h"]
    assert oracle.windows(NOON)["5m"]["shop"] == {"started": 1}
    assert "shop" not in oracle.windows(NOON - 1)["5m"]
    assert "shop" in oracle.windows(NOON + 5 * MINUTE)["5m"]
    assert "shop" not in oracle.windows(NOON + 5 * MINUTE + 1)["5m"]


def test_slices_resolve_aliases_and_put_the_rest_under_other() -> None:
    brand = Dimension("brand", ("north",), (("n-17", "north"),))
    for word, name in (
        ("n-17", "north"),
        ("north", "north"),
        ("x", "__other__"),
        (None, "__none__"),
    ):
        attributes = {"brand": word} if word else {"market": "de"}
        oracle, _ = read(
            survey(nps(3), attributes=attributes), definitions=Definitions(dimensions=(brand,))
        )
        assert totals(oracle, f"nps@brand={name}") == {"r3": 1}


def test_counts_of_a_case_can_be_asked_for_alone() -> None:
    oracle, _ = read(contact(NOON))
    assert {count.tally for count, _ in oracle.counts(CASES)} == {"repeat", "fcr", "fcr_settled"}
    assert "contact" in oracle.cells(0, INF, "contacts")


def test_cases_may_be_spread_over_partitions_as_a_broker_does_it() -> None:
    """Java's murmur2 of the key decides; taken together the partitions hold what one would."""
    spread = Oracle(Definitions(), Identity(bytes(32)), 3)
    for at in range(12):
        event = contact(NOON, f"k{at}", customer_id=f"customer {at}")
        spread.read("contacts", 0, record(event, NOON, at))
    homes = [sum(1 for c, _ in spread.counts(CASES, n) if c.tally == "fcr") for n in range(3)]
    assert sum(homes) == 12
    assert min(homes) > 0
    assert (HOUR, NOON) in spread.panes(CASES, 0)
    assert (HOUR, NOON) not in spread.panes(CASES, 0, NOON + 29 * DAY)
    assert spread.windows(NOON)["1h"]["fcr"]["first"] == 12


def test_outcomes_are_judged_record_by_record() -> None:
    oracle = Oracle(Definitions(), Identity(bytes(32)))
    assert oracle.read("carts", 0, record(touch(NOON)))[0] is Outcome.APPLIED
    assert oracle.read("carts", 0, record(touch(NOON)))[0] is Outcome.NO_EFFECT
