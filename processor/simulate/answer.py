"""Answers: what somebody says to a question, how it is written, and what it should count for.

What lives here: the way from gladness to a value, from a value to JSON, and from a value to facts.
What must never live here: when an answer is given or taken back (`response`). What the rest may
lean on: a value always fits the question's scale.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from processor.simulate.chance import Stream
from processor.simulate.questions import Question

# The felt share of a scale: so much on an ordinary day, so much more per unit of gladness.
FELT_ORDINARY: Final = 0.80
FELT_PER_GLADNESS: Final = 0.21
FELT_NOISE: Final = 0.05
SCALES_KNOWN_BY_KIND: Final = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


class Given(Struct, gc=False):
    """An answer now in force: its value, and the instant of the question's first answer."""

    question: Question
    value: int | bool | str | list[str]
    first_ms: int


def choose(question: Question, stream: Stream, *, gladness: float) -> int | bool | str | list[str]:
    """The answer of somebody that glad: 0 is an ordinary day, 1 a delight, -1 a disaster."""
    if question.kind == "yes_no":
        return stream.likely(0.5 + 0.45 * max(-1.0, min(1.0, gladness)))
    if question.kind == "choice":
        return question.options[stream.between(0, len(question.options))]
    if question.kind == "multi_choice":
        first = stream.between(0, len(question.options))
        return list(question.options[first : first + 2])
    felt = FELT_ORDINARY + FELT_PER_GLADNESS * gladness + FELT_NOISE * stream.gauss(0.0, 1.0)
    if question.polarity == "low_good":
        felt = 1.0 - felt
    spread = question.highest - question.lowest
    return question.lowest + max(0, min(spread, round(spread * felt)))


def declare(question: Question, *, in_full: bool) -> dict[str, object]:
    """The question as an answer names it; its scale where the kind alone does not tell it.

    Args:
        question: the question.
        in_full: say the scale even if the kind tells it.
    """
    named: dict[str, object] = {"question_id": question.question_id, "kind": question.kind}
    known = SCALES_KNOWN_BY_KIND.get(question.kind)
    if question.highest and (in_full or known != (question.lowest, question.highest)):
        named |= {"scale_min": question.lowest, "scale_max": question.highest}
    if question.polarity == "low_good":
        named["polarity"] = question.polarity
    return named


def facts_of(given: Given) -> Iterator[tuple[str, int]]:
    """The `(tally.field, amount)` pairs that an answer should count for."""
    question, value = given.question, given.value
    if isinstance(value, bool):
        yield f"question_yes.{question.kept_as}.answers", 1
        yield f"question_yes.{question.kept_as}.yes", int(value)
    elif isinstance(value, int):
        yield from _facts_of_rating(question, value)
    else:
        for option in [value] if isinstance(value, str) else value:
            yield f"question_choice.{question.kept_as}.{option}", 1


def _facts_of_rating(question: Question, value: int) -> Iterator[tuple[str, int]]:
    """The facts of a number on a scale."""
    if question.kind == "nps":
        yield f"nps.r{value}", 1
        return
    if question.positive is not None:
        best = "satisfied" if question.kind == "csat" else "easy"
        yield f"{question.kind}.answers", 1
        yield f"{question.kind}.{best}", int(question.positive[0] <= value <= question.positive[1])
    tally = (
        f"{question.kind}_rating" if question.positive else f"question_rating.{question.kept_as}"
    )
    rating = f"{tally}.{question.scale}.{question.polarity}"
    yield f"{rating}.answers", 1
    yield f"{rating}.sum", value
    yield f"{rating}.squares", value**2
