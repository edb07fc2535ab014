"""A contact: one episode of a customer, from first entry to last disconnect, made of legs.

Registers (beside those of life): direction, customer, issue, one word on "resolved" per source,
transfers, reopenings, which segments are known, and the fields of each (`core.entity.segment`).
Durations stand per leg and are summed in the contribution, never added per event.
"""

from collections.abc import Iterator

from processor.core.contribution import Contribution, Count, within
from processor.core.definitions import Definitions
from processor.core.entity.dimension import Dimensions
from processor.core.entity.episode import TRANSFER_KINDS, Episode
from processor.core.entity.life import (
    ANCHOR_SLACK_MS,
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
from processor.core.entity.segment import FIRST_FREE_CODE, leg_facts, legs
from processor.core.identity import Identity
from processor.core.remark import UNLISTED_VALUE, Remark
from processor.core.slice import NONE, OTHER, Label, Slices
from processor.core.state import Content, Register, State, Version, contents, pack, unpack
from processor.core.tally import CONTACT
from schemas.event import (
    AnyContactEvent,
    ContactRecorded,
    ContactReopened,
    ContactTransferred,
    ContactWithdrawn,
    LifecycleEvent,
    Segment,
)

DIRECTION: Register = FIRST_FREE_CODE
CUSTOMER: Register = FIRST_FREE_CODE + 1
"""facts: the customer's 16-byte hash."""
ISSUE: Register = FIRST_FREE_CODE + 2
RESOLVED = FIRST_FREE_CODE + 3
"""facts, per source of the resolution: 0 or 1."""
TRANSFER = FIRST_FREE_CODE + 4
"""facts, per transfer: its kind."""
REOPENED = FIRST_FREE_CODE + 5
"""marks, per reopening event."""
SEGMENT = FIRST_FREE_CODE + 6
"""marks, per segment that some event was about."""

DIRECTIONS = ("inbound", "outbound", "internal")
INBOUND = DIRECTIONS.index("inbound")
INTERNAL = DIRECTIONS.index("internal")
RESOLUTION_SOURCES = ("survey", "case", "agent")
RECORD_SHAPE = 1

_CONTACTS = CONTACT.amounts(contacts=1)
_OFFERED = CONTACT.amounts(offered=1)
_ABANDONED = CONTACT.amounts(abandoned=1)
_OTHER_EXIT = CONTACT.amounts(other_exit=1)


class Contact:
    """The rules of contacts under one set of definitions."""

    def __init__(self, definitions: Definitions, identity: Identity, life_ms: int) -> None:
        """Index the slices."""
        self._rules = definitions.contact
        self._bounds = definitions.bounds
        self._identity = identity
        self._life_ms = life_ms
        self._dimensions = Dimensions(Slices(definitions, "contact"))
        self.slices = self._dimensions.slices

    def lift(self, event: AnyContactEvent) -> tuple[State, list[Remark]]:
        """What one event says, as a state."""
        state, version = lift_life(event, self._identity, anchored=True)
        if isinstance(event, ContactWithdrawn):
            return withdraw(state, version, permanent=event.permanent), []
        facts, remarks = self._dimensions.facts(event)
        said = state.facts[version]
        said |= facts
        said |= self._contact_facts(event)
        if isinstance(event, ContactRecorded):
            record: Version = (RECORD_SHAPE, *version[1:])
            for segment in event.segments:
                spoken = self._lift_segment(event, segment, state, remarks)
                if spoken:
                    state.facts.setdefault(record, {}).update(spoken)
        else:
            said |= self._lift_segment(event, event, state, remarks)
            if isinstance(event, ContactTransferred):
                transfer = event.transfer_id or event.segment_id or event.contact_id
                kind = TRANSFER_KINDS.index(event.transfer_kind or "agent")
                said[register(TRANSFER, self._identity.part(transfer))] = kind
            if isinstance(event, ContactReopened):
                state.marks[register(REOPENED, self._identity.part(event.event_id))] = 1
        return state, remarks

    def join(self, before: State, addition: State) -> State:
        """The merge of the two, within the bound."""
        return join_bounded(before, addition, self.bounded)

    def bounded(self, state: State) -> State:
        """The state itself, or what is left of it beyond the bound."""
        if is_oversized(state) or self._exceeds(state):
            return oversize(state, keep=frozenset({CUSTOMER}))
        return state

    def contribution(self, state: State) -> Contribution:
        """What the contact counts for."""
        stands = standing(state)
        if stands.anchor_ms is None or stands.oversized or not stands.kept:
            return quality("contact", stands, anchored=True)
        said = contents(state)
        episode = episode_of(state, said)
        labels = self.labels(said, episode)
        every = [
            Count(stands.anchor_ms, CONTACT, _CONTACTS, labels),
            *self._queue_counts(episode, labels),
            *self._agent_counts(episode, said, labels),
        ]
        span = (stands.anchor_ms - ANCHOR_SLACK_MS, stands.anchor_ms + self._life_ms)
        counts, out_of_life = within(every, *span)
        inconsistent = out_of_life or episode.is_inconsistent
        return counts + quality("contact", stands, anchored=True, inconsistent=inconsistent)

    def labels(self, said: dict[Register, Content], episode: Episode) -> tuple[Label, ...]:
        """The contact's labels; its queue is that of the leg that was queued first."""
        labels = self._dimensions.labels(said)
        at = self._dimensions.queue_at
        if at is None:
            return labels
        queue = episode.queued[0].queue if episode.queued else None
        return (*labels[:at], NONE if queue is None else queue, *labels[at + 1 :])

    def recall(self, state: State, clock_ms: int) -> State | None:
        """The contact, unless it is dead by now."""
        return None if alive_until_ms(state, self._life_ms) < clock_ms else state

    pack = staticmethod(pack)
    unpack = staticmethod(unpack)

    def _contact_facts(self, event: AnyContactEvent) -> dict[Register, Content]:
        facts: dict[Register, Content] = {}
        if event.direction is not None:
            facts[DIRECTION] = DIRECTIONS.index(event.direction)
        customer = event.customer_id
        if customer is not None and not self.slices.is_unknown(event.source, customer):
            facts[CUSTOMER] = self._identity.customer(customer)
        if event.issue_id is not None:
            facts[ISSUE] = self._identity.part(event.issue_id)
        if event.resolved is not None and event.resolution_source is not None:
            source = RESOLUTION_SOURCES.index(event.resolution_source)
            facts[register(RESOLVED, source)] = int(event.resolved)
        return facts

    def _lift_segment(
        self,
        event: AnyContactEvent,
        segment: Segment | LifecycleEvent,
        state: State,
        remarks: list[Remark],
    ) -> dict[Register, Content]:
        instance = self._identity.part(segment.segment_id or event.contact_id)
        state.marks[register(SEGMENT, instance)] = 1

        def queue_label(queue: str) -> Label | None:
            at = self._dimensions.queue_at
            if at is None or self.slices.is_unknown(event.source, queue):
                return None
            label = self.slices.label(at, queue)
            if label == OTHER:
                remarks.append(Remark(UNLISTED_VALUE, "queue", queue))
            return label

        return dict(leg_facts(segment, instance, self._identity, queue_label))

    def _queue_counts(self, episode: Episode, labels: tuple[Label, ...]) -> Iterator[Count]:
        if not episode.inbound:
            return
        if episode.queued:
            yield Count(episode.queued[0].queued_at or 0, CONTACT, _OFFERED, labels)
        if episode.answered:
            first = episode.answered[0]
            wait_ms = None if first.is_callback else first.wait_ms
            amounts = CONTACT.amounts(
                answered=1,
                in_time=int(wait_ms is not None and wait_ms <= self._rules.service_level_ms),
                waited=int(wait_ms is not None),
                wait_ms=wait_ms or 0,
            )
            yield Count(first.answered_at or 0, CONTACT, amounts, labels)
        elif episode.is_lost:
            last = episode.last_exit
            short = last.wait_ms is not None and last.wait_ms < self._rules.short_abandon_ms
            abandoned = episode.is_abandoned and not short
            yield Count(
                last.gone_ms or 0, CONTACT, _ABANDONED if abandoned else _OTHER_EXIT, labels
            )

    def _agent_counts(
        self, episode: Episode, said: dict[Register, Content], labels: tuple[Label, ...]
    ) -> Iterator[Count]:
        at_ms = episode.handled_ms
        if at_ms is None or said.get(DIRECTION) == INTERNAL:
            return
        talk_ms = sum(leg.talk_ms or 0 for leg in episode.legs)
        hold_ms = sum(leg.hold_ms or 0 for leg in episode.legs)
        wrap_ms = sum(leg.wrap_ms or 0 for leg in episode.legs)
        handle_ms = talk_ms + hold_ms + wrap_ms
        amounts = CONTACT.amounts(
            handled=1,
            handle_ms=handle_ms,
            handle_ms_squares=handle_ms * handle_ms,
            talk_ms=talk_ms,
            hold_ms=hold_ms,
            wrap_ms=wrap_ms,
            transferred=int(episode.is_transferred),
        )
        yield Count(at_ms, CONTACT, amounts, labels)

    def _exceeds(self, state: State) -> bool:
        segments = sum(code_of(key) == SEGMENT for key in state.marks)
        if segments > self._bounds.segments_max:
            return True
        transfers = sum(code_of(key) == TRANSFER for said in state.facts.values() for key in said)
        reopenings = sum(code_of(key) == REOPENED for key in state.marks)
        return transfers + reopenings > self._bounds.ids_max


def episode_of(state: State, said: dict[Register, Content]) -> Episode:
    """The contact's legs as a whole."""
    instances = [instance_of(key) for key in state.marks if code_of(key) == SEGMENT]
    kinds = [
        content
        for key, content in said.items()
        if code_of(key) == TRANSFER and isinstance(content, int)
    ]
    return Episode(
        legs(said, instances), inbound=said.get(DIRECTION) == INBOUND, transfer_kinds=kinds
    )
