"""Why a record is refused: the closed list of dead-letter reasons.

What lives here: the reasons in the order in which they are judged, each with one sentence for the
person who sees it and one for the person who sends; and the refusal itself. What must never live
here: the checks. What the rest may lean on: the names are label-safe and never change, their
order is the order of judgement, and a `Rejection` never holds a value of the payload, so that it
can be logged and shown.
"""

from enum import StrEnum
from typing import Self

from msgspec import Struct


class Reason(StrEnum):
    """Why a record became a dead letter; of several reasons the first in this order is given."""

    explanation: str
    remedy: str

    def __new__(cls, value: str, explanation: str, remedy: str) -> Self:
        """A member that carries its sentences."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.explanation = explanation
        member.remedy = remedy
        return member

    EMPTY_VALUE = (
        "empty_value",
        "The record has no value, so it names no time and says nothing.",
        "Send `….withdrawn` to take something back; the topics know no null tombstones.",
    )
    OVERSIZE_RECORD = (
        "oversize_record",
        "Key and value together are larger than 64 KiB.",
        "Send only the contract's fields; send answers or segments in several events.",
    )
    UNDECODABLE = (
        "undecodable",
        "The value is not one JSON object in UTF-8, nested at most 8 deep, each name given once.",
        "Serialise one object per record with a JSON library, without a schema-registry prefix.",
    )
    ENVELOPE_CONFLICT = (
        "envelope_conflict",
        "CloudEvents attributes, headers and data give one name two different values.",
        "Write each name once: as an attribute, or in the data, not both.",
    )
    TYPE_MISSING = (
        "type_missing",
        "There is no `type`, or it is not a string.",
        "Set `type` to one of the types of this page.",
    )
    TYPE_UNKNOWN = (
        "type_unknown",
        "The `type` is none of this contract, or one of a later version.",
        "Check the spelling; upgrade the readers before the writers, then replay.",
    )
    TYPE_WRONG_TOPIC = (
        "type_wrong_topic",
        "The `type` is known, but belongs to another topic.",
        "Send `survey.*`, `contact.*` and `cart.*` each to its own topic.",
    )
    FIELD_MISSING = (
        "field_missing",
        "A required field is absent or null.",
        "See the required fields of the type; an adapter that cannot know one sends another type.",
    )
    FIELD_INVALID = (
        "field_invalid",
        "A field has the wrong type, is out of its range, or has a value outside its closed list.",
        "Omit what you cannot write correctly: absent says nothing, wrong refuses the record.",
    )
    ID_INVALID = (
        "id_invalid",
        "An id is empty, too long, has a control character or blanks around it.",
        "Send the id as the source has it, at most 256 bytes; omit the field if there is none.",
    )
    TIME_INVALID = (
        "time_invalid",
        "A time is not readable: its format, a missing offset, or out of range.",
        "Send RFC 3339 with `Z` or an offset, or integer epoch milliseconds.",
    )
    TIME_UNIT = (
        "time_unit",
        "A time is a number that looks like seconds, microseconds or nanoseconds.",
        "Convert to milliseconds: 13 digits.",
    )
    TIME_ORDER = (
        "time_order",
        "A time lies more than 5 min before the `created_at` of the same record.",
        "Send the beginning of the entity as `created_at`, or omit it where it is not known.",
    )
    FUTURE = (
        "future",
        "A time lies further ahead of the record's arrival than the tolerance (5 min).",
        "Repair the clock or its time zone; devices with a wrong clock: use the receive time.",
    )
    KEY_MISSING = (
        "key_missing",
        "The record has no key, so Kafka spread the events of one entity over all partitions.",
        "Set the key to the entity's id.",
    )
    KEY_MISMATCH = (
        "key_mismatch",
        "The record's key is not, byte for byte, the id of the entity in the value.",
        "Use the UTF-8 bytes of the id itself: no JSON quotes, no prefix, no other serialiser.",
    )
    ANSWER_INVALID = (
        "answer_invalid",
        "An answer does not fit its kind or scale, or its question is answered twice.",
        "Check kind and scale of the question, here and in the question registry.",
    )
    TOO_MANY = (
        "too_many",
        "More than 100 answers, 32 segments or 32 attributes.",
        "Send several events; attributes that no slice uses need not be sent at all.",
    )
    MONEY_INVALID = (
        "money_invalid",
        "An amount is not an integer of minor units in [0, 2^53).",
        "Convert decimal text to minor units with the currency's exponent: EUR 2, JPY 0, KWD 3.",
    )
    CURRENCY_INVALID = (
        "currency_invalid",
        "A currency is not three capital letters, or an amount has no currency.",
        "Send the ISO 4217 code in capitals beside every amount.",
    )


class Rejection(Struct, frozen=True):
    """A refused record: why, which field, and what is wrong, in words that are safe to log."""

    reason: Reason
    field: str = ""
    detail: str = ""
