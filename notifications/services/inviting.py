"""Who gets a calendar invitation with a mail: whoever asked for one, for the own appointment."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from notifications.enums import MessageKind, MessageStatus
from notifications.models import Message
from outreach.models import Contact, EventRequest, SurveyRequest
from outreach.services import requests as asking
from outreach.services import surveys
from scheduling import invitations
from scheduling.models import Event, Rsvp
from scheduling.services import rsvps

REQUEST, CANCEL = "REQUEST", "CANCEL"
OF_SURVEY = {
    MessageKind.VISIT_BOOKED: REQUEST,
    MessageKind.VISIT_MOVED: REQUEST,
    MessageKind.VISIT_CANCELLED: CANCEL,
}
OF_SEATS = {
    MessageKind.RSVP_ACCEPTED: REQUEST,
    MessageKind.RSVP_PROMOTED: REQUEST,
    MessageKind.MOVE: REQUEST,
    MessageKind.CANCELLATION: CANCEL,
}
OF_REQUEST = {
    MessageKind.REQUEST_APPROVED: REQUEST,
    MessageKind.REQUEST_DECLINED: CANCEL,
    MessageKind.REQUEST_WITHDRAWN: CANCEL,
}


@dataclass(frozen=True)
class Appointment:
    """What somebody is invited to, or not any more."""

    event: Event
    method: str
    own_page: str  # its path
    is_neutral: bool = False  # nobody who looks on learns what it is


def calendar(message: Message, sender: str, appointment: Appointment | None) -> (
    tuple[str, bytes] | None
):  # fmt: skip
    """METHOD and bytes; None for who asked for no invitation. In the active language."""
    if appointment is None:
        return None
    event, own = appointment.event, settings.BASE_URL + appointment.own_page
    neutral = gettext("Appointment with the city")
    return appointment.method, invitations.invitation(
        event,
        method=appointment.method,
        organizer=sender,
        name=message.contact.name,
        email=message.contact.email,
        summary=neutral if appointment.is_neutral else event.title,
        description=gettext("To see or cancel it: %(address)s") % {"address": own},
        shows_place=not appointment.is_neutral,
    )


def of_survey(message: Message, event: Event | None, request: SurveyRequest) -> Appointment | None:
    method = OF_SURVEY.get(MessageKind(message.kind))
    if not (method and event and request.wants_invitation):
        return None
    own = reverse("own_survey", args=[surveys.own_link(request)])
    return Appointment(event, method, own, is_neutral=True)


def of_seats(message: Message, event: Event | None, rsvp: Rsvp) -> Appointment | None:
    """Also of a private event: whoever has seats was told of it."""
    method = OF_SEATS.get(MessageKind(message.kind))
    if not (method and event and rsvp.wants_invitation):
        return None
    if message.kind == MessageKind.MOVE and rsvp.response != "accepted":
        return None  # in line: there is nothing to come to yet
    return Appointment(event, method, reverse("own_seats", args=[rsvps.own_link(rsvp)]))


def of_request(message: Message, asked: EventRequest) -> Appointment | None:
    """Cancelled only for who was invited: a request declined at once was never an appointment."""
    method = OF_REQUEST.get(MessageKind(message.kind))
    if not (method and asked.wants_invitation):
        return None
    if method == CANCEL and not _was_approved(message.contact, asked):
        return None
    events = Event.objects.filter(requested__request=asked).select_related("venue", "beat")
    event = events.prefetch_related("texts").order_by("-pk").first()
    if event is None:
        return None
    return Appointment(event, method, reverse("own_event_request", args=[asking.own_link(asked)]))


def _was_approved(contact: Contact, asked: EventRequest) -> bool:
    sent = (MessageStatus.ACCEPTED, MessageStatus.DELIVERED, MessageStatus.UNKNOWN)
    return Message.objects.filter(
        contact=contact,
        milestone__event_request=asked,
        kind=MessageKind.REQUEST_APPROVED,
        status__in=sent,
    ).exists()
