"""The pages of series: built, looked at, booked once, changed by scope; people hear of it once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.services import planning, rendering
from outreach.actors import SYSTEM
from scheduling.enums import EventStatus, Scope
from scheduling.models import Event, Series
from scheduling.services import events, reshaping, series
from tests.factories.events import make_plan
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.series import coming, make_wish, weekly

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]


@pytest.fixture(autouse=True)
def open_city(settings):
    settings.HOLIDAYS_OF, settings.CLOSED_FRIDAYS_FROM = ("", ""), ""


@pytest.fixture
def pair(client):
    pair = make_pair(BeatFactory(code="b1"))
    client.force_login(pair[0].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return pair


@pytest.fixture
def beat(pair):
    return pair[0].posts.get().beat


def typed(pair, **other) -> dict[str, object]:
    """Second Tuesdays at 7 p.m., as a browser sends them."""
    told = {
        "key": str(uuid4()),
        "program": "neighborhood-watch",
        "summary": "Watch meeting",
        "beat": "b1",
        "day": f"{coming(0):%m/%d/%Y}",
        "starts": "7 p.m.",
        "ends": "8:30 p.m.",
        "repeats": "by-weekday",
        "every": "1",
        "places": ["2"],
        "weekdays": ["1"],
        "ends_how": "never",
        "skips_closures": "on",
        "staff": [one.pk for one in pair],
    }
    return told | other


def test_preview_books_nothing_and_the_booking_does_it_once(client, pair, beat):
    form = typed(pair)
    address = reverse("add_series")

    shown = client.post(address, form | {"preview": "1"})

    assert shown.status_code == 200
    text = shown.content.decode()
    assert "The second Tuesday of each month, 7 p.m., not on closures" in text
    assert Event.objects.count() == 0
    count = shown.context["made_count"]
    first = client.post(address, form | {"book": "1"})
    second = client.post(address, form | {"book": "1"})
    own = Series.objects.get()
    assert first.url == second.url == reverse("staff_series", args=[own.uid])
    assert own.occurrences.count() == Event.objects.count() == count
    assert own.minutes == 90
    page = client.get(first.url).content.decode()
    assert "The second Tuesday of each month, 7 p.m., not on closures" in page


def test_date_ticked_in_the_preview_is_skipped(client, pair, beat):
    form = typed(pair)
    shown = client.post(reverse("add_series"), form | {"preview": "1"})
    day = shown.context["prospects"][1].day.isoformat()

    again = client.post(reverse("add_series"), form | {"preview": "1", "skips": [day]})
    client.post(reverse("add_series"), form | {"book": "1", "skips": [day]})

    assert f'value="{day}" checked' in again.content.decode()
    own = Series.objects.get()
    days = {timezone.localdate(one.recurrence_id).isoformat() for one in own.occurrences.all()}
    assert day not in days
    client.post(reverse("add_series_date", args=[own.uid]), {"day": day})
    days = {timezone.localdate(one.recurrence_id).isoformat() for one in own.occurrences.all()}
    assert day in days


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"places": []}, "places"),
        ({"places": ["7"]}, "places"),
        ({"repeats": "by-day"}, "month_day"),
        ({"repeats": "by-day", "month_day": "31"}, "short_months"),
        ({"repeats": "yearly"}, "repeats"),
        ({"every": "0"}, "every"),
        ({"ends_how": "on-day"}, "until"),
        ({"ends_how": "after"}, "times"),
        ({"ends_how": "after", "times": "600", "repeats": "daily"}, "ends_how"),
        ({"ends": "6 p.m."}, "ends"),
        ({"day": "yesterday"}, "day"),
        ({"starts": "2:30 a.m.", "ends": "3:30 a.m.", "repeats": "weekly", "weekdays": ["6"]},
         "starts"),
        ({"ends_how": "on-day", "until": "01/01/2026"}, None),
        ({"skips": ["nonsense"]}, "skips"),
        ({"key": "1"}, "key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_once_at_its_field(client, pair, beat, wrong, field):
    answer = client.post(reverse("add_series"), typed(pair, **wrong) | {"book": "1"})

    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert list(errors) == [field] if field else errors
    assert all(len(words) == 1 for words in errors.values())
    assert Series.objects.count() == Event.objects.count() == 0
    assert "<title>Error:" in answer.content.decode()


def form_of(client, address: str) -> dict[str, object]:
    """What a browser would send of a form as it stands."""
    form = client.get(address).context["form"]
    sent = {field.html_name: field.value() for field in form}
    sent["starts"], sent["ends"] = f"{sent['starts']:%H:%M}", f"{sent['ends']:%H:%M}"
    sent["day"] = f"{sent['day']:%Y-%m-%d}"
    return {name: value for name, value in sent.items() if value not in (None, False)}


def test_change_page_offers_scopes_the_safest_first(client, pair, beat):
    own = series.create(make_wish(weekly(1, count=4), beat=beat, staff=pair), by=SYSTEM)
    second = own.occurrences.all()[1].event
    address = reverse("change_event", args=[second.uid])

    form = form_of(client, address)
    assert form["scope"] == Scope.ONE
    assert [value for value, _ in client.get(address).context["form"].fields["scope"].choices] == [
        "one",
        "following",
        "all",
    ]
    client.post(address, form | {"summary": "Only this"})
    client.post(address, form_of(client, address) | {"summary": "From here", "scope": "following"})

    names = Event.objects.order_by("starts_at").values_list("summary", flat=True)
    assert list(names) == ["Watch meeting", "From here", "From here", "From here"]
    assert Series.objects.count() == 2


def test_change_that_clashes_lists_the_dates_and_keeps_all(client, pair, beat):
    own = series.create(make_wish(weekly(1, count=3), beat=beat, staff=pair), by=SYSTEM)
    first, second = [one.event for one in own.occurrences.all()[:2]]
    events.create(
        make_plan(starts_at=second.starts_at + timedelta(hours=1), staff=pair[:1]), by=SYSTEM
    )
    address = reverse("change_event", args=[first.uid])
    form = form_of(client, address) | {"starts": "20:00", "ends": "21:00", "scope": "all"}

    refused = client.post(address, form)

    assert refused.status_code == 409
    assert "These dates clash. Nothing is changed yet." in refused.content.decode()
    assert {timezone.localtime(e.starts_at).hour for e in events_of(own)} == {19}
    done = client.post(address, form | {"leaves_clashes": "on"})
    assert done.status_code == 302
    assert [timezone.localtime(e.starts_at).hour for e in events_of(own)] == [20, 19, 20]


def events_of(own: Series) -> list[Event]:
    return [one.event for one in own.occurrences.select_related("event")]


def test_rule_of_a_series_changes_on_its_page_once(client, pair, beat):
    own = series.create(make_wish(weekly(1, count=4), beat=beat, staff=pair), by=SYSTEM)
    uids = [event.uid for event in events_of(own)]
    third = events_of(own)[2]
    address = reverse("change_series", args=[own.uid])
    since = f"{address}?since={timezone.localdate(third.starts_at):%Y-%m-%d}"
    form = form_of(client, since) | {"weekdays": ["2"]}

    shown = client.post(since, form | {"preview": "1"})
    assert shown.context["made_count"] == 2
    first = client.post(since, form | {"save": "1"})
    second = client.post(since, form | {"save": "1"})

    assert first.url == second.url
    new = Series.objects.exclude(pk=own.pk).get()
    assert first.url == reverse("staff_series", args=[new.uid])
    assert [event.uid for event in events_of(own) + events_of(new)] == uids
    weekdays = [timezone.localdate(e.starts_at).weekday() for e in events_of(own) + events_of(new)]
    assert weekdays == [1, 1, 2, 2]


def test_series_is_ended_on_its_page(client, pair, beat):
    own = series.create(make_wish(beat=beat, staff=pair), by=SYSTEM)

    answer = client.post(reverse("cancel_series", args=[own.uid]), {"reason": "Nobody came."})

    assert answer.status_code == 302
    assert {event.status for event in events_of(own)} == {EventStatus.CANCELLED}
    assert "No dates are to come." in client.get(answer.url).content.decode()


def test_waiting_date_is_tried_again_and_says_who_is_in_the_way(client, pair, beat):
    first = make_wish(beat=beat, staff=pair)
    rival = events.create(first.plan_on(first.first_on), by=SYSTEM)
    own = series.create(first, by=SYSTEM)
    waiting = events_of(own)[0]
    address = reverse("claim_occurrence", args=[waiting.uid])
    page = client.get(reverse("staff_series", args=[own.uid])).content.decode()
    assert f"{pair[0].name} is taken" in page

    refused = client.post(address, follow=True).content.decode()
    assert "It still clashes." in refused
    events.cancel(rival.pk, by=SYSTEM, reason="")
    client.post(address)

    waiting.refresh_from_db()
    assert waiting.status == EventStatus.CONFIRMED


def test_change_page_of_a_waiting_date_knows_whom_the_series_sends(client, pair, beat):
    wish = make_wish(beat=beat, staff=pair)
    events.create(wish.plan_on(wish.first_on), by=SYSTEM)
    waiting = events_of(series.create(wish, by=SYSTEM))[0]

    form = form_of(client, reverse("change_event", args=[waiting.uid]))

    assert form["staff"] == [one.pk for one in pair]


def test_series_page_asks_as_much_for_forty_dates_as_for_two(client, pair, beat):
    counts = []
    client.get(reverse("staff_week"))  # the session is renewed once a minute
    for hour, count in enumerate((2, 40)):
        wish = make_wish(
            weekly(1, count=count), beat=beat, staff=pair, venue=VenueFactory(),
            starts=make_wish().starts.replace(hour=9 + 4 * hour),
        )  # fmt: skip
        own = series.create(wish, by=SYSTEM)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("staff_series", args=[own.uid])).status_code == 200
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[0] <= 25


@pytest.mark.parametrize("deed", ["move", "end"])
def test_people_hear_of_a_whole_series_once(pair, beat, deed):
    SubscriptionFactory(beat=beat)
    own = series.create(make_wish(weekly(1, count=5), beat=beat, staff=pair), by=SYSTEM)
    first = events_of(own)[0]
    planning.plan()
    Message.objects.all().delete()

    if deed == "move":
        hour = timedelta(hours=1)
        plan = events.plan_of(first)
        later = make_plan(
            beat=beat, staff=pair, starts_at=plan.starts_at + hour, ends_at=plan.ends_at + hour
        )
        reshaping.change(first.pk, later, scope=Scope.ALL, by=SYSTEM)
        words = "4 later dates of this series change too."
    else:
        reshaping.end(own.pk, since=None, by=SYSTEM, reason="Nobody came.")
        words = "4 later dates of this series will not take place either."
    planning.plan()

    message = Message.objects.exclude(kind="reminder").get()
    assert message.revision.event == first
    letter = rendering.render(message)
    assert words in letter.text
    assert words in letter.html


def test_two_dates_cancelled_one_by_one_are_told_each(pair, beat):
    """The control: what is no single act is told date by date."""
    SubscriptionFactory(beat=beat)
    own = series.create(make_wish(weekly(1, count=3), beat=beat, staff=pair), by=SYSTEM)

    for event in events_of(own)[:2]:
        reshaping.cancel(event.pk, scope=Scope.ONE, by=SYSTEM, reason="storm")
    planning.plan()

    letters = [rendering.render(one) for one in Message.objects.filter(kind="cancellation")]
    assert len(letters) == 2
    assert not any("later date" in letter.text for letter in letters)
