"""Watch groups: a calendar of their own meetings, kept by those who serve the beat."""

import pytest
from django.urls import reverse

from outreach.actors import SYSTEM
from outreach.models import WatchGroup
from scheduling import published
from scheduling.enums import Scope
from scheduling.models import Event, WatchMeeting
from scheduling.services import events, publishing, reshaping, series
from tests.factories.events import EventFactory, make_plan
from tests.factories.places import BeatFactory, make_group
from tests.factories.series import make_wish

pytestmark = pytest.mark.django_db


@pytest.fixture
def oak():
    return make_group(BeatFactory(code="b1"), code="oak")


def titles(key: str = "feeds/groups/oak.ics") -> int:
    publishing.publish()
    return published.read(key).body.count(b"BEGIN:VEVENT")


def test_meeting_of_a_group_is_in_its_calendar_and_leaves_it(oak):
    event = events.create(make_plan(beat=oak.beat, group=oak), by=SYSTEM)
    EventFactory(beat=oak.beat)
    assert titles() == 1
    assert events.plan_of(event).group == oak

    events.change(event.pk, make_plan(beat=oak.beat, starts_at=event.starts_at), by=SYSTEM)

    assert titles() == 0
    event.refresh_from_db()
    assert event.sequence == 0  # nobody who reads the event sees a difference


def test_series_of_a_group_makes_all_its_meetings(oak):
    own = series.create(make_wish(beat=oak.beat, group=oak), by=SYSTEM)
    dates = own.occurrences.count()
    assert WatchMeeting.objects.filter(group=oak).count() == dates > 10
    assert series.wish_of(own).like.group == oak

    elm = make_group(oak.beat, code="elm", name="Elm Street")
    first = Event.objects.order_by("starts_at")[0]
    plan = events.Plan(**(vars(events.plan_of(first)) | {"group": elm}))
    reshaping.change(first.pk, plan, scope=Scope.ALL, by=SYSTEM)

    assert WatchMeeting.objects.filter(group=elm).count() == dates
    assert (titles(), titles("feeds/groups/elm.ics") > 10) == (0, True)


def test_private_meeting_of_a_group_is_not_in_its_calendar(oak):
    events.create(make_plan(beat=oak.beat, group=oak, classification="private"), by=SYSTEM)

    assert titles() == 0


def test_group_that_ended_is_gone(oak, client):
    assert client.get("/feeds/groups/oak.ics").status_code == 200
    WatchGroup.objects.update(ends_on="2025-01-01")

    assert client.get("/feeds/groups/oak.ics").status_code == 410
    assert client.get("/feeds/groups/none.ics").status_code == 404
    publishing.publish()
    assert published.read("feeds/groups/oak.ics") is None


def test_coordinator_adds_a_group_and_books_its_meeting(client, world):
    client.force_login(
        world["cpc"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    beat = world["cpc"].posts.get().beat
    typed = {"name": "Elm Watch", "code": "elm", "beat": beat.pk, "area": "900 block of Elm St",
             "starts_on": "01/15/2026"}  # fmt: skip

    assert client.post(reverse("add_group"), typed).status_code == 302
    group = WatchGroup.objects.get(code="elm")
    page = client.get(f"{reverse('add_event')}?program=neighborhood-watch&group={group.pk}")
    assert f'<option value="{group.pk}" selected>' in page.content.decode()
    shown = client.get(reverse("watch_groups")).content.decode()
    assert "/feeds/groups/elm.ics" in shown
    assert "Has not met yet" in shown
    assert "Elm Watch" in client.get(f"/beats/{beat.code}/").content.decode()


def test_wrong_group_is_said_at_its_field(client, world):
    client.force_login(
        world["cpc"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    beat = world["cpc"].posts.get().beat
    typed = {"name": "Elm", "code": "Elm St!", "beat": beat.pk, "starts_on": "01/15/2026"}

    page = client.post(reverse("add_group"), typed)

    assert page.status_code == 200
    assert not WatchGroup.objects.filter(name="Elm").exists()
    assert "code" in page.context["form"].errors
    ends_first = typed | {"code": "elm", "ends_on": "01/01/2026"}
    assert client.post(reverse("add_group"), ends_first).status_code == 200
    assert not WatchGroup.objects.filter(name="Elm").exists()
    presentation = {"program": "presentations", "group": world["arguments"]["group"][0]}
    page = client.post(reverse("add_event"), presentation)
    assert page.status_code == 200
