"""What changed its mind between planning and sending."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.enums import MessageKind, MessageStatus
from notifications.models import Message, ReminderRule
from notifications.services import planning
from outreach.actors import SYSTEM
from scheduling.enums import Classification, EventStatus
from scheduling.services import events, surveys
from tests.factories.events import make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all
from tests.factories.people import make_pair, make_request
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def beat():
    return BeatFactory()


@pytest.fixture
def reader(beat):
    """Subscribed twice over: to the beat and to the city."""
    contact = SubscriptionFactory(beat=beat).contact
    SubscriptionFactory(contact=contact)
    return contact


def soon():
    """So that exactly the reminder of the day before is owed."""
    return timezone.now() + timedelta(hours=20)


def kinds_claimed() -> list[str]:
    return [message.kind for message in claim_all(50)]


def test_reminder_comes_back_with_the_plan_it_belonged_to(beat, reader):
    plan = make_plan(beat=beat, starts_at=soon())
    event = events.create(plan, by=SYSTEM)
    planning.plan()
    away = plan.starts_at + timedelta(days=20)
    elsewhere = replace(plan, starts_at=away, ends_at=away + timedelta(hours=1))
    events.change(event.pk, elsewhere, by=SYSTEM)
    planning.plan()
    assert Message.objects.get(kind=MessageKind.REMINDER).status == MessageStatus.WITHDRAWN

    events.change(event.pk, plan, by=SYSTEM)
    planning.plan()
    planning.plan()

    assert Message.objects.get(kind=MessageKind.REMINDER).status == MessageStatus.QUEUED


def test_reminder_that_went_out_does_not_go_again(beat, reader):
    plan = make_plan(beat=beat, starts_at=soon())
    event = events.create(plan, by=SYSTEM)
    planning.plan()
    Message.objects.update(status=MessageStatus.ACCEPTED)

    events.change(event.pk, replace(plan, summary="New words"), by=SYSTEM)
    planning.plan()

    assert Message.objects.get().status == MessageStatus.ACCEPTED


def test_notice_of_a_visit_is_not_sent_after_its_end(beat):
    ReminderRule.objects.update(is_active=False)
    cpc, _ = make_pair(beat)
    request = make_request(beat)
    surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    planning.plan()  # and the mail server is away for a while
    surveys.cancel_visit(request.pk, by=SYSTEM, reason="")
    planning.plan()

    assert kinds_claimed() == [MessageKind.SURVEY_RECEIVED, MessageKind.VISIT_CANCELLED]


def test_move_of_an_event_that_became_private_is_told_to_nobody(beat, reader):
    ReminderRule.objects.update(is_active=False)
    plan = make_plan(beat=beat)
    event = events.create(plan, by=SYSTEM)
    events.change(event.pk, replace(plan, location="Room 2"), by=SYSTEM)
    planning.plan()
    hidden = replace(plan, location="Room 2", classification=Classification.PRIVATE)
    events.change(event.pk, hidden, by=SYSTEM)

    assert kinds_claimed() == []


def test_tentative_event_moves_and_ends_untold(beat, reader):
    plan = make_plan(beat=beat, status=EventStatus.TENTATIVE)
    event = events.create(plan, by=SYSTEM)
    events.change(event.pk, replace(plan, location="Room 2"), by=SYSTEM)
    planning.plan()
    events.cancel(event.pk, by=SYSTEM, reason="never mind")
    planning.plan()

    assert not Message.objects.exists()
