"""The oracle: the slow, obviously right reading of `docs/counting.md`.

What lives here: what the log says, recomputed from every admitted event each time it is asked. What
must never live here: anything of the core but its settings, its names and its hashes, for two
readings that share logic share its faults.
"""

from processor.verify.oracle.oracle import CASES, Cells, Oracle

__all__ = ["CASES", "Cells", "Oracle"]
