"""Random logs: few ids, few instants, and those where rules change their mind.

An `Entry` is one record of one partition. `gentle` logs stay inside lateness and life, so that
their order must not matter; `rough` logs do not, and only their own order has an answer.
"""

from typing import NamedTuple, cast

from hypothesis import strategies as st

from processor.core.definitions import (
    Bounds,
    CartRules,
    CaseRules,
    ContactRules,
    Definitions,
    Dimension,
    Question,
)
from processor.core.record import Record
from tests.laws.happenings import Event, events, near, pick
from tests.wire import DAY, HOUR, MINUTE, SECOND, key_of, record, topic_of

_DIMENSIONS = (
    Dimension("brand", ("north", "south"), (("n-17", "north"),)),
    Dimension("queue", ("billing", "sales"), (("q-9", "billing"),)),
)
_QUESTIONS = (
    Question("ease", "s", "q2", "ces", scale_min=1, scale_max=5, polarity="low_good"),
    Question("reason", "s", "q3", "choice", options=("price", "speed")),
    Question("loyal", "s", "q4", "nps", source="forms"),
    Question("taste", "s", "q4", "csat", positive_edge=3),
    Question("mood", "s", "q5", "ces", scale_min=1, scale_max=5),
)
_UNKNOWN: dict[str, tuple[str, ...]] = {"forms": ("nobody", "n-17")}

PLAIN = Definitions(dimensions=_DIMENSIONS, questions=_QUESTIONS, unknown_words=_UNKNOWN)
TIGHT = Definitions(
    dimensions=_DIMENSIONS[:1],
    slices={
        "response": (("brand", "channel"), ("survey",)),
        "contact": (("queue", "brand"), ("touchpoint",)),
        "cart": (("channel",), ("brand",)),
    },
    contact=ContactRules(service_level_ms=10 * SECOND, short_abandon_ms=5 * SECOND),
    case=CaseRules(
        directions=("inbound", "outbound"),
        resolution_order=("agent", "survey"),
        transferred_breaks_fcr=False,
        not_level_one=("hard",),
    ),
    cart=CartRules(cancelled_undoes_conversion=True, currencies=("USD",)),
    bounds=Bounds(ids_max=3, segments_max=2, cart_extent_max_ms=2 * HOUR),
)

DEFINITIONS = {"plain": PLAIN, "tight": TIGHT}
names = st.sampled_from(tuple(DEFINITIONS))
"""Definitions by name, so that a failing example stays readable."""


class Entry(NamedTuple):
    """One record of one partition; its offset is given when the log is laid out."""

    partition: int
    arrival_ms: int
    event: Event

    @property
    def topic(self) -> str:
        return topic_of(self.event)

    def at(self, offset: int) -> Record:
        """The record at its place in the partition."""
        return record(self.event, self.arrival_ms, offset)


def entry(event: Event, arrival_ms: int) -> Entry:
    """The event in the partition that its key belongs to."""
    return Entry(int(key_of(event) in (b"c3", b"k2")), arrival_ms, event)


def gentle(
    of: st.SearchStrategy[Event] = events, *, size: int = 12
) -> st.SearchStrategy[list[Entry]]:
    """Logs of which every record is admitted or a dead letter, all of them inside life."""
    delays = pick(0, SECOND, HOUR)
    return st.lists(
        st.builds(lambda event, by: entry(event, event["occurred_at"] + by), of, delays),
        max_size=size,
    )


LIMITS = {"surveys": (7 * DAY, 30 * DAY), "contacts": (7 * DAY, 30 * DAY), "carts": (DAY, 3 * DAY)}
"""Lateness and life of the default topics."""


def rough(
    of: st.SearchStrategy[Event] = events, *, size: int = 12
) -> st.SearchStrategy[list[Entry]]:
    """Logs with records that arrive too late, too early, or after their entity's death."""
    return st.lists(of.flatmap(_roughly), max_size=size)


def rough_but_steady(
    of: st.SearchStrategy[Event] = events, *, size: int = 12
) -> st.SearchStrategy[list[Entry]]:
    """The same, in one partition per topic, and in order of arrival as a broker appends them.

    Where arrival goes back by weeks nobody can tell a contact that died on arrival from one that
    has its id again; contacts themselves do not mind, their cases do.
    """
    return rough(of, size=size).map(
        lambda log: sorted(
            (one._replace(partition=0) for one in log), key=lambda one: one.arrival_ms
        )
    )


def _roughly(event: Event) -> st.SearchStrategy[Entry]:
    lateness, life = LIMITS[topic_of(event)]
    occurred = event["occurred_at"]
    began = cast(int, event.get("created_at", occurred)) // SECOND * SECOND
    late = near(occurred + lateness, began + life, occurred - 5 * MINUTE)
    calm = pick(occurred, occurred + SECOND, occurred + MINUTE)
    later = pick(0, life // 2, life, 2 * life)
    shifted = later.map(lambda by: entry(_shifted(event, by), occurred + by))
    calmly = calm.map(lambda arrival: entry(event, arrival))
    return st.one_of(calmly, calmly, shifted, late.map(lambda arrival: entry(event, arrival)))


def _shifted(event: Event, by: int) -> Event:
    """The same, told of a later time."""
    moved = {name: value + by if name.endswith("_at") else value for name, value in event.items()}
    for parts in ("segments", "answers"):
        if parts in moved:
            moved[parts] = [_shifted(part, by) for part in moved[parts]]
    return moved
