"""The dimensions of an entity: channel, brand, queue ..., as facts and back as labels."""

from collections.abc import Iterator
from typing import cast

from processor.core.entity.life import DIMENSION, register
from processor.core.remark import UNLISTED_VALUE, Remark
from processor.core.slice import NONE, OTHER, Label, Slices
from processor.core.state import Content, Register
from schemas.event import AnyEvent, ContactEvent, SurveyEvent

QUEUE = "queue"
"""The one dimension that is no field of the event but, on contacts, of their segments; an attribute
of this name says nothing of a contact."""


class Dimensions:
    """The dimensions of one entity's slices."""

    def __init__(self, slices: Slices) -> None:
        """Remember where in an event each dimension is found."""
        self.slices = slices
        self._registers = tuple(register(DIMENSION, at) for at in range(len(slices.dimensions)))
        self.queue_at = slices.dimensions.index(QUEUE) if QUEUE in slices.dimensions else None

    def facts(self, event: AnyEvent) -> tuple[dict[Register, Content], list[Remark]]:
        """What an event says of the dimensions, and a remark for each value that is not listed."""
        facts: dict[Register, Content] = {}
        remarks: list[Remark] = []
        for at, name, value in self._values(event):
            label = self.slices.label(at, value)
            facts[self._registers[at]] = label
            if label == OTHER:
                remarks.append(Remark(UNLISTED_VALUE, name, value))
        return facts, remarks

    def labels(self, said: dict[Register, Content]) -> tuple[Label, ...]:
        """The labels an entity counts under; NONE where nothing was ever said."""
        return cast(tuple[Label, ...], tuple(said.get(key, NONE) for key in self._registers))

    def _values(self, event: AnyEvent) -> Iterator[tuple[int, str, str]]:
        for at, name in enumerate(self.slices.dimensions):
            value = _value(event, name)
            if value is not None and not self.slices.is_unknown(event.source, value):
                yield at, name, value


def _value(event: AnyEvent, name: str) -> str | None:
    match name:
        case "channel":
            return event.channel
        case "touchpoint":
            return event.touchpoint
        case "survey":
            return event.survey_id if isinstance(event, SurveyEvent) else None
        case "queue" if isinstance(event, ContactEvent):
            return None
    value = (event.attributes or {}).get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)
