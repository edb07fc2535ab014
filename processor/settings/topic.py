"""The tables `topics`: the source topics, and how late or how old their records may be."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import model_validator

from processor.core.definitions import DEFAULT_TOPICS, EntityName
from processor.core.plan import CASES
from processor.settings.form import Choice, Duration, duration_text
from processor.settings.kafka import TOPIC_NAME
from processor.settings.problem import Fault
from processor.settings.section import REQUIRED, Section, different, setting

_RESPONSE: Final = next(topic for topic in DEFAULT_TOPICS if topic.entity == "response")
_CART: Final = next(topic for topic in DEFAULT_TOPICS if topic.entity == "cart")


class TopicSettings(Section):
    """A source topic in Kafka, and what its records may be."""

    name: Annotated[str, TOPIC_NAME] = setting(REQUIRED, "The topic's name in Kafka.", stored=True)
    entity: Annotated[EntityName, Choice(("response", "contact", "cart"))] = setting(
        REQUIRED,
        "What the topic's events are about: survey responses, contacts of the contact center, or"
        " shopping carts.",
        stored=True,
    )
    lateness_max_ms: Annotated[int, Duration("1s", "365d")] = setting(
        _RESPONSE.lateness_max_ms,
        "An event that happened longer than this before Kafka received it is expired: counted as"
        f" such, and not applied. Carts have {duration_text(_CART.lateness_max_ms)} unless set.",
        stored=True,
    )
    life_ms: Annotated[int, Duration("1s", "3650d")] = setting(
        _RESPONSE.life_ms,
        "How long after its beginning (a cart: after its last event) an entity may still change."
        " The worker remembers it for so long, so longer costs more memory. Carts have"
        f" {duration_text(_CART.life_ms)} unless set.",
        stored=True,
    )
    future_max_ms: Annotated[int, Duration("0s", "1d")] = setting(
        _RESPONSE.future_max_ms,
        "A record that names a time further than this ahead of its arrival is a dead letter;"
        " clocks differ a little.",
        stored=True,
    )
    reach_ms: Annotated[int, Duration("0s", "365d")] = setting(
        _RESPONSE.reach_ms,
        "How long before it counts an entity's first event may lie. A view that begins in the"
        " middle of the log claims to be complete only from this long after its beginning.",
        stored=True,
    )
    arrival_time: Annotated[Literal["broker", "producer"], Choice(("broker", "producer"))] = (
        setting(
            "broker",
            "Whose clock says when a record arrived: the broker's"
            " (`message.timestamp.type=LogAppendTime`), or, for back-fills, the producer's"
            " (CreateTime). The worker refuses a topic that is set up otherwise.",
        )
    )

    @model_validator(mode="before")
    @classmethod
    def _suit_entity(cls, given: Any) -> Any:
        """Carts live shorter than what people remember: their limits have defaults of their own."""
        if not isinstance(given, dict) or str(given.get("entity")).lower() != _CART.entity:
            return given
        return {"lateness_max": _CART.lateness_max_ms, "life": _CART.life_ms} | given

    def faults(self) -> Iterator[Fault]:
        """A name that is taken, and a life too short for what may still arrive."""
        if self.name == CASES:
            yield Fault(("name",), "another name: the worker calls its own derived topic so")
        if self.life_ms < self.lateness_max_ms:
            least = duration_text(self.lateness_max_ms)
            yield Fault(("life",), f"at least {least}, which is the topic's lateness_max")


def default_topics() -> tuple[TopicSettings, ...]:
    """The topics of the contract."""
    return tuple(
        TopicSettings.model_validate(
            {
                "name": topic.name,
                "entity": topic.entity,
                "lateness_max": topic.lateness_max_ms,
                "life": topic.life_ms,
                "future_max": topic.future_max_ms,
                "reach": topic.reach_ms,
            }
        )
        for topic in DEFAULT_TOPICS
    )


DIFFERENT_TOPICS = different("a name of its own", lambda topic: topic.name, "name")
