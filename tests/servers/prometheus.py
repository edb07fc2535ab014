"""Prometheus' own judgement of what we expose, by its `promtool`.

What lives here: one question to one program. What must never live here: our metrics' names.
"""

import subprocess
from typing import Final

from tests.servers.program import installed

TIMEOUT_S: Final = 20
PARSED: Final = (0, 3)  # promtool's exit status: 0 no complaint, 3 lint only, 1 cannot be read.


class ExpositionError(ValueError):
    """Prometheus cannot read the text; the message is promtool's."""


def check_metrics(text: str) -> tuple[str, ...]:
    """What `promtool check metrics` complains about in an exposition; nothing if it is fine.

    Raises:
        ExpositionError: Prometheus could not read it at all.
        ServerError: promtool is missing.
    """
    judged = subprocess.run(
        [installed("promtool"), "check", "metrics"],
        input=text,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    complaints = tuple(line for line in (judged.stdout + judged.stderr).splitlines() if line)
    if judged.returncode not in PARSED:
        raise ExpositionError("\n".join(complaints))
    return complaints
