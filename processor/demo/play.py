"""The play: what the company sends during a demo, from four weeks before it on.

What lives here: where in time a scenario stands. What must never live here: servers and screens.
What the rest may lean on: equal options and an equal beginning give equal records.
"""

from collections.abc import Iterator

import msgspec

from processor.simulate.delivery import Sending
from processor.simulate.history import history
from processor.simulate.scenario import SCENARIOS
from processor.simulate.simulation import Simulation


class Play(msgspec.Struct, frozen=True):
    """What happens.

    Attributes:
        seed: another one is another company.
        records: how many records the four weeks of history have, roughly.
        rate: records a second after that.
    """

    scenario: str = "steady"
    seed: int = 1
    records: int = 20_000
    rate: float = 8.0


def perform(play: Play, begin_ms: int) -> Iterator[Sending]:
    """The records of a demo that begins at an instant, in order of arrival.

    The scenario has begun so long before that its effect stands in the last hour's numbers when
    the curtain rises; what came before it is calm, so that the fall is seen too.

    Raises:
        KeyError: no scenario has that name.
        ValueError: the play is none that a company could live by.
    """
    onward = Simulation(
        start_ms=begin_ms,
        rate=play.rate,
        scenario=play.scenario,
        scenario_at_ms=begin_ms - SCENARIOS[play.scenario].ripe_after_ms,
        daily=False,
    )
    return history(play.seed, begin_ms, play.records, onward=onward)
