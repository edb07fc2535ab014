"""What each field says, in one or two sentences for whoever writes a producer.

What lives here: prose, once, for the JSON Schemas and the page. What must never live here: limits
(`schemas.field`). What the rest may lean on: every field of every struct has a meaning (tested).
"""

from typing import Final

from msgspec import Struct

from schemas.event import (
    Answer,
    CartEvent,
    ContactEvent,
    Event,
    LifecycleEvent,
    Segment,
    SurveyEvent,
)

TYPE_MEANING: Final = "Which event this is; it decides which fields are required."

_ENVELOPE: Final = {
    "event_id": (
        "Names this message: the same message sent again has the same id, an edit has another. "
        "It breaks ties between equal `occurred_at`; it is no filter."
    ),
    "source": "Who says so, such as `shop/eu`; the key of configuration per source.",
    "occurred_at": (
        "When the change that this message reports happened, at its source: the version of this "
        "copy. Not the time of sending, not the time of the first answer."
    ),
    "created_at": (
        "When the entity began; the same in every event that carries it. Omit it where the "
        "message does not know it."
    ),
    "attributes": (
        "Further dimensions, such as `market` or `brand`: ids or codes, not display names. Only "
        "names that a configured slice uses are kept."
    ),
    "excluded": "The entity counts nothing, for ever: a test, a robot, or our own people.",
    "customer_id": "Whose entity it is; hashed before it is stored. Omit it if unknown.",
    "channel": "The way it happened, a value of the slice `channel`.",
    "touchpoint": "What it is about, such as `post_contact`; a value of the slice `touchpoint`.",
}

_SURVEY: Final = {
    "response_id": "The response, unique over all sources: prefix it (`forms:r1`). The key.",
    "survey_id": "The survey; with it the question registry is asked.",
    "contact_id": "The contact that the survey is about.",
    "order_id": "The order that the survey is about.",
    "offer_id": "The id of the offer, if it is not the response's.",
    "channel": (
        "How it was asked: `email`, `sms`, `in_app`, `web`, `ivr`, `chat`, `kiosk`, `link`, "
        "`other`."
    ),
    "answers": "Answers, all of them or only the new ones; may be empty.",
    "completion": "How far the customer got; the furthest that was ever said holds.",
    "submitted_at": "When it was submitted: the time of answers that have none of their own.",
    "permanent": "An erasure request: nothing brings the response back.",
}

_ANSWER: Final = {
    "question_id": "The question, once in the list.",
    "kind": "What sort of question it is; the question registry overrides it.",
    "status": (
        "`skipped`: there is no answer, and an earlier one of this question is taken back. "
        "`dismissed`, or a question that is not listed: nothing is said, an earlier answer stays."
    ),
    "value": (
        "By kind: an integer (nps, csat, ces, scale), a boolean (yes_no), a string (choice), a "
        "list of strings (multi_choice). Of a text it is dropped unread: do not send it."
    ),
    "scale_min": "The lowest value that can be chosen; only together with `scale_max`.",
    "scale_max": "The highest value that can be chosen. Half stars: double the scale.",
    "polarity": (
        "Whether a high value is good (the default) or bad; the question registry overrides it if "
        "it says which."
    ),
    "answered_at": "When this question was first answered, if known.",
}

_CONTACT: Final = {
    "contact_id": (
        "The contact: the id of its first leg or of the conversation, the same in all its "
        "messages, unique over all sources (`acd:c1`). The key."
    ),
    "direction": "Who called whom; from the first leg only.",
    "channel": (
        "`voice`, `chat`, `email`, `message`, `social`, `video`, `task`, `in_person`, `other`."
    ),
    "issue_id": "What it was about, so that repeat contacts are seen per issue.",
    "resolved": "Whether the issue was solved, as `resolution_source` says.",
    "resolution_source": "Who says so; each source has a say of its own.",
    "transfer_id": "Names the transfer; default: the segment's id.",
    "transfer_kind": "To whom; default: `agent`. A transfer to a queue breaks nothing.",
    "segments": "The legs, complete: each stay in a queue and/or with one agent.",
    "permanent": "An erasure request: nothing brings the contact back.",
}

_SEGMENT: Final = {
    "segment_id": "The leg; default: `contact_id`, which is the id of the first leg.",
    "queue": "The queue's id, not its name.",
    "queued_at": "When the leg entered the queue.",
    "answered_at": "When an agent was connected.",
    "left_queue_at": "When the leg left the queue without an agent.",
    "left_reason": "Why; only `abandoned` is an abandonment.",
    "ended_at": "When the leg ended.",
    "end_reason": "Who or what ended it.",
    "queue_wait_ms": "Time in the queue before the agent; other systems call it hold time.",
    "talk_ms": "Time in conversation.",
    "hold_ms": "Time put on hold by the agent, not in the queue.",
    "ring_ms": "Time ringing at the agent.",
    "wrap_ms": "After-contact work.",
    "wrap_code": "The code that the agent chose.",
    "next_segment_id": "The leg that follows: the outcome waits for it.",
    "previous_segment_id": "The leg before.",
    "is_callback": "Whether this leg is the callback that was asked for.",
}

_CART: Final = {
    "created_at": "Ignored on carts, whatever it holds: a cart begins with its first act.",
    "cart_id": (
        "The cart, unique over all sources (`shop:t1`). The key. Ids that begin with `order:` are "
        "kept for orders without a cart."
    ),
    "order_id": "The order. Without a cart the key is `order:` and this id.",
    "checkout_id": "The checkout; orders that share one are one conversion.",
    "value_minor": (
        "What the cart or order is worth, in minor units; only with `currency`. Beside an act "
        "other than `viewed` it counts only with `items_count`: alone it may be one item's."
    ),
    "currency": "ISO 4217, in capitals.",
    "items_count": "Items in the cart after the change; 0: emptied.",
    "action": "What was done. `viewed` starts and prolongs nothing.",
    "channel": "The shop's channel, such as `web`, `app` or `store`.",
    "permanent": "An erasure request: nothing brings the cart back.",
}

_BY_STRUCT: Final[tuple[tuple[type[Struct], dict[str, str]], ...]] = (
    (Answer, _ANSWER),
    (Segment, _SEGMENT),
    (SurveyEvent, _SURVEY),
    (ContactEvent, _CONTACT),
    (LifecycleEvent, _SEGMENT),
    (CartEvent, _CART),
    (Event, _ENVELOPE),
)


def meaning(struct: type[Struct], name: str) -> str:
    """What the field says in this struct. Raises KeyError for a field without a meaning."""
    for base, meanings in _BY_STRUCT:
        if issubclass(struct, base) and name in meanings:
            return meanings[name]
    message = f"{struct.__name__}.{name} has no meaning"
    raise KeyError(message)
