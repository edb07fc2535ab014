"""`python -m schemas.generate`: write what is made from the contract, next to what it is made from.

What lives here: which files are generated. What must never live here: their contents
(`schemas.json_schema`, `schemas.page`). What the rest may lean on: running it twice changes
nothing, and a test holds the files in the repository equal to what it writes.
"""

import sys
from pathlib import Path
from typing import Final

import msgspec

from schemas.example import load_examples
from schemas.json_schema import topic_schema
from schemas.page import render
from schemas.topic import TopicKind

ROOT: Final = Path(__file__).parent.parent
SCHEMA_FOLDER: Final = ROOT / "schemas" / "json"
PAGE: Final = ROOT / "docs" / "events.md"


def generated() -> dict[Path, str]:
    """Path -> text of every generated file; the page is among them where it exists."""
    files = {}
    for kind in TopicKind:
        examples = [msgspec.json.decode(e.value or b"null") for e in load_examples(kind)]
        schema = msgspec.json.encode(topic_schema(kind, examples))
        path = SCHEMA_FOLDER / f"{kind}.schema.json"
        files[path] = msgspec.json.format(schema, indent=2).decode() + "\n"
    if PAGE.exists():
        files[PAGE] = render(PAGE.read_text(encoding="utf-8"), ROOT)
    return files


def main() -> int:
    """Write every file whose text has changed; 0 always, so that `git diff` is the judge."""
    for path, text in generated().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
