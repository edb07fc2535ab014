"""Responses, read slowly: the questions of a survey and what their answers count for.

What lives here: the meaning of a question, the judge of its answers, the counts of a response.
What must never live here: kept state. What the rest may lean on: pure functions of registers.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from processor.core.definitions import Definitions, Question
from processor.core.identity import Identity
from processor.core.slice import OTHER_NAME
from processor.verify.oracle.register import Count, Key, Registers, Source, Write, content
from schemas.event import Answer, AnySurveyEvent, SurveyOffered, SurveySubmitted

KINDS: Final = ("nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text")
POLARITIES: Final = ("high_good", "low_good")
COMPLETIONS: Final = ("partial", "dismissed", "complete")
DEFAULT_SCALES: Final = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
VALUE_TYPES: Final = {"yes_no": bool, "choice": str, "multi_choice": list}


class Meaning(NamedTuple):
    """What a question is: what its registry entry, its answer, its kind's default say."""

    entry: Question | None
    kind: str | None
    scale: tuple[int, int] | None
    polarity: str
    in_conflict: bool

    @property
    def measures(self) -> bool:
        """Whether its answers have a register."""
        if self.kind in VALUE_TYPES:
            return True
        return self.kind in ("nps", "csat", "ces", "scale") and self.scale is not None


