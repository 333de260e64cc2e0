"""Mail by SMTP over one connection for a batch."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from django.conf import settings
from django.utils import timezone

from notifications.channels import Connection, PermanentFailure, TemporaryFailure
from outreach import department

# Enhanced status codes (RFC 3463) of an address that does not exist or takes nothing.
NO_SUCH_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")


@dataclass(frozen=True)
class Letter:
    """What one mail says. headers are extra ones; calendar is (method, bytes) of an invitation."""

    subject: str
    text: str
    html: str
    message_id: str
    from_name: str
    to_name: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    calendar: tuple[str, bytes] | None = None


class Mailer(Connection):
    """Opens a connection when first needed and again after a broken one."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter, *, to: str) -> None:
        """Hand one mail over. A 5xx answer to it is permanent; all else may pass.

        A server that refuses us, our password or our own mailbox says nothing of this mail.
        """
        if not to:
            raise PermanentFailure("no address")
        server = self._reach()
        try:
            server.send_message(compose(letter, to), from_addr=_returns_to())
        except (ValueError, MessageError) as failure:
            # Not its text: that repeats the address.
            raise PermanentFailure("cannot be written as a mail") from failure
        except smtplib.SMTPSenderRefused as refusal:
            self.close()
            said = f"the mail server said {refusal.smtp_code}"
            raise TemporaryFailure(said, is_ours=True) from refusal
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            self._refused(code, words, refusal)
        except smtplib.SMTPResponseException as refusal:
            self._refused(refusal.smtp_code, refusal.smtp_error, refusal)
        except (smtplib.SMTPException, OSError) as failure:
            self.close()
            raise TemporaryFailure(type(failure).__name__) from failure

    def _refused(self, code: int, words: bytes | str, refusal: Exception) -> None:
        # The server's words often repeat the address; only its codes are kept.
        self.close()
        text = words.decode(errors="replace") if isinstance(words, bytes) else words
        said = f"the mail server said {code}"
        if code < 500:
            raise TemporaryFailure(said) from refusal
        raise PermanentFailure(said, is_dead=text.startswith(NO_SUCH_MAILBOX)) from refusal

    def _reach(self) -> smtplib.SMTP:
        try:
            return self._connection()
        except smtplib.SMTPResponseException as refusal:
            said = f"the mail server said {refusal.smtp_code}"
            raise TemporaryFailure(said, is_ours=True) from refusal
        except (smtplib.SMTPException, OSError) as failure:
            raise TemporaryFailure(type(failure).__name__, is_ours=True) from failure

    def _connection(self) -> smtplib.SMTP:
        if self._server is None:
            where = (settings.EMAIL_HOST, settings.EMAIL_PORT)
            seconds, trusted = settings.EMAIL_TIMEOUT, ssl.create_default_context()
            server: smtplib.SMTP
            if settings.EMAIL_USE_SSL:
                server = smtplib.SMTP_SSL(*where, timeout=seconds, context=trusted)
            else:
                server = smtplib.SMTP(*where, timeout=seconds)
            if settings.EMAIL_USE_TLS:
                server.starttls(context=trusted)
            if settings.EMAIL_HOST_USER:
                server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
            self._server = server
        return self._server

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def compose(letter: Letter, to: str) -> EmailMessage:
    """multipart/alternative of text and HTML; with an invitation as calendar.md lays it out."""
    mail = EmailMessage(policy=SMTP)
    sender = formataddr((_words(letter.from_name), department.current().mailbox))
    mail["From"] = mail["Reply-To"] = sender
    mail["To"] = formataddr((_words(letter.to_name), _ascii_address(to)))
    mail["Subject"] = _words(letter.subject)
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = letter.message_id
    for name, value in letter.headers.items():
        mail[name] = value
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        method, calendar = letter.calendar
        mail.add_alternative(calendar.decode(), subtype="calendar", params={"method": method})
        mail.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return mail


def _returns_to() -> str:
    """The envelope's sender: where mail that cannot be delivered comes back."""
    return str(settings.BOUNCE_MAILBOX or department.current().mailbox)


def _words(text: str) -> str:
    """One line that stays text: what looks like an encoded word would be decoded, line breaks
    and all, and could add headers of its own."""
    return " ".join(text.split()).replace("=?", "= ?")


def _ascii_address(address: str) -> str:
    """Umlauts in the domain as every server understands them; before the @ few do."""
    name, at, domain = address.rpartition("@")
    return f"{name}{at}{domain.encode('idna').decode('ascii')}"
