"""The events of the wire contract, one tagged union per topic.

What lives here: the shape of every event; nothing of what it means (`processor.core`), of what a
single field may hold (`schemas.field`) or of how bytes become one (`schemas.decode`). What the
rest may lean on: an event that `schemas.decode` returned keeps every rule of the contract, and
every `Instant` in it is an integer of milliseconds UTC. Encoding one omits what was not said,
which is also the form that is decoded fastest.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

from msgspec import Meta, Struct

from schemas import field


class Event(Struct, kw_only=True, gc=False, omit_defaults=True, tag_field="type"):
    """The envelope that all events share."""

    event_id: field.ShortId
    source: field.Source
    occurred_at: field.Instant
    created_at: field.Instant | None = None
    attributes: field.Attributes | None = None
    excluded: field.Exclusion | None = None
    customer_id: field.Id | None = None
    channel: field.Word | None = None
    touchpoint: field.Word | None = None


class Answer(Struct, kw_only=True, gc=False, omit_defaults=True):
    """What was said to one question."""

    question_id: field.ShortId
    kind: field.AnswerKind | None = None
    status: field.AnswerStatus = "answered"
    value: field.AnswerValue | None = None
    scale_min: field.Number | None = None
    scale_max: field.Number | None = None
    polarity: field.Polarity | None = None
    answered_at: field.Instant | None = None


if TYPE_CHECKING:
    Answers: TypeAlias = list[Answer]
else:
    Answers = Annotated[list[Answer | None], Meta(max_length=field.ANSWERS_MAX)]


class SurveyEvent(Event, kw_only=True):
    """About one response, named by `response_id`."""

    response_id: field.Id
    survey_id: field.Id | None = None
    contact_id: field.Id | None = None
    order_id: field.Id | None = None


class SurveyOffered(SurveyEvent, tag="survey.offered", kw_only=True):
    """The survey was shown or sent."""

    survey_id: field.Id
    offer_id: field.Id | None = None


class SurveySubmitted(SurveyEvent, tag="survey.submitted", kw_only=True):
    """Answers, cumulative or only the new ones; partial, complete, edited."""

    survey_id: field.Id
    answers: Answers
    offer_id: field.Id | None = None
    completion: field.Completion | None = None
    submitted_at: field.Instant | None = None


class SurveyWithdrawn(SurveyEvent, tag="survey.withdrawn", kw_only=True):
    """The response counts no longer."""

    permanent: bool | None = None


class Segment(Struct, kw_only=True, gc=False, omit_defaults=True):
    """The fields of one leg: one stay in a queue and/or with one agent. Absent says nothing."""

    segment_id: field.Id | None = None
    queue: field.Id | None = None
    queued_at: field.Instant | None = None
    answered_at: field.Instant | None = None
    left_queue_at: field.Instant | None = None
    left_reason: field.LeftReason | None = None
    ended_at: field.Instant | None = None
    end_reason: field.EndReason | None = None
    queue_wait_ms: field.Duration | None = None
    talk_ms: field.Duration | None = None
    hold_ms: field.Duration | None = None
    ring_ms: field.Duration | None = None
    wrap_ms: field.Duration | None = None
    wrap_code: field.Word | None = None
    next_segment_id: field.Id | None = None
    previous_segment_id: field.Id | None = None
    is_callback: bool | None = None


if TYPE_CHECKING:
    Segments: TypeAlias = list[Segment]
else:
    Segments = Annotated[list[Segment | None], Meta(max_length=field.SEGMENTS_MAX)]


class ContactEvent(Event, kw_only=True):
    """About one contact, named by `contact_id`; every type may carry every contact field."""

    contact_id: field.Id
    direction: field.Direction | None = None
    issue_id: field.Id | None = None
    resolved: bool | None = None
    resolution_source: field.ResolutionSource | None = None
    transfer_id: field.Id | None = None
    transfer_kind: field.TransferKind | None = None


class LifecycleEvent(ContactEvent, kw_only=True):
    """About one segment (default: the contact's first, whose id is the contact's).

    The fields are those of `Segment`, written again because a struct has one base; a test holds
    the two lists equal.
    """

    segment_id: field.Id | None = None
    queue: field.Id | None = None
    queued_at: field.Instant | None = None
    answered_at: field.Instant | None = None
    left_queue_at: field.Instant | None = None
    left_reason: field.LeftReason | None = None
    ended_at: field.Instant | None = None
    end_reason: field.EndReason | None = None
    queue_wait_ms: field.Duration | None = None
    talk_ms: field.Duration | None = None
    hold_ms: field.Duration | None = None
    ring_ms: field.Duration | None = None
    wrap_ms: field.Duration | None = None
    wrap_code: field.Word | None = None
    next_segment_id: field.Id | None = None
    previous_segment_id: field.Id | None = None
    is_callback: bool | None = None


class ContactStarted(LifecycleEvent, tag="contact.started", kw_only=True):
    """The customer entered."""

    created_at: field.Instant
    direction: field.Direction


class ContactQueued(LifecycleEvent, tag="contact.queued", kw_only=True):
    """The segment entered a queue."""

    queued_at: field.Instant
    queue: field.Id


class ContactAnswered(LifecycleEvent, tag="contact.answered", kw_only=True):
    """An agent was connected."""

    answered_at: field.Instant


class ContactLeftQueue(LifecycleEvent, tag="contact.left_queue", kw_only=True):
    """The segment left the queue without an agent."""

    left_queue_at: field.Instant
    left_reason: field.LeftReason


class ContactTransferred(LifecycleEvent, tag="contact.transferred", kw_only=True):
    """The contact was handed on."""


class ContactEnded(LifecycleEvent, tag="contact.ended", kw_only=True):
    """The segment ended."""

    ended_at: field.Instant


class ContactWrappedUp(LifecycleEvent, tag="contact.wrapped_up", kw_only=True):
    """The agent finished the after-contact work."""

    wrap_ms: field.Duration


class ContactResolved(LifecycleEvent, tag="contact.resolved", kw_only=True):
    """Somebody says whether the issue was solved."""

    resolved: bool
    resolution_source: field.ResolutionSource


class ContactReopened(LifecycleEvent, tag="contact.reopened", kw_only=True):
    """The solved issue came back."""


class ContactUpdated(LifecycleEvent, tag="contact.updated", kw_only=True):
    """Customer, issue or attributes became known; one of the three is required."""


class ContactRecorded(ContactEvent, tag="contact.recorded", kw_only=True):
    """The complete record of a contact."""

    segments: Segments


class ContactWithdrawn(ContactEvent, tag="contact.withdrawn", kw_only=True):
    """The contact counts no longer."""

    permanent: bool | None = None


class CartEvent(Event, kw_only=True):
    """About one cart, named by `cart_id`, or about an order without a cart, named by `order_id`."""

    created_at: field.Ignored | None = None
    cart_id: field.Id | None = None
    order_id: field.Id | None = None
    checkout_id: field.Id | None = None
    value_minor: field.Amount | None = None
    currency: field.Currency | None = None


class CartUpdated(CartEvent, tag="cart.updated", kw_only=True):
    """A snapshot after a change; no items: emptied."""

    cart_id: field.Id
    items_count: field.Count


class CartTouched(CartEvent, tag="cart.touched", kw_only=True):
    """One act."""

    cart_id: field.Id
    action: field.CartAction
    items_count: field.Count | None = None


class CartCheckoutStarted(CartEvent, tag="cart.checkout_started", kw_only=True):
    """The customer went to pay."""

    cart_id: field.Id


class CartOrdered(CartEvent, tag="cart.ordered", kw_only=True):
    """Paid or placed."""

    order_id: field.Id


class CartOrderCancelled(CartEvent, tag="cart.order_cancelled", kw_only=True):
    """The order was cancelled."""

    order_id: field.Id


class CartOrderRefunded(CartEvent, tag="cart.order_refunded", kw_only=True):
    """The order was refunded, whole or in part."""

    order_id: field.Id


class CartWithdrawn(CartEvent, tag="cart.withdrawn", kw_only=True):
    """Test or bot found later."""

    cart_id: field.Id
    permanent: bool | None = None


AnySurveyEvent: TypeAlias = SurveyOffered | SurveySubmitted | SurveyWithdrawn
AnyContactEvent: TypeAlias = (
    ContactStarted
    | ContactQueued
    | ContactAnswered
    | ContactLeftQueue
    | ContactTransferred
    | ContactEnded
    | ContactWrappedUp
    | ContactResolved
    | ContactReopened
    | ContactUpdated
    | ContactRecorded
    | ContactWithdrawn
)
AnyCartEvent: TypeAlias = (
    CartUpdated
    | CartTouched
    | CartCheckoutStarted
    | CartOrdered
    | CartOrderCancelled
    | CartOrderRefunded
    | CartWithdrawn
)
AnyEvent: TypeAlias = AnySurveyEvent | AnyContactEvent | AnyCartEvent
