"""All series on one page: what goes on by its next date, what is over below."""

from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import Role
from scheduling import localtime, recurrence, selectors
from scheduling.recurrence import Repeats, Rule
from scheduling.services import events, reshaping, series
from tests.factories.events import make_plan
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.factories.series import coming, make_wish, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]
LIST = "/staff/series/"


@pytest.fixture(autouse=True)
def open_city(settings):
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""


@pytest.fixture
def pair(client):
    pair = make_pair(BeatFactory(code="b1", name="Harbor"))
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return pair


def make(pair, rule, **wishes):
    beat = pair[0].posts.get().beat
    return series.create(make_wish(rule, beat=beat, staff=pair[:1], **wishes), by=SYSTEM)


def test_series_stand_by_their_next_date_and_the_ended_below(client, pair):
    later = make(pair, weekly(3, count=2), summary="Later")
    sooner = make(pair, weekly(2), summary="Sooner")
    over = make(pair, weekly(4), summary="Over")
    reshaping.end(over.pk, since=None, by=SYSTEM, reason="over")

    context = client.get(LIST).context

    assert [row[0] for row in context["going_on"]] == [sooner, later]
    assert [row[0] for row in context["over"]] == [over]
    last = later.occurrences.last().event.starts_at
    assert [row[2] for row in context["going_on"]] == [None, timezone.localdate(last)]


def test_row_says_rule_beat_who_next_date_and_clashes(client, pair):
    busy = localtime.instant(coming(1), time(19))
    events.create(make_plan(starts_at=busy, staff=pair[:1]), by=SYSTEM)
    own = make(pair, weekly(1, count=3), summary="Watch")

    page = client.get(LIST).content.decode()

    (shown,) = selectors.all_series()
    assert (shown.waiting_count, shown.next_at) == (1, busy)
    assert "Every week on Tuesday, 7 p.m., 3 times" in page
    assert '<strong class="state state--wrong">1 clashes</strong>' in page
    for words in ("Harbor", pair[0].name, reverse("staff_series", args=[own.uid])):
        assert words in page


def test_series_is_over_when_its_last_date_is_past(client, pair):
    own = make(pair, weekly(1, count=2))
    last = own.occurrences.last().event.ends_at

    with time_machine.travel(last + timedelta(minutes=1)):
        (shown,) = selectors.all_series()

    assert shown.is_over
    assert shown.last_at == own.occurrences.last().event.starts_at


def test_list_asks_as_much_for_a_hundred_as_for_three(client, pair):
    counts = []
    for number in range(100):
        day = coming(0) + timedelta(days=number // 4)
        rule = Rule(Repeats.DAILY, count=1)
        make(pair, rule, begins_on=day, starts=time(9 + 2 * (number % 4)))
        if number in (2, 99):
            client.get(LIST)  # caches of the process fill
            with CaptureQueriesContext(connection) as asked:
                assert client.get(LIST).status_code == 200
            counts.append(len(asked))

    assert counts[0] == counts[1]
    assert client.get(LIST, {"page": 3}).context["page"].number == 3


def test_week_and_series_lead_to_the_list_but_not_the_administrator(client, pair):
    own = make(pair, weekly(1, count=2))
    link = f'href="{LIST}"'
    week, alone = reverse("staff_week"), reverse("staff_series", args=[own.uid])

    assert all(link in client.get(page).content.decode() for page in (week, alone))
    assert link in client.get(week, {"view": "month"}).content.decode()
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    client.force_login(
        administrator.user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert link not in client.get(week).content.decode()
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        (weekly(1), None),
        (weekly(1, count=3), coming(1) + timedelta(weeks=2)),
        (weekly(1, until=coming(1)), coming(1)),
    ],
    ids=["no_end", "count", "until"],
)
def test_last_date_of_a_rule(rule, last):
    assert recurrence.last_date(rule, coming(1)) == last
