"""What search engines read of an event: true, whole, and no way out of its element."""

import json
import re
from datetime import datetime, timedelta

import pytest
import time_machine

from outreach.actors import SYSTEM
from outreach.enums import Disclosure, VenueKind
from scheduling.services import events, rsvps
from tests.factories.events import EventFactory, local, make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory, VenueFactory
from tests.factories.seats import sign_up
from tests.hostile import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_margins")]
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
START = local(2026, 10, 30, 19)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-10-20T12:00:00-07:00", tick=False) as machine:
        yield machine


def data_of(client, event, **headers) -> dict:
    page = client.get(f"/events/{event.uid}/", headers=headers).content.decode()
    (block,) = BLOCK.findall(page)
    return json.loads(block)


def test_event_says_what_when_where_and_by_whom(client):
    venue = VenueFactory(name="Main Library", address="100 Main St")
    event = EventFactory(starts_at=START, venue=venue, summary="Talk", description="Bring a cup.")

    data = data_of(client, event)

    assert data == {
        "@context": "https://schema.org",
        "@type": "Event",
        "identifier": str(event.uid),
        "url": f"http://127.0.0.1:8000/events/{event.uid}/",
        "name": "Talk",
        "description": "Bring a cup.",
        "startDate": "2026-10-30T19:00:00-07:00",
        "endDate": "2026-10-30T20:00:00-07:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "location": {
            "@type": "Place",
            "name": "Main Library",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "100 Main St",
                "addressLocality": "Harbor Bay",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 41.005, "longitude": -124.195},
        },
        "organizer": {
            "@type": "GovernmentOrganization",
            "name": "Community Affairs Unit",
            "url": "http://127.0.0.1:8000/",
            "telephone": "(555) 010-0140",
            "parentOrganization": {
                "@type": "GovernmentOrganization",
                "name": "Harbor Bay Police Department",
            },
        },
    }


def test_offset_is_that_of_the_season(client):
    event = EventFactory(starts_at=local(2026, 11, 2, 19))

    assert data_of(client, event)["startDate"] == "2026-11-02T19:00:00-08:00"


def test_words_are_of_the_language_of_the_page(client):
    event = EventFactory(starts_at=START)
    event.texts.create(language="es", summary="Reunión")

    data = data_of(client, event, **{"Accept-Language": "es"})

    assert (data["name"], data["inLanguage"]) == ("Reunión", "es")


@pytest.mark.parametrize(
    ("disclosure", "place"),
    [
        (Disclosure.BLOCK, {"name": "1200 block of Oak St", "street": "1200 block of Oak St"}),
        (Disclosure.HIDDEN, {"name": "Harbor Bay", "street": None}),
    ],
)
def test_home_shows_its_block_at_most_and_no_point(client, disclosure, place):
    home = VenueFactory(
        kind=VenueKind.HOME, disclosure=disclosure, address="", name="At Robin's",
        block="1200 block of Oak St",
    )  # fmt: skip
    event = EventFactory(starts_at=START, venue=home)

    location = data_of(client, event)["location"]

    assert location["name"] == place["name"]
    assert location["address"].get("streetAddress") == place["street"]
    assert "geo" not in location
    assert b"Robin" not in client.get(f"/events/{event.uid}/").content


def test_cancelled_event_says_so(client):
    event = events.create(make_plan(starts_at=START), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    assert data_of(client, event)["eventStatus"] == "https://schema.org/EventCancelled"


def move(event, starts_at: datetime, **wishes) -> None:
    plan = make_plan(starts_at=starts_at, **wishes)
    events.change(event.pk, plan, by=SYSTEM)
    event.refresh_from_db()


def test_moved_event_names_the_start_it_had(client):
    event = events.create(make_plan(starts_at=START), by=SYSTEM)
    move(event, START + timedelta(hours=1))
    move(event, START + timedelta(hours=2))
    move(event, START + timedelta(hours=2), location="The other door")

    data = data_of(client, event)

    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2026-10-30T20:00:00-07:00"


def test_event_with_another_place_alone_is_as_scheduled(client):
    event = events.create(make_plan(starts_at=START), by=SYSTEM)
    move(event, START, location="The other door")

    data = data_of(client, event)

    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert "previousStartDate" not in data


def test_seats_left_are_those_of_the_page(client):
    beat = BeatFactory()
    make_pair(beat)
    event = events.create(make_plan(beat=beat, starts_at=START), by=SYSTEM)
    rsvps.set_seats(event.pk, capacity=4, most_a_household=4, closes_at=None)
    sign_up(event, "Ana", 3)

    data = data_of(client, event)

    assert data["maximumAttendeeCapacity"] == 4
    assert data["remainingAttendeeCapacity"] == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(client, words):
    event = EventFactory(starts_at=START, summary=words[:120], description=words, location=words)
    quiet = EventFactory(starts_at=START, summary="a", description="b", location="c")

    data = data_of(client, event)

    assert (data["name"], data["description"]) == (words[:120], words)
    assert data.keys() == data_of(client, quiet).keys()
    page = client.get(f"/events/{event.uid}/").content.decode()
    assert page.count("<script") == page.count("</script>") == 1
