"""The tables `questions`: the question registry, which says what the questions of surveys mean."""

from collections.abc import Iterator
from typing import Annotated, Final

from processor.core.definitions import Kind, Polarity
from processor.core.question import DEFAULT_SCALE, KINDS, NPS_MAX, RATED
from processor.core.slice import NONE_NAME, OTHER_NAME
from processor.settings.collection import Words
from processor.settings.form import Choice, Whole
from processor.settings.problem import Fault
from processor.settings.section import REQUIRED, Section, different, setting
from processor.settings.text import Text, Word

SOURCE: Final = Text(
    r"[a-z0-9_./-]{1,64}",
    "1 to 64 characters out of lower-case letters, digits and _ . / -, as in the events' `source`",
)
_NAME: Final = Word(64, reserved=(OTHER_NAME, NONE_NAME))
_SCALE_END: Final = Whole(0, 1_000)
_OPTIONS_MAX: Final = 100
_CHOICES: Final = ("choice", "multi_choice")
_TOP_BOX: Final = ("csat", "ces")


class QuestionSettings(Section):
    """What one question of one survey means. It goes before what the answers say of themselves."""

    name: Annotated[str, _NAME] = setting(
        REQUIRED,
        "What the question is called in metrics; questions of one meaning in several surveys may"
        " share a name.",
        stored=True,
    )
    source: Annotated[str | None, SOURCE] = setting(
        None,
        "Whose survey it is, as in the events' `source`; without it, of whichever source.",
        stored=True,
    )
    survey_id: Annotated[str, Word(256)] = setting(
        REQUIRED, "The survey's id, as in the events.", stored=True
    )
    question_id: Annotated[str, Word(128)] = setting(
        REQUIRED, "The question's id, as in the events' answers.", stored=True
    )
    kind: Annotated[Kind, Choice(KINDS)] = setting(
        REQUIRED,
        "What is asked: would they recommend us (nps), are they satisfied (csat), was it easy"
        " (ces), another rating (scale), yes or no, one or several options, or free text, which"
        " is dropped unread.",
        stored=True,
    )
    scale_min: Annotated[int | None, _SCALE_END] = setting(
        None,
        "The lowest value of the scale. Without a scale, the kind's own: nps 0 to 10, csat 1 to"
        " 5, ces 1 to 7.",
        stored=True,
    )
    scale_max: Annotated[int | None, _SCALE_END] = setting(
        None, "The highest value of the scale.", stored=True
    )
    polarity: Annotated[Polarity | None, Choice(("high_good", "low_good"))] = setting(
        None,
        "Whether high values or low values are the good ones. Without it, `positive_from` or"
        " `positive_to` say so; else the answers do, and where they do not either, high is good.",
        stored=True,
    )
    positive_from: Annotated[int | None, _SCALE_END] = setting(
        None,
        "For csat and ces where high is good: the lowest value that still counts as satisfied or"
        " easy. Without it, the usual top of the scale, such as 4 and 5 of 1 to 5.",
        stored=True,
    )
    positive_to: Annotated[int | None, _SCALE_END] = setting(
        None,
        "For csat and ces where low is good: the highest value that still counts as satisfied or"
        " easy.",
        stored=True,
    )
    options: Annotated[tuple[str, ...], Words(_NAME, "options", 0, _OPTIONS_MAX)] = setting(
        (),
        "For choice and multi_choice: the options that are told apart; any other counts under"
        " `__other__`.",
        stored=True,
    )

    @property
    def scale(self) -> tuple[int, int] | None:
        """The scale that applies; None if there is none."""
        if self.scale_min is not None and self.scale_max is not None:
            return self.scale_min, self.scale_max
        return DEFAULT_SCALE.get(self.kind)

    @property
    def polarity_given(self) -> Polarity | None:
        """The polarity that the row says, in so many words or by the line it draws."""
        if self.polarity is not None:
            return self.polarity
        if self.positive_from is not None:
            return "high_good"
        return None if self.positive_to is None else "low_good"

    def faults(self) -> Iterator[Fault]:
        """What does not suit the kind."""
        yield from self._scale_faults()
        if self.polarity == "low_good" and self.kind not in RATED - {"nps"}:
            yield Fault(("polarity",), f"high_good, because the kind is {self.kind}")
        yield from self._positive_faults("positive_from", "high_good")
        yield from self._positive_faults("positive_to", "low_good")
        if self.options and self.kind not in _CHOICES:
            yield Fault(("options",), f"left out, because the kind is {self.kind}")

    def _scale_faults(self) -> Iterator[Fault]:
        ends = {"scale_min": self.scale_min, "scale_max": self.scale_max}
        given = [name for name, end in ends.items() if end is not None]
        if self.kind not in RATED:
            yield from (Fault((n,), f"left out, because the kind is {self.kind}") for n in given)
        elif len(given) == 1 or (not given and self.kind == "scale"):
            lacking = (name for name in ends if name not in given)
            yield from (Fault((n,), "needed: a scale has both ends") for n in lacking)
        elif self.scale is not None and self.scale[0] >= self.scale[1]:
            yield Fault(("scale_max",), f"more than scale_min, which is {self.scale[0]}")
        elif self.kind == "nps" and self.scale is not None and self.scale[1] > NPS_MAX:
            yield Fault(("scale_max",), f"at most {NPS_MAX}, because the kind is nps")

    def _positive_faults(self, name: str, polarity: Polarity) -> Iterator[Fault]:
        edge: int | None = getattr(self, name)
        if edge is None:
            return
        if self.kind not in _TOP_BOX:
            yield Fault((name,), f"left out, because the kind is {self.kind}")
        elif self.polarity_given != polarity:
            other = "positive_to" if name == "positive_from" else "positive_from"
            because = f"because it is {self.polarity_given}"
            yield Fault((name,), f"left out in favour of {other}, {because}")
        elif self.scale is not None and not self.scale[0] <= edge <= self.scale[1]:
            yield Fault((name,), f"within the scale of {self.scale[0]} to {self.scale[1]}")


DIFFERENT_QUESTIONS = different(
    "a source, survey_id and question_id of its own",
    lambda question: (question.source, question.survey_id, question.question_id),
    "question_id",
)
