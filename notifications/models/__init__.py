from .campaigns import Campaign, CampaignText
from .canaries import Canary
from .gates import Gate, Heartbeat, ReceivedText, SickDomain
from .looks import AddressLook
from .messages import Message
from .records import (
    Destruction,
    DestructionCount,
    DestructionItem,
    Erasure,
    ErasureCount,
    ExportFile,
    LegalHold,
    RecordsExport,
)
from .replies import InvitationReply, ReplyCount
from .rules import Digest, ReminderRule, ReminderRun
from .subscriptions import Subscription, SubscriptionLink, Suppression
from .webhooks import Webhook, WebhookDelivery

__all__ = [
    "AddressLook",
    "Campaign",
    "CampaignText",
    "Canary",
    "Destruction",
    "DestructionCount",
    "DestructionItem",
    "Digest",
    "Erasure",
    "ErasureCount",
    "ExportFile",
    "Gate",
    "Heartbeat",
    "InvitationReply",
    "LegalHold",
    "Message",
    "ReceivedText",
    "RecordsExport",
    "ReminderRule",
    "ReminderRun",
    "ReplyCount",
    "SickDomain",
    "Subscription",
    "SubscriptionLink",
    "Suppression",
    "Webhook",
    "WebhookDelivery",
]
