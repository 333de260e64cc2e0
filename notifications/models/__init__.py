from .messages import Message, ReminderRule
from .subscriptions import Subscription, SubscriptionLink, Suppression

__all__ = ["Message", "ReminderRule", "Subscription", "SubscriptionLink", "Suppression"]
