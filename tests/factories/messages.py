"""Subscriptions, and messages that are due."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from notifications.enums import Channel, Lane, MessageKind
from notifications.models import Campaign, Message, ReminderRule, Subscription
from notifications.services import campaigns, claiming
from outreach.models import StaffMember
from scheduling.models import Event
from tests.factories.people import ContactFactory


class SubscriptionFactory(DjangoModelFactory):
    """Confirmed, by e-mail, for the whole city unless a beat is given."""

    class Meta:
        model = Subscription

    contact = factory.SubFactory(ContactFactory)
    channel = Channel.EMAIL
    wording_version = "test"
    asked_on_page = "test"
    confirmed_at = factory.LazyFunction(timezone.now)


def default_rules() -> None:
    """The rules a new database begins with; tests with transactions of their own empty it."""
    for name, minutes in (("week-before", 10080), ("day-before", 1440), ("two-hours-before", 120)):
        ReminderRule.objects.get_or_create(
            name=name, defaults={"lead_minutes": minutes, "is_by_call": minutes == 1440}
        )


def silent_rules() -> None:
    """No reminders but those of the test, none that planning would add."""
    default_rules()
    ReminderRule.objects.update(is_active=False)


def make_campaign(by: StaffMember, **columns: Any) -> Campaign:
    """A draft in both languages, to all who agreed to bulletins by mail."""
    given = {"name": "Night Out", "kind": "night-out", "channels": ["email"]} | columns
    said = {
        "en": campaigns.Words("Night Out", "Come to the park.", "Come to the park."),
        "es": campaigns.Words("Noche", "Venga al parque.", "Venga al parque."),
    }
    return campaigns.write(Campaign(made_by=by, **given), said)


def claim_all(size: int = 50) -> list[Message]:
    """What the workers would take of all lanes, the most urgent lane first."""
    return [message for lane in Lane for message in claiming.claim(lane, size=size)]


def due_reminders(event: Event, count: int) -> list[Message]:
    """One due reminder to each of as many subscribers."""
    rule, _ = ReminderRule.objects.get_or_create(lead_minutes=1440, defaults={"name": "day-before"})
    subscriptions = [SubscriptionFactory() for _ in range(count)]
    return Message.objects.bulk_create(
        Message(
            contact=one.contact,
            event=event,
            rule=rule,
            event_starts_at=event.starts_at,
            kind=MessageKind.REMINDER,
            channel=Channel.EMAIL,
            due_at=timezone.now(),
            expires_at=event.starts_at - timedelta(minutes=30),
        )
        for one in subscriptions
    )
