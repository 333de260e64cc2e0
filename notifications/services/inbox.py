"""Mail to us: what came back, and what calendars answered. Anything else is left to people."""

from django.conf import settings

from notifications import mailboxes
from notifications.services import bounces, replies


def read() -> int:
    """Take in what is new in our mailboxes; returns how many mails were of use."""
    folders = {settings.BOUNCE_MAILDIR, settings.REPLY_MAILDIR} - {""}
    addresses = {settings.BOUNCE_IMAP_URL, settings.REPLY_IMAP_URL} - {""}
    return sum(_take(raw) for raw in mailboxes.unread(sorted(folders), sorted(addresses)))


def _take(raw: bytes) -> bool:
    return bounces.receive(raw) or replies.receive(raw)
