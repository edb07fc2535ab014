"""The settings of a simulation: which company, when, how much, and how badly its systems deliver.

What lives here: one frozen struct and the limits it must keep. What must never live here:
randomness or a clock. What the rest may lean on: a `Simulation` that exists is valid, and equal
ones give the same bytes.
"""

from typing import Final

from msgspec import Struct

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS
WEEK_MS: Final = 7 * DAY_MS

# The contract refuses instants outside [1e12, 4e12) ms, and stories reach up to 60 d either way.
START_MIN_MS: Final = 10**12 + 60 * DAY_MS
START_MAX_MS: Final = 4 * 10**12 - 60 * DAY_MS

SHARES: Final = ("late", "duplicated", "shuffled", "corrected", "expired", "broken", "excluded")
SHARE_MAX: Final = 0.5  # above it what is left is no company any more


class Simulation(Struct, frozen=True, kw_only=True):
    """What to simulate.

    Attributes:
        seed: names the company's fate; the same settings give the same bytes.
        start_ms: simulated time of the first story.
        end_ms: no story begins at or after it (None: goes on).
        count: exactly so many records are sent (None: as many as come). Stories are never cut to
            fit, so the truth stays whole.
        rate: records per simulated second, mean over a week.
        scenario: a name in `processor.simulate.scenario.SCENARIOS`.
        scenario_at_ms: when its effects begin (None: 10 min after `start_ms`).
        late: share of records that arrive minutes to hours late, within the allowed lateness.
        duplicated: share of records that arrive a second time.
        shuffled: share of records that arrive after their successor.
        corrected: share of records that edit an earlier one.
        expired: share of records that arrive beyond lateness or life.
        broken: share of records that belong into the dead-letter topic.
        excluded: share of stories told by tests and robots.
        drain: whether records of stories that began in time still come after `end_ms`.
        daily: whether the day has a shape; without, every hour is the same.
        utc_offset_ms: the company's local time minus UTC, which moves the daily curve.
    """

    seed: int = 1
    start_ms: int
    end_ms: int | None = None
    count: int | None = None
    rate: float = 20.0
    scenario: str = "steady"
    scenario_at_ms: int | None = None
    late: float = 0.05
    duplicated: float = 0.02
    shuffled: float = 0.02
    corrected: float = 0.03
    expired: float = 0.002
    broken: float = 0.005
    excluded: float = 0.01
    drain: bool = True
    daily: bool = True
    utc_offset_ms: int = 0

    def __post_init__(self) -> None:
        """Refuse settings that no company could live by.

        Raises:
            ValueError: names the setting and its limits.
        """
        if not START_MIN_MS <= self.start_ms <= START_MAX_MS:
            raise ValueError(f"start_ms must lie in [{START_MIN_MS}, {START_MAX_MS}]")
        if self.end_ms is not None and not self.start_ms < self.end_ms <= START_MAX_MS:
            raise ValueError(f"end_ms must lie in (start_ms, {START_MAX_MS}]")
        if self.count is not None and self.count < 1:
            raise ValueError("count must be at least 1")
        if not self.rate > 0:
            raise ValueError("rate must be positive")
        for name in SHARES:
            if not 0 <= getattr(self, name) <= SHARE_MAX:
                raise ValueError(f"{name} must lie in [0, {SHARE_MAX}]")
