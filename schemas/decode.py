"""From a record's bytes to an event, or to the reason why not.

What lives here: the one door into the contract. What must never live here: a clock (`latest_ms`
is given), the question registry (`judge_answer` is given) or the network. What the rest may lean
on: `decode` never raises; every `Instant` of its event is an integer; null, absent and default
are the same; nothing of a free text is kept.

    record -> size -> CloudEvents to the bare form -> accept (fast) -> event
              anything wrong on the way:              diagnose (slow) -> rejection
"""

from collections.abc import Sequence
from typing import Final

from schemas.accept import accept
from schemas.answer import Judge, answer_valid
from schemas.cloudevents import Headers, flatten
from schemas.diagnose import diagnose
from schemas.event import AnyEvent
from schemas.field import RECORD_BYTES_MAX
from schemas.identity import entity_id
from schemas.reason import Reason, Rejection
from schemas.topic import TopicKind

__all__ = ["Rejection", "TopicKind", "answer_valid", "decode", "entity_id"]

_EMPTY: Final = Rejection(Reason.EMPTY_VALUE, "", "a null or empty value")
_OVERSIZE: Final = Rejection(Reason.OVERSIZE_RECORD, "", f"more than {RECORD_BYTES_MAX} bytes")
# Never seen, for the two readers agree (a law, tested). If they ever should not, the record is
# kept where people look.
_DISAGREEMENT: Final = Rejection(Reason.UNDECODABLE, "", "the two readers disagree")


def decode(  # noqa: PLR0913  # the four parts of a record, and what the caller knows beside it
    topic_kind: TopicKind,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
    *,
    latest_ms: int,
    judge_answer: Judge = answer_valid,
    type_prefixes: Sequence[str] = (),
) -> AnyEvent | Rejection:
    """The event of a record, or the first reason of the closed list why it has none.

    `latest_ms`: arrival plus the tolerance for the future; any later instant in the event gives
    `future`. `judge_answer`: whether an answered answer fits its question; default: by what the
    event says of it. `type_prefixes`: cut off the `type` of CloudEvents, such as `com.example.`.
    """
    if not value:
        return _EMPTY
    if len(value) + len(key or b"") > RECORD_BYTES_MAX:
        return _OVERSIZE
    if headers:
        bare = flatten(topic_kind, key, value=value, headers=headers, type_prefixes=type_prefixes)
        if isinstance(bare, Rejection):
            return bare
        value = bare
    event = accept(topic_kind, key, value=value, latest_ms=latest_ms, judge_answer=judge_answer)
    if event is not None:
        return event
    fault = diagnose(topic_kind, key, value=value, latest_ms=latest_ms, judge_answer=judge_answer)
    return fault or _DISAGREEMENT
