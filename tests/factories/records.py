"""A person with one of every record, and years that pass."""

from dataclasses import dataclass

from django.db import connection

from notifications.enums import Channel
from notifications.models import AddressLook, InvitationReply, Message, Subscription
from notifications.services import planning, stops
from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, SafeChannel
from outreach.models import Beat, Contact, EventRequest, StaffMember, SurveyRequest
from outreach.services import surveys as asking
from scheduling.enums import RsvpResponse
from scheduling.models import Accommodation, Attendance, Event, Rsvp
from scheduling.services import rsvps, surveys
from tests.factories.events import tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import ContactFactory, make_event_request, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated

NAME, EMAIL, PHONE = "Marisol Quetzalfeather", "quetzal@marker.example", "+14155550187"
ADDRESS, NOTES, PLACE = "1277 Zanzibar Terrace", "the blue gate sticks", "9 Nightingale Mews"
OPEN_MARKERS = ["Quetzalfeather", "quetzal@", "4155550187"]
SEALED_MARKERS = ["Zanzibar", "blue gate", "Nightingale"]


@dataclass
class Life:
    """What one person left with us."""

    beat: Beat
    staff: StaffMember
    survey: SurveyRequest
    wish: EventRequest
    event: Event
    rsvp: Rsvp
    subscription: Subscription

    @property
    def contacts(self) -> list[Contact]:
        return list(Contact.objects.filter(name=NAME) | Contact.objects.filter(email=EMAIL))


def make_life() -> Life:
    """A survey with its visit, a talk, seats, a need, a subscription, mail, an answer, a look."""
    beat = BeatFactory()
    cpc, _nro = make_pair(beat)
    survey = make_request(
        beat, name=NAME, reach=EMAIL, safe_channel=SafeChannel.EMAIL, address=ADDRESS, notes=NOTES
    )
    visit = surveys.book_visit(survey.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    asking.reveal(survey, "address", by=cpc)
    wish = make_event_request(beat, name=NAME, email="", phone=PHONE, place=PLACE, notes=NOTES)
    event = make_seated(10, beat=beat)
    rsvp = rsvps.sign_up(event.pk, wish=rsvps.Wish(name=NAME, seats=2, email=EMAIL))
    Accommodation.objects.create(event=event, kind=AccommodationKind.ASL, contact=rsvp.contact)
    reader = ContactFactory(name="", email="Quetzal+news@marker.example")
    subscription = SubscriptionFactory(contact=reader, beat=beat)
    texted = ContactFactory(name="", email="", phone=PHONE)
    SubscriptionFactory(contact=texted, beat=beat, channel=Channel.TEXT)
    stops.stop(PHONE, reason="texted stop")
    planning.plan()
    Message.objects.update(status="failed", settled_at=tomorrow(), detail=f"550 no {EMAIL} here")
    InvitationReply.objects.create(
        event=visit, contact=survey.contact, answer=RsvpResponse.ACCEPTED, sequence=0,
        stamped_at=visit.created_at,
    )  # fmt: skip
    Attendance.objects.create(event=event, heads=3, staff=cpc)
    stops.receive("SM1", PHONE, stops.Word.OTHER)
    AddressLook.objects.create(staff=cpc, contact=survey.contact)
    return Life(beat, cpc, survey, wish, event, rsvp, subscription)


def age(years: float) -> None:
    """Everything happened so much earlier."""
    moments = """
        SELECT table_name, array_agg(column_name::text) FROM information_schema.columns
        WHERE table_schema = current_schema() AND data_type = 'timestamp with time zone'
          AND table_name ~ '^(outreach|scheduling|notifications)_'
        GROUP BY table_name ORDER BY table_name
    """
    with connection.cursor() as cursor:
        cursor.execute(moments)
        for table, columns in cursor.fetchall():
            earlier = ", ".join(f"{one} = {one} - %(by)s * interval '1 day'" for one in columns)
            cursor.execute(f"UPDATE {table} SET {earlier}", {"by": round(years * 366)})
