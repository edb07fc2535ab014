"""The settings in force, for people and for programs."""

import json
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from processor.settings.definition import namespace, to_definitions
from processor.settings.load import Loaded
from processor.settings.problem import DEFAULT

_UNKNOWN: Final = "not known without namespace.id_key"
_NO_FILE: Final = "none: no --config, no CXPULSE_CONFIG, no cxpulse.toml in this folder"
_PIPE_COLUMNS: Final = 1_000


def as_json(loaded: Loaded) -> str:
    """The settings as one JSON object; what is not known is null."""
    name, fingerprint = _names(loaded)
    settings = {
        each.name: {
            "value": each.value,
            "from": str(each.origin),
            "fingerprint": each.stored,
        }
        for each in loaded.values
    }
    page = {
        "namespace": name,
        "fingerprint": fingerprint,
        "file": None if loaded.file is None else str(loaded.file),
        "settings": settings,
    }
    return json.dumps(page, indent=2, ensure_ascii=False)


def write_table(loaded: Loaded, console: Console | None = None) -> None:
    """Write the settings as a table, to standard output unless told otherwise.

    A pipe gets one line per setting, however long, so that it can be searched by line.
    """
    if console is None:
        console = Console()
        if not console.is_terminal:
            console = Console(width=_PIPE_COLUMNS)
    name, fingerprint = _names(loaded)
    head = Table.grid(padding=(0, 2))
    head.add_row("namespace", Text(name or _UNKNOWN, style="bold"))
    head.add_row("fingerprint", Text(fingerprint or _UNKNOWN, style="bold"))
    head.add_row("file", str(loaded.file or _NO_FILE))
    console.print(head)
    console.print()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="underline")
    for title in ("setting", "value", "from"):
        table.add_column(title, overflow="fold")
    for each in loaded.values:
        style = "dim" if each.origin == DEFAULT else "bold"
        mark = " *" if each.stored else ""
        table.add_row(
            each.name + mark, Text(each.shown, style=style), Text(str(each.origin), style)
        )
    console.print(table)
    console.print("\n* decides stored data: another value is another view, built from the log anew")


def _names(loaded: Loaded) -> tuple[str | None, str | None]:
    """Namespace and fingerprint; None without a key."""
    if loaded.settings.namespace.id_key is None:
        return None, None
    return namespace(loaded.settings), to_definitions(loaded.settings).fingerprint
