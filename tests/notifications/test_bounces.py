"""Mail that came back is believed only under our own Message-ID."""

import mailbox
from email.message import EmailMessage
from uuid import UUID

import pytest
from django.utils import timezone

from notifications import mailboxes, tasks
from notifications.enums import Channel, MessageStatus, SuppressionKind
from notifications.models import Message, Suppression
from notifications.services import bounces, inbox
from tests import imap_box
from tests.factories.events import EventFactory
from tests.factories.messages import due_reminders

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: outreach@beatbook.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your mail.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user
--b
Content-Type: {kind}

Message-ID: <{uid}@{host}>
Subject: Reminder

--b--
"""


@pytest.fixture
def sent():
    (message,) = due_reminders(EventFactory(), 1)
    Message.objects.update(status=MessageStatus.ACCEPTED, settled_at=timezone.now())
    return message


def report(message, **changes) -> bytes:
    said = {
        "to": message.contact.email, "action": "failed", "status": "5.1.1", "uid": message.uid,
        "host": "127.0.0.1", "kind": "text/rfc822-headers",
    } | changes  # fmt: skip
    return REPORT.format(**said).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
def test_mail_that_came_back_is_noted_and_the_mailbox_written_to_no_more(sent, kind):
    assert bounces.receive(report(sent, kind=kind))

    sent.refresh_from_db()
    assert (sent.status, sent.detail) == (MessageStatus.BOUNCED, "came back with 5.1.1")
    assert Suppression.objects.get().kind == SuppressionKind.BOUNCE


def test_full_mailbox_is_noted_and_tried_again_next_time(sent):
    assert bounces.receive(report(sent, status="5.2.2"))

    sent.refresh_from_db()
    assert sent.status == MessageStatus.BOUNCED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"action": "delayed", "status": "4.4.1"}, {"uid": UUID(int=7)}, {"uid": "x"},
     {"host": "elsewhere.example"}, {"action": "relayed"}, {"status": ""},
     {"kind": "text/plain"}],
    ids=str,
)  # fmt: skip
def test_delays_forgeries_and_nonsense_change_nothing(sent, changes):
    assert not bounces.receive(report(sent, **changes))

    sent.refresh_from_db()
    assert sent.status == MessageStatus.ACCEPTED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"Content-Type: message/delivery-status\n\n", b"x" * 500_000,
     b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n--b--",
     b"Content-Type: message/delivery-status; charset=nonsense\n\nAction: failed\n\n=?x?y?z?="],
    ids=range(6),
)  # fmt: skip
def test_hostile_mail_is_left_alone(raw):
    assert not bounces.receive(raw)


def test_text_message_does_not_come_back_by_mail(sent):
    Message.objects.update(channel=Channel.TEXT)

    assert not bounces.receive(report(sent))


def test_mailbox_is_read_once(sent, settings, tmp_path):
    settings.BOUNCE_MAILDIR = str(tmp_path / "box")
    box = mailbox.Maildir(settings.BOUNCE_MAILDIR)
    box.add(report(sent))
    other = EmailMessage()
    other["Subject"] = "Out of office"
    box.add(other)

    tasks.read_mail()

    sent.refresh_from_db()
    assert sent.status == MessageStatus.BOUNCED
    assert inbox.read() == 0
    assert {mail.get_subdir() for mail in mailbox.Maildir(settings.BOUNCE_MAILDIR)} == {"cur"}


def test_imap_mailbox_is_read_once(sent, settings):
    mails = [report(sent), b"Subject: Out of office\r\n\r\nBack on Monday.\r\n"]
    with imap_box.running(mails) as box:
        settings.BOUNCE_IMAP_URL = f"imap://box:secret@127.0.0.1:{box.port}/INBOX"

        assert inbox.read() == 1
        assert inbox.read() == 0

    sent.refresh_from_db()
    assert sent.status == MessageStatus.BOUNCED
    assert box.seen == {1, 2}


def test_mailbox_that_cannot_be_opened_is_said_in_the_log_without_its_password(
    sent, settings, caplog
):
    with imap_box.running([]) as box:
        settings.BOUNCE_IMAP_URL = f"imap://box:hunter2@127.0.0.1:{box.port}/INBOX"
        assert inbox.read() == 0
    settings.BOUNCE_IMAP_URL = "imap://box:hunter2@127.0.0.1:9/INBOX"
    assert inbox.read() == 0

    assert "a mailbox cannot be read" in caplog.text
    assert "hunter2" not in caplog.text


def test_fault_of_our_own_sender_silences_nobody(sent):
    assert bounces.receive(report(sent, status="5.1.8"))

    assert not Suppression.objects.exists()


def test_new_mail_is_found_behind_many_read_ones(sent, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(mailboxes, "MOST_AT_ONCE", 3)
    settings.BOUNCE_MAILDIR = str(tmp_path / "box")
    box = mailbox.Maildir(settings.BOUNCE_MAILDIR)
    for _ in range(5):
        read = mailbox.MaildirMessage(b"Subject: old\n\nold")
        read.set_subdir("cur")
        box.add(read)
    box.add(report(sent))

    assert inbox.read() == 1
