"""`python -m tests.documents`: write the generated pages."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.documents.catalog.page import metrics
from tests.documents.example.page import worked_example

DOCS: Final = Path(__file__).parent.parent.parent / "docs"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "metrics.md": metrics,
    "worked-example.md": worked_example,
}


def main() -> int:
    """Write the pages that changed; 0 always, so that `git diff` is the judge."""
    for name, made in PAGES.items():
        path, text = DOCS / name, made()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
