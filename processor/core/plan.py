"""The plans of a namespace: how each topic's records become a view. All is assembled here."""

from typing import Any

import msgspec

from processor.core.admission import CaseAdmission, SourceAdmission
from processor.core.definitions import Definitions, Topic
from processor.core.entity.cart import Cart
from processor.core.entity.case import Case, Customer
from processor.core.entity.contact import Contact
from processor.core.entity.response import Response
from processor.core.entity.summary import addressees, final_name
from processor.core.identity import Identity
from processor.core.state import State
from processor.core.view import Plan

CASES = "cases"
"""The derived topic, unless it is called otherwise: summaries of contacts, keyed by customer."""


class Plans(msgspec.Struct, frozen=True):
    """How each topic of a namespace becomes views; the derived topic stands beside the sources."""

    sources: dict[str, Plan[State]]
    cases: Plan[Customer]
    cases_topic: str

    def of(self, topic: str) -> Plan[Any]:
        """The plan of a topic by name."""
        return self.cases if topic == self.cases_topic else self.sources[topic]


def plans(
    definitions: Definitions,
    identity: Identity,
    *,
    cases_topic: str = CASES,
) -> Plans:
    """The plans of a namespace."""
    sources = {
        topic.name: _source_plan(definitions, topic, identity) for topic in definitions.topics
    }
    life_ms = definitions.contact_life_ms
    case = Case(definitions, identity, Contact(definitions, identity, life_ms))
    memory_ms = life_ms + 2 * definitions.case.repeat_window_ms
    cases = Plan(case, CaseAdmission(case, memory_ms), definitions, memory_ms)
    return Plans(sources, cases, cases_topic)


def _source_plan(definitions: Definitions, topic: Topic, identity: Identity) -> Plan[State]:
    rules: Response | Contact | Cart
    match topic.entity:
        case "response":
            rules = Response(definitions, identity, topic.life_ms)
        case "contact":
            rules = Contact(definitions, identity, topic.life_ms)
        case _:
            rules = Cart(definitions, identity, topic.life_ms)
    return Plan(
        rules,
        SourceAdmission(topic, rules, identity, definitions.type_prefixes),
        definitions,
        topic.life_ms + topic.future_max_ms,
        addressees if topic.entity == "contact" else None,
        final_name if topic.entity == "contact" else None,
    )
