"""What may happen, as events: few ids, few instants, and those where rules change their mind."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.wire import DAY, HOUR, MINUTE, NOON, SECOND

Event = dict[str, Any]

QUIET = 30 * MINUTE
GRACE = 10 * SECOND
REPEAT = 7 * DAY


def _maybe(values: st.SearchStrategy[Any], said: int = 1, silent: int = 1) -> Any:
    return st.sampled_from([True] * said + [False] * silent).flatmap(
        lambda speaks: values if speaks else st.none()
    )


def near(*instants: int) -> st.SearchStrategy[int]:
    """These instants, a millisecond before and after them."""
    return st.sampled_from([at + by for at in instants for by in (0, -1, 1)])


def pick(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def _without_none(event: Mapping[str, Any]) -> Event:
    return {name: value for name, value in event.items() if value is not None}


def _envelope(occurred: st.SearchStrategy[int]) -> dict[str, st.SearchStrategy[Any]]:
    brands = pick({"brand": "north"}, {"brand": "n-17"}, {"brand": "x"}, {"other": 1})
    return {
        "event_id": pick("a", "b", "c", "d"),
        "source": pick("forms", "test"),
        "occurred_at": occurred,
        "attributes": _maybe(brands, 1, 3),
        "channel": _maybe(pick("web", "chat", "pigeon"), 1, 3),
        "touchpoint": _maybe(pick("post_contact"), 1, 5),
        "excluded": _maybe(pick("test", "bot"), 1, 40),
    }


# Surveys.

_ANSWERED_AT = near(NOON, NOON + 10 * SECOND, NOON - 5 * MINUTE)
_ANSWERS = st.fixed_dictionaries(
    {
        "question_id": pick("q1", "q1", "q2", "q3", "q4", "q5"),
        "status": _maybe(pick("skipped", "dismissed"), 1, 4),
        "answered_at": _maybe(_ANSWERED_AT, 1, 2),
    }
).flatmap(
    lambda answer: pick(
        {"kind": "nps", "value": 9},
        {"kind": "nps", "value": 0},
        {"kind": "csat", "value": 4},
        {"kind": "csat", "value": 9, "scale_min": 1, "scale_max": 10},
        {"kind": "ces", "value": 2},
        {"kind": "ces", "value": 5, "polarity": "low_good"},
        {"kind": "scale", "value": 2, "scale_min": 0, "scale_max": 3},
        {"kind": "scale", "value": 2},
        {"kind": "yes_no", "value": True},
        {"kind": "choice", "value": "price"},
        {"kind": "multi_choice", "value": ["price", "speed", "x", "y"]},
        {"kind": "text", "value": "it was fine"},
        {"kind": "text", "value": 4},
        {"value": 3},
    ).map(lambda said: _without_none(answer | said))
)


def _surveys() -> st.SearchStrategy[Event]:
    occurred = near(NOON, NOON + 10 * SECOND, NOON + HOUR)
    base = _envelope(occurred) | {
        "response_id": pick("r1", "r2"),
        "created_at": _maybe(near(NOON, NOON + 400, NOON + 2 * SECOND), 4, 1),
        "survey_id": pick("s", "s", "t"),
    }
    submitted = {
        "type": st.just("survey.submitted"),
        "answers": st.lists(_ANSWERS, max_size=3, unique_by=lambda answer: answer["question_id"]),
        "submitted_at": _maybe(_ANSWERED_AT, 1, 2),
        "completion": _maybe(pick("partial", "dismissed", "complete")),
    }
    offered = {"type": st.just("survey.offered")}
    withdrawn = {"type": st.just("survey.withdrawn"), "permanent": _maybe(st.just(True), 1, 5)}
    return _one_of(base, (submitted, 6), (offered, 1), (withdrawn, 1))


def _one_of(
    base: dict[str, st.SearchStrategy[Any]],
    *shapes: tuple[dict[str, st.SearchStrategy[Any]], int],
) -> st.SearchStrategy[Event]:
    weighted = [
        st.fixed_dictionaries(base | shape) for shape, weight in shapes for _ in range(weight)
    ]
    return st.one_of(weighted).map(_without_none)


# Contacts. Two contacts of one customer, near the repeat window; the third elsewhere.

_ANCHORS = {
    "c1": (NOON, NOON + SECOND, NOON + 2 * SECOND),
    "c2": (NOON + REPEAT - SECOND, NOON + REPEAT, NOON + REPEAT + SECOND),
    "c3": (NOON + 2 * REPEAT - SECOND, NOON + 2 * REPEAT),
}
SPOKEN = NOON + 16 * DAY
"""When the versions of contacts came to be: after all that they tell of."""


def _leg(anchor: int) -> dict[str, st.SearchStrategy[Any]]:
    times = near(anchor, anchor + 10 * SECOND, anchor + 20 * SECOND, anchor + MINUTE)
    return {
        "segment_id": pick(None, "s2", "s2", "s3"),
        "queue": _maybe(pick("billing", "q-9", "x", "nobody"), 1, 2),
        "queued_at": _maybe(times, 1, 2),
        "answered_at": _maybe(times, 1, 3),
        "left_queue_at": _maybe(times, 1, 3),
        "ended_at": _maybe(times, 1, 2),
        "left_reason": _maybe(pick("abandoned", "callback", "timeout"), 1, 4),
        "queue_wait_ms": _maybe(pick(0, 4_999, 5_000, 20_000, 20_001), 1, 4),
        "talk_ms": _maybe(pick(0, 60_000), 1, 2),
        "hold_ms": _maybe(pick(5_000), 1, 4),
        "wrap_ms": _maybe(pick(7_000), 1, 4),
        "wrap_code": _maybe(pick("hard", "easy"), 1, 4),
        "next_segment_id": _maybe(pick("s2", "s3", "c1"), 1, 6),
        "is_callback": _maybe(st.booleans(), 1, 6),
    }


def gentle_contact(**said: Any) -> Event:
    """An event about the first contact, as said."""
    event = {"type": "contact.started", "contact_id": "c1", "occurred_at": SPOKEN, "source": "test"}
    return event | {"event_id": "a"} | said


def contacts_of(name: str) -> st.SearchStrategy[Event]:
    anchors = _ANCHORS[name]
    base = _envelope(near(SPOKEN, SPOKEN + SECOND)) | {
        "contact_id": st.just(name),
        "created_at": _maybe(pick(*anchors, anchors[0] + 400), 3, 1),
        "customer_id": _maybe(pick("anna", "anna", "bert", "nobody"), 2, 1),
        "issue_id": _maybe(pick("late", "broken"), 1, 3),
        "direction": _maybe(pick("inbound", "inbound", "outbound", "internal"), 2, 1),
        "resolved": _maybe(st.booleans()),
        "resolution_source": _maybe(pick("survey", "case", "agent")),
        "transfer_kind": _maybe(pick("agent", "queue")),
        "transfer_id": _maybe(pick("t1", "t2"), 1, 3),
    }
    leg = _leg(anchors[0])
    times = near(anchors[0], anchors[0] + 30 * SECOND)
    life = {
        "contact.started": {"created_at": pick(*anchors), "direction": pick("inbound")},
        "contact.queued": {"queued_at": times, "queue": pick("billing", "x")},
        "contact.answered": {"answered_at": times},
        "contact.left_queue": {"left_queue_at": times, "left_reason": pick("abandoned", "key")},
        "contact.transferred": {},
        "contact.ended": {"ended_at": times},
        "contact.wrapped_up": {"wrap_ms": pick(3_000)},
        "contact.resolved": {
            "resolved": st.booleans(),
            "resolution_source": pick("survey", "case", "agent"),
        },
        "contact.reopened": {},
        "contact.updated": {"issue_id": pick("late", "broken")},
    }
    shapes = [(leg | {"type": st.just(kind)} | more, 1) for kind, more in life.items()]
    segments = st.lists(
        st.fixed_dictionaries(leg).map(_without_none),
        max_size=3,
        unique_by=lambda segment: segment.get("segment_id", name),
    )
    recorded = {"type": st.just("contact.recorded"), "segments": segments}
    withdrawn = {"type": st.just("contact.withdrawn"), "permanent": _maybe(st.just(True), 1, 5)}
    return _one_of(base, *shapes, (recorded, 4), (withdrawn, 1))


# Carts.

_CART_INSTANTS = near(
    *(NOON + a * QUIET + b * GRACE for a in (0, 1, 2) for b in (0, 1)), NOON + 5 * MINUTE
)


def _carts() -> st.SearchStrategy[Event]:
    base = _envelope(_CART_INSTANTS) | {"cart_id": pick("k1", "k1", "k2")}
    money = _maybe(pick((100, "EUR"), (250, "USD"), (7, "XAU")))
    base |= {"money": money}
    count = pick(0, 1, 2)
    action = pick("added", "removed", "viewed", "step")
    order = {"order_id": pick("o1", "o2"), "checkout_id": _maybe(pick("h1", "o2"), 1, 2)}
    of_order = order | {"cart_id": pick("k1", "k1", "k1", None)}
    return _one_of(
        base,
        ({"type": st.just("cart.updated"), "items_count": count}, 3),
        (
            {
                "type": st.just("cart.touched"),
                "action": action,
                "items_count": _maybe(count, 1, 2),
            },
            4,
        ),
        ({"type": st.just("cart.checkout_started")}, 2),
        (of_order | {"type": st.just("cart.ordered")}, 3),
        (of_order | {"type": st.just("cart.order_cancelled")}, 1),
        (of_order | {"type": st.just("cart.order_refunded")}, 1),
        ({"type": st.just("cart.withdrawn"), "permanent": _maybe(st.just(True), 1, 5)}, 1),
    ).map(_with_money)


def _with_money(event: Event) -> Event:
    amount = event.pop("money", None)
    if amount is not None:
        event |= {"value_minor": amount[0], "currency": amount[1]}
    return event


surveys = _surveys()
contacts = st.sampled_from(tuple(_ANCHORS)).flatmap(contacts_of)
carts = _carts()
events = st.one_of(surveys, contacts, contacts, carts)

OF_ONE_TOPIC = {"surveys": surveys, "contacts": contacts, "carts": carts}
