"""The world that all stories of a simulation share.

What lives here: what one story needs to know beside itself. What must never live here: what
stories leave behind; a story cannot see another one. What the rest may lean on: a world reads the
same for the same settings.
"""

from typing import Final
from zlib import crc32

from msgspec import Struct

from processor.simulate.chance import Chance, Stream
from processor.simulate.curve import Curve, contact_curve, flat_curve, shop_curve, survey_curve
from processor.simulate.mood import Moods
from processor.simulate.scenario import SCENARIOS, Influence
from processor.simulate.simulation import MINUTE_MS, Simulation

SCENARIO_DELAY_MS: Final = 10 * MINUTE_MS


class World(Struct, gc=False):
    """Settings, draws, moods and curves; `tag` keeps the ids of two simulations apart."""

    settings: Simulation
    tag: str
    chance: Chance
    telling: Stream
    influence: Influence
    moods: Moods
    contact_curve: Curve
    shop_curve: Curve
    survey_curve: Curve

    def stream_of(self, name: str) -> Stream:
        """The draws of the story with that name; those of the story before are lost."""
        self.chance.restart(self.telling, name)
        return self.telling


def make_world(settings: Simulation) -> World:
    """The world of these settings.

    Raises:
        ValueError: no scenario has that name.
    """
    if settings.scenario not in SCENARIOS:
        raise ValueError(f"scenario must be one of {', '.join(SCENARIOS)}")
    begin_ms = settings.scenario_at_ms
    if begin_ms is None:
        begin_ms = settings.start_ms + SCENARIO_DELAY_MS
    chance = Chance(settings.seed)
    influence = Influence(SCENARIOS[settings.scenario], begin_ms)
    offset_ms = settings.utc_offset_ms
    flat = flat_curve()
    return World(
        settings=settings,
        tag=f"{crc32(f'{settings.seed}/{settings.start_ms}'.encode()) % 0x10000:04x}",
        chance=chance,
        telling=chance.stream("telling"),
        influence=influence,
        moods=Moods(chance, influence),
        contact_curve=contact_curve(utc_offset_ms=offset_ms) if settings.daily else flat,
        shop_curve=shop_curve(utc_offset_ms=offset_ms) if settings.daily else flat,
        survey_curve=survey_curve(utc_offset_ms=offset_ms) if settings.daily else flat,
    )
