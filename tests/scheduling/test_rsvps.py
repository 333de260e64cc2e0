"""Who gets a seat, who waits, and who comes up."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.actors import SYSTEM, Actor
from outreach.enums import Source
from outreach.models import Contact
from scheduling import seats
from scheduling.enums import RevisionKind, RsvpResponse
from scheduling.models import Revision, Rsvp, RsvpLink
from scheduling.services import events, rsvps
from tests.factories.people import StaffMemberFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db


def answers(event) -> dict[str, str]:
    rows = Rsvp.objects.filter(event=event).select_related("contact").order_by("line")
    return {row.contact.name: row.response for row in rows}


def kinds(rsvp) -> list[str]:
    return list(Revision.objects.filter(rsvp=rsvp).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("wanted", "response", "kind"),
    [(4, RsvpResponse.ACCEPTED, RevisionKind.SEATED),
     (5, RsvpResponse.WAITLISTED, RevisionKind.WAITLISTED)],
    ids=["fits", "does_not_fit"],
)  # fmt: skip
def test_household_gets_seats_as_long_as_it_fits(wanted, response, kind):
    event = make_seated(10)
    sign_up(event, "Ana", 6)

    rsvp = sign_up(event, "Ben", wanted)

    assert rsvp.response == response
    assert kinds(rsvp) == [kind]


def test_nobody_overtakes_the_head_of_the_line():
    event = make_seated(10)
    ana = sign_up(event, "Ana", 6)
    sign_up(event, "Ben", 5)
    sign_up(event, "Cleo", 1)  # would fit, and waits behind Ben
    assert answers(event) == {"Ana": "accepted", "Ben": "waitlisted", "Cleo": "waitlisted"}

    rsvps.change_seats(ana.pk, 5, by=SYSTEM)

    assert answers(event) == {"Ana": "accepted", "Ben": "accepted", "Cleo": "waitlisted"}


def test_seats_given_back_let_as_many_in_as_fit_and_say_so_once():
    event = make_seated(6)
    ana = sign_up(event, "Ana", 6)
    ben, cleo, dan = sign_up(event, "Ben", 2), sign_up(event, "Cleo", 3), sign_up(event, "Dan", 3)

    for _ in range(2):
        rsvps.give_back(ana.pk, by=Actor(contact=ana.contact))

    assert answers(event) == {
        "Ana": "declined", "Ben": "accepted", "Cleo": "accepted", "Dan": "waitlisted",
    }  # fmt: skip
    assert kinds(ana) == [RevisionKind.SEATED, RevisionKind.UNSEATED]
    assert kinds(ben) == kinds(cleo) == [RevisionKind.WAITLISTED, RevisionKind.PROMOTED]
    assert kinds(dan) == [RevisionKind.WAITLISTED]
    assert seats.place_in_line(dan) == 1


def test_head_of_the_line_that_leaves_lets_the_next_by():
    event = make_seated(6)
    sign_up(event, "Ana", 3)
    ben, cleo = sign_up(event, "Ben", 4), sign_up(event, "Cleo", 3)

    rsvps.give_back(ben.pk, by=SYSTEM)

    cleo.refresh_from_db()
    assert cleo.response == RsvpResponse.ACCEPTED


def test_more_seats_let_the_line_in_and_fewer_than_promised_are_refused():
    event = make_seated(4)
    sign_up(event, "Ana", 4)
    sign_up(event, "Ben", 3)

    def resize(capacity: int) -> None:
        rsvps.set_seats(event.pk, capacity=capacity, most_a_household=6, closes_at=None)

    with pytest.raises(rsvps.SeatsPromised) as refusal:
        resize(3)
    assert refusal.value.least == 4
    resize(7)

    assert answers(event) == {"Ana": "accepted", "Ben": "accepted"}
    with pytest.raises(rsvps.SeatsPromised):
        resize(6)
    seating = seats.of(event)
    assert seating is not None
    assert seating.capacity == 7


@pytest.mark.parametrize(("wanted", "most"), [(4, 3), (5, 3)])
def test_household_of_more_than_may_come_is_refused(wanted, most):
    event = make_seated(50, most_a_household=most)

    with pytest.raises(rsvps.NotEnoughSeats) as refusal:
        sign_up(event, "Ana", wanted)

    assert refusal.value.most == most
    assert not Rsvp.objects.exists()
    assert not Contact.objects.exists()


def test_household_never_wants_more_than_there_are_seats():
    event = make_seated(2)

    with pytest.raises(rsvps.NotEnoughSeats) as refusal:
        sign_up(event, "Ana", 3)

    assert refusal.value.most == 2


def test_change_takes_only_what_is_free_and_keeps_the_place_in_line():
    event = make_seated(6)
    ana = sign_up(event, "Ana", 2)
    sign_up(event, "Ben", 3)
    rsvps.change_seats(ana.pk, 3, by=SYSTEM)
    cleo = sign_up(event, "Cleo", 1)

    with pytest.raises(rsvps.NotEnoughSeats) as refusal:
        rsvps.change_seats(ana.pk, 4, by=SYSTEM)
    assert refusal.value.most == 3
    rsvps.change_seats(cleo.pk, 2, by=SYSTEM)

    assert [(row.contact.name, row.seats) for row in Rsvp.objects.order_by("line")] == [
        ("Ana", 3), ("Ben", 3), ("Cleo", 2),
    ]  # fmt: skip


def test_same_mailbox_signs_up_once_and_may_come_back_at_the_end_of_the_line():
    event = make_seated(4)
    ana = sign_up(event, "Ana", 4)
    sign_up(event, "Ben", 2)

    with pytest.raises(rsvps.AlreadySignedUp) as refusal:
        sign_up(event, "Somebody else", email="ANA@example.org")
    assert refusal.value.rsvp == ana
    rsvps.give_back(ana.pk, by=SYSTEM)
    again = sign_up(event, "Ana", 2)

    assert again.contact == ana.contact
    assert (again.line, again.response) == (3, RsvpResponse.ACCEPTED)


def test_constraint_stands_beneath_the_look():
    event = make_seated(4)
    ana = sign_up(event, "Ana")

    with pytest.raises(IntegrityError, match="rsvp_stands_once_a_contact"), transaction.atomic():
        Rsvp.objects.create(
            event=event, contact=ana.contact, seats=1, line=9, response=RsvpResponse.WAITLISTED
        )


def test_strangers_rename_nobody_and_two_of_a_name_without_mail_are_two():
    event, other = make_seated(9), make_seated(9)
    sign_up(event, "Ana")
    sign_up(other, "Eve", email="ana@example.org")

    for _ in range(2):
        sign_up(event, "Robin", email="", source=Source.PHONE)

    assert Contact.objects.get(rsvps__event=event, email="ana@example.org").name == "Ana"
    assert Rsvp.objects.filter(event=event, contact__name="Robin").count() == 2


def test_asking_again_sends_the_link_once_a_day_and_changes_nothing():
    event = make_seated(4)
    ana = sign_up(event, "Ana", 2)
    wish = rsvps.Wish(name="Ana", email="Ana@Example.org", seats=1)

    rsvps.sign_up_online(event.pk, wish=wish)
    assert kinds(ana) == [RevisionKind.SEATED]
    Revision.objects.update(created_at=timezone.now() - timedelta(hours=25))
    for _ in range(3):
        rsvps.sign_up_online(event.pk, wish=wish)

    assert kinds(ana) == [RevisionKind.SEATED] * 2
    ana.refresh_from_db()
    assert ana.seats == 2


def test_mailbox_is_signed_up_for_so_many_events_a_day_under_all_its_tags():
    for number in range(rsvps.MOST_A_DAY):
        sign_up(make_seated(4), "Ana", email=f"ana+{number}@example.org")

    with pytest.raises(rsvps.TooManyToday):
        sign_up(make_seated(4), "Ana", email="Ana@example.org")
    sign_up(make_seated(4), "Ana", email="anabel@example.org")
    sign_up(make_seated(4), "Ana", email="ana@example.org", source=Source.PHONE)

    assert Rsvp.objects.count() == rsvps.MOST_A_DAY + 2


@pytest.mark.parametrize("why", ["begun", "cancelled", "closed"])
def test_sign_up_that_has_closed_is_refused(why):
    event = make_seated(4)
    waits = sign_up(event, "Ana", 4)
    now = timezone.now()
    if why == "cancelled":
        events.cancel(event.pk, by=SYSTEM, reason="storm")
    elif why == "closed":
        rsvps.set_seats(
            event.pk, capacity=4, most_a_household=6, closes_at=now - timedelta(minutes=1)
        )
    else:
        now = event.starts_at + timedelta(minutes=1)

    with time_machine.travel(now), pytest.raises(rsvps.SignUpClosed):
        sign_up(event, "Ben")

    if why != "closed":  # who has seats may give them back until it begins
        with time_machine.travel(now), pytest.raises(rsvps.SignUpClosed):
            rsvps.give_back(waits.pk, by=SYSTEM)
        with time_machine.travel(now), pytest.raises(rsvps.SignUpClosed):
            rsvps.change_seats(waits.pk, 1, by=SYSTEM)


def test_staff_sign_people_up_after_the_public_cannot():
    event = make_seated(4)
    before = timezone.now() - timedelta(minutes=1)
    rsvps.set_seats(event.pk, capacity=4, most_a_household=6, closes_at=before)
    wish = rsvps.Wish(name="Ana", seats=2, phone="+14155550123", source=Source.PHONE)

    rsvp = rsvps.sign_up(event.pk, wish=wish, by=Actor(staff=StaffMemberFactory()))

    assert rsvp.response == RsvpResponse.ACCEPTED
    assert RsvpLink.objects.filter(rsvp=rsvp).count() == 1
