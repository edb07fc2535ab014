"""A survey response: which questions it answers, how, and since when.

Registers (beside those of life): per question the latest answer and the instant of its first;
completion; the first offer; the dimensions. An edit moves an answer's value, never its pane.
"""

from collections.abc import Iterator

from processor.core.contribution import Contribution, Count, within
from processor.core.definitions import Definitions, Question
from processor.core.entity.answer import CONFLICTING_AT, SKIPPED, Answered, answer_counts, answered
from processor.core.entity.dimension import Dimensions
from processor.core.entity.life import (
    ANCHOR_SLACK_MS,
    FIRST_OWN_CODE,
    alive_until_ms,
    code_of,
    instance_of,
    is_oversized,
    join_bounded,
    lift_life,
    oversize,
    register,
    standing,
    withdraw,
)
from processor.core.entity.quality import quality
from processor.core.identity import Identity
from processor.core.question import Registry
from processor.core.remark import UNMAPPED_QUESTION, Remark
from processor.core.slice import Label, Slices
from processor.core.state import Register, State, contents, pack, unpack
from processor.core.tally import SURVEY
from schemas.event import Answer, AnySurveyEvent, SurveyOffered, SurveySubmitted, SurveyWithdrawn

ANSWER = FIRST_OWN_CODE
"""facts, per question: its latest answer (core.entity.answer). least, per question: the instant of
its first."""
OFFERED: Register = FIRST_OWN_CODE + 1
"""least: the first offer."""
COMPLETION: Register = FIRST_OWN_CODE + 2
"""marks: every completion that was reported; the highest bit is the one in force."""

COMPLETION_BITS = {"partial": 1, "dismissed": 2, "complete": 4}

_UNREGISTERED = 1 << 55
"""Set in the instance of a question without a registry row, so that it never meets a row's
number."""

_OFFERED = SURVEY.amounts(offered=1)
_RESPONSE = SURVEY.amounts(responses=1)
_COMPLETED = SURVEY.amounts(responses=1, completed=1)


class Response:
    """The rules of responses under one set of definitions."""

    def __init__(self, definitions: Definitions, identity: Identity, life_ms: int) -> None:
        """Index the registry and the slices."""
        self._identity = identity
        self._life_ms = life_ms
        self._questions_max = definitions.bounds.ids_max
        self._dimensions = Dimensions(Slices(definitions, "response"))
        self.slices = self._dimensions.slices
        self.registry = Registry(definitions.questions)

    def lift(self, event: AnySurveyEvent) -> tuple[State, list[Remark]]:
        """What one event says, as a state."""
        state, version = lift_life(event, self._identity, anchored=True)
        if isinstance(event, SurveyWithdrawn):
            return withdraw(state, version, permanent=event.permanent), []
        said = state.facts[version]
        facts, remarks = self._dimensions.facts(event)
        said |= facts
        if isinstance(event, SurveyOffered):
            state.least[OFFERED] = event.occurred_at
        else:
            if event.completion is not None:
                state.marks[COMPLETION] = COMPLETION_BITS[event.completion]
            for answer in event.answers:
                self._lift_answer(event, answer, state, remarks)
        return state, remarks

    def join(self, before: State, addition: State) -> State:
        """The merge of the two, within the bound."""
        return join_bounded(before, addition, self.bounded)

    def bounded(self, state: State) -> State:
        """The state itself, or what is left of it beyond the bound."""
        if is_oversized(state) or self._exceeds(state):
            return oversize(state)
        return state

    def contribution(self, state: State) -> Contribution:
        """What the response counts for."""
        stands = standing(state)
        if stands.anchor_ms is None or stands.oversized or not stands.kept:
            return quality("response", stands, anchored=True)
        said = contents(state)
        labels = self._dimensions.labels(said)
        answers = {
            key: content
            for key, content in said.items()
            if code_of(key) == ANSWER and isinstance(content, tuple) and content
        }
        every = list(self._survey_counts(state, answers, labels))
        for key, content in answers.items():
            question = self._question(instance_of(key))
            every += answer_counts(content, question, state.least[key], labels)
        span = (stands.anchor_ms - ANCHOR_SLACK_MS, stands.anchor_ms + self._life_ms)
        counts, inconsistent = within(every, *span)
        return counts + quality(
            "response",
            stands,
            anchored=True,
            inconsistent=inconsistent,
            scale_conflict=any(content[CONFLICTING_AT] for content in answers.values()),
        )

    def recall(self, state: State, clock_ms: int) -> State | None:
        """The response, unless it is dead by now."""
        return None if alive_until_ms(state, self._life_ms) < clock_ms else state

    pack = staticmethod(pack)
    unpack = staticmethod(unpack)

    def _lift_answer(
        self, event: SurveySubmitted, answer: Answer, state: State, remarks: list[Remark]
    ) -> None:
        if answer.status == "dismissed":
            return
        entry = self.registry.entry(event, answer)
        instance = entry or _UNREGISTERED | self._identity.part(answer.question_id) >> 1
        key = register(ANSWER, instance)
        question = self._question(instance)
        if (question.kind if question else answer.kind) == "text":
            return
        content = SKIPPED
        if answer.status == "answered":
            meaning = self.registry.meaning(event, answer)
            if meaning is None:
                remarks.append(Remark(UNMAPPED_QUESTION, event.survey_id, answer.question_id))
                return
            content = answered(answer, meaning, question)
            state.least[key] = answer.answered_at or event.submitted_at or event.occurred_at
        for said in state.facts.values():
            said[key] = content

    def _question(self, instance: int) -> Question | None:
        """The registry's row of a question; None if it has none."""
        return None if instance & _UNREGISTERED else self.registry.questions[instance - 1]

    def _survey_counts(
        self, state: State, answers: dict[Register, Answered], labels: tuple[Label, ...]
    ) -> Iterator[Count]:
        offered_ms = state.least.get(OFFERED)
        if offered_ms is not None:
            yield Count(offered_ms, SURVEY, _OFFERED, labels)
        if answers:
            complete = state.marks.get(COMPLETION, 0) >= COMPLETION_BITS["complete"]
            first_ms = min(state.least[key] for key in answers)
            yield Count(first_ms, SURVEY, _COMPLETED if complete else _RESPONSE, labels)

    def _exceeds(self, state: State) -> bool:
        registers = sum(map(len, state.facts.values()))
        if registers <= self._questions_max:
            return False
        answers = sum(code_of(key) == ANSWER for said in state.facts.values() for key in said)
        return answers > self._questions_max
