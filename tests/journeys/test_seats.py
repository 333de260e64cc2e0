"""A household signs up, hears of it, comes up from the line, and is counted at the door."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.models import Contact
from scheduling import seats
from scheduling.models import Accommodation, Attendance, Revision, Rsvp, Seating
from scheduling.services import events, rsvps
from tests.factories.events import make_plan, tomorrow
from tests.factories.seats import make_seated, sign_up
from tests.journeys.conftest import link_in, text_of
from tests.test_strangers import NASTY, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(beat):
    return make_seated(4, beat=beat, starts_at=tomorrow() + timedelta(days=30))


def typed(**wishes) -> dict[str, object]:
    told = {"key": str(uuid4()), "name": "Ana", "email": "ana@example.org", "seats": "3",
            "spoken": "en"}  # fmt: skip
    return told | wishes


def test_household_signs_up_waits_comes_up_and_is_checked_in(
    client, event, pair, signed_in, post_office
):
    page = reverse("event", args=[event.uid])
    assert "4 of 4 seats are free" in client.get(page).content.decode()
    take = reverse("take_seats", args=[event.uid])
    thanks = [
        client.post(take, typed(), follow=True).content.decode(),
        client.post(
            take, typed(name="Ben", email="ben@example.org", needs=["step-free"]), follow=True
        ).content.decode(),
        client.post(take, typed(name="Eve", email="ANA@example.org"), follow=True).content.decode(),
    ]

    # A stranger reads the same, whoever has seats, waits, or was signed up before.
    assert len({text.split("<main")[1].split("</main>")[0] for text in thanks}) == 1
    assert "1 household waits in line" in client.get(page).content.decode()
    assert list(Accommodation.objects.values_list("kind", flat=True)) == ["step-free"]
    mails = {str(mail["To"]): mail for mail in post_office.deliver()}
    assert len(mails) == 2
    ana, ben = (
        next(mail for to, mail in mails.items() if name in to)
        for name in ("ana@example.org", "ben@example.org")
    )
    assert "You have 3 seats" in text_of(ana)
    assert "You wait for 3 seats" in text_of(ben)

    own = link_in(ana, "rsvp")
    assert 'class="qr"' in client.get(own).content.decode()
    client.post(f"{own}give-back/")
    assert "You gave your seats back" in client.get(own).content.decode()
    (promoted,) = post_office.deliver()
    assert "It is your turn" in text_of(promoted)

    staff = signed_in(pair[0])
    at_the_door = staff.get(link_in(promoted, "rsvp"), follow=True)
    assert "Check in: Ben" in at_the_door.content.decode()
    staff.post(at_the_door.redirect_chain[-1][0], {"heads": "4"})
    attendance = Attendance.objects.get()
    assert (attendance.heads, attendance.rsvp.seats, attendance.staff) == (4, 3, pair[0])


def test_double_click_signs_up_once_and_other_words_under_its_key_are_refused(client, event):
    take, form = reverse("take_seats", args=[event.uid]), typed()

    answers = [client.post(take, form) for _ in range(3)]
    refused = client.post(take, form | {"seats": "1"})

    assert {answer["Location"] for answer in answers} == {reverse("seats_taken", args=[event.uid])}
    assert "We have this sign-up already" in refused.content.decode()
    assert Rsvp.objects.get().seats == 3


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"seats": "5"}, "At most 4 people of a household can come"),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"seats": "9" * 40}, "less than or equal to 100"),
        ({"email": "ana"}, "Enter a valid email address"),
        ({"email": ""}, "This field is required"),
        ({"name": "a\u202eb"}, "Please remove the hidden characters"),
        ({"spoken": "xx"}, "Select a valid choice"),
        ({"needs": ["interpreter"]}, "Choose the language the interpreter should speak"),
        ({"needs": ["wings"]}, "Select a valid choice"),
        ({"key": "x"}, "Enter a valid UUID"),
    ],
    ids=str,
)
def test_wrong_sign_up_is_refused_at_its_field_and_nothing_is_kept(client, event, wrong, words):
    answer = client.post(reverse("take_seats", args=[event.uid]), typed(**wrong))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert "Error:" in page
    assert not Rsvp.objects.exists()
    assert not Contact.objects.exists()
    assert not Accommodation.objects.exists()


@pytest.mark.parametrize("nasty", NASTY, ids=str)
def test_sign_up_takes_or_refuses_anything(client, event, nasty, monkeypatch):
    monkeypatch.setattr("outreach.limits.count", lambda *_, **__: None)
    client.raise_request_exception = False
    own = rsvps.own_link(sign_up(event, "Zoe"))
    forms = {
        reverse("take_seats", args=[event.uid]): typed(needs=["asl"]),
        reverse("ask_needs", args=[event.uid]): {
            "key": str(uuid4()), "needs": ["asl"], "language": "es",
        },
        reverse("change_own_seats", args=[own]): {"seats": "2"},
    }  # fmt: skip

    for address, good in forms.items():
        for field in good:
            answer = client.post(address, good | {field: sent(NASTY[nasty])})
            assert answer.status_code < 500, (address, field)

    kept = [value for row in Contact.objects.values_list("name", "email") for value in row]
    assert not any(mark in value for value in kept for mark in "\x00\u202e\r\n")


def test_too_many_sign_ups_of_one_connection_wait(client, event):
    take = reverse("take_seats", args=[event.uid])
    answers = [
        client.post(take, typed(email=f"r{number}@example.org", seats="1")).status_code
        for number in range(21)
    ]

    assert answers == [302] * 20 + [429]
    assert Rsvp.objects.count() == 20


def test_mailbox_of_many_events_is_refused_in_plain_words(client, beat):
    for number in range(rsvps.MOST_A_DAY + 1):
        event = make_seated(4, beat=beat, starts_at=tomorrow() + timedelta(days=9 + number))
        answer = client.post(reverse("take_seats", args=[event.uid]), typed())

    assert answer.status_code == 200
    assert "signed up for several events today" in answer.content.decode()
    assert Rsvp.objects.count() == rsvps.MOST_A_DAY


@pytest.mark.parametrize("why", ["closed", "cancelled"])
def test_closed_sign_up_says_so_and_keeps_nothing(client, event, why):
    if why == "closed":
        before = timezone.now() - timedelta(minutes=1)
        Seating.objects.update(closes_at=before)
    else:
        events.cancel(event.pk, by=SYSTEM, reason="storm")

    answer = client.post(reverse("take_seats", args=[event.uid]), typed())

    assert "Sign-up has closed" in answer.content.decode()
    assert not Rsvp.objects.exists()


def test_event_without_seats_or_public_page_has_no_sign_up(client, beat):
    plain = events.create(make_plan(beat=beat), by=SYSTEM)
    hidden = make_seated(4, beat=beat, classification="private", starts_at=tomorrow(15))

    for event in (plain, hidden):
        assert client.get(reverse("take_seats", args=[event.uid])).status_code == 404


def test_own_page_changes_how_many_come_as_far_as_seats_are_free(client, event):
    ana = sign_up(event, "Ana", 2)
    sign_up(event, "Ben", 1)
    own = reverse("own_seats", args=[rsvps.own_link(ana)])

    refused = client.post(f"{own}change/", {"seats": "4"})
    assert "At most 3 people" in refused.content.decode()
    assert client.post(f"{own}change/", {"seats": "3"}).status_code == 302

    ana.refresh_from_db()
    assert ana.seats == 3


def test_looking_changes_nothing(client, event):
    ana = sign_up(event, "Ana", 2)
    own = reverse("own_seats", args=[rsvps.own_link(ana)])
    before = Revision.objects.count()

    for path in (own, f"{own}change/", f"{own}give-back/"):
        for method in (client.get, client.head):
            assert method(path).status_code in {200, 405}

    ana.refresh_from_db()
    assert (ana.response, Revision.objects.count()) == ("accepted", before)


def test_staff_give_seats_and_more_of_them_let_the_line_in(event, pair, signed_in):
    sign_up(event, "Ana", 4)
    ben = sign_up(event, "Ben", 2)
    staff, page = signed_in(pair[0]), reverse("event_seats", args=[event.uid])

    few = staff.post(page, {"capacity": "3", "most_a_household": "6"})
    assert "At least 4 seats" in few.content.decode()
    late = tomorrow() + timedelta(days=40)
    wrong = {"capacity": "8", "most_a_household": "6"}
    assert "Give both" in staff.post(page, wrong | {"day": "12/01/2026"}).content.decode()
    past_start = wrong | {"day": f"{late:%m/%d/%Y}", "at": "7 p.m."}
    assert "at the latest" in staff.post(page, past_start).content.decode()
    closes = wrong | {"day": f"{tomorrow():%m/%d/%Y}", "at": "5 p.m."}
    assert staff.post(page, closes).status_code == 302

    ben.refresh_from_db()
    seating = seats.of(event)
    assert seating is not None
    assert "Sign up by" in staff.get(reverse("event", args=[event.uid])).content.decode()
    assert (ben.response, seating.capacity) == ("accepted", 8)
    assert timezone.localtime(seating.closes_at).hour == 17


def test_staff_sign_up_somebody_without_a_mail_address(event, pair, signed_in):
    staff = signed_in(pair[0])
    form = typed(
        source="phone", email="", phone="(415) 555-0123", spoken="es", needs=["interpreter"]
    )
    address = reverse("add_sign_up", args=[event.uid])

    for _ in range(2):
        assert staff.post(address, form).status_code == 302
    again = staff.post(address, typed(source="phone", phone="12"))

    rsvp = Rsvp.objects.get()
    assert "Write a phone number with its area code" in again.content.decode()
    assert (str(rsvp.contact.phone), rsvp.contact.email) == ("+14155550123", "")
    assert (rsvp.source, rsvp.language, rsvp.contact.language) == ("phone", "es", "es")
    need = Accommodation.objects.get()
    assert (need.kind, need.language, need.contact) == ("interpreter", "es", rsvp.contact)
    page = staff.get(reverse("sign_up", args=[event.uid, rsvp.uid])).content.decode()
    assert "(415) 555-0123" in page
    staff.post(reverse("give_back", args=[event.uid, rsvp.uid]))
    rsvp.refresh_from_db()
    assert rsvp.response == "declined"


def test_staff_learn_that_an_address_is_signed_up_already(event, pair, signed_in):
    sign_up(event, "Ana", 1)

    answer = signed_in(pair[0]).post(
        reverse("add_sign_up", args=[event.uid]), typed(source="counter")
    )

    assert "Somebody of this address is signed up" in answer.content.decode()
    assert Rsvp.objects.count() == 1
