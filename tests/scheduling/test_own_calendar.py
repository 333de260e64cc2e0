"""The own calendar: bookings by a secret address, surveys in neutral words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach import links
from outreach.actors import SYSTEM
from scheduling import feeds, published
from scheduling.enums import Classification, EventStatus
from scheduling.feeds import Feed
from scheduling.models import FeedLink
from scheduling.services import events, own_feeds, publishing, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
SIGN_IN = {"backend": "allauth.account.auth_backends.AuthenticationBackend"}


@pytest.fixture
def pair():
    return make_pair(BeatFactory(code="b1", name="Beat 1"))


def shown(person) -> str:
    publishing.publish()
    key = Feed(link=own_feeds.link_of(person)).key
    return published.read(key).body.decode().replace("\r\n ", "")


def test_own_bookings_are_there_whoever_else_may_see_them(pair):
    own_feeds.renew(pair[0])
    plans = [
        make_plan(summary="Public one", staff=pair, starts_at=tomorrow(9)),
        make_plan(summary="Private one", staff=pair, starts_at=tomorrow(12),
                  classification=Classification.PRIVATE),
        make_plan(summary="Tentative one", staff=pair[:1], starts_at=tomorrow(15),
                  status=EventStatus.TENTATIVE),
        make_plan(summary="Somebody else's", staff=pair[1:], starts_at=tomorrow(18)),
    ]  # fmt: skip
    for plan in plans:
        events.create(plan, by=SYSTEM)

    text = shown(pair[0])

    assert [title for title in ("Public one", "Private one", "Tentative one") if title in text] == [
        "Public one", "Private one", "Tentative one",
    ]  # fmt: skip
    assert "STATUS:TENTATIVE" in text
    assert "Somebody" not in text
    assert "TRANSP:OPAQUE" in text
    assert text.count("/staff/events/") == 6  # each page twice: as URL and in the words


def test_survey_is_an_appointment_and_its_beat(pair):
    own_feeds.renew(pair[0])
    request = make_request(pair[0].posts.get().beat, name="Markername", address="77 Marker St")
    surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=pair, by=SYSTEM)

    text = shown(pair[0])

    assert "SUMMARY:Appointment" in text
    assert "LOCATION:Beat 1" in text
    for marker in ("Markername", "Marker St", "robin@example.org", "Security", "survey"):
        assert marker.lower() not in text.lower()


def test_new_address_ends_the_old_one(pair, client):
    first = own_feeds.renew(pair[0])
    old = Feed(link=first).path
    assert client.get(old).status_code == 200
    fresh = Feed(link=own_feeds.renew(pair[0])).path

    assert client.get(old).status_code == 410
    assert client.get(fresh).status_code == 200
    assert client.get(fresh)["Cache-Control"] == "private, max-age=300"
    assert FeedLink.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize(("days", "status"), [(0, 200), (-1, 410)])
def test_own_calendar_is_gone_with_the_last_day_before_the_ticker_comes_by(
    pair, client, days, status
):
    address = reverse("own_feed", args=[links.token(own_feeds.renew(pair[0]))])
    publishing.publish()
    pair[0].last_day = timezone.localdate() + timedelta(days=days)
    pair[0].save()

    assert client.get(address).status_code == status


def test_who_leaves_takes_the_calendar_along(pair, client):
    path = Feed(link=own_feeds.renew(pair[0])).path
    publishing.publish()
    pair[0].is_active = False
    pair[0].save()

    publishing.publish()

    assert client.get(path).status_code == 410
    assert not list(feeds.open_links())
    assert not [key for key in published.every() if key.startswith("own/")]


def test_page_makes_shows_and_ends_the_address(client):
    staff = StaffMemberFactory()
    client.force_login(staff.user, **SIGN_IN)
    assert "Make my address" in client.get(reverse("own_calendar")).content.decode()

    client.post(reverse("renew_own_calendar"))
    page = client.get(reverse("own_calendar"))

    path = Feed(link=own_feeds.link_of(staff)).path
    assert path in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    client.post(reverse("revoke_own_calendar"))
    assert path not in client.get(reverse("own_calendar")).content.decode()
    assert client.get(path).status_code == 410
