"""The types of the contract's fields, with their limits.

What lives here: what a single field may hold, written once for the decoder, the JSON Schemas and
the page. What must never live here: which event has which field (`schemas.event`). What the rest
may lean on: a reader of an event sees the type on the left (`TYPE_CHECKING`); the wire may say
more (null, text instants), and `schemas.decode` brings it to that type or refuses it.

Characters are limited here and bytes in `schemas.identity`, because a struct can only count
characters.
"""

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

from msgspec import Meta

from schemas.instant import INSTANT_END_MS, INSTANT_PATTERN, INSTANT_START_MS, TEXT_LENGTH_MAX

RECORD_BYTES_MAX: Final = 64 * 1024
"""Key and value together."""
ANCHOR_TOLERANCE_MS: Final = 5 * 60_000
"""How long before its `created_at` a record may claim that something happened: clocks differ."""
NUMBER_END: Final = 2**53
"""From here on every reader of doubles, JavaScript first, loses integers (RFC 8259 section 6)."""
DURATION_MAX_MS: Final = 90 * 86_400_000
ID_BYTES_MAX: Final = 256
SHORT_ID_BYTES_MAX: Final = 128  # event_id and question_id
SOURCE_LENGTH_MAX: Final = 64
ATTRIBUTES_MAX: Final = 32
ATTRIBUTE_NAME_BYTES_MAX: Final = 64
ATTRIBUTE_VALUE_BYTES_MAX: Final = 128
ANSWERS_MAX: Final = 100
SEGMENTS_MAX: Final = 32
OPTIONS_MAX: Final = 20

# Patterns are for readers of the JSON Schemas; the decoder checks the same by cheaper means
# (`schemas.identity`).
_TRIMMED: Final = {"pattern": r"^(?=[^\s])[^\u0000-\u001f\u007f-\u009f]*[^\s]$"}
_SOURCE: Final = {"pattern": r"^[a-z0-9_./-]+$"}
_CURRENCY: Final = {"pattern": r"^[A-Z]{3}$"}
_INSTANT: Final = {"format": "date-time", "pattern": INSTANT_PATTERN}

Number: TypeAlias = Annotated[int, Meta(ge=0, lt=NUMBER_END)]
Duration: TypeAlias = Annotated[int, Meta(ge=0, le=DURATION_MAX_MS)]
Count: TypeAlias = Number
Amount: TypeAlias = Number
Id: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=ID_BYTES_MAX, extra_json_schema=_TRIMMED)
]
ShortId: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=SHORT_ID_BYTES_MAX, extra_json_schema=_TRIMMED)
]
# A value of a slice, or a code: formed like an id, but not one.
Word: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=ID_BYTES_MAX, extra_json_schema=_TRIMMED)
]
Source: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=SOURCE_LENGTH_MAX, extra_json_schema=_SOURCE)
]
Currency: TypeAlias = Annotated[str, Meta(min_length=3, max_length=3, extra_json_schema=_CURRENCY)]

if TYPE_CHECKING:
    Instant: TypeAlias = int
    Ignored: TypeAlias = int
    Attributes: TypeAlias = dict[str, str | int | bool]
    AnswerValue: TypeAlias = int | bool | str | list[str]
    AnswerStatus: TypeAlias = Literal["answered", "skipped", "dismissed"]
else:
    Instant = (
        Annotated[int, Meta(ge=INSTANT_START_MS, lt=INSTANT_END_MS)]
        | Annotated[str, Meta(max_length=TEXT_LENGTH_MAX, extra_json_schema=_INSTANT)]
    )
    Ignored = Any
    Attributes = Annotated[
        dict[
            Annotated[str, Meta(max_length=ATTRIBUTE_NAME_BYTES_MAX)],
            Annotated[str, Meta(max_length=ATTRIBUTE_VALUE_BYTES_MAX)] | Number | bool | None,
        ],
        Meta(max_length=ATTRIBUTES_MAX),
    ]
    AnswerValue = Number | bool | str | Annotated[list[str | None], Meta(max_length=OPTIONS_MAX)]
    AnswerStatus = Literal["answered", "skipped", "dismissed"] | None

AnswerKind: TypeAlias = Literal[
    "nps", "csat", "ces", "scale", "yes_no", "choice", "multi_choice", "text"
]
Polarity: TypeAlias = Literal["high_good", "low_good"]
Completion: TypeAlias = Literal["partial", "dismissed", "complete"]
Exclusion: TypeAlias = Literal["test", "bot", "internal"]
Direction: TypeAlias = Literal["inbound", "outbound", "internal"]
LeftReason: TypeAlias = Literal[
    "abandoned", "callback", "timeout", "overflow", "key", "empty", "full"
]
EndReason: TypeAlias = Literal["customer", "agent", "system", "transfer", "error"]
ResolutionSource: TypeAlias = Literal["survey", "case", "agent"]
TransferKind: TypeAlias = Literal["agent", "queue", "external"]
CartAction: TypeAlias = Literal["added", "removed", "viewed", "step"]
