"""Mail that came to us: a Maildir folder or an IMAP mailbox, each mail once."""

import imaplib
import logging
import mailbox
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

log = logging.getLogger(__name__)
MOST_AT_ONCE = 200


@dataclass
class Arrived:
    """A mail as it came. Whoever sets is_kept to False has it deleted."""

    raw: bytes
    is_kept: bool = True


def unread(folders: Iterable[str], addresses: Iterable[str]) -> Iterator[Arrived]:
    """The new mail of each, which counts as read once the caller took the next one."""
    for folder in folders:
        yield from _from_maildir(Path(folder))
    for address in addresses:
        yield from _from_imap(address)


def _from_maildir(folder: Path) -> Iterator[Arrived]:
    box = mailbox.Maildir(folder, factory=None, create=True)
    fresh = [key for key in list(box.keys()) if box.get_message(key).get_subdir() == "new"]
    for key in fresh[:MOST_AT_ONCE]:
        yield (arrived := Arrived(box.get_bytes(key)))
        if not arrived.is_kept:
            box.discard(key)
            continue
        mail = box.get_message(key)
        mail.set_subdir("cur")
        mail.add_flag("S")
        box[key] = mail


def _from_imap(address: str) -> Iterator[Arrived]:
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        with _line(parts.scheme, host, parts.port).login(
            unquote(parts.username or ""), unquote(parts.password or ""),
            parts.path.strip("/") or "INBOX",
        ) as box:  # fmt: skip
            unwanted = []
            for mail in box.fetch(AND(seen=False), mark_seen=True, limit=MOST_AT_ONCE, bulk=20):
                yield (arrived := Arrived(mail.obj.as_bytes()))
                if not arrived.is_kept and mail.uid:
                    unwanted.append(mail.uid)
            box.delete(unwanted)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as failure:
        log.warning("a mailbox cannot be read: %s", type(failure).__name__)


def _line(scheme: str, host: str, port: int | None) -> BaseMailBox:
    if scheme == "imaps":
        context = ssl.create_default_context()
        return MailBox(host, port or 993, timeout=10, ssl_context=context)
    return MailBoxUnencrypted(host, port or 143, timeout=10)
