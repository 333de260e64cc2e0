"""Turning a message row into words in its reader's language."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from notifications import segments
from notifications.channels.email import Letter
from notifications.enums import MessageKind
from notifications.models import Campaign, CampaignText, Message
from notifications.services import digests, inviting, subscriptions
from outreach import department
from outreach.enums import LinkPurpose
from outreach.models import EventRequest, SurveyRequest
from outreach.services import requests as asking
from outreach.services import surveys
from scheduling import seats, selectors
from scheduling.models import Event, Rsvp
from scheduling.services import requests as event_requests
from scheduling.services import rsvps

FOR_SUBSCRIBERS = {
    MessageKind.REMINDER,
    MessageKind.MOVE,
    MessageKind.CANCELLATION,
    MessageKind.DIGEST,
    MessageKind.CAMPAIGN,
    MessageKind.CAMPAIGN_TEST,
}


@dataclass(frozen=True)
class Subject:
    """What a message is about."""

    event: Event | None = None
    request: SurveyRequest | None = None
    asked: EventRequest | None = None
    rsvp: Rsvp | None = None  # the reader's own seats at the event


def render(message: Message) -> Letter:
    """The same words and the same Message-ID every time."""
    with override(_language(message)):
        about = subject_of(message)
        context = _context(message, about)
        folder = f"notifications/{message.kind}"
        return Letter(
            subject=render_to_string(f"{folder}/subject.txt", context).strip(),
            text=render_to_string(f"{folder}/body.txt", context).strip() + "\n",
            html=render_to_string(f"{folder}/body.html", context),
            message_id=f"<{message.uid}@{urlsplit(settings.BASE_URL).hostname}>",
            from_name=_sender(about),
            to_name=message.contact.name,
            headers=_headers(message, about),
            calendar=_calendar(message, about),
        )


def render_text(message: Message) -> str:
    """The words of a text message: one line, the same every time."""
    with override(_language(message)):
        context = _context(message, subject_of(message))
        return segments.plain(render_to_string(f"notifications/{message.kind}/sms.txt", context))


def _language(message: Message) -> str:
    return message.language or message.contact.language


def subject_of(message: Message) -> Subject:
    event = message.about_event
    if message.milestone:
        asked = message.milestone.event_request
        event = event_requests.event_of(asked) if asked else None
        return Subject(event=event, request=message.milestone.survey_request, asked=asked)
    visit = getattr(event, "survey_visit", None) if event else None
    return Subject(
        event=event,
        request=visit.request if visit else None,
        rsvp=_own_seats(message, event) if event else None,
    )


def _own_seats(message: Message, event: Event) -> Rsvp | None:
    if message.revision and message.revision.rsvp:
        return message.revision.rsvp
    if not hasattr(event, "seating"):
        return None
    return seats.standing(event).filter(contact=message.contact_id).first()


def _is_subscribed(message: Message, about: Subject) -> bool:
    """Seats are reason enough to be written to; then there may be no subscription to end."""
    if message.kind not in FOR_SUBSCRIBERS:
        return False
    return about.rsvp is None or bool(subscriptions.standing(message.contact))


def _sender(about: Subject) -> str:
    """Who writes. Somebody may look over the shoulder of a person who asked for a survey."""
    if about.request:
        return gettext("City of %(city)s") % {"city": department.current().city}
    return department.current().unit


def _context(message: Message, about: Subject) -> dict[str, object]:
    context: dict[str, object] = {
        "message": message,
        "event": about.event,
        "request": about.request,
        "revision": message.revision,
        "department": department.current(),
        "sender": _sender(about),
        "base_url": settings.BASE_URL,
        "language": _language(message),
        "name": message.contact.name,
    }
    if message.kind == MessageKind.CONFIRM:
        context["confirm_url"] = subscriber_url(message, "confirm", LinkPurpose.CONFIRM)
    if _is_subscribed(message, about):
        context["preferences_url"] = subscriber_url(message, "preferences", LinkPurpose.PREFERENCES)
        context["leave_url"] = subscriber_url(message, "leave", LinkPurpose.PREFERENCES)
    if message.campaign:
        context["words"] = words_of(message.campaign, _language(message))
    if message.digest:
        context["events"] = digests.events_for(message.contact, message.digest)
        context["events_url"] = settings.BASE_URL + reverse("events")
    if about.event and message.kind in FOR_SUBSCRIBERS:
        context["event_url"] = settings.BASE_URL + reverse("event", args=[about.event.uid])
        context["further"] = selectors.further_dates(message.revision)
    if message.kind == MessageKind.VISIT_LATE and message.revision:
        context["late_minutes"] = int(message.revision.note)
    if about.rsvp:
        context["rsvp"] = about.rsvp
        own = reverse("own_seats", args=[rsvps.own_link(about.rsvp)])
        context["seats_url"] = context["event_url"] = settings.BASE_URL + own
    if about.asked:
        own = reverse("own_event_request", args=[asking.own_link(about.asked)])
        context |= {"asked": about.asked, "own_url": settings.BASE_URL + own}
    if about.request:
        own = reverse("own_survey", args=[surveys.own_link(about.request)])
        context["own_url"] = settings.BASE_URL + own
    return context


@dataclass(frozen=True)
class Sample:
    """A campaign in one language, as its readers get it."""

    language: str
    name: str  # of the language, in itself
    subject: str
    body: str
    text: str  # with the foot of every text message; empty where none is written


def all_words(campaign: Campaign) -> list[Sample]:
    names = dict(settings.LANGUAGES)
    return [_sample(campaign, one.language, str(names[one.language])) for one in _texts(campaign)]


def sample_html(campaign: Campaign, language: str) -> str:
    """The mail with links that lead nowhere."""
    with override(language):
        return render_to_string("notifications/campaign/body.html", _sample_context(campaign))


def _texts(campaign: Campaign) -> list[CampaignText]:
    order = [code for code, _name in settings.LANGUAGES]
    return sorted(campaign.texts.all(), key=lambda one: order.index(one.language))


def _sample(campaign: Campaign, language: str, name: str) -> Sample:
    words = words_of(campaign, language)
    with override(language):
        said = render_to_string("notifications/campaign/sms.txt", _sample_context(campaign))
    text = segments.plain(said) if words.sms else ""
    return Sample(language, name, words.subject, words.body, text)


def _sample_context(campaign: Campaign) -> dict[str, object]:
    language = get_language() or settings.LANGUAGE_CODE
    nowhere = settings.BASE_URL + "/"
    return {
        "words": words_of(campaign, language),
        "language": language,
        "sender": department.current().unit,
        "department": department.current(),
        "base_url": settings.BASE_URL,
        "preferences_url": nowhere,
        "leave_url": nowhere,
    }


def words_of(campaign: Campaign, language: str) -> CampaignText:
    """In the reader's language, else in the department's first."""
    texts = {one.language: one for one in campaign.texts.all()}
    return texts.get(language) or texts[settings.LANGUAGE_CODE]


def subscriber_url(message: Message, name: str, purpose: LinkPurpose) -> str:
    token = subscriptions.link_token(message.contact, purpose)
    return settings.BASE_URL + reverse(name, args=[token])


def _headers(message: Message, about: Subject) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}
    if _is_subscribed(message, about):
        leave = subscriber_url(message, "leave", LinkPurpose.PREFERENCES)
        headers["List-Unsubscribe"] = f"<{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _calendar(message: Message, about: Subject) -> tuple[str, bytes] | None:
    """The invitation to an own appointment, for those who asked for one."""
    appointment = None
    if about.request:
        appointment = inviting.of_survey(message, about.event, about.request)
    elif about.rsvp:
        appointment = inviting.of_seats(message, about.event, about.rsvp)
    elif about.asked:
        appointment = inviting.of_request(message, about.asked)
    return inviting.calendar(message, _sender(about), appointment)
