"""Change of hands: whole or not at all, under the locks, and never a new SEQUENCE."""

from contextlib import nullcontext
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from notifications import selectors as telling
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import planning, rendering
from outreach.actors import SYSTEM, Actor
from outreach.enums import Role
from scheduling import selectors
from scheduling.enums import EventStatus, RevisionKind, TimeOffKind
from scheduling.models import Revision, TimeOff
from scheduling.services import bookings, events, hands, lateness, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def pair(beat):
    return make_pair(beat)


@pytest.fixture
def other(beat):
    """A coordinator with a post elsewhere."""
    person = StaffMemberFactory()
    PostFactory(beat=BeatFactory(code="b2"), staff=person)
    return person


def going(event) -> set[int]:
    return {one.pk for one in selectors.staff_of(event)}


def rest():
    return hands.rest_of_day(tomorrow(8))


def statuses(*all_events) -> list[str]:
    for event in all_events:
        event.refresh_from_db()
    return [event.status for event in all_events]


def test_hand_over_changes_who_goes_and_not_the_sequence(beat, pair, other):
    event = events.create(make_plan(beat=beat, staff=pair), by=SYSTEM)

    hands.hand_over(event.pk, from_=pair[0], to=other, by=Actor(staff=pair[0]), reason="Court")

    event.refresh_from_db()
    last = event.revisions.order_by("-pk").first()
    assert going(event) == {pair[1].pk, other.pk}
    assert (event.sequence, last.kind, last.note) == (0, RevisionKind.STAFFED, "Court")
    assert [one.event for one in selectors.handed_to(other)] == [event]
    assert not selectors.handed_to(pair[0]).exists()


@pytest.mark.parametrize("minutes", [0, 30, 180])
def test_hand_over_to_somebody_taken_changes_nothing(beat, pair, other, minutes):
    event = events.create(make_plan(beat=beat, staff=pair), by=SYSTEM)
    rival = make_plan(starts_at=tomorrow() + timedelta(minutes=minutes), staff=(other,))
    events.create(rival, by=SYSTEM)
    is_taken = minutes < 180

    with pytest.raises(bookings.DoubleBooked) if is_taken else nullcontext() as refusal:
        hands.hand_over(event.pk, from_=pair[0], to=other, by=SYSTEM, reason="Sick")

    named = [clash.who for clash in refusal.value.clashes] if refusal else []
    assert named == ([other.name] if is_taken else [])
    assert going(event) == ({pair[0].pk, pair[1].pk} if is_taken else {other.pk, pair[1].pk})


def test_who_takes_it_is_no_one_the_resident_excluded(beat, pair, other):
    request = make_request(beat, excluded_staff=other)
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=pair[:1], by=SYSTEM)

    with pytest.raises(hands.NotTheirs):
        hands.hand_over(visit.pk, from_=pair[0], to=other, by=SYSTEM, reason="Sick")

    assert other not in [one.person for one in hands.takers(visit, pair[0])]
    assert going(visit) == {pair[0].pk}


def test_takers_name_the_free_of_the_same_duty_first(beat, pair, other):
    event = events.create(make_plan(beat=beat, staff=pair[:1]), by=SYSTEM)
    busy = StaffMemberFactory()
    PostFactory(beat=BeatFactory(code="b3"), staff=busy)
    events.create(make_plan(staff=(busy,)), by=SYSTEM)

    found = hands.takers(event, pair[0])

    assert [(one.person, one.is_free) for one in found] == [
        (other, True),
        (pair[1], True),
        (busy, False),
    ]


def test_recall_hands_over_frees_or_cancels_all_at_once(beat, pair, other):
    SubscriptionFactory(beat=beat)
    shared = events.create(make_plan(beat=beat, staff=pair, starts_at=tomorrow(18)), by=SYSTEM)
    alone = events.create(make_plan(beat=beat, staff=pair[:1], starts_at=tomorrow(13)), by=SYSTEM)
    morning = events.create(make_plan(beat=beat, staff=pair[:1], starts_at=tomorrow(9)), by=SYSTEM)
    for hour in (13, 18):  # the only peer is free in the morning alone
        events.create(make_plan(staff=(other,), starts_at=tomorrow(hour)), by=SYSTEM)
    planning.plan()
    steps = hands.proposal(pair[0], rest())
    assert [step.what for step in steps] == ["hand-over", "cancel", "free"]

    seen = hands.fingerprint(steps)
    hands.recall(pair[0], rest(), by=Actor(staff=pair[0]), reason="Called away", seen=seen)

    assert statuses(morning, alone, shared) == ["confirmed", "cancelled", "confirmed"]
    assert (going(morning), going(shared)) == ({other.pk}, {pair[1].pk})
    assert [(one.staff, one.kind) for one in TimeOff.objects.all()] == [
        (pair[0], TimeOffKind.RECALL)
    ]
    audience = telling.audience(alone).total
    planning.plan()
    told = Message.objects.filter(kind=MessageKind.CANCELLATION)
    assert told.count() == audience == 1


