"""A case: the contacts of one customer, and whether the first one resolved the issue.

Its state is a map of contacts, each a summary (`core.entity.summary`), joined contact by contact.
It decides locally: a contact is a first one or a repeat by its neighbours of the same issue, nearer
than the repeat window or not.

           gap < W            gap >= W
    A ----------------- B ------------------- C        A first, not clean;  B repeat;  C first

A contact grows old in two steps. W after its life it is *final*: it is still a neighbour, but what
it counted stays as it is. Another W later it is forgotten; whoever had it as a neighbour is final
by then, so nothing that may still be taken back ever depended on it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from processor.core.contribution import Contribution, Count
from processor.core.definitions import Definitions
from processor.core.entity.contact import (
    CUSTOMER,
    DIRECTION,
    DIRECTIONS,
    ISSUE,
    REOPENED,
    RESOLUTION_SOURCES,
    RESOLVED,
    Contact,
    episode_of,
)
from processor.core.entity.life import ANCHOR, Standing, code_of, register, standing
from processor.core.entity.quality import quality
from processor.core.entity.summary import Summary, final_anchor_s, final_name
from processor.core.identity import ENTITY_HASH_SIZE, Identity
from processor.core.slice import Label
from processor.core.state import State, contents, merge
from processor.core.tally import FCR, FCR_SETTLED, REPEAT

_CONTACT = REPEAT.amounts(contacts=1)
_REPEAT = REPEAT.amounts(contacts=1, repeats=1)


class Customer(msgspec.Struct, array_like=True):
    """The state of a case.

    Attributes:
        customer: the customer's 16-byte hash.
        contacts: the summaries of the customer's contacts, by the contact's hash; once it is dead,
            by its hash and anchor, so that a contact that has its id again is another one.
        newest_s: the latest anchor that was claimed for any of the contacts ever heard of.
        final: summaries of contacts that count nothing any more but are neighbours still.
        oversized: it had more contacts than the bound; it counts nothing more.
    """

    customer: bytes
    contacts: dict[bytes, State]
    newest_s: int
    final: dict[bytes, State] = {}
    oversized: bool = False


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Customer).decode


class Link(msgspec.Struct, frozen=True):
    """One contact in the chain of an issue."""

    anchor_ms: int
    contact: bytes
    is_final: bool
    issue: int | None
    labels: tuple[Label, ...]
    resolved: bool | None
    unclean: bool
    beyond_level_one: bool


class Case:
    """The rules of cases under one set of definitions."""

    def __init__(self, definitions: Definitions, identity: Identity, contact: Contact) -> None:
        """Keep the rules; `contact` gives the labels of contacts."""
        self._rules = definitions.case
        self._contact_life_ms = definitions.contact_life_ms
        lives = [topic.life_ms for topic in definitions.topics if topic.entity == "contact"]
        self._shortest_life_ms = min(lives, default=0)
        self._contacts_max = definitions.bounds.ids_max
        self._contact = contact
        self._directions = {DIRECTIONS.index(name) for name in self._rules.directions}
        self._sources = [RESOLUTION_SOURCES.index(name) for name in self._rules.resolution_order]
        self._not_level_one = {identity.part(code) for code in self._rules.not_level_one}
        self.slices = contact.slices

    def lift(self, customer: bytes, summary: Summary) -> Customer:
        """A case that knows one contact."""
        return Customer(customer, {summary.contact: summary.state}, summary.state.most[ANCHOR])

    def recall(self, state: Customer, clock_ms: int) -> Customer | None:
        """The case as old as it is by then; None if all of its contacts are forgotten.

        What a final or forgotten contact counted stays.
        """
        if self._known_until_ms(state.newest_s, windows=2) < clock_ms:
            return None
        contacts: dict[bytes, State] = {}
        final: dict[bytes, State] = {}
        for contact, summary in (state.contacts | state.final).items():
            anchor_s = summary.least[ANCHOR]
            if self._known_until_ms(anchor_s, windows=2) < clock_ms:
                continue
            is_final = contact in state.final
            if is_final or self._known_until_ms(anchor_s, windows=1) < clock_ms:
                final[self._name(contact, summary, clock_ms)] = summary
            else:
                contacts[self._name(contact, summary, clock_ms)] = summary
        if contacts.keys() == state.contacts.keys() and final.keys() == state.final.keys():
            return state
        return msgspec.structs.replace(state, contacts=contacts, final=final)

    def join(self, before: Customer, addition: Customer) -> Customer:
        """The merge of the two, contact by contact, within the bound.

        `before` itself if nothing is new.
        """
        contacts, final = before.contacts, before.final
        for contact, theirs in addition.contacts.items():
            name = _known_as(contacts | final, contact, theirs)
            ours = final.get(name, contacts.get(name))
            joined = theirs if ours is None else merge(ours, theirs)
            if joined is not ours and name in final:
                final = {**final, name: joined}
            elif joined is not ours:
                contacts = {**contacts, name: joined}
        newest_s = max(before.newest_s, addition.newest_s)
        oversized = before.oversized or addition.oversized
        after = self.bounded(Customer(before.customer, contacts, newest_s, final, oversized))
        return before if after == before else after

    def bounded(self, state: Customer) -> Customer:
        """The case itself, or what is left of it beyond the bound."""
        if state.oversized or len(state.contacts) + len(state.final) > self._contacts_max:
            return Customer(state.customer, {}, state.newest_s, oversized=True)
        return state

    def contribution(self, state: Customer) -> Contribution:
        """What the customer's contacts count for."""
        stands = Standing(
            anchor_ms=None,
            newest_ms=state.newest_s * 1000,
            kept=True,
            oversized=state.oversized,
            anchor_conflict=False,
        )
        counts = quality("case", stands, anchored=False)
        chains: defaultdict[int | None, list[Link]] = defaultdict(list)
        for contact, summary in (state.contacts | state.final).items():
            link = self._link(state, contact, summary)
            if link is not None:
                chains[link.issue].append(link)
        for chain in chains.values():
            chain.sort(key=lambda link: (link.anchor_ms, link.contact))
            counts += self._chain_counts(chain)
        return counts

    def pack(self, state: Customer) -> bytes:
        """The case as bytes."""
        return _encode(state)

    def unpack(self, packed: bytes) -> Customer:
        """The case whose bytes these are."""
        return _decode(packed)

    def _known_until_ms(self, anchor_s: int, *, windows: int) -> int:
        """So many repeat windows after the life of a contact."""
        return anchor_s * 1000 + self._contact_life_ms + windows * self._rules.repeat_window_ms

    def _name(self, contact: bytes, summary: State, clock_ms: int) -> bytes:
        """Under which name the case knows a contact; a dead one's is final."""
        is_dead = summary.least[ANCHOR] * 1000 + self._shortest_life_ms < clock_ms
        return final_name(contact, summary) if is_dead else contact

    def _link(self, state: Customer, contact: bytes, summary: State) -> Link | None:
        """The contact as a link of its chain.

        None if it does not belong to this case or does not count.
        """
        stands = standing(summary)
        said = contents(summary)
        if (
            stands.anchor_ms is None
            or stands.oversized
            or not stands.kept
            or said.get(CUSTOMER) != state.customer
            or said.get(DIRECTION) not in self._directions
        ):
            return None
        episode = episode_of(summary, said)
        words = [said.get(register(RESOLVED, source)) for source in self._sources]
        resolved = next((bool(word) for word in words if word is not None), None)
        reopened = any(code_of(key) == REOPENED for key in summary.marks)
        transferred = self._rules.transferred_breaks_fcr and episode.is_transferred
        issue = said.get(ISSUE)
        return Link(
            stands.anchor_ms,
            contact,
            contact in state.final,
            issue if isinstance(issue, int) else None,
            self._contact.labels(said, episode),
            resolved,
            unclean=transferred or (self._rules.reopened_breaks_fcr and reopened),
            beyond_level_one=any(leg.wrap_code in self._not_level_one for leg in episode.legs),
        )

    def _chain_counts(self, chain: list[Link]) -> Iterator[Count]:
        window_ms = self._rules.repeat_window_ms
        for at, link in enumerate(chain):
            if link.is_final:
                continue
            repeats = at > 0 and link.anchor_ms - chain[at - 1].anchor_ms < window_ms
            yield Count(link.anchor_ms, REPEAT, _REPEAT if repeats else _CONTACT, link.labels)
            if repeats:
                continue
            follower = chain[at + 1].anchor_ms - link.anchor_ms if at + 1 < len(chain) else None
            followed = follower is not None and follower < window_ms
            clean = bool(link.resolved) and not link.unclean and not followed
            fields = {
                "first": 1,
                "resolved": int(clean),
                "unknown": int(link.resolved is None),
                "net_first": int(not link.beyond_level_one),
                "net_resolved": int(clean and not link.beyond_level_one),
            }
            yield Count(link.anchor_ms, FCR, FCR.amounts(**fields), link.labels)
            settled_ms = link.anchor_ms + window_ms
            yield Count(settled_ms, FCR_SETTLED, FCR_SETTLED.amounts(**fields), link.labels)


def _known_as(contacts: Mapping[bytes, State], contact: bytes, summary: State) -> bytes:
    """Under which name a case knows the contact of a summary; the name it came with if it is new.

    A contact's anchor only ever moves back. So what began no later than a dead contact of this hash
    is word of that one, and what began later is a contact that has its id again.
    """
    anchor_s = summary.least[ANCHOR]
    dead = [
        name
        for name in contacts
        if name[:ENTITY_HASH_SIZE] == contact[:ENTITY_HASH_SIZE]
        and (final_anchor_s(name) or 0) >= anchor_s
    ]
    return min(dead, default=contact)
