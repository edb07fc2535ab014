"""How long the laws search.

By default every run tries the same examples, so that a red build is red again on the next machine.
`CXPULSE_LAWS=long` searches anew each time, and much further.
"""

import os

from hypothesis import HealthCheck, settings

IS_LONG = os.environ.get("CXPULSE_LAWS") == "long"


def law(examples: int) -> settings:
    """The settings of a law that tries this many examples, or a hundred times as many."""
    return settings(
        max_examples=examples * 100 if IS_LONG else examples,
        derandomize=not IS_LONG,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