def test_recall_of_a_day_that_changed_does_nothing(beat, pair):
    event = events.create(make_plan(beat=beat, staff=pair[:1]), by=SYSTEM)
    seen = hands.fingerprint(hands.proposal(pair[0], rest()))
    events.create(make_plan(beat=beat, staff=pair[:1], starts_at=tomorrow(10)), by=SYSTEM)

    with pytest.raises(events.ChangedMeanwhile):
        hands.recall(pair[0], rest(), by=SYSTEM, reason="x", seen=seen)

    assert statuses(event) == [EventStatus.CONFIRMED]
    assert not TimeOff.objects.exists()


def test_recall_page_shows_first_and_does_it_once(client, beat, pair):
    SubscriptionFactory(beat=beat)
    event = events.create(make_plan(beat=beat, staff=pair[:1]), by=SYSTEM)
    page, key = reverse("recall"), str(uuid4())
    entry = {"key": key, "person": pair[0].pk, "starts": "", "reason": "Called away"}
    with time_machine.travel(tomorrow(12), tick=False):
        client.force_login(pair[0].user, backend=BACKEND)
        shown = client.post(page, entry | {"look": "1"})
        assert "Cancelled. Told: 1 by e-mail, 0 by text, 0 by phone." in shown.content.decode()
        assert statuses(event) == ["confirmed"]
        data = shown.context["form"].data
        sent = entry | {"seen": data["seen"], "begins": data["begins"], "recall": "1"}

        answers = [client.post(page, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert statuses(event) == ["cancelled"]
    assert TimeOff.objects.count() == 1


def test_coordinator_recalls_nobody_else_but_the_sergeant_does(client, pair):
    entry = {"key": str(uuid4()), "person": pair[1].pk, "reason": "x", "look": "1"}
    seen = []
    for who in (pair[0], StaffMemberFactory(role=Role.SERGEANT)):
        client.force_login(who.user, backend=BACKEND)
        seen.append(bool(client.post(reverse("recall"), entry).context["form"].errors))

    assert seen == [True, False]


def test_late_team_is_shown_until_the_end_and_the_resident_is_told_once(client, beat, pair):
    visit = surveys.book_visit(
        make_request(beat).pk, starts_at=tomorrow(10), staff=pair[:1], by=SYSTEM
    )
    planning.plan()
    client.force_login(pair[0].user, backend=BACKEND)
    entry = {"key": str(uuid4()), "minutes": "20"}
    for _ in range(2):
        client.post(reverse("say_late", args=[visit.uid]), entry)
    planning.plan()

    told = Message.objects.get(kind=MessageKind.VISIT_LATE)
    assert told.expires_at == visit.ends_at
    assert "late by about 20 minutes" in rendering.render(told).text
    assert selectors.lateness(visit) == 20
    assert Revision.objects.filter(kind=RevisionKind.LATE).count() == 1
    with time_machine.travel(visit.ends_at):
        assert selectors.lateness(visit) == 0


def test_late_is_said_on_the_public_page_and_forgotten_when_the_event_moves(client, beat):
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    lateness.say(event.pk, minutes=10, by=SYSTEM)
    public = reverse("event", args=[event.uid])
    assert "late by about 10 minutes" in client.get(public).content.decode()

    later = make_plan(beat=beat, starts_at=tomorrow() + timedelta(days=1))
    events.change(event.pk, later, by=SYSTEM)

    assert "late by about" not in client.get(public).content.decode()


@pytest.mark.parametrize("minutes", ["", "15", "-10", "\x00", "10"])
def test_only_a_choice_is_late(client, beat, pair, minutes):
    event = events.create(make_plan(beat=beat, staff=pair), by=SYSTEM)
    client.force_login(pair[0].user, backend=BACKEND)

    entry = {"key": str(uuid4()), "minutes": minutes}
    answer = client.post(reverse("say_late", args=[event.uid]), entry)

    assert answer.status_code == 302
    assert selectors.lateness(event) == (10 if minutes == "10" else 0)


def test_nobody_is_late_for_what_has_ended(beat):
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    with time_machine.travel(event.ends_at), pytest.raises(lateness.Over):
        lateness.say(event.pk, minutes=10, by=SYSTEM)

    assert timezone.now() < event.ends_at
    lateness.say(event.pk, minutes=10, by=SYSTEM)
    assert selectors.lateness(event) == 10


@pytest.mark.parametrize(
    ("hours_ahead", "is_offered"), [(13, False), (11, True)], ids=["early", "near"]
)
def test_the_page_offers_to_run_late_only_when_the_event_is_near(
    client, beat, pair, hours_ahead, is_offered
):
    event = events.create(make_plan(beat=beat, staff=pair), by=SYSTEM)

    with time_machine.travel(event.starts_at - timedelta(hours=hours_ahead)):
        client.force_login(pair[0].user, backend=BACKEND)
        page = client.get(reverse("staff_event", args=[event.uid])).content.decode()

    assert reverse("hand_over", args=[event.uid]) in page
    assert (reverse("say_late", args=[event.uid]) in page) == is_offered
