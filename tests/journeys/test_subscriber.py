"""A resident subscribes, confirms, is reminded, hears of a move, and leaves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.models import Message, Subscription
from outreach.actors import SYSTEM
from outreach.models import Contact
from scheduling.services import events
from tests.factories.events import make_plan
from tests.journeys.conftest import link_in, text_of

pytestmark = pytest.mark.django_db


def sign_up(client, email="robin@example.org", beat="b1", **headers):
    return client.post("/subscribe/", {"email": email, "beat": beat}, follow=True, headers=headers)


@pytest.fixture
def subscribed(client, beat, post_office):
    sign_up(client)
    (mail,) = post_office.deliver()
    client.post(link_in(mail, "confirm"))


def test_subscribe_confirm_and_be_reminded(client, beat, post_office, venue):
    answer = sign_up(client)
    assert "Look into your mail" in answer.content.decode()
    (mail,) = post_office.deliver()
    assert mail["To"] == "robin@example.org"
    assert mail["Subject"] == "Please confirm your subscription"
    confirm = link_in(mail, "confirm")

    for _ in range(2):  # a mail scanner follows links; nothing may come of it
        assert client.get(confirm).status_code == 200
        client.head(confirm)
    assert Subscription.objects.get().confirmed_at is None
    client.post(confirm)
    assert Subscription.objects.get().confirmed_at is not None

    starts_at = timezone.now() + timedelta(hours=20)
    events.create(make_plan(beat=beat, venue=venue, starts_at=starts_at), by=SYSTEM)
    (reminder,) = post_office.deliver()
    assert reminder["Subject"].startswith("Reminder: Watch meeting")
    assert "Main Library, 100 Main St" in text_of(reminder)
    assert "911" in text_of(reminder)
    assert post_office.deliver() == []


def test_one_click_leave_needs_no_cookie_and_works_at_once(client, beat, subscribed, post_office):
    starts_at = timezone.now() + timedelta(hours=20)
    event = events.create(make_plan(beat=beat, starts_at=starts_at), by=SYSTEM)
    (reminder,) = post_office.deliver()
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = link_in(reminder, "leave")
    assert reminder["List-Unsubscribe"].endswith(f"{leave}>")
    client.get(leave)
    assert Subscription.objects.get().ended_at is None

    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(leave, {"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert Subscription.objects.get().ended_at is not None
    events.cancel(event.pk, by=SYSTEM, reason="storm")
    assert post_office.deliver() == []


def test_move_and_cancellation_are_told_with_the_reason(client, beat, subscribed, post_office):
    starts_at = timezone.now() + timedelta(days=10)
    event = events.create(make_plan(beat=beat, starts_at=starts_at), by=SYSTEM)
    later = starts_at + timedelta(days=1)

    events.change(
        event.pk, make_plan(beat=beat, starts_at=later), by=SYSTEM, reason="The hall is closed."
    )
    (moved,) = post_office.deliver()
    assert moved["Subject"] == "Changed: Watch meeting"
    assert "It was planned for" in text_of(moved)
    assert "The hall is closed." in text_of(moved)

    events.cancel(event.pk, by=SYSTEM, reason="A storm is coming.")
    (cancelled,) = post_office.deliver()
    assert cancelled["Subject"].startswith("Cancelled: Watch meeting")
    assert "A storm is coming." in text_of(cancelled)


def test_preferences_change_beat_and_language(client, beat, subscribed, post_office):
    starts_at = timezone.now() + timedelta(hours=20)
    plan = make_plan(
        beat=beat, starts_at=starts_at, texts={"es": ("Reunión de vecinos", "Bienvenidos")}
    )
    events.create(plan, by=SYSTEM)
    (reminder,) = post_office.deliver()
    preferences = link_in(reminder, "preferences")

    assert "Harbor" in client.get(preferences).content.decode()
    client.post(preferences, {"beats": ["city"], "language": "es"})

    standing = Subscription.objects.get(ended_at=None)
    assert standing.beat is None
    assert Contact.objects.get().language == "es"
    events.create(make_plan(starts_at=starts_at, texts=plan.texts), by=SYSTEM)
    (spanish,) = post_office.deliver()
    assert "Reunión de vecinos" in spanish["Subject"]


def test_ten_sign_ups_of_one_address_make_one_mail(client, beat, post_office):
    for _ in range(10):
        assert sign_up(client, email="Robin@example.org").status_code == 200
        sign_up(client, email="robin@example.org", beat="city")

    assert len(post_office.deliver()) == 1
    assert Contact.objects.count() == 1


@pytest.mark.parametrize("email", ["", "robin", "robin@example.org\r\nBcc: x@example.org", "a@b"])
def test_bad_address_is_refused_at_the_field_and_nothing_is_kept(client, beat, email):
    answer = sign_up(client, email=email)

    page = answer.content.decode()
    assert "Error:" in page
    assert "There is a problem" in page
    assert not Contact.objects.exists()
    assert not Message.objects.exists()


def test_address_no_server_takes_fails_once_and_is_not_tried_again(client, beat, post_office):
    sign_up(client, email="550@example.org")

    assert post_office.deliver() == []
    message = Message.objects.get()
    assert (message.status, message.detail) == ("failed", "the mail server said 550")


def test_busy_server_is_tried_again_later(client, beat, post_office):
    sign_up(client, email="451@example.org")

    assert post_office.deliver() == []
    message = Message.objects.get()
    assert (message.status, message.attempts) == ("queued", 1)
    assert message.due_at > timezone.now() + timedelta(seconds=20)
