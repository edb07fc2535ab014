"""The chapters about a cart and its order, and about whatever else arrives."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from processor.core.record import Record
from tests.documents.example.anatomy import packed_state
from tests.documents.example.naming import Naming
from tests.documents.example.sight import (
    checks_table,
    delta_table,
    panes_table,
    record_table,
    state_table,
    topic_of,
    value_text,
)
from tests.documents.example.stage import Act
from tests.documents.example.story import ORDER, Story
from tests.documents.example.wire import commit_listing
from tests.documents.markdown import folded, prose, table
from tests.documents.times import clock, length


def filled(story: Story) -> Iterator[str]:
    """A cart, counted as abandoned before it is."""
    act = story.cart
    (told,) = act.told
    quiet = length(story.stage.definitions.cart.quiet_ms)
    due = clock(max(count.at_ms for _, count in told.delta))
    yield "## 6. A cart, abandoned in advance"
    yield "Somebody puts two things into a cart."
    yield record_table(act.place, told.record)
    yield value_text(told.record)
    yield checks_table(topic_of(act, "cart"), told)
    yield prose("""
        A cart has no anchor. Its activity is a set of instants with marks, one register each. An
        amount is a pair: minor units, and the place of the currency in the configured list.
    """)
    yield state_table(None, told.after, _naming(story))
    yield packed_state(act.changes.states[told.entity], _naming(story))
    yield prose(f"""
        A cart with things in it that nobody touches for {quiet} is abandoned. When that will be is
        known now, so it is counted now, in the panes of {due}. No timer is set. Windows read such
        counts only up to the as-of, so nobody sees it before its time.
    """)
    yield delta_table(act, told)
    yield folded("The panes", panes_table(act))
    yield folded("The commit", commit_listing(act))


def ordered(story: Story) -> Iterator[str]:
    """The order, which takes the abandonment back."""
    act = story.order
    (told,) = act.told
    waited_ms = told.record.arrival_ms - story.cart.told[0].record.arrival_ms
    yield "### The order"
    yield f"{length(waited_ms // 60_000 * 60_000)} later the customer pays."
    yield record_table(act.place, told.record)
    yield value_text(told.record)
    yield prose("""
        An order is a smallest and a largest instant of being reported, an amount, and the order ids
        that belong to it.
    """)
    yield state_table(told.before, told.after, _naming(story))
    yield packed_state(act.changes.states[told.entity], _naming(story))
    yield prose("""
        The abandonment that was going to be is retracted, and the conversion added at the instant
        of the order. The panes that held nothing else are removed; in the pane of the hour both
        changes meet.
    """)
    yield delta_table(act, told)
    yield panes_table(act)
    yield folded("The commit, with the panes that it removes", commit_listing(act))


def rest(story: Story) -> Iterator[str]:
    """What else arrives, in short."""
    (late,) = story.more_carts.told
    abandoned = clock(max(count.at_ms for _, count in late.delta))
    yield "## 7. What else arrives"
    yield prose(f"""
        Four more answers and another cart, so that there is something to add up. The answers are
        one batch and one commit. The cart's record arrives late and counts where it belongs:
        abandoned at {abandoned}, which was already past when it arrived.
    """)
    acts = (story.more_surveys, story.more_carts)
    rows = [_short(act, told.record) for act in acts for told in act.told]
    yield table(("topic", "offset", "arrived", "key", "occurred", "says"), rows)
    yield prose(f"""
        Then nothing arrives for a while. About once a second a worker asks Kafka where its logs
        end. If it has read up to there, its views are as current as the instant before it asked,
        less a margin for clocks that differ ({length(story.stage.margin_ms)}). That it says with a
        commit that changes nothing but the head, here of `{story.vouched.place}`:
    """)
    yield commit_listing(story.vouched)


def _short(act: Act, record: Record) -> tuple[object, ...]:
    event = json.loads(record.value or b"")
    occurred = event["occurred_at"].partition("T")[2].rstrip("Z").removesuffix(".000")
    key = f"`{(record.key or b'').decode()}`"
    return act.place.topic, record.offset, clock(record.arrival_ms), key, occurred, _says(event)


def _says(event: Mapping[str, Any]) -> str:
    if "answers" in event:
        return f"NPS {event['answers'][0]['value']}, {event['channel']}"
    return f"filled, {event['value_minor']} minor units of {event['currency']}, {event['channel']}"


def _naming(story: Story) -> Naming:
    stage = story.stage
    order = stage.identity.part(ORDER)
    known = {ORDER: ORDER, f"{order} {order}": ORDER}
    return Naming(stage.definitions, stage.identity, "cart", known)
