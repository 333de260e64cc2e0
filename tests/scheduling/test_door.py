"""Heads are counted at the door, apart from the seats that were planned."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from outreach.actors import SYSTEM
from outreach.enums import Role
from scheduling import seats
from scheduling.models import Attendance
from scheduling.services import door, events, rsvps
from scheduling.services.bookings import EventCancelled
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def cpc(beat):
    return make_pair(beat)[0]


@pytest.fixture
def event(beat):
    return make_seated(9, beat=beat)


@pytest.fixture
def signed_in(client, cpc):
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_actual_heads_never_touch_the_planned_seats(event, cpc):
    ana, ben = sign_up(event, "Ana", 3), sign_up(event, "Ben", 2)

    door.check_in(ana.pk, heads=5, by=cpc)
    door.check_in(ben.pk, heads=1, by=cpc)
    door.walk_in(event, heads=4, by=cpc)

    seating = seats.of(event)
    assert seating is not None
    assert door.heads(event) == 10
    assert seats.tally(seating).taken == 5
    ana.refresh_from_db()
    assert ana.seats == 3


def test_household_checked_in_twice_counts_as_last_counted(event, cpc):
    ana = sign_up(event, "Ana", 3)

    door.check_in(ana.pk, heads=3, by=cpc)
    door.check_in(ana.pk, heads=2, by=cpc)

    assert door.heads(event) == 2


def test_household_that_gave_back_is_no_longer_on_the_list(event, cpc):
    ana = sign_up(event, "Ana", 3)
    rsvps.give_back(ana.pk, by=SYSTEM)

    with pytest.raises(door.GaveBack):
        door.check_in(ana.pk, heads=3, by=cpc)


def test_nobody_comes_to_a_cancelled_event(event, cpc):
    ana = sign_up(event, "Ana", 3)
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    event.refresh_from_db()

    with pytest.raises(EventCancelled):
        door.walk_in(event, heads=1, by=cpc)
    with pytest.raises(EventCancelled):
        door.check_in(ana.pk, heads=1, by=cpc)


def test_door_checks_in_undoes_and_counts_a_double_click_once(signed_in, event):
    ana = sign_up(event, "Ana", 3)
    page = reverse("door", args=[event.uid])
    walk_in = {"heads": "2", "key": str(uuid4())}

    signed_in.post(reverse("check_in", args=[event.uid, ana.uid]), {"heads": "2"})
    for _ in range(2):
        signed_in.post(reverse("walk_in", args=[event.uid]), walk_in)
    assert signed_in.get(page).context["heads"] == 4

    for attendance in list(Attendance.objects.all()):
        for _ in range(2):
            signed_in.post(reverse("undo_heads", args=[event.uid, attendance.uid]))

    assert signed_in.get(page).context["heads"] == 0


@pytest.mark.parametrize("heads", ["0", "-1", "", "x", "1001", "9" * 40])
def test_door_refuses_what_is_no_number_of_people(signed_in, event, heads):
    ana = sign_up(event, "Ana", 3)

    one = signed_in.post(reverse("check_in", args=[event.uid, ana.uid]), {"heads": heads})
    other = signed_in.post(
        reverse("walk_in", args=[event.uid]), {"heads": heads, "key": str(uuid4())}
    )

    assert (one.status_code, other.status_code) == (200, 200)
    assert "Error:" in one.content.decode()
    assert "Error:" in other.content.decode()
    assert not Attendance.objects.exists()


def test_names_are_looked_for_without_standing_in_an_address(signed_in, event):
    sign_up(event, "Ana")
    sign_up(event, "Ben")

    answer = signed_in.post(reverse("door", args=[event.uid]), {"name": "bEn"})

    assert [one.contact.name for one in answer.context["people"]] == ["Ben"]
    assert "?" not in answer.request["PATH_INFO"] + answer.request["QUERY_STRING"]


def test_code_of_a_household_opens_its_check_in_for_those_at_the_door_only(client, event, cpc):
    ana = sign_up(event, "Ana", 3)
    link = reverse("own_seats", args=[rsvps.own_link(ana)])
    assert "Show this code at the door" in client.get(link).content.decode()
    backend = "allauth.account.auth_backends.AuthenticationBackend"

    client.force_login(make_pair(BeatFactory())[0].user, backend=backend)
    assert client.get(link).status_code == 200
    client.force_login(cpc.user, backend=backend)

    answer = client.get(link)
    assert answer["Location"] == reverse("check_in", args=[event.uid, ana.uid])
    assert "Check in: Ana" in client.get(answer["Location"]).content.decode()
    assert not Attendance.objects.exists()


def test_helper_of_another_beat_who_goes_there_counts_too(client, beat):
    helper = StaffMemberFactory()
    event = make_seated(9, beat=beat, staff=(helper,))
    client.force_login(helper.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("door", args=[event.uid])).status_code == 200
    assert client.get(reverse("event_seats", args=[event.uid])).status_code == 403


def test_household_of_another_event_is_not_checked_in_here(signed_in, event, beat):
    later = event.starts_at + timedelta(days=1)
    ana = sign_up(make_seated(9, beat=beat, starts_at=later), "Ana")

    answer = signed_in.post(reverse("check_in", args=[event.uid, ana.uid]), {"heads": "1"})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()


def test_sign_in_sheet_has_names_and_no_way_to_reach_anybody(signed_in, event):
    sign_up(event, "Ana", 2, phone="+14155550123")
    sign_up(event, "Ben", 9 - 3)
    sign_up(event, "Waits", 5)

    page = signed_in.get(reverse("sign_in_sheet", args=[event.uid])).content.decode()

    assert "Ana" in page
    assert "Waits" not in page
    assert "ana@example.org" not in page
    assert "555" not in page.split("<main")[1].split("<footer")[0]


def test_sign_in_sheet_leads_to_the_door_whoever_may_count_there(client, signed_in, event):
    sheet, at_the_door = (reverse(name, args=[event.uid]) for name in ("sign_in_sheet", "door"))
    assert at_the_door in signed_in.get(sheet).text

    client.force_login(StaffMemberFactory(role=Role.RECORDS_CLERK).user)

    assert client.get(at_the_door).status_code == 403
    assert at_the_door not in client.get(sheet).text
