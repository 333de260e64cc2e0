"""What nobody may book: one plain message beside the field, and nothing half-saved."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach.enums import Duty
from scheduling import localtime
from scheduling.models import Closure, Event, Hours
from scheduling.services import checks
from tests.factories.events import local, make_plan, tomorrow
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def staff(client, pair):
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def typed(pair, **other) -> dict:
    return {
        "key": "3d1b1d0c-0c3e-4c5c-9a41-d2f0a2b0f001",
        "program": "community",
        "summary": "Coffee",
        "beat": "b1",
        "status": "confirmed",
        "day": tomorrow().strftime("%m/%d/%Y"),
        "starts": "7pm",
        "ends": "8pm",
        "staff": [person.pk for person in pair],
    } | other


def problems(**wishes) -> dict:
    try:
        checks.refuse(make_plan(**wishes))
    except checks.NotBookable as refusal:
        return refusal.problems
    return {}


def autumn_night() -> date:
    day = timezone.localdate()
    while not localtime.is_doubled(day, time(1, 30)):
        day += timedelta(days=1)
    return day


def spring_night() -> date:
    day = timezone.localdate()
    while True:
        try:
            localtime.instant(day, time(2, 30))
        except localtime.NoSuchTime:
            return day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"ends": "6pm"}, "ends", "The end must be after the start."),
        ({"starts": "10pm", "ends": "1am"}, "ends", "What goes on after midnight"),
        ({"ends": "24:00"}, "ends", "Midnight is 12 a.m. of the next day"),
        ({"starts": "seven"}, "starts", "Enter a valid time"),
        ({"day": "2/30/2027"}, "day", "Enter a valid date"),
        ({"day": "1/5/2026"}, "day", "This time is already past."),
        ({"day": "1/5/2031"}, "day", "within the next two years"),
    ],
    ids=str,
)
def test_form_says_one_plain_thing_and_saves_nothing(staff, pair, wrong, field, words):
    page = staff.post(reverse("add_event"), typed(pair, **wrong))

    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert words in page.content.decode()
    assert not Event.objects.exists()


def test_7pm_is_understood(staff, pair):
    staff.post(reverse("add_event"), typed(pair))

    assert timezone.localtime(Event.objects.get().starts_at).hour == 19


def test_start_in_the_spring_gap_is_refused(staff, pair):
    night = spring_night().strftime("%m/%d/%Y")

    page = staff.post(reverse("add_event"), typed(pair, day=night, starts="2:30am", ends="4am"))

    assert list(page.context["form"].errors) == ["starts"]


def test_doubled_hour_of_autumn_asks_which(staff, pair):
    night = autumn_night()
    form = typed(
        pair, day=night.strftime("%m/%d/%Y"), starts="12:30am", ends="1:30am", program="academy"
    )

    page = staff.post(reverse("add_event"), form)
    assert list(page.context["form"].errors) == ["which_hour"]
    assert 'value="second"' in page.content.decode()
    staff.post(reverse("add_event"), form | {"which_hour": "second"})

    event = Event.objects.get()
    assert event.ends_at - event.starts_at == timedelta(hours=2)


def test_person_without_a_post_that_day_is_refused(beat):
    leaving = StaffMemberFactory(name="June")
    PostFactory(beat=beat, duty=Duty.CPC, staff=leaving, ends_on=timezone.localdate())
    stranger = StaffMemberFactory(name="Nobody’s")

    assert problems(staff=(leaving,)) == {"staff": "No post on that day: June."}
    assert problems(staff=(stranger,)) == {"staff": "No post on that day: Nobody’s."}


def test_beat_that_is_retired_by_then_is_refused():
    beat = BeatFactory(name="Harbor", ends_on=timezone.localdate() + timedelta(days=1))

    assert problems(beat=beat) == {"beat": "Harbor is not in use on that day."}


def test_closed_venue_is_refused_with_its_hours():
    hall = VenueFactory(name="Hall")
    day = timezone.localdate(tomorrow())
    Hours.objects.create(
        venue=hall,
        weekday=day.weekday(),
        opens=time(9),
        closes=time(17),
        starts_on=date(2020, 1, 1),
    )

    assert problems(venue=hall) == {"venue": "Hall is open 9 a.m.–5 p.m. on that day."}
    assert problems(venue=hall, starts_at=tomorrow(10)) == {}
    Closure.objects.create(venue=hall, name="Paint", starts_on=day, ends_on=day + timedelta(days=1))
    assert problems(venue=hall, starts_at=tomorrow(10)) == {
        "venue": "Hall is closed on that day: Paint."
    }


def test_closed_day_and_off_hours_are_worth_a_warning():
    person, _ = make_pair(BeatFactory())
    Hours.objects.create(
        staff=person, weekday=3, opens=time(9), closes=time(17), starts_on=date(2020, 1, 1)
    )

    thanksgiving = make_plan(starts_at=local(2027, 11, 25, 18), staff=(person,))

    told = checks.warnings(thanksgiving)
    assert (told.closed, told.off_hours) == ("Thanksgiving Day", (person,))
    assert checks.warnings(make_plan(starts_at=local(2027, 4, 15, 10), staff=(person,))) == (
        checks.Warnings()
    )
