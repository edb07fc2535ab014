"""The first half of the table of metrics: every exported count, and of which fields it is the sum.

A name is written here and nowhere else; scores (`core.metric`) are made of these.
"""

from processor.core import tally as t
from processor.core.formula import CountMetric
from processor.core.tally import Tally


def _count(name: str, tally: Tally, fields: str, meaning: str, unit: int = 1) -> CountMetric:
    return CountMetric(name, tally, tuple(fields.split()), meaning, unit)


_MS = 1000

NPS_RATINGS = tuple(
    CountMetric("nps_ratings", t.NPS, (field,), "NPS answers by rating", label=("rating", str(at)))
    for at, field in enumerate(t.NPS.fields)
)

COUNTS: tuple[CountMetric, ...] = (
    _count("nps_answers", t.NPS, " ".join(t.NPS.fields), "NPS questions answered"),
    _count("nps_promoters", t.NPS, "r9 r10", "NPS answers of 9 and 10"),
    _count("nps_passives", t.NPS, "r7 r8", "NPS answers of 7 and 8"),
    _count("nps_detractors", t.NPS, "r0 r1 r2 r3 r4 r5 r6", "NPS answers of 0 to 6"),
    *NPS_RATINGS,
    _count("csat_answers", t.CSAT, "answers", "CSAT questions answered"),
    _count("csat_satisfied", t.CSAT, "satisfied", "CSAT answers in the top box of their scale"),
    _count("csat_ratings", t.CSAT_RATING, "answers", "CSAT answers on one scale"),
    _count("csat_rating_points", t.CSAT_RATING, "sum", "sum of the CSAT ratings on one scale"),
    _count("csat_rating_squares", t.CSAT_RATING, "squares", "sum of the squared CSAT ratings"),
    _count("ces_answers", t.CES, "answers", "CES questions answered"),
    _count("ces_easy", t.CES, "easy", "CES answers that say it was easy"),
    _count("ces_ratings", t.CES_RATING, "answers", "CES answers on one scale"),
    _count("ces_rating_points", t.CES_RATING, "sum", "sum of the CES ratings on one scale"),
    _count("ces_rating_squares", t.CES_RATING, "squares", "sum of the squared CES ratings"),
    _count("question_ratings", t.QUESTION_RATING, "answers", "answers to a further scale question"),
    _count(
        "question_rating_points", t.QUESTION_RATING, "sum", "sum of the ratings of a scale question"
    ),
    _count(
        "question_rating_squares",
        t.QUESTION_RATING,
        "squares",
        "sum of the squared ratings of a question",
    ),
    _count("question_answers", t.QUESTION_YES, "answers", "answers to a yes/no question"),
    _count("question_yes", t.QUESTION_YES, "yes", "answers of yes to a yes/no question"),
    _count("question_chosen", t.QUESTION_CHOICE, "chosen", "how often an option was chosen"),
    _count("surveys_offered", t.SURVEY, "offered", "surveys shown or sent"),
    _count("survey_responses", t.SURVEY, "responses", "responses with at least one answer"),
    _count("survey_completed", t.SURVEY, "completed", "responses that were completed"),
    _count("contacts", t.CONTACT, "contacts", "contacts that began, of any direction"),
    _count("contacts_offered", t.CONTACT, "offered", "inbound contacts that entered a queue"),
    _count("contacts_answered", t.CONTACT, "answered", "inbound contacts that reached an agent"),
    _count("contacts_in_time", t.CONTACT, "in_time", "contacts answered within the service level"),
    _count("contacts_waited", t.CONTACT, "waited", "contacts answered, of known time in queue"),
    _count("contacts_wait_seconds", t.CONTACT, "wait_ms", "time in the queue until answered", _MS),
    _count("contacts_abandoned", t.CONTACT, "abandoned", "inbound contacts that gave up waiting"),
    _count("contacts_other_exit", t.CONTACT, "other_exit", "inbound contacts that left otherwise"),
    _count("contacts_handled", t.CONTACT, "handled", "contacts whose agents are done"),
    _count(
        "contacts_handle_seconds",
        t.CONTACT,
        "handle_ms",
        "talk, hold and wrap time of contacts handled",
        _MS,
    ),
    _count(
        "contacts_handle_seconds_squares",
        t.CONTACT,
        "handle_ms_squares",
        "squared handle times of contacts handled",
        _MS * _MS,
    ),
    _count("contacts_talk_seconds", t.CONTACT, "talk_ms", "talk time of contacts handled", _MS),
    _count("contacts_hold_seconds", t.CONTACT, "hold_ms", "time on hold of contacts handled", _MS),
    _count(
        "contacts_wrap_seconds", t.CONTACT, "wrap_ms", "after-contact work of contacts handled", _MS
    ),
    _count(
        "contacts_transferred", t.CONTACT, "transferred", "contacts handled that an agent handed on"
    ),
    _count("case_contacts", t.REPEAT, "contacts", "contacts of identified customers"),
    _count(
        "case_repeats",
        t.REPEAT,
        "repeats",
        "contacts that repeat an issue within the repeat window",
    ),
    *(
        _count(f"{name}_{field}", tally, field, f"{meaning} ({when})")
        for name, tally, when in (
            ("fcr", t.FCR, "provisional: they may still come back"),
            ("fcr_settled", t.FCR_SETTLED, "settled: the repeat window has passed"),
        )
        for field, meaning in (
            ("first", "first contacts"),
            ("resolved", "first contacts that resolved the issue"),
            ("unknown", "first contacts of which nobody said whether they did"),
            ("net_first", "first contacts that could be resolved at level one"),
            ("net_resolved", "first contacts that could be resolved at level one and were"),
        )
    ),
    _count("carts_started", t.SHOP, "started", "carts that came into being"),
    _count("carts_checkouts", t.SHOP, "checkouts", "carts whose checkout was started"),
    _count("orders", t.SHOP, "orders", "orders, with and without a cart"),
    _count("orders_unjoined", t.SHOP, "unjoined", "orders without a cart"),
    _count("carts_abandoned", t.CART, "abandoned", "carts that fell silent with items in them"),
    _count(
        "carts_checkout_abandoned",
        t.CART,
        "checkout_abandoned",
        "carts abandoned after checkout began",
    ),
    _count("carts_converted", t.CART, "converted", "carts that became an order"),
    _count("carts_recovered", t.CART, "recovered", "carts converted after they had been abandoned"),
    _count("carts_abandonments", t.CART, "abandonments", "times a cart was abandoned"),
    *(
        _count(f"carts_{outcome}_{suffix}", t.CART_VALUE, field, meaning)
        for outcome in ("abandoned", "converted", "recovered")
        for suffix, field, meaning in (
            ("valued", outcome, f"{outcome} carts of known value"),
            (
                "minor_units",
                f"{outcome}_minor",
                f"value of {outcome} carts, in minor units of the currency",
            ),
        )
    ),
    _count("entities_unanchored", t.QUALITY, "unanchored", "entities nobody said the beginning of"),
    _count("entities_oversized", t.QUALITY, "oversized", "entities beyond their bound"),
    _count(
        "entities_inconsistent", t.QUALITY, "inconsistent", "entities that contradict themselves"
    ),
    _count(
        "entities_anchor_conflict", t.QUALITY, "anchor_conflict", "entities with two beginnings"
    ),
    _count("entities_scale_conflict", t.QUALITY, "scale_conflict", "responses with another scale"),
)

COUNT: dict[str, CountMetric] = {count.name: count for count in COUNTS if count.label is None}
"""The counts by name."""
