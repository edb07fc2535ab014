"""What a small log counts for, read from the panes of the coarsest tier."""

from collections.abc import Mapping
from typing import Any

from processor.core.definitions import Definitions
from processor.core.pane import unpack_vector
from processor.core.slice import tally_name
from processor.core.tally import TALLY_BY_NAME
from tests.wire import NOON, record, topic_of
from tests.world import World

Event = Mapping[str, Any]


def read(*events: Event, definitions: Definitions | None = None) -> tuple[World, list[str]]:
    """A world that has read the events one by one as they happened, and what became of each."""
    world = World(definitions or Definitions())
    became = []
    for event in events:
        topic = topic_of(event)
        view = world.view(topic)
        before = view.head.accounting
        arrival_ms = event.get("occurred_at", NOON)
        changes = world.feed(topic, [record(event, arrival_ms, view.head.position)])
        after = changes.head.accounting
        became += [refusal.reason for _, refusal in changes.refusals]
        became += ["applied"] * (after.applied - before.applied)
        became += ["no_effect"] * (after.no_effect - before.no_effect)
    return world, became


def counts_in(world: World) -> dict[str, dict[str, int]]:
    """All that a world counts, by cell and field, without zeros."""
    counts: dict[str, dict[str, int]] = {}
    for view in world.views.values():
        for (tier_ms, _), cells in view.panes.stored.items():
            for cell, packed in cells.items() if tier_ms == 3_600_000 else ():
                named = counts.setdefault(cell, {})
                fields = TALLY_BY_NAME[tally_name(cell)].fields
                for field, amount in zip(fields, unpack_vector(packed), strict=True):
                    named[field] = named.get(field, 0) + amount
    kept = {cell: {f: n for f, n in named.items() if n} for cell, named in counts.items()}
    return {cell: named for cell, named in kept.items() if named}


def counts_of(*events: Event, definitions: Definitions | None = None) -> dict[str, dict[str, int]]:
    """What the events count for together."""
    return counts_in(read(*events, definitions=definitions)[0])
