from .messages import Message, ReminderRule, ReminderRun
from .subscriptions import Subscription, SubscriptionLink, Suppression

__all__ = [
    "Message",
    "ReminderRule",
    "ReminderRun",
    "Subscription",
    "SubscriptionLink",
    "Suppression",
]
