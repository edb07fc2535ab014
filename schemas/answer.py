"""Whether an answer can be one, judged by the event alone.

What lives here: the fit of value, kind and declared scale. What must never live here: the
question registry, which may override kind and scale; it judges through the same signature
(`Judge`). What the rest may lean on: after `form_fault` found nothing, a value is an integer in
[0, 2^53), a boolean, a string, a list of at most 20 strings or None, and scale bounds come as a
pair.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from schemas.event import Answer, SurveyEvent, SurveySubmitted
from schemas.field import NUMBER_END

Judge: TypeAlias = Callable[[SurveySubmitted, Answer], bool]
"""Called for each answer of status `answered`; False makes the record `answer_invalid`. Only a
judge knows which questions are texts, so it takes their values away: nothing of a free text is
kept."""

NPS_MAX: Final = 10
DEFAULT_SCALES: Final[dict[str | None, tuple[int, int]]] = {
    "nps": (0, NPS_MAX),
    "csat": (1, 5),
    "ces": (1, 7),
}
_UNBOUNDED: Final = (0, NUMBER_END)
_CLASS_OF_KIND: Final[dict[str | None, type]] = {
    "yes_no": bool,
    "choice": str,
    "multi_choice": list,
}


def form_fault(answer: Answer) -> str | None:
    """What is wrong with the declared scale, in words, or None. The kind is not asked."""
    low, high = answer.scale_min, answer.scale_max
    if low is None and high is None:
        return None
    if low is None or high is None:
        return "scale_min and scale_max come as a pair"
    if low >= high:
        return "scale_min is not below scale_max"
    return None


def settle_answer(answer: Answer) -> None:
    """Bring an answer to what its readers expect: no nulls, and no value beside no answer."""
    if answer.status is None:
        answer.status = "answered"
    if answer.status != "answered":
        answer.value = None
    elif type(answer.value) is list and None in answer.value:
        answer.value = [option for option in answer.value if option is not None]


def answer_valid(event: SurveyEvent, answer: Answer) -> bool:
    """Whether the value fits the kind and scale that the answer itself gives, or that its kind has.

    `text` may say anything, for nothing of it is read: it is taken away. Without a kind only a
    declared scale is held against a number: the registry may know the question, and if nobody does
    the answer is ignored. NPS is 0 to 10 whatever is declared, because its classes are defined
    there and nowhere else (Reichheld, HBR December 2003).
    """
    del event  # the registry's judge needs it, this one does not
    kind, value = answer.kind, answer.value
    if kind == "text":
        answer.value = None
        return True
    if type(value) is not int:
        return kind is None or type(value) is _CLASS_OF_KIND.get(kind)
    if kind in _CLASS_OF_KIND or (kind == "nps" and value > NPS_MAX):
        return False
    low, high = answer.scale_min, answer.scale_max
    if low is None or high is None:
        low, high = DEFAULT_SCALES.get(kind, _UNBOUNDED)
    return low <= value <= high
