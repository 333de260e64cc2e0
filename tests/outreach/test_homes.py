"""A home shows its block, never its address."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from outreach.enums import Role, VenueKind
from outreach.models import Venue
from outreach.services import venues
from tests.factories.events import EventFactory
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
MARKER = "1277 Zanzibar Terrace"


@pytest.fixture
def cpc(client):
    staff = make_pair(BeatFactory())[0]
    sign_in(client, staff)
    return staff


def test_home_is_kept_sealed_and_shows_the_block_written(client, cpc):
    form = {"name": "The Itos’ living room", "address": MARKER}
    asked = client.post(reverse("add_home"), form)
    assert "Write the block to show" in asked.content.decode()
    assert not Venue.objects.exists()

    client.post(reverse("add_home"), form | {"block": "1200 block of Zanzibar"})

    home = Venue.objects.get()
    assert (home.address, home.block) == ("", "1200 block of Zanzibar")
    assert home.unseal("address") == MARKER
    event = EventFactory(venue=home)
    for path in ("/", f"/events/{event.uid}/", "/feeds/all.ics", f"/api/v1/events/{event.uid}/"):
        page = client.get(path).content.decode()
        assert "1277" not in page
        assert "Itos" not in page
    assert "1200 block of Zanzibar" in client.get(f"/events/{event.uid}/").content.decode()


def test_address_is_shown_to_the_own_beat_and_that_is_written_down(client, cpc):
    own = venues.add_home("Own", MARKER, block="1200 block")
    Venue.objects.filter(pk=own.pk).update(beat=cpc.posts.get().beat)
    other = venues.add_home("Other", MARKER, block="1200 block")
    Venue.objects.filter(pk=other.pk).update(beat=BeatFactory())

    assert MARKER in client.post(reverse("reveal_home", args=[own.uid])).content.decode()
    assert client.post(reverse("reveal_home", args=[other.uid])).status_code == 404
    assert [look.staff for look in own.reveals.all()] == [cpc]


def test_database_refuses_a_home_with_an_open_address():
    with pytest.raises(IntegrityError, match="venue_home_never_shows_its_address"):
        VenueFactory(kind=VenueKind.HOME, address=MARKER)


def test_planner_sees_no_home(client):
    planner = StaffMemberFactory(role=Role.EVENT_PLANNER)
    sign_in(client, planner)
    home = venues.add_home("Own", MARKER, block="1200 block")

    assert client.post(reverse("reveal_home", args=[home.uid])).status_code == 404
