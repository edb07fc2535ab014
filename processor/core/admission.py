"""A record: admitted, expired or rejected. A pure function of the record alone.

No clock, no watermark and nothing that came before has a say, so a replay admits exactly what the
first run admitted.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from processor.core.definitions import DAY_MS, EntityName, Topic
from processor.core.entity.cart import Cart
from processor.core.entity.case import Case, Customer
from processor.core.entity.contact import Contact
from processor.core.entity.life import ANCHOR
from processor.core.entity.response import Response
from processor.core.entity.summary import Summary, is_sound, unpack_summary
from processor.core.identity import ENTITY_HASH_SIZE, Identity
from processor.core.record import LATENESS, LIFE, Outcome, Record, Refusal
from processor.core.remark import UNKNOWN_FIELD, Remark
from processor.core.state import State
from schemas.decode import Rejection, TopicKind, answer_valid, decode, entity_id
from schemas.event import AnyEvent
from schemas.reason import Reason
from schemas.unknown import unknown_fields

S = TypeVar("S")

SAMPLED_EVERY = 256
"""One record in so many, by its offset, is read once more for fields that nobody knows."""

ANCHOR_AHEAD_MAX_MS = DAY_MS
"""A contact that begins further ahead of its summary than this and a case's memory is none: its own
topic lets it be at most a day ahead, and the rest is room for the clocks of brokers and senders."""

TOPIC_KINDS: dict[EntityName, TopicKind] = {
    "response": TopicKind.SURVEYS,
    "contact": TopicKind.CONTACTS,
    "cart": TopicKind.CARTS,
}


class Admitted(msgspec.Struct, Generic[S]):
    """What an admitted record adds to which entity (its 16-byte hash)."""

    entity: bytes
    addition: S
    remarks: Sequence[Remark] = ()


class SourceAdmission:
    """Admission of the records of one source topic."""

    def __init__(
        self,
        topic: Topic,
        rules: Response | Contact | Cart,
        identity: Identity,
        type_prefixes: tuple[str, ...] = (),
    ) -> None:
        """Keep the limits of the topic and the rules of its entity."""
        self._topic = topic
        self._kind = TOPIC_KINDS[topic.entity]
        self._rules = rules
        self._identity = identity
        self._type_prefixes = type_prefixes
        self._judge = rules.registry.valid if isinstance(rules, Response) else answer_valid

    def admit(self, record: Record) -> Admitted[State] | Refusal:
        """What the record adds, or why it adds nothing."""
        topic = self._topic
        event = decode(
            self._kind,
            record.key,
            record.value,
            record.headers,
            latest_ms=record.arrival_ms + topic.future_max_ms,
            judge_answer=self._judge,
            type_prefixes=self._type_prefixes,
        )
        if isinstance(event, Rejection):
            return Refusal(Outcome.DEAD_LETTER, event.reason, event.field, event.detail)
        if event.occurred_at < record.arrival_ms - topic.lateness_max_ms:
            return LATENESS
        addition, remarks = self._rules.lift(event)  # type: ignore[arg-type]  # of one kind
        anchor_s = addition.least.get(ANCHOR)
        if anchor_s is not None and anchor_s * 1000 + topic.life_ms < record.arrival_ms:
            return LIFE
        if record.offset % SAMPLED_EVERY == 0:
            remarks += _unknown_fields(event, record)
        return Admitted(self._identity.entity(entity_id(event)), addition, remarks)


def _unknown_fields(event: AnyEvent, record: Record) -> list[Remark]:
    event_type = str(event.__struct_config__.tag)
    names = unknown_fields(event_type, record.value or b"")
    return [Remark(UNKNOWN_FIELD, event_type, name) for name in names]


class CaseAdmission:
    """Admission of the derived topic's records: summaries of contacts, keyed by customer."""

    def __init__(self, rules: Case, memory_ms: int) -> None:
        """Keep the rules of cases, and for how long a case remembers a contact that began."""
        self._rules = rules
        self._memory_ms = memory_ms

    def admit(self, record: Record) -> Admitted[Customer] | Refusal:
        """What the summary adds.

        It is never late, but it may be forgotten. What no contact can be like is undecodable,
        whatever its bytes are: the topic is open to whoever may write to it.
        """
        if record.value is None:
            return Refusal(Outcome.DEAD_LETTER, Reason.EMPTY_VALUE)
        summary = self._unpacked(record.value, record.arrival_ms)
        if summary is None:
            return Refusal(Outcome.DEAD_LETTER, Reason.UNDECODABLE)
        if record.key is None:
            return Refusal(Outcome.DEAD_LETTER, Reason.KEY_MISSING)
        if len(record.key) != ENTITY_HASH_SIZE:
            return Refusal(Outcome.DEAD_LETTER, Reason.KEY_MISMATCH)
        if summary.state.least[ANCHOR] * 1000 + self._memory_ms < record.arrival_ms:
            return LIFE
        return Admitted(record.key, self._rules.lift(record.key, summary))

    def _unpacked(self, packed: bytes, arrival_ms: int) -> Summary | None:
        """The summary; None if the bytes are none, or not one of any contact."""
        try:
            summary = unpack_summary(packed)
        except (msgspec.DecodeError, RecursionError):
            return None
        latest_ms = arrival_ms + self._memory_ms + ANCHOR_AHEAD_MAX_MS
        return summary if is_sound(summary, self._rules.slices, latest_ms) else None
