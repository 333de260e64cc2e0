"""Who answers for which beat."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach import access
from outreach.actors import SYSTEM
from outreach.enums import Duty
from scheduling.services import surveys
from tests.factories.events import tomorrow
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


def test_backup_serves_a_vacant_post_and_a_former_holder_no_more():
    beat, backup, former = BeatFactory(), StaffMemberFactory(), StaffMemberFactory()
    today = timezone.localdate()
    PostFactory(beat=beat, duty=Duty.NRO, staff=former, ends_on=today)
    PostFactory(beat=beat, duty=Duty.NRO, staff=None, backup=backup, starts_on=today)

    assert access.can_manage_beat(backup, beat)
    assert not access.can_manage_beat(former, beat)
    assert access.can_manage_beat(former, beat) == access.served_beats(former).exists()
    assert access.served_beats(former, on=today - timedelta(days=1)).get() == beat


def test_ended_beat_leaves_its_visits_with_its_pair_and_takes_no_new_events(client):
    beat = BeatFactory()
    cpc, nro = make_pair(beat)
    request = make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc, nro), by=SYSTEM)
    beat.ends_on = timezone.localdate()
    beat.save()
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert request.reference in client.get(reverse("survey_queue")).content.decode()
    assert client.get(reverse("staff_survey", args=[request.uid])).status_code == 200
    assert client.get(reverse("cancel_event", args=[visit.uid])).status_code == 200
    choices = dict(client.get(reverse("add_event")).context["form"].fields["beat"].choices)
    assert beat.code not in choices


def test_who_is_sent_to_a_visit_of_another_beat_may_open_it(client):
    beat, helper = BeatFactory(), StaffMemberFactory()
    request, other = make_request(beat), make_request(beat)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(helper,), by=SYSTEM)
    client.force_login(helper.user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert client.get(reverse("staff_event", args=[visit.uid])).status_code == 200
    assert client.get(reverse("staff_survey", args=[request.uid])).status_code == 200
    assert client.get(reverse("staff_survey", args=[other.uid])).status_code == 404
