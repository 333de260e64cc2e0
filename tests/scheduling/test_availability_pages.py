"""Hours from a day on, leave, swaps and closed days: kept whole or refused at the field."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach.enums import Role
from scheduling import closures, finding, presence
from scheduling.enums import TimeOffKind
from scheduling.models import Closure, Hours, TimeOff
from scheduling.services import closed_days, hours
from scheduling.spans import Span
from tests.factories.events import tomorrow
from tests.factories.people import StaffMemberFactory
from tests.factories.places import VenueFactory
from tests.factories.series import coming

pytestmark = pytest.mark.django_db
NINE_TO_FIVE = (time(9), time(17))
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cpc():
    return StaffMemberFactory(name="Maya")


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT)


def works(person, day: date) -> list[str]:
    spans = finding.hours_of([person], [])["staff", person.pk].on(day)
    return [
        f"{timezone.localtime(one.starts_at):%H:%M}-{timezone.localtime(one.ends_at):%H:%M}"
        for one in spans
    ]


def typed(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def sent(**wishes) -> dict[str, object]:
    return {"key": str(uuid4())} | wishes


def test_new_hours_hold_from_their_day_and_the_time_before_stays(cpc):
    monday = coming(0, weeks=2)
    before = works(cpc, monday - timedelta(weeks=1))
    hours.set_weekly(cpc, {0: NINE_TO_FIVE}, from_=monday)

    hours.set_weekly(cpc, {0: (time(12), time(20))}, from_=monday + timedelta(weeks=2))

    assert before
    assert works(cpc, monday - timedelta(weeks=1)) == before
    assert works(cpc, monday) == works(cpc, monday + timedelta(weeks=1)) == ["09:00-17:00"]
    assert works(cpc, monday + timedelta(weeks=2)) == ["12:00-20:00"]
    assert works(cpc, monday + timedelta(days=1)) == []


def test_hours_of_the_past_are_not_rewritten(cpc):
    with pytest.raises(hours.NotKept) as refusal:
        hours.set_weekly(cpc, {0: NINE_TO_FIVE}, from_=timezone.localdate() - timedelta(days=1))

    assert list(refusal.value.problems) == ["from_"]
    assert not Hours.objects.exists()


def test_venue_stays_open_until_its_first_hours_begin():
    venue, monday = VenueFactory(), coming(0, weeks=2)

    hours.set_weekly(venue, {0: NINE_TO_FIVE}, from_=monday)

    opened = finding.hours_of([], [venue])["venue", venue.pk]
    assert len(opened.on(monday - timedelta(days=1))) == 1
    assert opened.on(monday + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("minutes", "field"),
    [(0, "last"), (-60, "last"), (366 * 1440 + 1, "last"), (60, None), (366 * 1440, None)],
)
def test_leave_has_a_length(cpc, minutes, field):
    span = Span(tomorrow(), tomorrow() + timedelta(minutes=minutes))
    try:
        hours.take_leave(cpc, kind=TimeOffKind.SICK, span=span)
        refused = None
    except hours.NotKept as refusal:
        refused = next(iter(refusal.problems))

    assert refused == field
    assert TimeOff.objects.count() == (0 if field else 1)


def test_leave_does_not_overlap_own_leave_but_may_lie_beside_it_or_on_busy_time(cpc):
    start = tomorrow(9)
    TimeOff.objects.create(
        staff=cpc, kind=TimeOffKind.OUTSIDE, starts_at=start, ends_at=start + timedelta(hours=9)
    )
    first = Span(start, start + timedelta(hours=2))
    hours.take_leave(cpc, kind=TimeOffKind.COURT, span=first)
    later = Span(start + timedelta(hours=1), start + timedelta(hours=3))
    with pytest.raises(hours.NotKept):
        hours.take_leave(cpc, kind=TimeOffKind.SICK, span=later)

    beside = Span(start + timedelta(hours=2), start + timedelta(hours=3))
    hours.take_leave(cpc, kind=TimeOffKind.SICK, span=beside)

    assert [one.kind for one in presence.leave(cpc)] == ["court", "sick"]


def test_swap_gives_the_hours_of_the_day_to_the_other(cpc):
    taker, monday = StaffMemberFactory(), coming(0)
    saturday = monday + timedelta(days=5)
    hours.set_weekly(cpc, {5: (time(8), time(14))}, from_=timezone.localdate())

    hours.swap(cpc, taker, day=saturday)

    assert works(taker, saturday) == ["08:00-14:00"]
    assert works(taker, saturday + timedelta(weeks=1)) == []
    shown = presence.of_person(cpc, monday).days[5]
    assert shown.is_away_all_day
    with pytest.raises(hours.NotKept):  # it is away already
        hours.swap(cpc, taker, day=saturday)
    with pytest.raises(hours.NotKept):  # works on Saturdays only
        hours.swap(cpc, taker, day=monday)


def test_double_press_keeps_one_leave(client, cpc):
    client.force_login(cpc.user, backend=BACKEND)
    day = typed(coming(0))
    entry = sent(kind="vacation", first=day, last=day)

    answers = [client.post(reverse("take_leave", args=[cpc.pk]), entry) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert TimeOff.objects.count() == 1
    assert TimeOff.objects.get().ends_at - TimeOff.objects.get().starts_at == timedelta(days=1)


@pytest.mark.parametrize(
    ("page", "wrong", "words"),
    [
        ("take_leave", {"kind": "swap", "first": "1/1", "last": ""}, "Enter a valid date"),
        ("take_leave", {"kind": "sick", "first": "{day}", "last": "{before}"}, "after the start"),
        ("take_leave", {"kind": "\x00", "first": "{day}", "last": "{day}"}, "valid choice"),
        ("set_hours", {"from_": "{day}"}, "at least one day"),
        ("set_hours", {"from_": "{day}", "opens_1": "9 am"}, "Give both times"),
        ("set_hours", {"from_": "{day}", "opens_1": "9 am", "closes_1": "8 am"}, "after the start"),
        ("swap_shift", {"day": "{day}", "taker": "0"}, "Select a valid choice"),
    ],
)
def test_wrong_entry_is_refused_at_its_field_and_nothing_kept(client, cpc, page, wrong, words):
    client.force_login(cpc.user, backend=BACKEND)
    days = {"day": typed(coming(0)), "before": typed(coming(0) - timedelta(days=1))}
    entry = sent(**{name: value.format(**days) for name, value in wrong.items()})

    answer = client.post(reverse(page, args=[cpc.pk]), entry)

    text = answer.content.decode()
    assert (answer.status_code, words in text, "<title>Error:" in text) == (200, True, True)
    assert (TimeOff.objects.count(), Hours.objects.count()) == (0, 0)


def test_colleague_reads_away_and_never_why(client, cpc, sergeant):
    span = Span(tomorrow(9), tomorrow(12))
    hours.take_leave(cpc, kind=TimeOffKind.COURT, span=span)
    page = reverse("availability_of", args=[cpc.pk])
    seen = {}
    for reader in (cpc, sergeant, StaffMemberFactory(role=Role.NRO)):
        client.force_login(reader.user, backend=BACKEND)
        seen[reader.pk] = "Court" in client.get(page).content.decode()

    assert list(seen.values()) == [True, True, False]


def test_closed_days_are_added_lifted_and_taken_back(client, sergeant):
    client.force_login(sergeant.user, backend=BACKEND)
    holiday = next(d for d in presence.closed_days(coming(0), coming(0) + timedelta(days=366)))
    client.post(reverse("lift_closure"), sent(day=typed(holiday.day)))

    after = closures.between(holiday.day, holiday.day + timedelta(days=1))
    assert not after.is_closed(holiday.day)
    client.post(reverse("remove_closure", args=[Closure.objects.get().uid]))
    after = closures.between(holiday.day, holiday.day + timedelta(days=1))
    assert after.name_of(holiday.day) == holiday.name


def test_city_is_not_closed_twice_on_one_day_but_a_venue_may_be_besides():
    day = coming(1, weeks=30)
    closed_days.close("Retreat", first=day, last=day, venue=None)
    with pytest.raises(hours.NotKept):
        closed_days.close("Flood", first=day - timedelta(days=3), last=day, venue=None)

    closed_days.close("Flood", first=day, last=day, venue=VenueFactory())

    assert [one.name for one in Closure.objects.order_by("pk")] == ["Retreat", "Flood"]
