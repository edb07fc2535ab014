import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import (
    DEPTH_MAX,
    encode_json,
    is_unambiguous,
    is_written_from,
    read_document,
)
from schemas.reason import Reason, Rejection
from tests.schemas.hostile import UNREADABLE

texts = st.text(st.sampled_from('ab"\\:,{}[] é\n\u2028'), max_size=4)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)


class Repeated(dict[str, Any]):
    """An object that is written with one of its names given twice."""

    def items(self) -> Any:
        members = list(super().items())
        return [*members, *members[:1]]


def depth(tree: Any) -> int:
    if not isinstance(tree, dict | list):
        return 0
    inner = tree.values() if isinstance(tree, dict) else tree
    return 1 + max(map(depth, inner), default=0)


@given(st.dictionaries(texts, trees, max_size=4), st.booleans(), st.sampled_from([None, 1]))
def test_any_object_that_is_shallow_is_read_as_it_was_written(
    tree: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    value = json.dumps(tree, ensure_ascii=ascii_only, indent=indent).encode()
    if depth(tree) <= DEPTH_MAX:
        assert read_document(value) == tree
        assert is_unambiguous(value)
    else:
        assert isinstance(read_document(value), Rejection)
        assert not is_unambiguous(value)


@given(st.dictionaries(texts, trees, min_size=1, max_size=4), st.booleans(), st.data())
def test_a_name_given_twice_is_seen_at_every_depth(
    tree: dict[str, Any], ascii_only: bool, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(list(tree)))
    inner = tree[name] if isinstance(tree[name], dict) and tree[name] else None
    doubled = tree | {name: Repeated(inner)} if inner else Repeated(tree)
    value = json.dumps(doubled, ensure_ascii=ascii_only, indent=1).encode()
    assert isinstance(read_document(value), Rejection)
    assert not is_unambiguous(value)


@pytest.mark.parametrize("title", UNREADABLE)
def test_the_two_readings_refuse_the_same(title: str) -> None:
    value = UNREADABLE[title].replace(b"@", b'{"type":"x"}')
    fault = read_document(value)
    assert isinstance(fault, Rejection)
    assert fault.reason is Reason.UNDECODABLE
    assert fault.detail
    assert not is_unambiguous(value)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (b'"\xff"', "UTF-8"),
        (b"[", "JSON"),
        (b"[]", "object"),
        (b"[" * 9 + b"]" * 9, "object"),
        (b'{"a":' * 9 + b"1" + b"}" * 9, "nested"),
        (b"[" * 60_000, "nested"),
        (b'{"a":1,"a":1}', "twice"),
        (b"1e999", "number"),
    ],
)
def test_a_refusal_says_what_is_wrong(value: bytes, word: str) -> None:
    fault = read_document(value)
    assert isinstance(fault, Rejection)
    assert word in fault.detail


@given(st.dictionaries(texts, trees, min_size=1, max_size=4), st.booleans(), st.data())
def test_what_was_left_out_is_never_taken_for_read(
    tree: dict[str, Any], ascii_only: bool, data: st.DataObject
) -> None:
    value = json.dumps(tree, ensure_ascii=ascii_only, separators=(",", ":")).encode()
    kept = dict(tree)
    del kept[data.draw(st.sampled_from(list(tree)))]
    assert not is_written_from(value, encode_json(kept))


def test_an_escaped_quotation_mark_cannot_hide_a_doubled_name() -> None:
    # Two quotation marks written as escapes make up for the two that a doubled name has more.
    value = b'{"a":"\\u0022\\u0022","b":1,"b":2}'
    written = encode_json({"a": '""', "b": 2})
    assert value.count(b'"') == written.count(b'"')
    assert not is_written_from(value, written)
    assert not is_unambiguous(value)


def test_the_usual_ways_of_writing_are_taken_for_read() -> None:
    tree = {"a": "é", "b": [1, {"c": None}]}
    for value in (encode_json(tree), json.dumps(tree, ensure_ascii=False, indent=2).encode()):
        assert is_written_from(value, encode_json(tree))
