"""The chapters about two calls of one customer, and what the customer's case makes of them."""

from collections.abc import Iterator

from processor.core.definitions import EntityName
from processor.core.entity.summary import unpack_summary
from tests.documents.example.anatomy import packed_case, packed_state, packed_summary
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
from tests.documents.example.story import CALL, SECOND_CALL, Story
from tests.documents.example.wire import commit_listing
from tests.documents.markdown import folded, prose
from tests.documents.times import length


def first(story: Story) -> Iterator[str]:
    """A contact, and its summary."""
    act = story.contact
    (told,) = act.told
    definitions = story.stage.definitions
    leg = CALL["segments"][0]
    handled_ms = leg["talk_ms"] + leg["hold_ms"] + leg["wrap_ms"]
    yield "## 4. A call, and what the customer's case hears of it"
    yield prose("""
        A call, as the complete record that the telephone system wrote when it was over. (Life-cycle
        events such as `contact.queued` and `contact.answered` write the same registers, one by
        one.)
    """)
    yield record_table(act.place, told.record)
    yield value_text(told.record)
    yield checks_table(topic_of(act, "contact"), told)
    yield prose("""
        What a complete record says of a segment has a version of shape 1, which beats every
        life-cycle event about the same field, whatever its time. A segment without an id goes by
        the contact's. The customer is a hash.
    """)
    yield state_table(None, told.after, naming_of(story, "contact"))
    yield packed_state(act.changes.states[told.entity], naming_of(story, "contact"))
    yield prose(f"""
        A contact counts at several instants: when it began, when it was queued, when it was
        answered (in time, because it waited less than
        {length(definitions.contact.service_level_ms)}), and when the agent was done, with
        {length(leg["talk_ms"])} of talk, {length(leg["hold_ms"])} on hold and
        {length(leg["wrap_ms"])} of wrap-up: {handled_ms} ms. The square of it is kept so that the
        mean can have an interval.
    """)
    yield delta_table(act, told)
    yield folded("The panes", panes_table(act))
    yield folded("The commit", commit_listing(act))
    yield from _summary(story)
    yield from _case(story)


def _summary(story: Story) -> Iterator[str]:
    (told,) = story.case.told
    value = told.record.value or b""
    if unpack_summary(value).contact != story.contact.told[0].entity:
        raise ValueError("the summary is another contact's")
    yield "### The summary"
    yield prose("""
        Whether a contact resolved an issue is a question about a *customer*: did anybody come back?
        So the worker sends a summary of the contact to a topic of its own, keyed by the customer,
        and has it acknowledged before it commits the contact. A summary is a projection: registers
        kept or left out, never computed with. This one does without the agent's times, which no
        case looks at.
    """)
    yield record_table(story.case.place, told.record)
    yield f"Its value has {len(value)} bytes:"
    yield packed_summary(value, naming_of(story, "case"))


def _case(story: Story) -> Iterator[str]:
    act = story.case
    (told,) = act.told
    definitions = story.stage.definitions
    window_ms = definitions.case.repeat_window_ms
    memory = length(definitions.contact_life_ms + 2 * window_ms)
    yield "### The case"
    yield prose(f"""
        A summary is never late and never in the future; it is expired only if its case has
        forgotten the contact, {memory} after that began. The state of a case is a map of its
        contacts, joined contact by contact:
    """)
    yield packed_case(act.changes.states[told.entity], naming_of(story, "case"))
    yield prose(f"""
        The contact is the first of its issue (it names none, and that is an issue of its own), it
        was resolved, nobody passed it on, nobody came back. So it counts as resolved at first
        contact: *provisionally* in the pane of its start, and *settled* {length(window_ms)} later,
        when the repeat window will have passed. That pane lies in the future. Nobody has to wake up
        for it: windows do not cover the future, and one day they do.
    """)
    yield delta_table(act, told)
    yield panes_table(act)
    yield folded("The commit", commit_listing(act))


def second(story: Story) -> Iterator[str]:
    """A repeat contact."""
    act, case = story.contact_again, story.case_again
    (told,), (heard,) = act.told, case.told
    definitions = story.stage.definitions
    yield "## 5. The customer calls again"
    yield prose(f"""
        At {_time(SECOND_CALL)} the same customer calls again. The call itself counts like the
        first, but that it waited longer than {length(definitions.contact.service_level_ms)}.
    """)
    yield record_table(act.place, told.record)
    yield folded("The value", value_text(told.record))
    yield delta_table(act, told)
    yield prose(f"""
        Its summary goes to the same customer. Now the case holds two contacts, begun at
        {_time(CALL)} and {_time(SECOND_CALL)}, which is less than
        {length(definitions.case.repeat_window_ms)} apart. The second is a repeat. And the first did
        not resolve the issue after all: what it counted for is taken back, in the present and in
        the future.
    """)
    yield delta_table(case, heard)
    yield panes_table(case)
    naming = naming_of(story, "case")
    yield folded("The state of the case", packed_case(case.changes.states[heard.entity], naming))
    yield folded("The commit of the case", commit_listing(case))


def _time(call: dict[str, object]) -> str:
    return str(call["created_at"]).partition("T")[2].removesuffix(".000Z")


def naming_of(story: Story, entity: EntityName) -> Naming:
    """The words for the states of contacts and cases."""
    stage = story.stage
    known = {str(call["contact_id"]): str(call["contact_id"]) for call in (CALL, SECOND_CALL)}
    return Naming(stage.definitions, stage.identity, entity, known)
