"""One sick row or a sick server holds nobody up, and nobody's words become headers."""

import smtplib
from datetime import timedelta

import pytest
from django.template import TemplateDoesNotExist

from notifications import tasks
from notifications.channels import TemporaryFailure
from notifications.channels.email import Letter, Mailer, compose
from notifications.enums import Lane, MessageStatus
from notifications.models import Message
from tests import mail_sink
from tests.factories.events import EventFactory, tomorrow
from tests.factories.messages import due_reminders

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(tmp_path, settings):
    with mail_sink.running(tmp_path) as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def messages():
    return due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), 3)


def letter(**words) -> Letter:
    told = {"subject": "Hi", "text": "t", "html": "h", "message_id": "<a@b>", "from_name": "City"}
    return Letter(**(told | words))


def readdress(message: Message, email: str) -> None:
    message.contact.email = email
    message.contact.save()


def statuses(messages) -> list[str]:
    return [Message.objects.get(pk=one.pk).status for one in messages]


def test_address_that_cannot_be_written_fails_alone(sink, messages):
    readdress(messages[0], "josé@example.org")

    tasks.drain(list(Lane))

    assert statuses(messages) == ["failed", "accepted", "accepted"]
    assert "jos" not in Message.objects.get(pk=messages[0].pk).detail


def test_umlauts_in_a_domain_are_written_as_servers_know_them(sink, messages):
    readdress(messages[0], "robin@exämple.org")

    tasks.drain(list(Lane))

    assert statuses(messages)[0] == "accepted"
    assert "robin@xn--exmple-cua.org" in {str(mail["To"]).strip("<>").split("<")[-1]
                                          for mail in sink.mails()}  # fmt: skip


def test_mistake_of_ours_waits_and_the_others_go_at_the_next_ring(sink, messages):
    Message.objects.filter(pk=messages[0].pk).update(kind="unheard-of")

    with pytest.raises(TemplateDoesNotExist):
        tasks.drain(list(Lane))
    tasks.drain(list(Lane))

    assert statuses(messages) == ["queued", "accepted", "accepted"]
    waiting = Message.objects.get(pk=messages[0].pk)
    assert waiting.attempts == 1
    assert waiting.due_at > waiting.created_at + timedelta(seconds=20)
    assert set(Message.objects.filter(status="accepted").values_list("attempts", flat=True)) == {1}


def test_batch_ends_in_time_and_gives_back_what_it_did_not_try(sink, messages, monkeypatch):
    monkeypatch.setattr(tasks, "DRAIN_SECONDS", 0.2)
    readdress(messages[0], "robin.slow@example.org")
    calm = Mailer.send

    def slowly(mailer, words, *, to):
        calm(mailer, words, to=to)
        tasks.monotonic = lambda: float("inf")

    monkeypatch.setattr(tasks, "monotonic", tasks.monotonic)
    monkeypatch.setattr(Mailer, "send", slowly)
    tasks.drain(list(Lane))

    assert sorted(statuses(messages)) == ["accepted", "queued", "queued"]
    assert not Message.objects.filter(status=MessageStatus.SENDING).exists()


@pytest.mark.parametrize(
    "refusal",
    [
        smtplib.SMTPConnectError(554, b"no service here"),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        smtplib.SMTPNotSupportedError("no STARTTLS"),
        smtplib.SMTPServerDisconnected("gone"),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_server_that_refuses_us_says_nothing_of_the_mail(refusal, monkeypatch):
    def refuse(mailer):
        raise refusal

    monkeypatch.setattr(Mailer, "_connection", refuse)

    with pytest.raises(TemporaryFailure), Mailer() as mailer:
        mailer.send(letter(), to="robin@example.org")


def test_refused_mailbox_of_ours_fails_no_mail_for_good(monkeypatch):
    class Server:
        def send_message(self, mail, from_addr):
            raise smtplib.SMTPSenderRefused(530, b"authenticate first", "unit@city")

        def close(self):
            pass

    monkeypatch.setattr(Mailer, "_connection", lambda mailer: Server())

    with pytest.raises(TemporaryFailure), Mailer() as mailer:
        mailer.send(letter(), to="robin@example.org")


@pytest.mark.parametrize("field", ["subject", "to_name", "from_name"])
def test_words_that_look_encoded_add_no_header(field):
    mail = compose(letter(**{field: "=?utf-8?q?a=0D=0ABcc:_x@evil.org?="}), "robin@example.org")

    assert not any(line.startswith(b"Bcc") for line in mail.as_bytes().splitlines())
