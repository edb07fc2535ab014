"""The wall clock. Nobody else reads it; everyone else is given an instant, or this function."""

import time


def now_ms() -> int:
    """Now, in ms UTC."""
    return time.time_ns() // 1_000_000
