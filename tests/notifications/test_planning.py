"""Who is owed which message."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications import selectors
from notifications.enums import Channel, MessageKind, MessageStatus
from notifications.models import Message, ReminderRule, Subscription
from notifications.services import delivery, planning, subscriptions
from outreach.actors import SYSTEM, Actor
from outreach.enums import SafeChannel
from outreach.services import surveys as requests
from scheduling.enums import Classification
from scheduling.models import Revision
from scheduling.services import events, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


def kinds(contact=None) -> list[str]:
    found = Message.objects.filter(contact=contact) if contact else Message.objects.all()
    return sorted(found.values_list("kind", flat=True))


def in_days(number: int, hour: int = 19):
    return tomorrow(hour) + timedelta(days=number - 1)


@pytest.mark.parametrize("kind", ["moved", "cancelled"])
def test_subscribers_of_the_beat_hear_of_a_change_once(kind):
    beat, other = BeatFactory(), BeatFactory()
    mine = SubscriptionFactory(beat=beat)
    SubscriptionFactory(beat=None, contact=mine.contact)  # of the whole city too
    SubscriptionFactory(beat=other)
    SubscriptionFactory(beat=beat, confirmed_at=None)
    SubscriptionFactory(beat=beat, ended_at=timezone.now())
    event = events.create(make_plan(beat=beat, starts_at=in_days(20)), by=SYSTEM)
    if kind == "moved":
        plan = make_plan(beat=beat, starts_at=in_days(21))
        events.change(event.pk, plan, by=SYSTEM)
    else:
        events.cancel(event.pk, by=SYSTEM, reason="storm")

    planning.plan()
    planning.plan()

    wanted = {"moved": MessageKind.MOVE, "cancelled": MessageKind.CANCELLATION}[kind]
    assert kinds() == [wanted]
    assert Message.objects.get().contact == mine.contact
    assert not Revision.objects.filter(read_at=None).exists()


def test_event_of_two_beats_is_told_in_both():
    one, two = BeatFactory(), BeatFactory()
    SubscriptionFactory(beat=one)
    SubscriptionFactory(beat=two)
    event = events.create(make_plan(beat=one, also_beats=(two,), starts_at=in_days(20)), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    planning.plan()

    assert kinds() == [MessageKind.CANCELLATION] * 2


def test_private_events_are_told_to_nobody():
    SubscriptionFactory()
    plan = make_plan(classification=Classification.PRIVATE)
    event = events.create(plan, by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")

    planning.plan()

    assert not Message.objects.exists()


def test_edit_of_the_title_tells_nobody_and_reminds_nobody_twice():
    SubscriptionFactory()
    event = events.create(make_plan(starts_at=in_days(1)), by=SYSTEM)
    planning.plan()
    before = kinds()

    events.change(event.pk, make_plan(starts_at=in_days(1), summary="Renamed"), by=SYSTEM)
    planning.plan()

    assert kinds() == before


@pytest.mark.parametrize(
    ("before", "rules"),
    [
        (timedelta(days=7, hours=1), []),
        (timedelta(days=7, minutes=-1), ["week-before"]),
        (timedelta(days=3), ["week-before"]),
        (timedelta(hours=23), ["day-before"]),
        (timedelta(hours=3), ["day-before"]),
        (timedelta(minutes=100), ["two-hours-before"]),
        (timedelta(minutes=20), []),
    ],
    ids=str,
)
def test_late_sign_up_gets_the_one_reminder_that_is_still_useful(before, rules):
    SubscriptionFactory()
    starts_at = timezone.now() + before
    events.create(make_plan(starts_at=starts_at), by=SYSTEM)

    planning.plan()

    assert [m.rule.name for m in Message.objects.order_by("due_at")] == rules


def test_reminders_come_a_week_a_day_and_two_hours_before():
    SubscriptionFactory()
    event = events.create(make_plan(starts_at=in_days(30)), by=SYSTEM)
    planning.plan()
    assert not Message.objects.exists()

    for rule in ReminderRule.objects.all():
        with connection.cursor() as cursor:  # the clock of the statements is the database's
            cursor.execute(
                "UPDATE scheduling_event SET starts_at = now() + %(lead)s,"
                " ends_at = now() + %(lead)s + interval '1 hour'",
                {"lead": timedelta(minutes=rule.lead_minutes)},
            )
        planning.plan()
        event.refresh_from_db()

        reminder = Message.objects.get(event_starts_at=event.starts_at)
        assert reminder.rule == rule
        assert event.starts_at - reminder.due_at == timedelta(minutes=rule.lead_minutes)


def test_moved_event_withdraws_the_old_reminder_and_plans_the_new():
    contact = SubscriptionFactory().contact
    event = events.create(make_plan(starts_at=in_days(1)), by=SYSTEM)
    planning.plan()

    events.change(event.pk, make_plan(starts_at=in_days(2)), by=SYSTEM)
    planning.plan()

    reminders = Message.objects.filter(contact=contact, kind=MessageKind.REMINDER)
    old = reminders.filter(event_starts_at=event.starts_at)
    assert set(old.values_list("status", flat=True)) == {MessageStatus.WITHDRAWN}
    assert reminders.filter(status=MessageStatus.QUEUED, event_starts_at=in_days(2)).exists()


def test_failed_planning_leaves_the_journal_unread(monkeypatch):
    SubscriptionFactory()
    event = events.create(make_plan(), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    monkeypatch.setattr(planning, "VISIT_NOTICES", "SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        planning.plan()

    assert Revision.objects.filter(read_at=None).count() == 2
    assert not Message.objects.exists()


def test_resident_hears_of_the_own_visit_and_nobody_else_does():
    beat = BeatFactory()
    SubscriptionFactory(beat=beat)
    pair, request = make_pair(beat), make_request(beat)
    starts_at = in_days(20, 10)
    by = Actor(staff=pair[0])

    surveys.book_visit(request.pk, starts_at=starts_at, staff=pair, by=by)
    later = starts_at + timedelta(days=1)
    surveys.book_visit(request.pk, starts_at=later, staff=pair, by=by)
    surveys.cancel_visit(request.pk, by=by, reason="called away")
    requests.withdraw(request.pk, by=Actor(contact=request.contact))
    planning.plan()

    assert (
        kinds()
        == kinds(request.contact)
        == [
            MessageKind.SURVEY_RECEIVED,
            MessageKind.SURVEY_WITHDRAWN,
            MessageKind.VISIT_BOOKED,
            MessageKind.VISIT_CANCELLED,
            MessageKind.VISIT_MOVED,
        ]
    )


def test_who_can_only_be_called_gets_calls_and_no_mail():
    beat = BeatFactory()
    pair = make_pair(beat)
    request = make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach="+14155550123")

    surveys.book_visit(request.pk, starts_at=in_days(1, 10), staff=pair, by=SYSTEM)
    planning.plan()

    assert set(Message.objects.values_list("channel", flat=True)) == {Channel.CALL}
    assert claim_all(10) == []


def test_call_nobody_made_is_settled_and_shown_as_trouble():
    beat = BeatFactory()
    pair = make_pair(beat)
    request = make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach="+14155550123")
    surveys.book_visit(request.pk, starts_at=in_days(2, 10), staff=pair[:1], by=SYSTEM)
    planning.plan()
    Message.objects.update(
        created_at=timezone.now() - timedelta(days=1),
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    delivery.expire()

    assert set(Message.objects.values_list("status", flat=True)) == {MessageStatus.EXPIRED}
    assert selectors.troubled().count() == Message.objects.count() > 0


def test_claim_looks_again_at_consent_and_at_the_event():
    leaver, stays = SubscriptionFactory().contact, SubscriptionFactory().contact
    event = events.create(make_plan(starts_at=timezone.now() + timedelta(hours=20)), by=SYSTEM)
    planning.plan()
    subscriptions.leave(leaver)

    claimed = claim_all(10)

    assert [message.contact for message in claimed] == [stays]
    assert Message.objects.get(contact=leaver).status == MessageStatus.WITHDRAWN
    assert claimed[0].event == event


def test_who_signs_up_after_the_planning_is_reminded_too():
    SubscriptionFactory()
    events.create(make_plan(starts_at=timezone.now() + timedelta(hours=20)), by=SYSTEM)
    planning.plan()

    late = SubscriptionFactory().contact
    planning.plan()

    assert kinds(late) == [MessageKind.REMINDER]
    assert Message.objects.count() == 2


def test_event_given_to_another_beat_reminds_its_people():
    one, two = BeatFactory(), BeatFactory()
    neighbor = SubscriptionFactory(beat=two).contact
    starts_at = timezone.now() + timedelta(hours=20)
    event = events.create(make_plan(beat=one, starts_at=starts_at), by=SYSTEM)
    planning.plan()
    assert kinds(neighbor) == []

    events.change(event.pk, make_plan(beat=two, starts_at=starts_at), by=SYSTEM)
    planning.plan()

    assert kinds(neighbor) == [MessageKind.REMINDER]


def test_planned_rule_is_not_worked_through_again():
    SubscriptionFactory()
    events.create(make_plan(starts_at=timezone.now() + timedelta(hours=20)), by=SYSTEM)
    planning.plan()
    Subscription.objects.update(confirmed_at=timezone.now() - timedelta(days=3))
    Message.objects.all().delete()

    assert planning.plan_reminders() == 0


def test_claim_goes_on_past_a_page_nobody_wants():
    event = events.create(make_plan(starts_at=timezone.now() + timedelta(hours=20)), by=SYSTEM)
    for _ in range(3):
        SubscriptionFactory()
    planning.plan()
    first_two = Message.objects.order_by("due_at", "pk")[:2]
    for message in first_two:
        subscriptions.leave(message.contact)

    (claimed,) = claim_all(2)

    assert claimed.event == event
    assert Message.objects.filter(status=MessageStatus.WITHDRAWN).count() == 2


@pytest.mark.parametrize("kind", ["reminder", "cancellation"])
def test_stop_before_the_claim_stops_notices_too(kind):
    beat, other = BeatFactory(), BeatFactory()
    contact = SubscriptionFactory(beat=beat).contact
    SubscriptionFactory(beat=other, contact=contact)  # another consent is not this one
    starts_at = timezone.now() + timedelta(hours=20)
    event = events.create(make_plan(beat=beat, starts_at=starts_at), by=SYSTEM)
    planning.plan()
    if kind == "cancellation":
        events.cancel(event.pk, by=SYSTEM, reason="storm")
        planning.plan()

    subscriptions.choose(contact, subscriptions.Wish([other]), language="en")

    assert claim_all(10) == []


def test_claim_never_sends_what_is_no_longer_useful():
    SubscriptionFactory()
    events.create(make_plan(starts_at=timezone.now() + timedelta(hours=20)), by=SYSTEM)
    planning.plan()
    Message.objects.update(
        created_at=timezone.now() - timedelta(days=1),
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    assert claim_all(10) == []
    assert Message.objects.get().status == MessageStatus.EXPIRED
