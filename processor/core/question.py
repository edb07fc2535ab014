"""What a survey's questions mean: the registry applied to one answer.

Precedence, for kind, scale and polarity each: the registry's row for (source, survey, question),
else the one for (survey, question), then what the answer says of itself, then the default of its
kind. Whether an answer's value fits is judged here too, since the registry has a say in it.
"""

from typing import TypeAlias

from msgspec import Struct

from processor.core.definitions import Polarity, Question
from schemas.answer import answer_valid
from schemas.event import Answer, SurveySubmitted

KINDS = ("nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text")
"""A kind's place in this tuple is its code in states."""

DEFAULT_SCALE: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
RATED = frozenset({"nps", "csat", "ces", "scale"})
NO_SCALE = (0, 0)
OPTIONS_MAX = 20
_TYPES = {"yes_no": bool, "choice": str}
NPS_MAX = 10

Value: TypeAlias = int | bool | str | list[str] | None


class Meaning(Struct, frozen=True):
    """How one answer is to be read. `entry` is the registry's row (1, 2, ...), 0 for none."""

    entry: int
    kind: str
    scale_min: int = 0
    scale_max: int = 0
    polarity: Polarity = "high_good"
    conflicting: bool = False


class Registry:
    """The question registry, indexed."""

    def __init__(self, questions: tuple[Question, ...]) -> None:
        """Index the rows; a row with a source comes before the one without."""
        self.questions = questions
        self._entries = {
            (question.source, question.survey_id, question.question_id): at
            for at, question in enumerate(questions, start=1)
        }

    def meaning(self, event: SurveySubmitted, answer: Answer) -> Meaning | None:
        """How the answer is to be read.

        None if nobody says what it is (no kind, or a scale without bounds).
        """
        entry = self.entry(event, answer)
        question = self.questions[entry - 1] if entry else None
        kind = question.kind if question else answer.kind
        scale = (question and _scale(question)) or _scale(answer) or DEFAULT_SCALE.get(kind or "")
        if kind is None or (kind == "scale" and scale is None):
            return None
        polarity = (question and question.polarity) or answer.polarity or "high_good"
        conflicting = question is not None and _conflicting(question, answer)
        return Meaning(entry, kind, *(scale or NO_SCALE), polarity, conflicting)

    def entry(self, event: SurveySubmitted, answer: Answer) -> int:
        """The registry's row for a question (1, 2, ...), 0 if it has none."""
        key = (event.survey_id, answer.question_id)
        return self._entries.get((event.source, *key)) or self._entries.get((None, *key), 0)

    def valid(self, event: SurveySubmitted, answer: Answer) -> bool:
        """Whether an answered answer's value is one its question allows.

        What is unmapped, the contract judges. The value of a text is taken away (`answer.Judge`).
        """
        meaning = self.meaning(event, answer)
        if meaning is None:
            return answer_valid(event, answer)
        if meaning.kind == "text":
            answer.value = None
        return fits(meaning, answer.value)


def fits(meaning: Meaning, value: Value) -> bool:
    """Whether a value is of the kind's type and inside the scale."""
    if meaning.kind == "text":
        return True
    if meaning.kind == "multi_choice":
        return isinstance(value, list) and len(value) <= OPTIONS_MAX
    if meaning.kind in _TYPES:
        return type(value) is _TYPES[meaning.kind]
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if meaning.kind == "nps" and not 0 <= value <= NPS_MAX:
        return False
    return meaning.scale_min <= value <= meaning.scale_max


def positive_edge(kind: str, scale_min: int, scale_max: int, polarity: Polarity) -> int:
    """The worst value that still is a positive answer (top box), for csat and ces.

    csat: the best 1 of up to 4 points, the best 2 of up to 11, the best fifth above. ces: the best
    three sevenths. So 4-5 of 1-5, 6-7 of 1-7, 9-10 of 1-10, good of good/bad; and for effort 5-7 of
    1-7, mirrored if low is good (docs/metrics.md names the publishers of these conventions).
    """
    points = scale_max - scale_min + 1
    if kind == "ces":
        best = max(1, points * 3 // 7)
    elif points <= 4:  # noqa: PLR2004  # the rule itself
        best = 1
    elif points <= 11:  # noqa: PLR2004  # the rule itself
        best = 2
    else:
        best = (scale_max - scale_min) // 5
    return scale_max - best + 1 if polarity == "high_good" else scale_min + best - 1


def _scale(said: Question | Answer) -> tuple[int, int] | None:
    """The scale that a registry's row or an answer gives; None if it does not."""
    if said.scale_min is None or said.scale_max is None:
        return None
    return said.scale_min, said.scale_max


def _conflicting(question: Question, answer: Answer) -> bool:
    """Whether the answer declares something else than the registry does."""
    known = _scale(question)
    return (
        answer.kind not in (None, question.kind)
        or (known is not None and _scale(answer) not in (None, known))
        or (question.polarity is not None and answer.polarity not in (None, question.polarity))
    )
