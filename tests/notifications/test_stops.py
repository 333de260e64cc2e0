"""Promise 14: stop means now. And what else a text, a mailbox or a number may say."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.enums import (
    Channel,
    Lane,
    MessageKind,
    MessageStatus,
    Purpose,
    SuppressionKind,
)
from notifications.models import Campaign, Message, ReceivedText, Subscription, Suppression
from notifications.services import campaigns, claiming, planning, stops, subscriptions
from notifications.services.stops import Word
from outreach.enums import LinkPurpose
from outreach.models import Contact
from tests import text_gateway
from tests.factories.messages import SubscriptionFactory, claim_all, make_campaign
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db
NUMBER = "+14155550100"


@pytest.fixture(autouse=True)
def _gateway(settings):
    settings.TEXT_URL = f"https://{text_gateway.ACCOUNT}:{text_gateway.TOKEN}@texts.test/?from=+1"
    settings.BASE_URL = "https://beatbook.test"


def text_us(client, body, *, sid="SM1", number=NUMBER, key=None):
    posted = {"MessageSid": sid, "From": number, "Body": body}
    address = "https://beatbook.test/texts/received/"
    signed = key or text_gateway.signature(address, posted)
    return client.post("/texts/received/", posted, headers={"X-Twilio-Signature": signed})


def texter(**columns) -> Contact:
    contact = Contact.objects.create(phone=NUMBER)
    given = {"confirmed_at": timezone.now(), "asked_on_page": "test"} | columns
    Subscription.objects.create(contact=contact, channel=Channel.TEXT, **given)
    return contact


def start_campaign(channels) -> Campaign:
    staff = StaffMemberFactory()
    campaign = make_campaign(staff, channels=channels)
    campaigns.propose(campaign, by=staff)
    planning.plan()
    return campaign


@pytest.mark.parametrize(
    "body",
    ["STOP", "stop", " Stop. ", "stop!", "quit", "END", "revoke", "Opt out", "OPTOUT", "cancel",
     "unsubscribe", "STOPALL", "stop texting me", "Stop, please",
     "STOP. Sent from my phone", "Stop!! no more", "ALTO", "Parar", "pare", "detener", "BAJA",
     "fin", "Terminar", "¡No más!", "cancelar", "salir", '"stop"'],
)  # fmt: skip
def test_each_word_for_stop_is_understood(body):
    assert stops.word_of(body) is Word.STOP


@pytest.mark.parametrize(
    ("body", "word"),
    [("HELP", Word.HELP), ("Ayuda", Word.HELP), ("información", Word.HELP), ("start", Word.START),
     ("Empezar", Word.START), ("YES", Word.YES), ("Sí", Word.YES), ("si.", Word.YES),
     ("", Word.OTHER), ("I can't come", Word.OTHER), ("the end is near", Word.OTHER),
     ("please cancel my visit", Word.OTHER), ("ok?", Word.YES)],
)  # fmt: skip
def test_other_words_are_not_taken_for_stop(body, word):
    assert stops.word_of(body) is word


@pytest.mark.parametrize(
    ("body", "answer"), [("STOP", "no more texts"), ("ALTO", "no recibirá más mensajes")]
)
def test_stop_is_answered_once_and_ends_everything_to_the_number(client, body, answer):
    texter()
    Contact.objects.update(language="es" if body == "ALTO" else "en")

    first, again = text_us(client, body), text_us(client, body)

    assert answer in first.content.decode()
    assert first["Content-Type"] == "text/xml"
    assert "<Message>" not in again.content.decode()
    assert Subscription.objects.get().ended_at is not None
    assert Suppression.objects.get().kind == SuppressionKind.STOP


def test_stop_in_the_middle_of_a_campaign_is_the_end_of_it():
    contacts = [Contact.objects.create(phone=f"+1415555{n:04}") for n in range(100, 160)]
    Subscription.objects.bulk_create(
        Subscription(
            contact=contact,
            channel=Channel.TEXT,
            purpose=Purpose.BULLETINS,
            confirmed_at=timezone.now(),
        )
        for contact in contacts
    )
    start_campaign([Channel.TEXT])

    taken = claiming.claim(Lane.CAMPAIGN, Channel.TEXT, size=20)
    stopped = contacts[45:]
    for contact in stopped:
        stops.receive(f"SM{contact.pk}", str(contact.phone), Word.STOP)

    later = []
    while batch := claiming.claim(Lane.CAMPAIGN, Channel.TEXT, size=20):
        later += batch
    assert not {one.contact_id for one in later} & {contact.pk for contact in stopped}
    assert len(taken) + len(later) == 45
    left = Message.objects.filter(contact__in=stopped).values_list("status", flat=True)
    assert set(left) == {MessageStatus.SUPPRESSED}


def test_control_without_the_last_look_the_stopped_would_be_written_to(monkeypatch):
    contact = texter(purpose=Purpose.BULLETINS)
    start_campaign([Channel.TEXT])
    stops.receive("SM1", NUMBER, Word.STOP)

    monkeypatch.setattr(claiming, "DROP_UNWANTED", "SELECT 1 WHERE %(lease)s IS NULL")

    (taken,) = claiming.claim(Lane.CAMPAIGN, Channel.TEXT, size=20)
    assert taken.contact == contact


def test_one_click_stops_at_once_without_cookie_or_redirect():
    reader = SubscriptionFactory(purpose=Purpose.BULLETINS).contact
    SubscriptionFactory(contact=reader)
    start_campaign([Channel.EMAIL])
    token = subscriptions.link_token(reader, LinkPurpose.PREFERENCES)

    answer = Client(enforce_csrf_checks=True).post(
        f"/leave/{token}/", {"List-Unsubscribe": "One-Click"}
    )

    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert claim_all() == []
    assert Message.objects.get().status == MessageStatus.WITHDRAWN


def test_start_lifts_the_stop_of_the_own_number_only(client):
    texter()
    text_us(client, "STOP", sid="SM1")
    text_us(client, "STOP", sid="SM2", number="+14155550101")

    text_us(client, "START", sid="SM3")

    assert Suppression.objects.get().address == "+14155550101"


def test_yes_confirms_what_the_number_asked_for(client):
    subscriptions.sign_up(NUMBER, subscriptions.Wish([None]), language="es")
    assert Subscription.objects.get().confirmed_at is None

    answer = text_us(client, "Sí")

    assert Subscription.objects.get().confirmed_at is not None
    assert "gracias" in answer.content.decode()


def test_yes_of_another_number_confirms_nothing(client):
    subscriptions.sign_up(NUMBER, subscriptions.Wish([None]), language="en")

    text_us(client, "YES", number="+14155550101")

    assert Subscription.objects.get().confirmed_at is None


def test_what_somebody_writes_is_not_kept(client):
    answer = text_us(client, "My neighbor deals drugs at 12 Oak St")

    assert "nobody reads this number" in answer.content.decode()
    assert "Oak" not in str(list(ReceivedText.objects.values()))


@pytest.mark.parametrize("key", ["x", "c2ln"])
def test_unsigned_text_is_refused(client, key):
    texter()

    assert text_us(client, "STOP", key=key).status_code == 403
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("body", ["\x00", "x" * 100_000, "\u202estop", "<script>", "🚓" * 800])
def test_hostile_text_is_answered_like_any_other(client, body):
    answer = text_us(client, body)

    assert answer.status_code == 200
    assert "<script" not in answer.content.decode()


def test_mail_that_stopped_is_asked_again_when_somebody_signs_up_anew():
    Suppression.objects.create(address="robin@example.org", kind=SuppressionKind.STOP)
    subscriptions.sign_up("Robin@example.org", subscriptions.Wish([None]), language="en")

    assert [message.kind for message in claim_all()] == [MessageKind.CONFIRM]


def test_mailbox_that_bounced_is_not_asked_again_for_a_month():
    Suppression.objects.create(address="robin@example.org", kind=SuppressionKind.BOUNCE)
    subscriptions.sign_up("robin@example.org", subscriptions.Wish([None]), language="en")

    assert claim_all() == []
    Suppression.objects.update(created_at=timezone.now() - timedelta(days=31))
    Message.objects.all().delete()
    subscriptions.sign_up("robin@example.org", subscriptions.Wish([None]), language="en")
    assert [message.kind for message in claim_all()] == [MessageKind.CONFIRM]


@pytest.mark.parametrize("number", ["\x00", "", "+" * 500, "🚓", "'; --"])
def test_hostile_sender_is_answered_like_any_other(client, number):
    assert text_us(client, "STOP", number=number, sid="\x00").status_code == 200
