"""What one run of a contender gave."""

import msgspec


class Run(msgspec.Struct, frozen=True):
    """One contender, once.

    Attributes:
        events_per_s: from the first event seen to the last one done.
        cpu_s_per_million: of the contender's own process.
        store_cpu_s_per_million: of Redis; None if it uses none.
        memory_mb: resident, at the end.
        exact: whether the answer equals the truth.
    """

    events_per_s: float
    cpu_s_per_million: float
    store_cpu_s_per_million: float | None
    memory_mb: float
    exact: bool
