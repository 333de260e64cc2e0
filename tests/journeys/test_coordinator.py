"""A coordinator books, meets a clash, moves and cancels from the staff pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from notifications.models import Message
from notifications.services import planning
from outreach.actors import SYSTEM
from outreach.enums import SafeChannel
from scheduling.models import Booking, Event
from scheduling.services import surveys
from tests.factories.events import tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


def typed(pair, starts_at=None, **other) -> dict:
    local = timezone.localtime(starts_at or tomorrow())
    return {
        "key": str(uuid4()),
        "program": "neighborhood-watch",
        "summary": "Oak Street Watch",
        "beat": "b1",
        "status": "confirmed",
        "day": local.strftime("%m/%d/%Y"),
        "starts": local.strftime("%I:%M %p"),
        "ends": (local + timedelta(minutes=90)).strftime("%I:%M %p"),
        "staff": [person.pk for person in pair],
    } | other


def test_book_see_it_in_public_move_and_cancel(client, beat, pair, venue, signed_in):
    SubscriptionFactory(beat=beat)
    staff = signed_in(pair[0])
    spanish = {"summary_es": "Vigilancia de Oak", "description_es": "Bienvenidos"}

    booked = staff.post("/staff/events/new/", typed(pair, venue=venue.pk, **spanish), follow=True)
    event = Event.objects.get()
    assert booked.redirect_chain[-1][0] == f"/staff/events/{event.uid}/"
    assert "1 person will be told" in booked.content.decode()
    assert event.classification == "public"
    assert "Oak Street Watch" in client.get("/").content.decode()
    in_spanish = client.get("/", headers={"Accept-Language": "es"}).content.decode()
    assert "Vigilancia de Oak" in in_spanish

    change = f"/staff/events/{event.uid}/change/"
    shown = staff.get(change).context["form"].initial
    assert shown["summary"] == "Oak Street Watch"
    later = tomorrow() + timedelta(days=1)
    moved = typed(pair, later, venue=venue.pk, reason="Hall closed", **spanish)
    staff.post(change, moved)
    event.refresh_from_db()
    assert (event.starts_at, event.sequence) == (later, 1)

    cancel = f"/staff/events/{event.uid}/cancel/"
    assert "1 person will be told" in staff.get(cancel).content.decode()
    assert "This field is required" in staff.post(cancel, {"reason": ""}).content.decode()
    staff.post(cancel, {"reason": "Storm"})
    event.refresh_from_db()
    assert event.status == "cancelled"
    assert not Booking.objects.active().exists()
    assert "Storm" in staff.get(f"/staff/events/{event.uid}/").content.decode()
    assert "This event will not take place" in client.get(f"/events/{event.uid}/").content.decode()


def test_clash_is_named_with_three_free_times_and_what_was_typed_is_kept(beat, pair, signed_in):
    staff = signed_in(pair[0])
    staff.post("/staff/events/new/", typed(pair))

    refused = staff.post("/staff/events/new/", typed(pair, summary="Rival meeting"))

    page = refused.content.decode()
    assert refused.status_code == 409
    assert pair[0].name in page
    assert len(refused.context["clash"].free_times) == 3
    assert "Rival meeting" in page
    assert "Error:" in page
    assert Event.objects.count() == 1


def test_tentative_event_claims_its_people_and_is_told_to_nobody(client, beat, pair, signed_in):
    SubscriptionFactory(beat=beat)
    staff = signed_in(pair[0])

    staff.post("/staff/events/new/", typed(pair, status="tentative"))
    planning.plan()

    event = Event.objects.get()
    assert Booking.objects.active().count() == 2
    assert client.get(f"/events/{event.uid}/").status_code == 404
    assert str(event.uid) not in client.get("/feeds/all.ics").content.decode()
    assert not Message.objects.exists()
    staff.post(f"/staff/events/{event.uid}/change/", typed(pair))
    planning.plan()
    # One or, late in the day, two of them: what is due depends on the hour.
    assert set(Message.objects.values_list("kind", flat=True)) == {"reminder"}
    assert str(event.uid) in client.get("/feeds/all.ics").content.decode()


def test_double_click_books_once(beat, pair, signed_in):
    staff, form = signed_in(pair[0]), typed(pair)

    answers = [staff.post("/staff/events/new/", form) for _ in range(3)]

    assert Event.objects.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends": "6 p.m."}, "The end must be after the start"),
        ({"day": "13/45/2026"}, "Enter a valid date"),
        ({"starts": "late"}, "Enter a valid time"),
        ({"day": "03/14/2027", "starts": "2:30 a.m.", "ends": "4 a.m."}, "The clocks jump over"),
        ({"summary": "a\x00"}, "Null characters"),
        ({"summary": "x" * 200}, "at most 120"),
        ({"summary": ""}, "This field is required"),
        ({"beat": "b9"}, "Select a valid choice"),
        ({"program": "security-survey"}, "Select a valid choice"),
        ({"staff": ["999999"]}, "Select a valid choice"),
        ({"description_es": "hola"}, "Give the title in Spanish too"),
        ({"day": "01/01/0001"}, "Choose a date"),
        ({"day": "12/31/9999"}, "Choose a date"),
    ],
    ids=str,
)
def test_wrong_entry_is_refused_at_its_field(beat, pair, signed_in, wrong, words):
    answer = signed_in(pair[0]).post("/staff/events/new/", typed(pair, **wrong))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Event.objects.exists()


def test_coordinator_books_for_the_own_beat_only(beat, pair, signed_in):

    BeatFactory(code="b2")
    stranger = make_pair(BeatFactory(code="b3"))[0]

    answer = signed_in(stranger).post("/staff/events/new/", typed([stranger]))

    assert "Select a valid choice" in answer.content.decode()


def test_address_box_answers_beat_pair_and_free_times(beat, pair, venue, signed_in):
    answer = signed_in(pair[0]).post("/staff/lookup/", {"address": "Main Library"})

    page = answer.content.decode()
    assert pair[0].name in page
    assert "Harbor" in page
    assert len(answer.context["free_times"]) == 3


def test_call_is_recorded_with_its_outcome(beat, pair, signed_in):

    request = make_request(beat, safe_channel=SafeChannel.CALL_MESSAGE, reach="+14155550123")
    surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)
    planning.plan()
    staff = signed_in(pair[0])
    call = Message.objects.get(kind="visit-booked")
    assert "Robin" in staff.get("/staff/").content.decode()

    staff.post(f"/staff/calls/{call.uid}/", {"outcome": "left a message"})

    call.refresh_from_db()
    assert (call.status, call.detail) == ("accepted", "left a message")
    assert staff.get("/staff/").context["calls"] == []
