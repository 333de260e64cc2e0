"""Before somebody is erased: where staff typed the name, the mailbox or the number."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.urls import reverse
from django.utils import timezone

from notifications.models import Gate
from notifications.services.retention import free_text, holds, mentions
from notifications.services.retention.mentions import Known
from outreach.actors import SYSTEM
from outreach.enums import Disclosure, MilestoneKind, Role, VenueKind
from outreach.models import Milestone, RequestDecision
from scheduling import wording
from scheduling.models import Closure, Event, EventText, Heard, Series, SeriesText
from scheduling.services import events, series
from tests.factories.events import EventFactory, make_plan
from tests.factories.messages import make_campaign
from tests.factories.people import (
    ContactFactory,
    StaffMemberFactory,
    make_event_request,
    make_request,
)
from tests.factories.places import BeatFactory, VenueFactory, make_group
from tests.factories.records import EMAIL, NAME, PHONE
from tests.factories.series import coming, make_wish
from tests.hostile import HOSTILE
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
SHE = Known(NAME, EMAIL, PHONE)
TYPED = f"as {NAME} said"


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT)


def labels(found: mentions.Mentions) -> set[str]:
    return {str(one.label) for one in found.places}


def of_title(title: str, known: Known, sergeant) -> list[str]:
    Event.objects.all().delete()
    EventFactory(summary=title)
    return [
        one.words for one in mentions.of([known], reader=sergeant).places if one.label == "Event"
    ]


def type_everywhere(sergeant) -> None:
    beat = BeatFactory()
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason=TYPED)
    Event.objects.filter(pk=event.pk).update(summary=TYPED)
    EventText.objects.create(event=event, language="es", summary=TYPED)
    Heard.objects.create(event=event, topic="A lamp", promise=TYPED)
    repeated = series.create(make_wish(beat=beat, begins_on=coming(1)), by=SYSTEM)
    Series.objects.filter(pk=repeated.pk).update(summary=TYPED)
    SeriesText.objects.create(series=repeated, language="es", summary="x", description=TYPED)
    asked = make_event_request(beat, topic=TYPED)
    RequestDecision.objects.create(request=asked, staff=sergeant, status="declined", reason=TYPED)
    survey = make_request(beat)
    Milestone.objects.create(survey_request=survey, kind=MilestoneKind.RECEIVED, note=TYPED)
    VenueFactory(
        kind=VenueKind.HOME,
        disclosure=Disclosure.BLOCK,
        name=f"Home of {NAME}",
        address="",
        beat=beat,
    )
    make_group(beat, name=NAME)
    day = timezone.localdate()
    Closure.objects.create(name=NAME, starts_on=day, ends_on=day + timedelta(days=1))
    campaign = make_campaign(sergeant, name=NAME)
    campaign.texts.update(body=TYPED)
    Gate.objects.create(name="email", reason=TYPED)
    holds.hold_event(event, reason=TYPED, by=sergeant)
    LogEntry.objects.create(user=sergeant.user, action_flag=ADDITION, object_repr=TYPED)


def test_every_kind_of_words_is_looked_at_and_nothing_else_is_named(sergeant, client):
    type_everywhere(sergeant)
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)

    one, other = (mentions.of([SHE], reader=staff) for staff in (sergeant, administrator))

    known = {str(source.label) for source in free_text.SOURCES}
    assert labels(one) | labels(other) == known - {"Records request"}
    assert "Place" in labels(other) - labels(one)
    assert one.closed == 2  # a home, and what the administration did
    assert other.closed > 5
    nobody = mentions.of(
        [Known("Nobody Elsewhere", "no@else.example", "+14155550000")], reader=sergeant
    )
    assert (nobody.places, nobody.closed) == ([], 0)
    user = administrator.user
    user.is_staff = user.is_superuser = True
    user.save()
    for staff, found in ((sergeant, one), (administrator, other)):
        sign_in(client, staff)
        assert {client.get(place.page).status_code for place in found.places} == {200}


@pytest.mark.parametrize(
    "written",
    [
        "Marisol Quetzalfeather", "MARISOL  QUETZALFEATHER", "Quetzalfeather, Marisol",
        "Márisol Quétzalfeather", "Mrs. Quetzalfeather's gate", "quetzal@marker.example",
        "Quetzal+spring@MARKER.example", "call 415-555-0187", "(415) 555 0187", "555.0187",
    ],
)  # fmt: skip
def test_it_is_found_however_it_is_written(sergeant, written):
    assert of_title(f"Talk: {written} today", SHE, sergeant)


@pytest.mark.parametrize(
    "written",
    ["Marisol Street", "Quetzalfeathers", "xquetzal@marker.example", "quetzal@marker.example.org2",
     "415-555-01877", "Marisols"],
)  # fmt: skip
def test_control_what_only_looks_like_it_is_left_out(sergeant, written):
    assert not of_title(f"Talk: {written} today", SHE, sergeant)


@pytest.mark.parametrize(
    ("name", "written", "is_found"),
    [
        ("José Núñez", "Jose NUNEZ", True), ("Jose Nunez", "la señora Núñez", True),
        ("Ana de la Paz", "de la costa", False), ("Al", "Al and others", False),
        ("Bo.*", "Bother", False), ("", "anything", False), ("Łukasz Żak", "ŁUKASZ ŻAK", True),
    ],
)  # fmt: skip
def test_names_as_people_have_them(sergeant, name, written, is_found):
    assert bool(of_title(written, Known(name), sergeant)) == is_found


def test_words_around_it_show_no_mailbox_and_no_number(sergeant):
    text = f"Ring +1 415 555 0187 or tom@home.example: {NAME}. {'x' * 99}"[:120]

    (words,) = of_title(text, Known(NAME), sergeant)

    assert NAME in words
    assert "0187" not in words
    assert "tom@" not in words
    assert words.endswith("…")


def test_wording_that_was_mended_is_still_named_where_history_keeps_it(sergeant):
    event = EventFactory(summary=TYPED)
    Event.objects.filter(pk=event.pk).update(summary="Talk")

    assert labels(mentions.of([SHE], reader=sergeant)) == {"Event, earlier wording"}


def test_there_are_never_more_than_a_page_takes(sergeant):
    for _ in range(mentions.MOST_OF_A_KIND + 1):
        EventFactory(summary=TYPED)

    found = mentions.of([SHE], reader=sergeant)

    assert found.is_cut
    assert len([one for one in found.places if one.label == "Event"]) == mentions.MOST_OF_A_KIND


def test_visit_that_excludes_the_reader_is_counted_and_not_shown(sergeant):
    request = make_request(BeatFactory())
    Milestone.objects.create(survey_request=request, kind=MilestoneKind.RECEIVED, note=TYPED)
    assert mentions.of([SHE], reader=sergeant).places

    request.excluded_staff = sergeant
    request.save()

    found = mentions.of([SHE], reader=sergeant)
    assert (found.places, found.closed) == ([], 1)


def test_page_before_the_button_names_them_and_changes_nothing(client, sergeant):
    contact = ContactFactory(name=NAME, email=EMAIL)
    event = EventFactory(summary=TYPED)
    sign_in(client, sergeant)
    page = reverse("erase_person", args=[contact.uid])

    shown = client.get(page).content.decode()
    assert reverse("staff_event", args=[event.uid]) in shown
    assert f"Event, {wording.day(event.starts_at)}</a>" in shown
    assert f'<td class="breaks">{TYPED}</td>' in shown
    client.post(page, {"contacts": [contact.pk], "is_sure": "on"})

    event.refresh_from_db()
    assert event.summary == TYPED


def test_page_says_so_where_there_is_nothing(client, sergeant):
    contact = ContactFactory(name=NAME, email=EMAIL)
    sign_in(client, sergeant)

    assert (
        "Nowhere that you may open."
        in client.get(reverse("erase_person", args=[contact.uid])).content.decode()
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_text_as_a_name_and_around_it(client, sergeant, text):
    """Every row is one link and one cell, whatever stands in it."""
    contact = ContactFactory(name=text[:120])
    EventFactory(summary=f"Zacarias {text}"[:120])
    other = ContactFactory(name="Zacarias")
    sign_in(client, sergeant)

    for one in (contact, other):
        page = client.get(reverse("erase_person", args=[one.uid]))
        rows = len(page.context["mentions"].places)
        shown = page.content.decode()
        assert shown.count('<td class="breaks">') == rows
        assert "<script>alert" not in shown
        assert "<label>" not in shown
    assert rows == 2  # the event and its history
