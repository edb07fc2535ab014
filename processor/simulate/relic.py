"""Relics: records about contacts so old that nobody counts them any more.

What lives here: one such record. What must never live here: anything about a living entity. What
the rest may lean on: a relic is prompt, sound, and beyond the life of the contact that it names.
"""

from typing import Final

from processor.simulate.simulation import DAY_MS
from processor.simulate.story import CONTACTS_TOPIC, Cause, Story, Teller, begin_story
from processor.simulate.world import World

AGE_LEAST_MS: Final = 31 * DAY_MS
AGE_MOST_MS: Final = 45 * DAY_MS


def tell_relic(world: World, cause: Cause) -> Story:
    """The late discovery of what a contact of last month was about."""
    name = f"acd:{world.tag}-old-{cause.number:06d}"
    stream = world.stream_of(name)
    story = begin_story(name, brand=cause.person.brand.name, channel="voice")
    teller = Teller(story, "crm", topic=CONTACTS_TOPIC, entity=name)
    teller.know_beginning(cause.at_ms - stream.between(AGE_LEAST_MS, AGE_MOST_MS))
    teller.announce("contact.updated", cause.at_ms, {"issue_id": "invoice"})
    return story
