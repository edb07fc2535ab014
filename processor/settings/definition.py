"""What the settings mean to the core: definitions, identity, and the names that follow from them.

What the rest may lean on: the order in which tables stand in the file changes nothing, and neither
does the order of words where they are a set; so only what decides stored data changes the
fingerprint.
"""

from typing import Any, Final

from processor.core.definitions import (
    Bounds,
    CartRules,
    CaseRules,
    ContactRules,
    Definitions,
    Dimension,
    Question,
    Topic,
    Window,
)
from processor.core.identity import Identity
from processor.settings.model import Settings
from processor.settings.namespace import KEY_COMMAND
from processor.settings.problem import Problem, SettingsError
from processor.settings.question import QuestionSettings
from processor.settings.rule import CaseSettings
from processor.settings.topic import TopicSettings

_ENTITY_ORDER: Final = ("response", "contact", "cart")


def identity(settings: Settings) -> Identity:
    """The hashes that take the place of ids.

    Raises:
        SettingsError: there is no key.
    """
    key = settings.namespace.id_key
    if key is None:
        needed = (
            "needed: ids are stored as keyed hashes, and these are made with it. Make a key with"
            f"  {KEY_COMMAND}  and set it in the file, in CXPULSE_NAMESPACE__ID_KEY, or name a"
            " file that holds it in namespace.id_key_file. Keep it: another key is another view."
        )
        raise SettingsError([Problem("namespace.id_key", needed)])
    return Identity(bytes.fromhex(key.get_secret_value()))


def to_definitions(settings: Settings) -> Definitions:
    """Everything that decides stored data.

    Raises:
        SettingsError: there is no key, or the core finds a contradiction.
    """
    digest = identity(settings).key_digest
    try:
        return Definitions(
            topics=tuple(sorted(map(_topic, settings.topics), key=_topic_order)),
            windows=_windows(settings),
            dimensions=_dimensions(settings),
            slices={name: getattr(settings.slices, name) for name in _ENTITY_ORDER},
            questions=tuple(sorted(map(_question, settings.questions), key=_question_order)),
            unknown_words={
                source: tuple(sorted(words)) for source, words in settings.unknown_words.items()
            },
            type_prefixes=settings.kafka.ce_type_prefixes,
            contact=ContactRules(
                service_level_ms=settings.contact.service_level_ms,
                short_abandon_ms=settings.contact.short_abandon_ms,
            ),
            case=_case(settings.case),
            cart=CartRules(
                quiet_ms=settings.cart.quiet_time_ms,
                order_grace_ms=settings.cart.order_grace_ms,
                cancelled_undoes_conversion=settings.cart.cancelled_undoes_conversion,
                currencies=settings.cart.currencies,
            ),
            bounds=Bounds(**settings.bounds.model_dump()),
            id_key_digest=digest,
        )
    except ValueError as error:
        raise SettingsError([Problem("settings", str(error))]) from error


def namespace(settings: Settings) -> str:
    """The name of the view: what all its Redis keys begin with.

    Raises:
        SettingsError: there is no key.
    """
    return f"{settings.namespace.name}.{to_definitions(settings).fingerprint}"


def cases_topic(settings: Settings) -> str:
    """The name of the view's derived topic in Kafka.

    Raises:
        SettingsError: there is no key.
    """
    return f"{namespace(settings)}.cases"


def consumer_group(settings: Settings) -> str:
    """The consumer group of the view's workers.

    Raises:
        SettingsError: there is no key.
    """
    prefix = settings.kafka.group or settings.namespace.name
    return f"{prefix}.{to_definitions(settings).fingerprint}"


def _topic(topic: TopicSettings) -> Topic:
    return Topic(
        name=topic.name,
        entity=topic.entity,
        lateness_max_ms=topic.lateness_max_ms,
        life_ms=topic.life_ms,
        future_max_ms=topic.future_max_ms,
        reach_ms=topic.reach_ms,
    )


def _topic_order(topic: Topic) -> tuple[Any, ...]:
    return _ENTITY_ORDER.index(topic.entity), topic.name


def _windows(settings: Settings) -> tuple[Window, ...]:
    windows = (Window(w.name, w.length_ms, w.pane_ms) for w in settings.windows)
    return tuple(sorted(windows, key=lambda window: (window.length_ms, window.name)))


def _dimensions(settings: Settings) -> tuple[Dimension, ...]:
    dimensions = (
        Dimension(d.name, d.values, tuple(sorted(d.aliases.items()))) for d in settings.dimensions
    )
    return tuple(sorted(dimensions, key=lambda dimension: dimension.name))


def _question(question: QuestionSettings) -> Question:
    low_good = question.polarity_given == "low_good"
    return Question(
        name=question.name,
        survey_id=question.survey_id,
        question_id=question.question_id,
        kind=question.kind,
        source=question.source,
        scale_min=question.scale_min,
        scale_max=question.scale_max,
        polarity=question.polarity_given,
        positive_edge=question.positive_to if low_good else question.positive_from,
        options=question.options,
    )


def _question_order(question: Question) -> tuple[str, ...]:
    return question.survey_id, question.question_id, question.source or ""


def _case(case: CaseSettings) -> CaseRules:
    return CaseRules(
        repeat_window_ms=case.repeat_window_ms,
        directions=tuple(sorted(case.directions)),
        resolution_order=case.resolution_order,
        transferred_breaks_fcr=case.transferred_breaks_fcr,
        reopened_breaks_fcr=case.reopened_breaks_fcr,
        not_level_one=tuple(sorted(case.not_level_one)),
    )
