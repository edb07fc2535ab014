"""The questions that the company asks: the one table of its surveys.

What lives here: every question with its kind, scale, polarity, positive answers and options: what
a question registry needs to know about this company. What must never live here: answers. What the
rest may lean on: every answer that the company's `forms` send belongs to a row of this table, and
the scale that it declares is the row's.

| survey | question | kind | scale | polarity | counts as positive |
|---|---|---|---|---|---|
| relationship | recommend | nps | 0-10 | high_good | 9-10 promoters, 0-6 detractors |
| relationship | overall | csat | 1-5 | high_good | 4-5 |
| relationship | strengths | multi_choice | | | |
| relationship | comment | text | | | never sent |
| after-contact | satisfied | csat | 1-5 | high_good | 4-5 |
| after-contact | ease | ces | 1-7 | high_good | 5-7 |
| after-contact | resolved | yes_no | | | true |
| after-contact | agent | scale | 1-5 | high_good | |
| after-purchase | shopping | csat | 1-10 | high_good | 9-10 |
| after-purchase | effort | ces | 1-7 | low_good | 1-3 |
| after-purchase | reason | choice | | | |
| after-purchase | recommend-shop | nps | 0-10 | high_good | as above |
"""

from typing import Final, Literal

from msgspec import Struct

Kind = Literal["nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text"]


class Question(Struct, frozen=True, kw_only=True, gc=False):
    """One row: what is asked, on which scale, and which answers are the good ones.

    `positive` is the closed range of positive values (csat and ces only), `role` what the product
    should know beside the kind.
    """

    question_id: str
    kind: Kind
    lowest: int = 0
    highest: int = 0
    polarity: Literal["high_good", "low_good"] = "high_good"
    positive: tuple[int, int] | None = None
    options: tuple[str, ...] = ()
    role: Literal["", "resolved"] = ""

    @property
    def kept_as(self) -> str:
        """The name of the question in metrics."""
        return self.question_id.replace("-", "_")

    @property
    def scale(self) -> str:
        """The scale in words, such as `1-5`."""
        return f"{self.lowest}-{self.highest}"


class Survey(Struct, frozen=True, gc=False):
    """One form: its id, what it is about, and its questions in the order of asking."""

    survey_id: str
    touchpoint: str
    questions: tuple[Question, ...]


RELATIONSHIP: Final = Survey(
    "relationship",
    "relationship",
    (
        Question(question_id="recommend", kind="nps", lowest=0, highest=10),
        Question(question_id="overall", kind="csat", lowest=1, highest=5, positive=(4, 5)),
        Question(
            question_id="strengths",
            kind="multi_choice",
            options=("price", "quality", "service", "delivery"),
        ),
        Question(question_id="comment", kind="text"),
    ),
)
AFTER_CONTACT: Final = Survey(
    "after-contact",
    "post_contact",
    (
        Question(question_id="satisfied", kind="csat", lowest=1, highest=5, positive=(4, 5)),
        Question(question_id="ease", kind="ces", lowest=1, highest=7, positive=(5, 7)),
        Question(question_id="resolved", kind="yes_no", role="resolved"),
        Question(question_id="agent", kind="scale", lowest=1, highest=5),
    ),
)
AFTER_PURCHASE: Final = Survey(
    "after-purchase",
    "post_purchase",
    (
        Question(question_id="shopping", kind="csat", lowest=1, highest=10, positive=(9, 10)),
        Question(
            question_id="effort",
            kind="ces",
            lowest=1,
            highest=7,
            polarity="low_good",
            positive=(1, 3),
        ),
        Question(
            question_id="reason", kind="choice", options=("price", "range", "habit", "advice")
        ),
        Question(question_id="recommend-shop", kind="nps", lowest=0, highest=10),
    ),
)
SURVEYS: Final = (RELATIONSHIP, AFTER_CONTACT, AFTER_PURCHASE)
