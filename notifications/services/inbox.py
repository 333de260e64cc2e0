"""Mail to us: what came back, what calendars answered, and our own canaries. Anything else is left
to people."""

from django.conf import settings

from notifications import mailboxes
from notifications.mailboxes import Arrived
from notifications.services import bounces, canary, replies


def read() -> int:
    """Take in what is new in our mailboxes; returns how many mails were of use."""
    folders = {settings.BOUNCE_MAILDIR, settings.REPLY_MAILDIR} - {""}
    addresses = {settings.BOUNCE_IMAP_URL, settings.REPLY_IMAP_URL} - {""}
    return sum(_take(mail) for mail in mailboxes.unread(sorted(folders), sorted(addresses)))


def _take(mail: Arrived) -> bool:
    if canary.came_back(mail.raw):
        mail.is_kept = False
        return True
    return bounces.receive(mail.raw) or replies.receive(mail.raw)
