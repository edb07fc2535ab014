"""Packed states and summaries, taken apart byte by byte."""

from collections.abc import Iterator

from processor.core.entity.summary import unpack_summary
from processor.core.state import Version
from tests.documents.example.bytewise import Cursor, Line
from tests.documents.example.naming import Naming
from tests.documents.markdown import columns, fence
from tests.documents.times import clock

_PIECE_CHARS = 60


def packed_state(packed: bytes, naming: Naming) -> str:
    """A response, contact or cart as it is stored."""
    cursor = Cursor(packed)
    return _listing(list(_state(cursor, naming, 0)), cursor)


def packed_summary(packed: bytes, naming: Naming) -> str:
    """What a contact tells its customer's case."""
    cursor = Cursor(packed)
    head, _ = cursor.open()
    name, _ = cursor.take()
    lines = [Line(head, 0, "a summary"), Line(name, 1, "the contact")]
    assert unpack_summary(packed).contact.hex() == name[4:]
    return _listing([*lines, *_state(cursor, naming, 1)], cursor)


def packed_case(packed: bytes, naming: Naming) -> str:
    """A case as it is stored."""
    cursor = Cursor(packed)
    lines = [Line(cursor.open()[0], 0, "a case"), Line(cursor.take()[0], 1, "the customer")]
    head, contacts = cursor.open()
    lines.append(Line(head, 1, _many(contacts, "contact")))
    for _ in range(contacts):
        lines.append(Line(cursor.take()[0], 2, "the contact"))
        lines += _state(cursor, naming, 2)
    piece, newest_s = cursor.take()
    lines.append(Line(piece, 1, f"latest anchor claimed: {clock(newest_s * 1000)}"))
    head, finals = cursor.open()
    assert finals == 0, "the story is over before a contact can be final"
    lines.append(Line(head, 1, "no contact that counts nothing any more and is a neighbour still"))
    piece, oversized = cursor.take()
    lines.append(Line(piece, 1, "oversized" if oversized else "not oversized"))
    return _listing(lines, cursor)


def version_words(version: Version, digits: int = 16) -> str:
    """A version: shape, occurred_at, and so many digits of the event's hash."""
    shape, occurred_ms, event = version
    if not occurred_ms:
        return "(0, 0, 0): once and for all"
    cut = "" if digits == 16 else "…"
    return f"({shape}, {clock(occurred_ms)}, {event:016x}"[: digits - 16 or None] + f"{cut})"


def _state(cursor: Cursor, naming: Naming, depth: int) -> Iterator[Line]:
    yield Line(cursor.open()[0], depth, "a state: facts, least, most, marks")
    head, versions = cursor.open()
    yield Line(head, depth + 1, f"facts: {_many(versions, 'version')}")
    for _ in range(versions):
        piece, version = cursor.take()
        yield Line(piece, depth + 2, f"version {version_words(version)}")
        head, registers = cursor.open()
        yield Line(head, depth + 2, _many(registers, "register"))
        for _ in range(registers):
            yield _register(cursor, naming, "facts", depth + 3)
    for part in ("least", "most", "marks"):
        head, registers = cursor.open()
        yield Line(head, depth + 1, f"{part}: {_many(registers, 'register')}")
        for _ in range(registers):
            yield _register(cursor, naming, part, depth + 2)


def _register(cursor: Cursor, naming: Naming, part: str, depth: int) -> Line:
    (key, register), (piece, content) = cursor.take(), cursor.take()
    name, held = naming.register(part, register), naming.content(part, register, content)
    return Line(f"{key} {piece}", depth, f"{name}: {held}".replace("`", ""))


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _listing(lines: list[Line], cursor: Cursor) -> str:
    """The bytes on the left, their meaning on the right; a long piece goes over several lines."""
    cursor.end()
    rows = []
    for piece, depth, meaning in lines:
        first, *more = _broken(piece)
        rows.append((first, "  " * depth + meaning))
        rows += [(rest, "") for rest in more]
    return fence(columns(rows), "text")


def _broken(piece: str) -> Iterator[str]:
    """A piece in lines of limited length, broken at blanks."""
    line = ""
    for part in piece.split(" "):
        if line and len(line) + len(part) >= _PIECE_CHARS:
            yield line
            line = "  "
        line += part if not line.strip() else f" {part}"
    yield line
