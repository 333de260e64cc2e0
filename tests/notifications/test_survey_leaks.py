"""Promise 24: what a survey says of somebody stands nowhere but on its own page."""

import logging
from itertools import product

import pytest
from django.apps import apps
from django.urls import reverse

from notifications import tasks
from notifications.enums import Lane
from notifications.models import Message
from notifications.services import planning
from outreach.actors import SYSTEM
from outreach.encryption import CannotOpen
from outreach.enums import Program, Role
from outreach.models import EventRequest, SurveyRequest, Venue
from outreach.models.sealed import Sealed
from scheduling.services import own_feeds, surveys
from tests import mail_sink
from tests.factories.events import publish, tomorrow
from tests.factories.messages import default_rules
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.records import ADDRESS, EMAIL, NAME, NOTES, OPEN_MARKERS, SEALED_MARKERS
from tests.markers import found
from tests.notifications.test_markers import NOT_IN_SERVICE
from tests.permissions import TABLE
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
EVERY = [*OPEN_MARKERS, *SEALED_MARKERS]
# Of everybody or of whoever works here: beats, maps, calendars, free times, numbers, lists.
PAGES = [name for name, arguments, method in TABLE if (arguments, method) == ("", "GET")]


@pytest.fixture
def survey(settings, tmp_path):
    """Asked for, booked, told of by mail, published; with its mails."""
    default_rules()
    beat = BeatFactory(code="b1")
    cpc, nro = make_pair(beat)
    request = make_request(
        beat, name=NAME, reach=EMAIL, address=ADDRESS, notes=NOTES, wants_invitation=True
    )
    with mail_sink.running(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc, nro), by=SYSTEM)
        own_feeds.renew(cpc)
        planning.plan()
        tasks.drain(list(Lane))
        publish()
        yield request, cpc, sink


def seen_by(client, staff=None) -> str:
    if staff:
        client.force_login(
            staff.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    text = ""
    for name in PAGES:
        answer = client.get(reverse(name))
        text += b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
    return text


def in_text(text: str) -> list[str]:
    return [marker for marker in EVERY if marker.lower() in text.lower()]


def test_feeds_mail_logs_and_dumps_hold_none_of_it(survey, caplog):
    _request, _cpc, sink = survey
    caplog.set_level(logging.DEBUG)
    planning.plan()
    tasks.drain(list(Lane))

    places = found(EVERY, sink.folder)

    assert len(sink.mails()) >= 1
    assert not any(places[marker] for marker in SEALED_MARKERS), places
    # Name and mailbox lie open in the database, and stand in the person's own mails: nowhere else.
    allowed = {"dump", *(str(file) for file in sink.folder.glob("*.eml"))}
    assert all(set(places[marker]) <= allowed for marker in OPEN_MARKERS), places
    assert not [mail["Subject"] for mail in sink.mails() if "survey" in mail["Subject"].lower()]
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(NOT_IN_SERVICE)]
    assert in_text("\n".join(ours)) == []
    assert Message.objects.filter(status="accepted").exists()


@pytest.mark.parametrize("who", ["anonymous", "other", "planner", "administrator"])
def test_maps_free_times_and_lists_show_none_of_it_to_others(survey, client, who):
    roles = {"other": Role.CPC, "planner": Role.EVENT_PLANNER, "administrator": Role.ADMINISTRATOR}
    staff = StaffMemberFactory(role=roles[who]) if who in roles else None
    request, cpc, _sink = survey

    text = seen_by(client, staff)
    for address in (
        reverse("availability_of", args=[cpc.pk]),
        reverse("find_time") + f"?program={Program.PRESENTATIONS}&beat={request.beat.code}",
        reverse("staff_survey", args=[request.uid]),
        reverse("beat", args=["b1"]),
    ):
        text += client.get(address).text

    assert len(text) > 10_000
    assert in_text(text) == []
    assert request.reference not in text


def test_control_its_own_page_shows_it_when_asked(survey, client):
    request, cpc, _sink = survey
    sign_in(client, cpc)

    opened = client.post(reverse("reveal_survey", args=[request.uid])).text

    assert {"Zanzibar", "blue gate", "Quetzalfeather"} <= set(in_text(opened))


def test_control_an_open_column_would_be_found_in_the_dump(survey):
    request, _cpc, _sink = survey
    SurveyRequest.objects.filter(pk=request.pk).update(address_sealed=ADDRESS.encode())

    assert found(["Zanzibar"])["Zanzibar"] == ["dump"]


def places() -> list[tuple[type[Sealed], str]]:
    """Every sealed field there is."""
    return [
        (model, field.name.removesuffix("_sealed"))
        for model in apps.get_models()
        if issubclass(model, Sealed)
        for field in model._meta.fields
        if field.name.endswith("_sealed")
    ]


def test_no_ciphertext_opens_anywhere_but_in_its_own_row_and_field():
    one, other = make_request(None), make_request(None)
    assert {model for model, _ in places()} >= {SurveyRequest, EventRequest, Venue}

    for (model, field), (to, there) in product(places(), places()):
        row, elsewhere = model(uid=one.uid), to(uid=one.uid)
        row.seal(field, NOTES)
        setattr(elsewhere, f"{there}_sealed", getattr(row, f"{field}_sealed"))
        if (model, field) == (to, there):
            assert elsewhere.unseal(there) == NOTES  # the control: at home it opens
            elsewhere.uid = other.uid
        with pytest.raises(CannotOpen):
            elsewhere.unseal(there)
