"""Forms laid out by hand forget no field."""

import re

import pytest
from django.urls import reverse

from outreach.actors import SYSTEM
from scheduling.services import events
from tests.factories.events import make_plan
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    ["request_survey", "add_survey_request", "add_event", "change_event", "subscribe",
     "log_activity"],
)  # fmt: skip
def test_every_field_of_the_form_stands_on_the_page(client, name):
    beat = BeatFactory()
    cpc, _ = make_pair(beat)
    client.force_login(cpc.user, backend="django.contrib.auth.backends.ModelBackend")
    event = events.create(make_plan(beat=beat), by=SYSTEM)

    answer = client.get(reverse(name, args=[event.uid] if name == "change_event" else []))

    shown = set(re.findall(r' name="(\w+)"', answer.content.decode()))
    assert set(answer.context["form"].fields) <= shown
