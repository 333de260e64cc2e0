"""Each class of record: where it lies, when it was last touched, whose it is, how it goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Expression, F, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from notifications.models import AddressLook, InvitationReply, Message, ReceivedText, Subscription
from notifications.services.retention import traces
from outreach.enums import RecordClass
from outreach.models import Contact, EventRequest, Milestone, Reveal, SurveyRequest
from scheduling.models import Accommodation, Attendance, RequestedEvent, Rsvp, SurveyVisit


@dataclass(frozen=True)
class Kind:
    """persons and events: ways from the record to whom and what it is about, for legal holds.

    hangs: what goes with this record when it goes, and so must have had its time too: a class,
    and the ways from its records to this one.
    """

    record_class: RecordClass
    model: type[Model]
    last_act: Expression | F | Coalesce
    destroy: Callable[[Sequence[int]], None]
    begun: str = "created_at"
    reference: str = "uid"
    persons: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    only: Q = field(default_factory=Q)
    hangs: Mapping[RecordClass, tuple[str, ...]] = field(default_factory=dict)

    def rows(self) -> QuerySet[Any]:
        """Of all that is there, what can ever fall due, each with its `last_act`."""
        return self.every().filter(self.only)

    def every(self) -> QuerySet[Any]:
        return self.model._default_manager.order_by().annotate(last_act=self.last_act)

    def about(self, ways: Sequence[str], ids: object) -> QuerySet[Any]:
        """The keys of records that lead to one of these persons or events."""
        wanted = Q(pk__in=[])
        for way in ways:
            wanted |= Q(**{f"{way}__in": ids})
        return self.model._default_manager.filter(wanted).order_by().values("pk")


def _latest(model: type[Model], way: str, moment: str) -> Subquery:
    """The latest moment among the rows that hang on a record."""
    rows = model._default_manager.filter(**{way: OuterRef("pk")}).order_by().values(way)
    return Subquery(rows.annotate(latest=Max(moment)).values("latest"))


def _just_delete(model: type[Model]) -> Callable[[Sequence[int]], None]:
    def delete(ids: Sequence[int]) -> None:
        model._default_manager.filter(pk__in=ids).delete()

    return delete


MESSAGE_EVENTS = ("event", "revision__event")
# Children before what they hang on: carried out in this order.
KINDS = [
    Kind(
        RecordClass.MESSAGES,
        Message,
        Coalesce("settled_at", "expires_at"),
        _just_delete(Message),
        persons=("contact",),
        events=MESSAGE_EVENTS,
        only=Q(settled_at__isnull=False),
    ),
    Kind(
        RecordClass.REPLIES,
        InvitationReply,
        Greatest("received_at", "event__ends_at"),
        _just_delete(InvitationReply),
        begun="received_at",
        reference="pk",
        persons=("contact",),
        events=("event",),
    ),
    Kind(
        RecordClass.LOOKS,
        AddressLook,
        F("created_at"),
        _just_delete(AddressLook),
        reference="pk",
        persons=("contact",),
    ),
    Kind(
        RecordClass.REVEALS,
        Reveal,
        F("created_at"),
        _just_delete(Reveal),
        reference="pk",
        persons=("request__contact", "event_request__contact"),
    ),
    Kind(
        RecordClass.TEXTS,
        ReceivedText,
        F("received_at"),
        _just_delete(ReceivedText),
        begun="received_at",
        reference="pk",
    ),
    Kind(
        RecordClass.NEEDS,
        Accommodation,
        Greatest("updated_at", "event__ends_at"),
        traces.forget_needs,
        persons=("contact",),
        events=("event",),
    ),
    Kind(
        RecordClass.SIGN_UPS,
        Rsvp,
        Greatest("updated_at", "event__ends_at"),
        traces.forget_sign_ups,
        persons=("contact",),
        events=("event",),
        hangs={RecordClass.MESSAGES: ("revision__rsvp",)},
    ),
    Kind(
        RecordClass.ATTENDANCE,
        Attendance,
        Greatest("created_at", "event__ends_at"),
        _just_delete(Attendance),
        events=("event",),
        only=Q(rsvp=None),  # the others go with their sign-up
    ),
    Kind(
        RecordClass.SUBSCRIPTIONS,
        Subscription,
        F("ended_at"),
        _just_delete(Subscription),
        reference="pk",
        persons=("contact",),
        only=Q(ended_at__isnull=False),
        hangs={RecordClass.MESSAGES: ("subscription",)},
    ),
    Kind(
        RecordClass.SURVEYS,
        SurveyRequest,
        Greatest(
            "updated_at",
            _latest(Milestone, "survey_request", "created_at"),
            _latest(SurveyVisit, "request", "event__ends_at"),
        ),
        traces.forget_surveys,
        reference="reference",
        persons=("contact",),
        events=("visits__event",),
        hangs={
            RecordClass.MESSAGES: (
                "milestone__survey_request",
                "event__survey_visit__request",
                "revision__event__survey_visit__request",
            ),
            RecordClass.REPLIES: ("event__survey_visit__request",),
            RecordClass.REVEALS: ("request",),
        },
    ),
    Kind(
        RecordClass.EVENT_REQUESTS,
        EventRequest,
        Greatest(
            "updated_at",
            _latest(Milestone, "event_request", "created_at"),
            _latest(RequestedEvent, "request", "event__ends_at"),
        ),
        traces.forget_event_requests,
        reference="reference",
        persons=("contact",),
        events=("events__event",),
        hangs={
            RecordClass.MESSAGES: ("milestone__event_request",),
            RecordClass.REVEALS: ("event_request",),
        },
    ),
]
# A name or address is kept as long as anything needs it, and then at least its own time.
KINDS.append(
    Kind(
        RecordClass.CONTACTS,
        Contact,
        F("created_at"),
        traces.forget_contacts,
        persons=("pk",),
        hangs={
            kind.record_class: ("contact",)
            for kind in KINDS
            if "contact" in kind.persons and kind.record_class != RecordClass.NEEDS
        },
    )
)
BY_CLASS = {kind.record_class: kind for kind in KINDS}
