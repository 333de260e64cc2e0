"""Saying yes by one's own link, and no mail to those who never asked."""

import pytest

from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import subscriptions
from tests.factories.messages import SubscriptionFactory
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("other", "mails"),
    [("Robin+x@Example.org", 1), ("robin+y+z@example.org", 1), ("robinson@example.org", 2),
     ("robin@example.com", 2)],
)  # fmt: skip
def test_mailbox_gets_one_confirmation_a_day_under_all_its_tags(other, mails):
    for email in ("robin+a@example.org", other):
        subscriptions.sign_up(email, subscriptions.Wish([None]), language="en")

    assert Message.objects.filter(kind=MessageKind.CONFIRM).count() == mails


def test_saving_the_own_choices_confirms_what_was_waiting():
    waiting = SubscriptionFactory(beat=BeatFactory(), confirmed_at=None)

    subscriptions.choose(waiting.contact, subscriptions.Wish([waiting.beat]), language="en")

    assert subscriptions.standing(waiting.contact) == [waiting]
