"""Promise 27: public forms are no weapon."""

import os

import pytest
from django.core.cache import cache

from notifications.enums import MessageKind, SuppressionKind
from notifications.models import Message, Suppression
from notifications.services import claiming, subscriptions
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
POSTS = 10_000 if os.environ.get("BEATBOOK_FULL") else 300
VICTIM = "victim@example.org"


@pytest.fixture(autouse=True)
def _beat():
    BeatFactory(code="b1")


def post(client, email, *, at="10.0.0.1", **more):
    form = {"email": email, "beat": "b1"} | more
    return client.post("/subscribe/", form, REMOTE_ADDR=at).status_code


def confirmations(email=VICTIM) -> int:
    return Message.objects.filter(kind=MessageKind.CONFIRM, contact__email=email).count()


def test_thousands_of_posts_from_everywhere_send_a_victim_one_mail(client):
    answers = {
        post(client, VICTIM, at=f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}")
        for n in range(POSTS)
    }

    assert answers == {302}
    assert confirmations() == 1


def test_one_place_is_slowed_down_whoever_it_writes_to(client):
    answers = [post(client, f"r{n}@example.org") for n in range(POSTS if POSTS < 1000 else 1000)]

    assert answers[0] == 302
    assert answers[-1] == 429
    assert Message.objects.count() < 100


def test_person_without_script_passes(client):
    page = client.get("/subscribe/").content.decode()
    assert "captcha" not in page.lower()

    assert post(client, "robin@example.org") == 302
    assert confirmations("robin@example.org") == 1


def test_control_without_the_days_limit_the_victim_is_asked_again_and_again(client, monkeypatch):
    monkeypatch.setattr(subscriptions, "_was_asked_lately", lambda address: False)
    asked = set()

    for n in range(5):
        post(client, VICTIM, at=f"10.0.1.{n}")
        asked |= set(Message.objects.values_list("uid", flat=True))

    assert len(asked) == 5


@pytest.mark.parametrize(
    ("email", "words"),
    [("postmaster@example.org", "address of an office"),
     ("no-reply@example.org", "address of an office"),
     ("abuse+x@example.org", "address of an office"),
     ("robin@mailinator.com", "soon gone"), ("robin@sub.mailinator.com", "soon gone"),
     ("", "required"), ("x@", "valid email"), ("robin@example.org\r\nBcc: a@b.c", "valid email"),
     ("\u202erobin@example.org", "valid email")],
)  # fmt: skip
def test_each_bad_mailbox_gets_one_clear_word(client, email, words):
    answer = client.post("/subscribe/", {"email": email, "beat": "b1"})

    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("phone", "words"),
    [("+44 20 7946 0000", "this country only"), ("(800) 555-0199", "takes no texts"),
     ("911", "area code"), ("12", "area code"), ("call me", "area code"),
     ("(415) 555-0100\r\nX: y", "one line")],
)  # fmt: skip
def test_each_bad_number_gets_one_clear_word(client, settings, phone, words):
    settings.TEXT_URL = "https://a:b@texts.test/?from=+1"

    answer = client.post("/subscribe/", {"phone": phone, "beat": "b1"})

    assert words in str(answer.context["form"].errors["phone"])
    assert not Message.objects.exists()


def test_number_signs_up_and_is_asked_once_a_day(client, settings):
    settings.TEXT_URL = "https://a:b@texts.test/?from=+1"
    for n in range(5):
        answer = client.post("/subscribe/", {"phone": "(415) 555-0100", "beat": "b1"})
        assert answer.status_code == 302, n

    asked = Message.objects.get()
    assert (asked.channel, str(asked.contact.phone)) == ("text", "+14155550100")


def test_neither_mailbox_nor_number_is_one_clear_word(client, settings):
    settings.TEXT_URL = "https://a:b@texts.test/?from=+1"
    cache.clear()

    answer = client.post("/subscribe/", {"beat": "b1"})

    assert "Give an e-mail address or a mobile number" in str(answer.context["form"].errors)


def test_stopped_number_is_not_asked(client, settings):
    settings.TEXT_URL = "https://a:b@texts.test/?from=+1"
    Suppression.objects.create(address="+14155550100", kind=SuppressionKind.STOP)
    client.post("/subscribe/", {"phone": "(415) 555-0100", "beat": "b1"})

    assert claiming.claim("personal", "text", size=5) == []
