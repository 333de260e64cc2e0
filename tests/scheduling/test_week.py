"""The board offers to move what a press of "Move" would let its reader move."""

import re

import pytest
from django.urls import reverse

from outreach import access
from outreach.actors import SYSTEM
from outreach.enums import Role
from scheduling.services import events
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """An own beat, one of others, the whole city; an event in each, and who plans what."""
    own, other = BeatFactory(), BeatFactory()
    cpc, _ = make_pair(own)
    _, nro = make_pair(other)
    for hour, beat, who in ((9, own, cpc), (9, other, nro), (14, None, cpc)):
        times = {"starts_at": tomorrow(hour), "ends_at": tomorrow(hour + 1)}
        events.create(make_plan(beat=beat, staff=(who,), **times), by=SYSTEM)
    roles = (Role.SERGEANT, Role.EVENT_PLANNER, Role.ADMINISTRATOR, Role.READ_ONLY)
    others = {role.value: StaffMemberFactory(role=role) for role in roles}
    return {"own": own, "other": other, "people": {"cpc": cpc, "nro": nro} | others}


WHO = ["cpc", "nro", "sergeant", "event-planner", "administrator", "read-only"]


@pytest.mark.parametrize("who", WHO)
def test_board_offers_to_move_what_its_reader_may_move_and_nothing_else(client, city, who):
    client.force_login(city["people"][who].user)
    day = tomorrow(9).date()
    page = client.get(reverse("staff_week"), {"week": day.isoformat()}).text

    uids = set(re.findall(r'href="/staff/events/([0-9a-f-]{36})/"', page))
    offered = set(re.findall(r'href="/staff/events/([0-9a-f-]{36})/move/\?from', page))
    dragged = set(re.findall(r'data-event="([0-9a-f-]{36})"', page))
    allowed = {
        uid for uid in uids if client.get(reverse("move_event", args=[uid])).status_code == 200
    }

    assert len(uids) == 3
    assert offered == dragged == allowed


@pytest.mark.parametrize("who", WHO)
def test_managed_beats_are_those_it_can_manage(city, who):
    staff = city["people"][who]
    every = {None: None, city["own"].pk: city["own"], city["other"].pk: city["other"]}

    managed = {key for key, beat in every.items() if access.can_manage_beat(staff, beat)}

    assert access.managed_beats(staff) == managed
