"""Who changed what, and when."""

from datetime import timedelta

import pghistory
import pytest
from django.db import connection
from django.urls import reverse

from outreach.actors import SYSTEM
from scheduling import audit
from scheduling.models import Booking
from scheduling.services import events
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


def test_change_over_a_page_names_who_did_it(client):
    beat = BeatFactory(code="b1")
    cpc, _ = make_pair(beat)
    event = events.create(make_plan(beat=beat, staff=(cpc,)), by=SYSTEM)
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    client.post(reverse("cancel_event", args=[event.uid]), {"reason": "storm"})

    told = {change.what: change.who for change in audit.changes(event)}
    assert told["Status: Confirmed → Cancelled"] == cpc.name
    assert told[f"{cpc.name}: Released"] == cpc.name
    page = client.get(reverse("staff_event", args=[event.uid])).content.decode()
    assert "Status: Confirmed → Cancelled" in page


def test_move_tells_both_times():
    event = events.create(make_plan(), by=SYSTEM)
    later = tomorrow(20)

    with pghistory.context(staff=None):
        plan = make_plan(starts_at=later, ends_at=later + timedelta(hours=1))
        events.change(event.pk, plan, by=SYSTEM)

    told = next(one for one in audit.changes(event) if "→" in one.what)
    assert "7 p.m. → " in told.what
    assert told.who == ""


def test_writes_past_our_code_are_seen_too():
    cpc, _ = make_pair(BeatFactory())
    event = events.create(make_plan(staff=(cpc,)), by=SYSTEM)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE scheduling_booking SET status = 'released'")

    assert Booking.objects.get().status == "released"
    assert audit.changes(event)[0].what == f"{cpc.name}: Released"
