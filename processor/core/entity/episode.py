"""What happened to a contact, by its legs: the terms of docs/counting.md, one property each."""

from functools import cached_property

from processor.core.entity.segment import ABANDONED, CALLBACK, Leg

AGENT, QUEUE, EXTERNAL = range(3)
TRANSFER_KINDS = ("agent", "queue", "external")


class Episode:
    """The legs of one contact as a whole."""

    def __init__(self, legs: list[Leg], *, inbound: bool, transfer_kinds: list[int]) -> None:
        """Keep the legs; everything else follows from them."""
        self.legs = legs
        self.inbound = inbound
        self._transfer_kinds = transfer_kinds

    @cached_property
    def queued(self) -> list[Leg]:
        """The legs that were queued, by `(queued_at, instance)`."""
        legs = [leg for leg in self.legs if leg.queued_at is not None]
        return sorted(legs, key=lambda leg: (leg.queued_at, leg.instance))

    @cached_property
    def answered(self) -> list[Leg]:
        """The legs that reached an agent, by `(answered_at, instance)`."""
        legs = [leg for leg in self.legs if leg.answered_at is not None]
        return sorted(legs, key=lambda leg: (leg.answered_at, leg.instance))

    @cached_property
    def is_pending(self) -> bool:
        """Whether a leg is open, or one is announced that is not known yet."""
        known = {leg.instance for leg in self.legs}
        return any(
            leg.is_open or (leg.next_segment_id is not None and leg.next_segment_id not in known)
            for leg in self.legs
        )

    @property
    def is_lost(self) -> bool:
        """Whether an inbound contact left its queues without ever reaching an agent."""
        if not (self.inbound and self.queued) or self.answered or self.is_pending:
            return False
        return not self._callback_asked or any(leg.is_callback for leg in self.legs)

    @property
    def last_exit(self) -> Leg:
        """Of a lost contact: the leg that was left last."""
        return max(self._exits, key=_exit)

    @property
    def is_abandoned(self) -> bool:
        """Of a lost contact: whether the customer gave up waiting; otherwise it is another exit."""
        if self._callback_asked:
            return False
        reasoned = [leg for leg in self.legs if leg.left_reason is not None]
        return not reasoned or max(reasoned, key=_exit).left_reason == ABANDONED

    @property
    def handled_ms(self) -> int | None:
        """When the last agent was done; None while it goes on, or if no agent's time is known."""
        if not self.answered or self.is_pending or all(leg.talk_ms is None for leg in self.legs):
            return None
        ended = [leg.ended_at for leg in self.legs if leg.ended_at is not None]
        return max(ended or [leg.gone_ms for leg in self.legs if leg.gone_ms is not None])

    @cached_property
    def is_transferred(self) -> bool:
        """Whether an agent handed the contact on: said so, or seen from the legs.

        A leg that was answered later but ended first was a consultation.
        """
        if any(kind != QUEUE for kind in self._transfer_kinds):
            return True
        ends = [leg.ended_at for leg in self.answered]
        return any(
            end is not None and any(later is not None and end < later for later in ends[at + 1 :])
            for at, end in enumerate(ends)
        )

    @property
    def is_inconsistent(self) -> bool:
        """Whether some leg's instants contradict each other."""
        return any(leg.is_inconsistent for leg in self.legs)

    @property
    def _callback_asked(self) -> bool:
        return any(leg.left_reason == CALLBACK or leg.is_callback for leg in self.legs)

    @property
    def _exits(self) -> list[Leg]:
        return [leg for leg in self.legs if leg.gone_ms is not None]


def _exit(leg: Leg) -> tuple[int, int]:
    return leg.gone_ms or 0, leg.instance