class ResponseRules(Source):
    """The rules of responses."""

    def __init__(self, definitions: Definitions, identity: Identity) -> None:
        """Keep the settings."""
        super().__init__(definitions, identity, "response")

    def meaning(self, event: AnySurveyEvent, answer: Answer) -> Meaning:
        """What the question of an answer is."""
        entry = self._entry(event, answer)
        declared = None
        if answer.scale_min is not None and answer.scale_max is not None:
            declared = (answer.scale_min, answer.scale_max)
        if entry is None:
            kind: str | None = answer.kind
            scale = declared or DEFAULT_SCALES.get(kind or "")
            return Meaning(None, kind, scale, answer.polarity or "high_good", False)
        known = None
        if entry.scale_min is not None and entry.scale_max is not None:
            known = (entry.scale_min, entry.scale_max)
        in_conflict = (
            answer.kind not in (None, entry.kind)
            or (known is not None and declared not in (None, known))
            or (entry.polarity is not None and answer.polarity not in (None, entry.polarity))
        )
        polarity = entry.polarity or answer.polarity or "high_good"
        scale = known or declared or DEFAULT_SCALES.get(entry.kind)
        return Meaning(entry, entry.kind, scale, polarity, in_conflict)

    def _entry(self, event: AnySurveyEvent, answer: Answer) -> Question | None:
        for source in (event.source, None):
            for entry in self.definitions.questions:
                named = (entry.source, entry.survey_id, entry.question_id)
                if named == (source, event.survey_id, answer.question_id):
                    return entry
        return None

    def judge(self, event: AnySurveyEvent, answer: Answer) -> bool:
        """Whether the value is of the kind's type and on the scale; a text's is taken away."""
        meaning = self.meaning(event, answer)
        value = answer.value
        if meaning.kind == "text":
            answer.value = None
            return True
        if meaning.kind in VALUE_TYPES:
            return type(value) is VALUE_TYPES[meaning.kind]
        if type(value) is not int:
            return meaning.kind is None
        if meaning.kind == "nps" and not 0 <= value <= 10:  # noqa: PLR2004  # the scale of NPS
            return False
        return meaning.scale is None or meaning.scale[0] <= value <= meaning.scale[1]

    def facts(self, event: AnySurveyEvent) -> Iterator[Write]:
        """What a survey's event says."""
        if isinstance(event, SurveyOffered):
            yield Write("least", ("offered",), event.occurred_at)
        if isinstance(event, SurveySubmitted):
            if event.completion is not None:
                mark = 1 << COMPLETIONS.index(event.completion)
                yield Write("marks", ("completion",), mark)
            for answer in event.answers:
                yield from self._answer(event, answer)

    def _answer(self, event: SurveySubmitted, answer: Answer) -> Iterator[Write]:
        if answer.status == "dismissed":
            return
        meaning = self.meaning(event, answer)
        entry = meaning.entry
        name = self.definitions.questions.index(entry) if entry else answer.question_id
        if answer.status == "skipped" and meaning.kind != "text":
            yield Write("latest", ("answer", name), (self.version(event), ()))
            return
        if not meaning.measures:
            return
        at_ms = answer.answered_at or event.submitted_at or event.occurred_at
        yield Write("least", ("first answer", name), at_ms)
        said = (
            KINDS.index(meaning.kind or ""),
            *(meaning.scale or (0, 0)),
            POLARITIES.index(meaning.polarity),
            int(meaning.in_conflict),
            *self._values(meaning, answer),
        )
        yield Write("latest", ("answer", name), (self.version(event), said))

    def _values(self, meaning: Meaning, answer: Answer) -> tuple[int, ...]:
        if meaning.kind not in ("choice", "multi_choice"):
            return (int(answer.value),)  # type: ignore[arg-type]  # the judge saw a number or a boolean
        given = [answer.value] if isinstance(answer.value, str) else answer.value
        options = meaning.entry.options if meaning.entry else ()
        different = set(given)  # type: ignore[arg-type]  # the judge saw a text or a list of texts
        return tuple(sorted(options.index(o) + 1 if o in options else 0 for o in different))

    def is_oversized(self, registers: Registers) -> bool:
        """More questions than the bound."""
        questions = [key for key in registers if key[0] == "answer"]
        return len(questions) > self.definitions.bounds.ids_max

    def faults(self, registers: Registers) -> dict[str, int]:
        """Whether an answer in force declares another scale than its registry entry."""
        in_conflict = any(said[4] for _, said in self._answered(registers))
        return {"inconsistent": 0, "scale_conflict": int(in_conflict)}

    def counts(self, registers: Registers) -> Iterator[Count]:
        """What a response counts for."""
        if ("offered",) in registers:
            yield Count(registers["offered",], "survey", {"offered": 1})
        answered = list(self._answered(registers))
        firsts = [registers["first answer", name] for name, _ in answered]
        if firsts:
            yield Count(min(firsts), "survey", {"responses": 1})
            if registers.get(("completion",), 0) >= 1 << COMPLETIONS.index("complete"):
                yield Count(min(firsts), "survey", {"completed": 1})
        for (name, said), at_ms in zip(answered, firsts, strict=True):
            yield from self._question(at_ms, name, said)

    def _answered(self, registers: Registers) -> Iterator[tuple[str | int, tuple[int, ...]]]:
        for key in registers:
            if key[0] == "answer" and content(registers, *key) != ():
                yield key[1], content(registers, *key)

    def _question(
        self, at_ms: int, name: Key | str | int, said: tuple[int, ...]
    ) -> Iterator[Count]:
        kind, low, high, polarity, _, *values = said
        entry = self.definitions.questions[name] if isinstance(name, int) else None
        called = entry.name if entry else OTHER_NAME
        options = (OTHER_NAME, *(entry.options if entry else ()))
        scale = (f"{low}-{high}", POLARITIES[polarity])
        match KINDS[kind]:
            case "nps":
                yield Count(at_ms, "nps", {f"r{values[0]}": 1})
            case "csat" | "ces" as tally:
                good = is_positive(tally, values[0], (low, high), scale[1], entry)
                field = "satisfied" if tally == "csat" else "easy"
                yield Count(at_ms, tally, {"answers": 1, field: int(good)})
                yield Count(at_ms, f"{tally}_rating", rating(values[0]), scale)
            case "scale":
                yield Count(at_ms, "question_rating", rating(values[0]), (called, *scale))
            case "yes_no":
                yield Count(at_ms, "question_yes", {"answers": 1, "yes": values[0]}, (called,))
            case _:
                for value in values:
                    dimensions = (called, options[value])
                    yield Count(at_ms, "question_choice", {"chosen": 1}, dimensions)


def rating(value: int) -> dict[str, int]:
    """One rating as sums."""
    return {"answers": 1, "sum": value, "squares": value * value}


def is_positive(
    kind: str, value: int, scale: tuple[int, int], polarity: str, entry: Question | None
) -> bool:
    """Whether the value is in the top box of its scale."""
    low, high = scale
    points = high - low + 1
    if kind == "ces":
        best = max(1, points * 3 // 7)
    elif points <= 4:  # noqa: PLR2004  # the bounds of the rule
        best = 1
    elif points <= 11:  # noqa: PLR2004
        best = 2
    else:
        best = (high - low) // 5
    if polarity == "low_good":
        edge = low + best - 1
        if entry and entry.positive_edge is not None:
            edge = entry.positive_edge
        return value <= edge
    edge = high - best + 1
    if entry and entry.positive_edge is not None:
        edge = entry.positive_edge
    return value >= edge
