"""How the page is cut: which tallies stand together, and what a reader should know of them.

Words for people only. What a metric is called, made of and defined by stands in the core's tables;
the exact rules stand in docs/counting.md.
"""

from typing import NamedTuple

from processor.core.tally import (
    CART,
    CART_VALUE,
    CES,
    CES_RATING,
    CONTACT,
    CSAT,
    CSAT_RATING,
    FCR,
    FCR_SETTLED,
    NPS,
    QUALITY,
    QUESTION_CHOICE,
    QUESTION_RATING,
    QUESTION_YES,
    REPEAT,
    SHOP,
    SURVEY,
    Tally,
)


class Group(NamedTuple):
    """Some tallies, their scores and counts; `rules` is where counting.md speaks of them."""

    title: str
    tallies: tuple[Tally, ...]
    rules: str
    text: str


GROUPS = (
    Group(
        "Recommendation (NPS)",
        (NPS,),
        "4-response",
        """
        "How likely are you to recommend us?", 0 to 10. Who answers 9 or 10 is a promoter, 7 or 8 a
        passive, 0 to 6 a detractor. Passives count in the denominator; questions that were skipped
        or dismissed count nowhere. An answer counts when it was first given: a later edit changes
        its value, not its time.
        """,
    ),
    Group(
        "Satisfaction (CSAT)",
        (CSAT, CSAT_RATING),
        "4-response",
        """
        The share of answers in the top box of their scale. Others call the mean of the ratings
        CSAT; it stands beside it, for each scale and polarity, since ratings of different scales
        have no mean.
        """,
    ),
    Group(
        "Effort (CES)",
        (CES, CES_RATING),
        "4-response",
        """
        "The company made it easy for me" (CES 2.0: agreement, high is good) or "How much effort was
        it?" (CES 1.0: low is good). The share of answers that say it was easy, so that up is good
        either way; the means are kept by scale and polarity.
        """,
    ),
    Group(
        "Surveys and their further questions",
        (SURVEY, QUESTION_RATING, QUESTION_YES, QUESTION_CHOICE),
        "4-response",
        """
        How many surveys were offered, answered and completed, and what else was asked. A question
        goes by its name in the question registry, `__other__` if it has none there. The response
        rate is a ratio of counts, `cx_survey_responses` / `cx_surveys_offered`, where offers are
        sent.
        """,
    ),
    Group(
        "First contact resolution (FCR)",
        (FCR, FCR_SETTLED, REPEAT),
        "6-case-the-contacts-of-one-customer",
        """
        Per customer and issue. A *first contact* has no other in the repeat window (7 d) before it.
        It resolved the issue if somebody said so, nobody passed it on, it was not opened again, and
        no other contact followed within the window.

        - *Provisional* counts when the contact began. It is known at once, and falls with every
          contact that follows within the window.
        - *Settled* counts when the window has passed. No later contact can change it, and it is a
          week late.
        - *Gross* looks at all first contacts.
        - *Net* leaves out those that nobody at level one could have resolved (configured wrap
          codes).

        Where nobody said whether the issue was resolved, it counts as unresolved, and the unknown
        stand beside it. Only inbound contacts of identified customers count here. When things go
        wrong, the share of repeat contacts moves first.
        """,
    ),
    Group(
        "Contacts",
        (CONTACT,),
        "5-contact",
        """
        Waiting, answering, handling. Each count has an instant of its own: queued, answered, gone,
        done. So rates are over outcomes (answered and abandoned), never over offers: who still
        waits has no outcome yet. A callback, an overflow or a timeout is another exit, neither
        answered nor abandoned. The service level is 20 s unless set otherwise.
        """,
    ),
    Group(
        "Carts and orders",
        (CART, CART_VALUE, SHOP),
        "7-cart",
        """
        A cart with items that nobody touches for the quiet time (30 min) is abandoned, at the end
        of that time. A later touch takes it back; an order makes it a conversion, and a recovered
        one if it had been abandoned before. One cart has one outcome, and rates are over carts with
        an outcome; orders over carts would be wrong wherever orders come without a cart. Money is
        in minor units (cents) and never summed over currencies; a currency that is not configured
        counts under `__other__`, without a sum.
        """,
    ),
    Group(
        "Quality of the events",
        (QUALITY,),
        "8-quality",
        """
        What is wrong with the events themselves, counted at an entity's newest event and taken back
        when it is put right. An unanchored entity counts nowhere else.
        """,
    ),
)
