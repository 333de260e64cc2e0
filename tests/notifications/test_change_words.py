"""What a campaign begins with, to tell of an event that moved or was cancelled."""

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.change_words import suggested
from notifications.forms.campaigns import CampaignForm
from outreach.actors import SYSTEM
from outreach.enums import Role
from outreach.services import venues
from scheduling.enums import Classification
from scheduling.services import events, surveys
from tests.factories.events import make_plan, moved, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def beat():
    return BeatFactory(code="b1", name="North")


@pytest.fixture
def cpc(beat, client):
    coordinator, _ = make_pair(beat)
    client.force_login(coordinator.user, backend=BACKEND)
    return coordinator


def page_of(client) -> str:
    return client.get(reverse("feed_health")).content.decode()


def form_of(event) -> CampaignForm:
    """What the form would send if nobody changed a word."""
    beats = [event.beat] if event.beat else []
    return CampaignForm(suggested(event) | {"channels": ["email"]}, beats=beats)


def test_words_name_event_old_and_new_time_and_place(beat):
    hall = VenueFactory(name="Town hall", address="5 Main St", beat=beat)
    event = moved(beat, summary="Porch lights", venue=hall, texts={"es": ("Luces", "")})

    words = suggested(event)

    assert words["beat"] == "b1"
    assert words["subject_en"] == "Changed: Porch lights"
    assert words["subject_es"] == "Cambio: Luces"
    for code, old, new in (("en", "7 p.m.", "9–10 p.m."), ("es", "7 p.m.", "9–10 p.m.")):
        body = words[f"body_{code}"]
        assert "Town hall, 5 Main St" in body
        assert old in body
        assert new in body
        assert reverse("event", args=[event.uid]) in body
    assert words["sms_en"].startswith("New time: Porch lights is now ")
    assert "Town hall, 5 Main St." in words["sms_en"]
    assert "m.." not in words["sms_en"] + words["sms_es"]
    assert form_of(event).is_valid(), form_of(event).errors


def test_words_of_a_cancelled_event_say_so(beat):
    event = events.create(make_plan(beat=beat, summary="x" * 120), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="The speaker's mother is ill")
    event.refresh_from_db()

    words = suggested(event)

    assert words["body_en"].startswith("This event will not take place:")
    assert words["body_es"].startswith("Este evento no se realizará:")
    assert "mother" not in str(words)
    assert form_of(event).is_valid(), form_of(event).errors


def test_words_hold_no_address_of_a_home(client, beat, cpc):
    home = venues.add_home("Robin's home", "1217 Oak St", block="1200 block of Oak St")
    event = moved(beat, venue=home)

    page = client.get(reverse("add_campaign"), {"event": event.uid}).content.decode()

    assert "1200 block of Oak St" in page
    for private in ("1217", "Robin"):
        assert private not in page
        assert private not in page_of(client)


def test_form_begins_with_the_beat_and_the_words(client, beat, cpc):
    event = moved(beat, summary="Porch lights")

    page = client.get(reverse("add_campaign"), {"event": event.uid}).content.decode()

    assert '<option value="b1" selected>' in page
    assert 'value="Changed: Porch lights"' in page


def test_beat_that_retired_stays_chosen(client):
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    client.force_login(sergeant.user, backend=BACKEND)
    beat = BeatFactory(code="old", ends_on=timezone.localdate())
    event = moved(beat)

    page = client.get(reverse("add_campaign"), {"event": event.uid}).content.decode()

    assert '<option value="old" selected>' in page


def test_only_those_who_serve_the_beat_write_to_its_readers(client, beat, cpc):
    elsewhere = BeatFactory(code="b2")
    event = moved(elsewhere, summary="Porch lights")

    page = page_of(client)
    answer = client.get(reverse("add_campaign"), {"event": event.uid})

    assert "Porch lights" in page
    assert f"?event={event.uid}" not in page
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["survey", "private", "nonsense"])
def test_no_words_are_made_of_what_is_not_public(client, beat, cpc, kind):
    asked = "nonsense"
    if kind == "private":
        plan = make_plan(beat=beat, classification=Classification.PRIVATE)
        asked = events.create(plan, by=SYSTEM).uid
    if kind == "survey":
        request = make_request(beat)
        asked = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM).uid

    assert client.get(reverse("add_campaign"), {"event": asked}).status_code == 404


def test_event_planner_reads_and_is_not_offered_what_is_not_theirs(client, beat):
    planner = StaffMemberFactory(role=Role.EVENT_PLANNER)
    client.force_login(planner.user, backend=BACKEND)
    event = moved(beat, summary="Porch lights")

    page = page_of(client)

    assert "Porch lights" in page
    assert f"?event={event.uid}" not in page
