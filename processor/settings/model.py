"""All settings together, and what must fit between the tables."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from processor.settings.collection import OpenTable, Words
from processor.settings.dimension import (
    DIFFERENT_DIMENSIONS,
    DimensionSettings,
    SlicesSettings,
    known_dimensions,
    undeclared,
)
from processor.settings.form import duration_text
from processor.settings.kafka import KafkaSettings
from processor.settings.namespace import NamespaceSettings
from processor.settings.problem import Fault, nearest, suggestion
from processor.settings.process import (
    ClockSettings,
    ExporterSettings,
    LogSettings,
    WorkerSettings,
)
from processor.settings.question import DIFFERENT_QUESTIONS, SOURCE, QuestionSettings
from processor.settings.redis import RedisSettings
from processor.settings.rule import BoundsSettings, CartSettings, CaseSettings, ContactSettings
from processor.settings.section import Section, setting
from processor.settings.target import TARGETS, default_targets
from processor.settings.text import Word
from processor.settings.topic import DIFFERENT_TOPICS, TopicSettings, default_topics
from processor.settings.window import READ_TOGETHER, WindowSettings, default_windows

UNKNOWN_WORDS = OpenTable(
    key=SOURCE,
    item=Words(Word(may_be_empty=True), "words"),
    meaning="a table of sources, each with a list of words",
)


class Settings(Section):
    """Everything that an operator may set."""

    namespace: NamespaceSettings = Field(default_factory=NamespaceSettings)
    kafka: KafkaSettings = Field(default_factory=KafkaSettings)
    redis: RedisSettings = Field(default_factory=RedisSettings)
    topics: Annotated[tuple[TopicSettings, ...], DIFFERENT_TOPICS] = Field(
        default_factory=default_topics
    )
    windows: Annotated[tuple[WindowSettings, ...], READ_TOGETHER] = Field(
        default_factory=default_windows
    )
    dimensions: Annotated[tuple[DimensionSettings, ...], DIFFERENT_DIMENSIONS] = ()
    slices: SlicesSettings = Field(default_factory=SlicesSettings)
    questions: Annotated[tuple[QuestionSettings, ...], DIFFERENT_QUESTIONS] = ()
    unknown_words: Annotated[Mapping[str, tuple[str, ...]], UNKNOWN_WORDS] = setting(
        {},
        "The words by which a source means that it does not know, such as 0 or anonymous in place"
        " of a customer. They count as if nothing had been said, so that unknown customers do not"
        " become one.",
        stored=True,
    )
    contact: ContactSettings = Field(default_factory=ContactSettings)
    case: CaseSettings = Field(default_factory=CaseSettings)
    cart: CartSettings = Field(default_factory=CartSettings)
    bounds: BoundsSettings = Field(default_factory=BoundsSettings)
    clock: ClockSettings = Field(default_factory=ClockSettings)
    worker: WorkerSettings = Field(default_factory=WorkerSettings)
    exporter: ExporterSettings = Field(default_factory=ExporterSettings)
    targets: Annotated[Mapping[str, float], TARGETS] = setting(
        default_targets(),
        "The number that a score should reach, or (where less is better) stay under. The wall and"
        " the dashboards show it beside the score.",
    )
    log: LogSettings = Field(default_factory=LogSettings)

    def faults(self) -> Iterator[Fault]:
        """What two tables say against each other."""
        if not self.topics:
            yield Fault(("topics",), "at least one topic")
        for at, topic in enumerate(self.topics):
            least_ms = topic.lateness_max_ms + self.cart.quiet_time_ms + topic.future_max_ms
            if topic.entity == "cart" and topic.life_ms < least_ms:
                yield Fault(
                    ("topics", at, "life"),
                    f"at least {duration_text(least_ms)}: its lateness_max, its future_max and"
                    " cart.quiet_time",
                )
            if topic.name == self.kafka.dead_letter_topic:
                yield Fault(("topics", at, "name"), "not the topic of kafka.dead_letter_topic")
        if self.redis.timeout_ms >= self.kafka.rebalance_timeout_ms:
            limit = duration_text(self.kafka.rebalance_timeout_ms)
            yield Fault(
                ("redis", "timeout"), f"less than kafka.rebalance_timeout, which is {limit}"
            )
        for entity in ("response", "contact", "cart"):
            for name in undeclared(getattr(self.slices, entity), self.dimensions):
                near = suggestion(nearest(name, known_dimensions(self.dimensions)))
                declare = f"{name} needs a [[dimensions]] table that lists its values{near}"
                yield Fault(("slices", entity), declare)
