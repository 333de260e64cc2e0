"""Campaigns: who may let them go, whom they reach, and what they may say."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from notifications import tasks
from notifications.enums import CampaignStatus, Channel, Lane, MessageStatus, Purpose
from notifications.models import Campaign, Message
from notifications.services import campaigns, planning, resending
from outreach.enums import Role
from tests import mail_sink
from tests.factories.messages import SubscriptionFactory, claim_all, make_campaign
from tests.factories.people import ContactFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = {
    "name": "Summer", "kind": "bulletin", "beat": "b1", "channels": ["email"],
    "subject_en": "Lock it", "body_en": "Lock your door.",
    "subject_es": "Cierre", "body_es": "Cierre su puerta.",
}  # fmt: skip


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def cpc(beat, client):
    coordinator, _ = make_pair(beat)
    client.force_login(coordinator.user, backend=BACKEND)
    return coordinator


def readers(count: int, **columns):
    return [SubscriptionFactory(purpose=Purpose.BULLETINS, **columns).contact for _ in range(count)]


def go(campaign, staff):
    campaigns.propose(campaign, by=staff)
    planning.plan()
    campaign.refresh_from_db()


def test_reaches_who_agreed_to_bulletins_of_the_beat_once_each(beat):
    staff = StaffMemberFactory()
    (mine,) = readers(1, beat=beat)
    SubscriptionFactory(contact=mine, beat=None, purpose=Purpose.BULLETINS)  # twice the same
    (city,) = readers(1, beat=None)
    again = ContactFactory(email=city.email.upper())  # the same mailbox under another name
    SubscriptionFactory(contact=again, beat=beat, purpose=Purpose.BULLETINS)
    readers(1, beat=BeatFactory())
    readers(1, beat=beat, confirmed_at=None)
    readers(1, beat=beat, ended_at=timezone.now())
    readers(1, beat=beat, programs=["academy"])
    SubscriptionFactory(beat=beat)  # agreed to reminders only
    campaign = make_campaign(staff, beat=beat, programs=["neighborhood-watch"])

    assert campaigns.audience(campaign) == {Channel.EMAIL: 2}
    go(campaign, staff)

    told = {message.contact.email.lower() for message in Message.objects.all()}
    assert told == {mine.email, city.email}


def test_goes_out_at_its_hour_and_only_then():
    staff = StaffMemberFactory()
    readers(1)
    campaign = make_campaign(staff, starts_at=timezone.now() + timedelta(hours=1))
    go(campaign, staff)
    assert (campaign.status, Message.objects.count()) == (CampaignStatus.SCHEDULED, 0)

    campaigns.plan(timezone.now() + timedelta(hours=1, seconds=1))

    assert Message.objects.count() == 1


def test_large_one_waits_for_a_second_person(settings):
    settings.CAMPAIGN_SECOND_PERSON_FROM = 1
    writer, second = StaffMemberFactory(), StaffMemberFactory()
    readers(2)
    campaign = make_campaign(writer)

    go(campaign, writer)
    assert (campaign.status, Message.objects.count()) == (CampaignStatus.PROPOSED, 0)
    with pytest.raises(campaigns.NeedsASecondPerson):
        campaigns.release(campaign, by=writer)
    campaigns.release(campaign, by=second)
    planning.plan()

    assert Message.objects.count() == 2
    assert Campaign.objects.get().released_by == second


def test_pause_holds_what_is_left_and_cancel_ends_it():
    staff = StaffMemberFactory()
    readers(3)
    campaign = make_campaign(staff)
    go(campaign, staff)

    campaigns.pause(campaign)
    assert claim_all() == []
    campaigns.resume(campaign)
    assert len(claim_all(1)) == 1
    campaigns.cancel(campaign)

    assert claim_all() == []
    assert campaigns.progress(campaign) == {
        MessageStatus.SENDING: 1, MessageStatus.WITHDRAWN: 2,
    }  # fmt: skip
    with pytest.raises(campaigns.WrongStatus):
        campaigns.take_back(campaign)


def test_is_done_when_all_are_settled():
    staff = StaffMemberFactory()
    readers(2)
    campaign = make_campaign(staff)
    go(campaign, staff)
    Message.objects.update(status=MessageStatus.ACCEPTED)

    planning.plan()

    assert Campaign.objects.get().status == CampaignStatus.DONE


def test_mail_goes_in_the_readers_language_with_a_way_out(tmp_path, settings):
    staff = StaffMemberFactory()
    contact = ContactFactory(language="es")
    SubscriptionFactory(contact=contact, purpose=Purpose.BULLETINS)
    go(make_campaign(staff), staff)

    with mail_sink.running(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        tasks.drain([Lane.CAMPAIGN])
        (mail,) = sink.mails()

    assert mail["Subject"] == "Noche"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    said = mail.get_body(("plain",)).get_content()
    assert "Venga al parque." in said
    assert "No pedimos nunca" in said or "Nunca pedimos" in said


def test_planning_asks_as_much_for_thirty_readers_as_for_three():
    staff, counts = StaffMemberFactory(), []
    for number in (3, 30):
        readers(number)
        campaign = make_campaign(staff)
        campaigns.propose(campaign, by=staff)
        with CaptureQueriesContext(connection) as asked:
            campaigns.plan()
        counts.append(len(asked))
        campaigns.cancel(campaign)

    assert counts[0] == counts[1]


def test_coordinator_writes_tests_and_sends(client, beat, cpc):
    readers(2, beat=beat)
    cpc.email = "cpc@city.example"
    cpc.save()

    answer = client.post(reverse("add_campaign"), FORM)
    campaign = Campaign.objects.get()
    page = client.get(answer.url).content.decode()
    assert "2 by e-mail" in page
    assert (
        "Lock your door."
        in client.get(reverse("campaign_mail", args=[campaign.uid, "en"])).content.decode()
    )
    client.post(reverse("test_campaign", args=[campaign.uid]), {"to": "CPC@city.example"})
    assert {m.language for m in Message.objects.all()} == {"en", "es"}
    client.post(reverse("propose_campaign", args=[campaign.uid]))
    planning.plan()

    assert campaigns.progress(campaign) == {MessageStatus.QUEUED: 2}
    bar = client.get(reverse("campaign_progress", args=[campaign.uid])).content.decode()
    assert '<progress id="bar" max="2" value="0">' in bar


@pytest.mark.parametrize("to", ["robin@example.org", "", "x", "+14155550100"])
def test_tests_go_to_our_own_addresses_only(client, cpc, to):
    campaign = make_campaign(cpc)

    client.post(reverse("test_campaign", args=[campaign.uid]), {"to": to})

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"body_en": "See http://evil.example/x"}, "our own site only"),
     ({"body_es": "Vea evil.com"}, "our own site only"),
     ({"body_en": "Mail thief@evil.example"}, "our own site only"),
     ({"body_en": "http://127.0.0.1:8000.evil.example/"}, "our own site only"),
     ({"subject_en": "Hello {{ name }}"}, "not filled in"),
     ({"body_en": "Dear [Name], lock up."}, "not filled in"),
     ({"subject_en": "A\r\nBcc: x@example.org"}, "one line"),
     ({"body_es": "\u202eabc"}, "hidden characters"),
     ({"body_en": "x" * 10_000_000}, "at most 5000"),
     ({"body_es": ""}, "required"),
     ({"channels": []}, "required"),
     ({"channels": ["pigeon"]}, "valid choice"),
     ({"beat": "b9"}, "valid choice"),
     ({"day": "01/02/2026"}, "both a day and a time"),
     ({"day": "01/02/2026", "at": "7 p.m."}, "in the past"),
     ({"day": "2/30/2027", "at": "7 p.m."}, "valid date")],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_each_mistake_gets_one_clear_word_and_nothing_is_kept(
    client, cpc, changes, error, settings
):
    settings.BASE_URL = "http://127.0.0.1:8000"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000

    answer = client.post(reverse("add_campaign"), FORM | changes)

    assert answer.status_code == 200
    assert error in str(answer.context["form"].errors)
    assert not Campaign.objects.exists()


def test_body_past_the_limit_of_a_post_is_a_400(client, cpc):
    answer = client.post(reverse("add_campaign"), FORM | {"body_en": "x" * 10_000_000})

    assert answer.status_code == 400


def test_text_message_is_counted_before_it_is_sent(client, cpc, settings):
    settings.TEXT_URL = "https://a:b@texts.test/?from=+1"
    form = FORM | {"channels": ["text"], "sms_en": "á" * 300, "sms_es": ""}

    errors = client.post(reverse("add_campaign"), form).context["form"].errors

    assert "too long for a text" in str(errors["sms_en"])
    assert "what the text message says" in str(errors["sms_es"])


def test_other_beats_coordinator_reads_but_does_not_touch(client, beat):
    mine, _ = make_pair(beat)
    other, _ = make_pair(BeatFactory())
    campaign = make_campaign(mine, beat=beat)
    client.force_login(other.user, backend=BACKEND)

    assert client.get(reverse("campaign", args=[campaign.uid])).status_code == 200
    for step in ("propose", "cancel", "pause"):
        assert client.post(reverse(f"{step}_campaign", args=[campaign.uid])).status_code == 403
    assert Campaign.objects.get().status == CampaignStatus.DRAFT


def test_sergeant_releases_what_the_coordinator_proposed(client, beat, cpc, settings):
    settings.CAMPAIGN_SECOND_PERSON_FROM = 0
    readers(1)
    campaign = make_campaign(cpc, beat=beat)
    client.post(reverse("propose_campaign", args=[campaign.uid]))
    client.post(reverse("release_campaign", args=[campaign.uid]))
    assert Campaign.objects.get().status == CampaignStatus.PROPOSED

    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    client.force_login(sergeant.user, backend=BACKEND)
    assert "Release it" in client.get(reverse("campaign", args=[campaign.uid])).content.decode()
    client.post(reverse("release_campaign", args=[campaign.uid]), {"seen": "an older version"})
    assert Campaign.objects.get().status == CampaignStatus.PROPOSED
    seen = campaigns.version(Campaign.objects.get())
    client.post(reverse("release_campaign", args=[campaign.uid]), {"seen": seen})

    assert Campaign.objects.get().status == CampaignStatus.SCHEDULED


def test_preview_lets_only_its_own_looks_through(client, cpc):
    campaign = make_campaign(cpc)

    answer = client.get(reverse("campaign_mail", args=[campaign.uid, "es"]))

    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "'unsafe-inline'" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Venga al parque." in answer.content.decode()


def test_message_of_a_campaign_that_is_over_may_go_again():
    staff = StaffMemberFactory()
    readers(1)
    campaign = make_campaign(staff)
    go(campaign, staff)
    Message.objects.update(status=MessageStatus.BOUNCED, settled_at=timezone.now())
    planning.plan()
    assert Campaign.objects.get().status == CampaignStatus.DONE

    resending.send_again(Message.objects.get())

    assert len(claim_all()) == 1
