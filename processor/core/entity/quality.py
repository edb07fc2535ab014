"""What is wrong with an entity, as counts: exact, windowed and taken back like any other."""

from processor.core.contribution import Count
from processor.core.definitions import EntityName
from processor.core.entity.life import Standing
from processor.core.tally import QUALITY


def quality(
    entity: EntityName,
    stands: Standing,
    *,
    anchored: bool,
    inconsistent: bool = False,
    scale_conflict: bool = False,
) -> list[Count]:
    """At most one count, at the instant of the newest event, of everything that is wrong.

    None if withdrawn or excluded.
    """
    if not stands.kept or stands.newest_ms is None:
        return []
    amounts = QUALITY.amounts(
        unanchored=int(anchored and stands.anchor_ms is None),
        oversized=int(stands.oversized),
        inconsistent=int(inconsistent),
        anchor_conflict=int(stands.anchor_conflict),
        scale_conflict=int(scale_conflict),
    )
    return [Count(stands.newest_ms, QUALITY, amounts, (), (entity,))] if amounts else []
