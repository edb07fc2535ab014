"""The settings that fit the simulated company: its brands, queues, currencies and surveys."""

from collections.abc import Iterator

from processor.simulate.catalog import (
    BRAND_NAMES,
    CURRENCIES,
    MARKET_NAMES,
    OVERFLOW_QUEUE,
    QUEUES,
)
from processor.simulate.questions import SURVEYS, Question, Survey


def company_toml() -> str:
    """The tables `dimensions`, `questions` and `cart` for the company, as TOML."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    dimensions = {
        "brand": BRAND_NAMES,
        "market": MARKET_NAMES,
        "queue": (*QUEUES, OVERFLOW_QUEUE),
    }
    for name, values in dimensions.items():
        yield from ("[[dimensions]]", f'name = "{name}"', f"values = {_listed(values)}", "")
    yield from ("[cart]", f"currencies = {_listed(CURRENCIES)}", "")
    for survey in SURVEYS:
        for question in survey.questions:
            yield from _question(survey, question)


def _question(survey: Survey, question: Question) -> Iterator[str]:
    yield "[[questions]]"
    yield f'name = "{question.kept_as}"'
    yield f'survey_id = "{survey.survey_id}"'
    yield f'question_id = "{question.question_id}"'
    yield f'kind = "{question.kind}"'
    if question.highest:
        yield f"scale_min = {question.lowest}"
        yield f"scale_max = {question.highest}"
        yield f'polarity = "{question.polarity}"'
    if question.options:
        yield f"options = {_listed(question.options)}"
    yield ""


def _listed(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
