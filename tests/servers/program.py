"""The programs that `scripts/install-servers` brings.

What lives here: where one is found, and what to do when it is not.
"""

import shutil

from processor.simulate.child import ServerError


def installed(name: str) -> str:
    """The path of a program.

    Raises:
        ServerError: it is not on PATH; the message says how it gets there.
    """
    found = shutil.which(name)
    if found is None:
        raise ServerError(f"no {name} on PATH: run scripts/install-servers")
    return found
