"""MessagePack read value by value, so that a page can say what each byte is.

The format: https://github.com/msgpack/msgpack/blob/master/spec.md. What the rest may lean on: the
pieces of a reading, joined, are the bytes that were read; `end` raises if any are left.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

_HEADERS = {0xC4: 2, 0xC5: 3, 0xC6: 5, 0xD9: 2, 0xDA: 3, 0xDC: 3, 0xDD: 5, 0xDE: 3, 0xDF: 5}
"""How many bytes say the kind and the length of a value that has one, where it is not one byte."""
_SCALARS = {
    0xCC: 2,
    0xCD: 3,
    0xCE: 5,
    0xCF: 9,
    0xD0: 2,
    0xD1: 3,
    0xD2: 5,
    0xD3: 9,
    0xCA: 5,
    0xCB: 9,
}
_TEXTS = {0xC4, 0xC5, 0xC6, 0xD9, 0xDA}


class Line(NamedTuple):
    """Some bytes, and what they mean; `depth` is how deep they lie in the value."""

    piece: str
    depth: int
    meaning: str


class Cursor:
    """A place in some bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def open(self) -> tuple[str, int]:
        """Go into an array or a map: the bytes of its head, and how many elements or pairs."""
        start = self._at
        self._at += _head_size(self._data[start])
        return self._data[start : self._at].hex(), _length(self._data, start)

    def take(self) -> tuple[str, Any]:
        """Go past a whole value: its bytes, a blank between its parts, and the value."""
        start = self._at
        pieces = list(self._pieces())
        return " ".join(pieces), msgspec.msgpack.decode(self._data[start : self._at])

    def end(self) -> None:
        """Everything was read.

        Raises:
            ValueError: it was not.
        """
        if self._at != len(self._data):
            raise ValueError(f"{len(self._data) - self._at} bytes were not read")

    def _pieces(self) -> Iterator[str]:
        start = self._at
        kind = self._data[start]
        parts = _parts(self._data, start)
        if parts is not None:
            self._at += _head_size(kind)
            yield self._data[start : self._at].hex()
            for _ in range(parts):
                yield from self._pieces()
            return
        self._at += _size(self._data, start)
        yield self._data[start : self._at].hex()


def _head_size(kind: int) -> int:
    return _HEADERS.get(kind, 1)


def _length(data: bytes, at: int) -> int:
    """The length that a head tells: elements, pairs or bytes."""
    kind = data[at]
    if kind in _HEADERS:
        return int.from_bytes(data[at + 1 : at + _HEADERS[kind]], "big")
    return kind & (0x1F if 0xA0 <= kind <= 0xBF else 0x0F)


def _parts(data: bytes, at: int) -> int | None:
    """How many values follow the head of an array or a map; None if it is neither."""
    kind = data[at]
    if 0x90 <= kind <= 0x9F or kind in (0xDC, 0xDD):
        return _length(data, at)
    if 0x80 <= kind <= 0x8F or kind in (0xDE, 0xDF):
        return 2 * _length(data, at)
    return None


def _size(data: bytes, at: int) -> int:
    """The size of a value without parts."""
    kind = data[at]
    if kind in _TEXTS or 0xA0 <= kind <= 0xBF:
        return _head_size(kind) + _length(data, at)
    return _SCALARS.get(kind, 1)
