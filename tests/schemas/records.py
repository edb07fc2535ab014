"""Hypothesis strategies: records near the contract, on both sides of its border."""

import json
from typing import Any

from hypothesis import strategies as st

from schemas.example import ACCEPTED, load_examples
from schemas.topic import TopicKind
from tests.schemas.fuzz import HOSTILE_VALUES

DOCUMENTS: list[tuple[TopicKind, bytes, dict[str, Any]]] = [
    (example.topic, example.key or b"", json.loads(example.value or b""))
    for name in ACCEPTED[:3]
    for example in load_examples(name)
]
NAMES = sorted({name for _, _, said in DOCUMENTS for name in said} | {"x", "type", "permanent"})
SEPARATORS = [(",", ":"), (", ", ": "), (" ,", " :")]

values = st.one_of(
    st.sampled_from(HOSTILE_VALUES),
    st.text(max_size=8),
    st.integers(-(10**19), 10**19),
    st.integers(10**12 - 2, 10**12 + 2),
    st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
    st.recursive(st.none() | st.text(max_size=2), lambda inner: st.lists(inner, max_size=2)),
)


@st.composite
def records(draw: st.DrawFn) -> tuple[TopicKind, bytes | None, bytes]:
    """(topic, key, value): an example, changed in up to three places, written in some way."""
    topic, key, said = draw(st.sampled_from(DOCUMENTS))
    said = json.loads(json.dumps(said))
    for _ in range(draw(st.integers(0, 3))):
        _change(draw, said)
    text = json.dumps(
        said, separators=draw(st.sampled_from(SEPARATORS)), ensure_ascii=draw(st.booleans())
    )
    if draw(st.integers(0, 9)) == 0:
        name, value = draw(st.sampled_from(NAMES)), json.dumps(draw(values))
        text = f'{text[:-1]},"{name}":{value}}}'
    topic = draw(st.sampled_from([topic, topic, topic, *TopicKind]))
    key_drawn = draw(st.sampled_from([key, key, key, b"order:o-5", None]))
    return topic, key_drawn, text.encode(errors="surrogatepass")


def _change(draw: st.DrawFn, said: Any) -> None:
    """Set or remove one member, at the top or one list deeper."""
    inner = [e for v in said.values() if isinstance(v, list) for e in v if isinstance(e, dict)]
    target = draw(st.sampled_from([said, said, *inner, *_dicts(said)]))
    name = draw(st.sampled_from([*target, *NAMES]) if target else st.sampled_from(NAMES))
    if draw(st.booleans()):
        target[name] = json.loads(json.dumps(draw(values)))  # never the shared list or object
    else:
        target.pop(name, None)


def _dicts(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [value for value in said.values() if isinstance(value, dict)]
