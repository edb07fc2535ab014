"""What a survey's questions mean: the registry applied to one answer.

Precedence: the registry's entry for (source, survey, question), then for (survey, question), then what the answer
says of itself, then the default of its kind. Whether an answer's value fits is judged here too, since the registry
has a say in it.
"""

from typing import TypeAlias

from msgspec import Struct

from processor.core.definitions import Definitions, Polarity, Question
from schemas.event import Answer, SurveySubmitted

KINDS = ("nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text")
"""A kind's place in this tuple is its code in states."""

DEFAULT_SCALE: dict[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
RATED = frozenset({"nps", "csat", "ces", "scale"})
OPTIONS_MAX = 20
NPS_MAX = 10

Value: TypeAlias = int | bool | str | list[str] | None


class Meaning(Struct, frozen=True):
    """How one answer is to be read. `entry` is the registry's row (1, 2, ...), 0 if the question has none."""

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
        """How the answer is to be read; None if nobody says what it is (no kind, or a scale without bounds)."""
        key = (event.survey_id, answer.question_id)
        entry = self._entries.get((event.source, *key)) or self._entries.get((None, *key))
        if entry is not None:
            return self._configured(entry, answer)
        scale = _declared(answer) or DEFAULT_SCALE.get(answer.kind or "", (0, 0))
        if answer.kind is None or (answer.kind == "scale" and scale == (0, 0)):
            return None
        return Meaning(0, answer.kind, *scale, answer.polarity or "high_good")

    def valid(self, event: SurveySubmitted, answer: Answer) -> bool:
        """Whether an answered answer's value is one its question allows; an unmapped one may say anything."""
        meaning = self.meaning(event, answer)
        return meaning is None or fits(meaning, answer.value)

    def _configured(self, entry: int, answer: Answer) -> Meaning:
        question = self.questions[entry - 1]
        scale = scale_of(question)
        conflicting = (
            answer.kind not in (None, question.kind)
            or _declared(answer) not in (None, scale)
            or answer.polarity not in (None, question.polarity)
        )
        return Meaning(entry, question.kind, *scale, question.polarity, conflicting)


def scale_of(question: Question) -> tuple[int, int]:
    """The scale of a configured question: its own, else its kind's default, else (0, 0)."""
    if question.scale_min is not None and question.scale_max is not None:
        return question.scale_min, question.scale_max
    return DEFAULT_SCALE.get(question.kind, (0, 0))


def fits(meaning: Meaning, value: Value) -> bool:
    """Whether a value is of the kind's type and inside the scale."""
    match meaning.kind:
        case "text":
            return True
        case "yes_no":
            return isinstance(value, bool)
        case "choice":
            return isinstance(value, str)
        case "multi_choice":
            return isinstance(value, list) and len(value) <= OPTIONS_MAX
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    if meaning.kind == "nps" and not 0 <= value <= NPS_MAX:
        return False
    return meaning.scale_min <= value <= meaning.scale_max


def positive_edge(kind: str, scale_min: int, scale_max: int, polarity: Polarity) -> int:
    """The worst value that still is a positive answer (top box), for csat and ces.

    csat: the best 1 of up to 4 points, the best 2 of up to 11, the best fifth above. ces: the best three sevenths.
    So 4-5 of 1-5, 6-7 of 1-7, 9-10 of 1-10, good of good/bad; and for effort 5-7 of 1-7, mirrored if low is good
    (docs/metrics.md names the publishers of these conventions).
    """
    points = scale_max - scale_min + 1
    if kind == "ces":
        best = max(1, points * 3 // 7)
    elif points <= 4:
        best = 1
    elif points <= 11:
        best = 2
    else:
        best = (scale_max - scale_min) // 5
    return scale_max - best + 1 if polarity == "high_good" else scale_min + best - 1


def registry_of(definitions: Definitions) -> Registry:
    """The registry of a namespace."""
    return Registry(definitions.questions)


def _declared(answer: Answer) -> tuple[int, int] | None:
    if answer.scale_min is None or answer.scale_max is None:
        return None
    return answer.scale_min, answer.scale_max
