"""One answer: as the content of a register, and as counts.

Content: (kind, scale_min, scale_max, low_good, conflicting, *values), all integers; () once the
answer is skipped. A value is the rating, 0 or 1 for yes/no, or the option's place in the configured
list (0: not listed).
"""

from functools import cache, lru_cache

from processor.core.contribution import Count
from processor.core.definitions import Polarity, Question
from processor.core.question import KINDS, Meaning, positive_edge
from processor.core.slice import OTHER_NAME, Label
from processor.core.tally import (
    CES,
    CES_RATING,
    CSAT,
    CSAT_RATING,
    NPS,
    QUESTION_CHOICE,
    QUESTION_RATING,
    QUESTION_YES,
    Amounts,
    Tally,
)
from schemas.event import Answer

Answered = tuple[int, ...]

SKIPPED: Answered = ()
CONFLICTING_AT = 4

_NPS_AMOUNTS = tuple(NPS.amounts(**{field: 1}) for field in NPS.fields)
_CHOSEN = QUESTION_CHOICE.amounts(chosen=1)


def answered(answer: Answer, meaning: Meaning, question: Question | None) -> Answered:
    """The content of the register of an answered answer that fits its meaning."""
    return (
        KINDS.index(meaning.kind),
        meaning.scale_min,
        meaning.scale_max,
        int(meaning.polarity == "low_good"),
        int(meaning.conflicting),
        *_values(answer, question),
    )


def _values(answer: Answer, question: Question | None) -> tuple[int, ...]:
    value = answer.value
    if isinstance(value, int):
        return (int(value),)
    options = question.options if question else ()
    chosen = set(value) if isinstance(value, list) else {value}
    return tuple(sorted(options.index(o) + 1 if o in options else 0 for o in chosen))


def answer_counts(
    content: Answered, question: Question | None, at_ms: int, labels: tuple[Label, ...]
) -> list[Count]:
    """What one answer counts for, at the instant of the question's first answer."""
    kind, scale_min, scale_max, low_good, _, *values = content
    name = KINDS[kind]
    if name == "nps":
        return [Count(at_ms, NPS, _NPS_AMOUNTS[values[0]], labels)]
    polarity: Polarity = "low_good" if low_good else "high_good"
    scale = (f"{scale_min}-{scale_max}", polarity)
    called = question.name if question else OTHER_NAME
    match name:
        case "csat" | "ces":
            share, rating = (CSAT, CSAT_RATING) if name == "csat" else (CES, CES_RATING)
            edge = question.positive_edge if question else None
            if edge is None:
                edge = positive_edge(name, scale_min, scale_max, polarity)
            positive = values[0] <= edge if low_good else values[0] >= edge
            return [
                Count(at_ms, share, _share(share, positive), labels),
                Count(at_ms, rating, _rating(rating, values[0]), labels, scale),
            ]
        case "scale":
            amounts = _rating(QUESTION_RATING, values[0])
            return [Count(at_ms, QUESTION_RATING, amounts, labels, (called, *scale))]
        case "yes_no":
            amounts = _share(QUESTION_YES, bool(values[0]))
            return [Count(at_ms, QUESTION_YES, amounts, labels, (called,))]
    options = (OTHER_NAME, *(question.options if question else ()))
    return [
        Count(at_ms, QUESTION_CHOICE, _CHOSEN, labels, (called, options[value])) for value in values
    ]


_RATINGS_MAX = 4096
"""Ratings that are remembered: whoever answers chooses them, on scales that they may choose too."""


@cache
def _share(tally: Tally, positive: bool) -> Amounts:
    """One answer, and one more in the tally's second field if it is a positive one."""
    return ((0, 1), (1, 1)) if positive else ((0, 1),)


@lru_cache(_RATINGS_MAX)
def _rating(tally: Tally, value: int) -> Amounts:
    return tally.amounts(answers=1, sum=value, squares=value * value)
