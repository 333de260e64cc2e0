"""One person's wish to be forgotten: what goes, what is locked away, who is not written to."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from notifications import access, sending
from notifications.enums import Channel, MessageStatus
from notifications.models import Message, Subscription, Suppression
from notifications.services import claiming, delivery, planning, stops, subscriptions
from notifications.services.retention import erasing, holds, people, schedule
from outreach.access import event_request_queue
from outreach.enums import RecordClass, Role, SurveyStatus
from outreach.models import Contact, EventRequest, SurveyRequest
from scheduling import access as scheduling_access
from scheduling.models import Event, FeedLink, Rsvp
from scheduling.services import own_feeds, rsvps, surveys
from tests.factories.events import EventFactory, publish, tomorrow
from tests.factories.messages import SubscriptionFactory, claim_all, due_reminders
from tests.factories.people import ContactFactory, StaffMemberFactory, make_request
from tests.factories.records import EMAIL, NAME, OPEN_MARKERS, PHONE, SEALED_MARKERS, age, make_life
from tests.factories.seats import sign_up
from tests.mail_sink import running
from tests.markers import found

pytestmark = pytest.mark.django_db


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT, name="Ruth Okafor")


def erase(contacts, by):
    erasure = erasing.begin(contacts, by=by)
    erasing.go_on()
    erasure.refresh_from_db()
    return erasure


def test_same_mailbox_and_same_number_are_one_person_but_a_name_alone_is_not():
    one = ContactFactory(name=NAME, email=EMAIL, phone=PHONE)
    tagged = ContactFactory(name="", email="QUETZAL+spring@Marker.example")
    by_phone = ContactFactory(name="", email="", phone=PHONE)
    namesake = ContactFactory(name=NAME.upper(), email="another@example.org")
    ContactFactory(email="xquetzal@marker.example")

    same = list(people.same([one]))

    assert same == [one, tagged, by_phone]
    assert list(people.namesakes(same)) == [namesake]


def test_what_had_its_time_goes_and_the_rest_is_locked_away(sergeant):
    old = make_life()
    age(3)
    new = make_request(old.beat, name=NAME, reach=EMAIL)
    before = {one.record_class: one for one in erasing.prospects(old.contacts)}

    erasure = erase(old.contacts, sergeant)

    counts = {one.record_class: (one.erased, one.restricted) for one in erasure.counts.all()}
    assert counts["surveys"] == (1, 1)
    assert (before[RecordClass.SURVEYS].goes, before[RecordClass.SURVEYS].stays) == (1, 1)
    assert {one: (row.goes, row.stays) for one, row in before.items()} == counts
    assert erasure.counts.get(record_class="surveys").kept_until > timezone.localdate()
    assert list(SurveyRequest.objects.all()) == [new]
    kept = Contact.objects.get(pk=new.contact_id)
    assert (kept.name, kept.email, str(kept.phone or "")) == ("", "", "")
    assert erasing.who(kept) == {"name": NAME, "email": EMAIL, "phone": ""}
    assert erasure.backups_until >= timezone.localdate()


def test_control_without_the_schedule_everything_stays(sergeant):
    life = make_life()

    erasure = erase(life.contacts, sergeant)

    assert not any(erasure.counts.values_list("erased", flat=True))
    assert SurveyRequest.objects.count() == EventRequest.objects.count() == 1


def test_what_is_to_come_is_given_back_first(sergeant):
    life = make_life()
    assert erasing.standing(life.contacts) == 3
    sign_up(life.event, "First", 6)
    waiting = sign_up(life.event, "Next", 4)
    assert waiting.response == "waitlisted"

    erase(people.same(life.contacts), sergeant)

    life.survey.refresh_from_db()
    life.wish.refresh_from_db()
    waiting.refresh_from_db()
    assert (life.survey.status, life.wish.status) == (SurveyStatus.WITHDRAWN, "withdrawn")
    assert surveys.visit_of(life.survey) is None
    assert waiting.response == "accepted"
    assert not Subscription.objects.filter(ended_at=None, channel=Channel.EMAIL).exists()


def test_restricted_is_seen_by_nobody_and_no_link_opens(sergeant):
    life = make_life()
    token = rsvps.own_link(life.rsvp)
    contact = life.survey.contact
    assert access.reader_for(sergeant.user, contact.uid)

    erase(life.contacts, sergeant)

    with pytest.raises(Http404):
        access.reader_for(sergeant.user, contact.uid)
    with pytest.raises(Http404):
        scheduling_access.survey_request_for(sergeant.user, life.survey.uid)
    with pytest.raises(Http404):
        scheduling_access.own_rsvp(token)
    assert not event_request_queue(sergeant).exists()
    assert sending.search(access.readers(sergeant), NAME) == []


def test_database_refuses_a_restricted_contact_that_can_be_read(sergeant):
    contact = ContactFactory(email=EMAIL)

    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(restricted_at=timezone.now())


def test_nobody_erased_is_written_to_again(sergeant):
    life = make_life()
    event = EventFactory(starts_at=tomorrow() + timedelta(days=1), beat=life.beat)
    erase(life.contacts, sergeant)
    planning.plan()

    again = ContactFactory(name="", email=EMAIL)  # brought in anew, by whatever way
    other = ContactFactory(email="other@example.org")
    Message.objects.filter(status="queued").delete()
    first, second = due_reminders(event, 2)
    Message.objects.filter(pk=first.pk).update(contact=again)
    Message.objects.filter(pk=second.pk).update(contact=other)
    SubscriptionFactory(contact=again)
    SubscriptionFactory(contact=other)

    claimed = [message.contact for message in claim_all()]

    assert claimed == [other]
    assert Message.objects.get(pk=first.pk).status == MessageStatus.SUPPRESSED


def test_control_without_the_keyed_hash_they_would_be_written_to(sergeant):
    life = make_life()
    event = EventFactory(starts_at=tomorrow() + timedelta(days=1), beat=life.beat)
    erase(life.contacts, sergeant)
    Suppression.objects.all().delete()
    again = ContactFactory(name="", email=EMAIL)
    SubscriptionFactory(contact=again)
    Message.objects.filter(status="queued").delete()
    due_reminders(event, 1)
    Message.objects.filter(event=event, status="queued").update(contact=again)

    assert [message.contact for message in claim_all()] == [again]


def test_erased_between_claim_and_sending_gets_nothing(sergeant):
    (message,) = due_reminders(EventFactory(starts_at=tomorrow() + timedelta(days=1)), 1)
    (claimed,) = claim_all()
    assert delivery.renew(claimed)

    erase([message.contact], sergeant)

    assert not delivery.renew(claimed)


def test_a_stop_stays_known_without_its_number_and_start_lifts_it(sergeant):
    life = make_life()
    assert Suppression.objects.filter(address=PHONE).exists()

    erase(life.contacts, sergeant)

    said = set(Suppression.objects.values_list("address", flat=True))
    assert all(one.startswith(stops.SEALED) for one in said)
    assert stops.rows_of(PHONE).get().kind == "stop"
    stops.receive("SM9", PHONE, stops.Word.START)
    assert not stops.rows_of(PHONE).exists()


def test_who_subscribes_again_is_asked_and_then_heard_again(sergeant):
    life = make_life()
    erase(life.contacts, sergeant)

    back = subscriptions.sign_up(EMAIL, subscriptions.Wish([life.beat]), language="en")
    asked = [message.kind for message in claiming.claim("personal", Channel.EMAIL, size=9)]
    subscriptions.confirm(back)

    assert back.restricted_at is None
    assert asked == ["confirm"]
    assert not stops.rows_of(EMAIL).exists()


def test_held_person_is_not_erased(sergeant):
    life = make_life()
    age(5)
    hold = holds.hold_person(life.survey.contact, reason="Suit 26-1", by=sergeant)
    with pytest.raises(erasing.Held):
        erasing.begin(life.contacts, by=sergeant)
    assert SurveyRequest.objects.exists()

    holds.lift(hold.pk, reason="Settled", by=sergeant)
    erase(life.contacts, sergeant)

    assert not SurveyRequest.objects.exists()
    hold.refresh_from_db()
    assert (hold.contact, hold.lifted_by) == (None, sergeant)  # its row stays


def test_held_event_keeps_its_seats_locked_away(sergeant):
    life = make_life()
    age(5)
    holds.hold_event(life.event, reason="Fall on the stairs", by=sergeant)

    erase(life.contacts, sergeant)

    assert Rsvp.objects.get().contact.restricted_at
    assert not SurveyRequest.objects.exists()


def test_broken_off_and_taken_up_again(sergeant, monkeypatch):
    life = make_life()
    age(5)
    erasure = erasing.begin(life.contacts, by=sergeant)
    lock_away = erasing._lock_away

    def dies_after_the_first(contact, of):
        monkeypatch.setattr(erasing, "_lock_away", dies)
        lock_away(contact, of)

    def dies(contact, of):
        raise ConnectionError

    monkeypatch.setattr(erasing, "_lock_away", dies_after_the_first)
    with pytest.raises(ConnectionError):
        erasing.go_on()
    assert len(life.contacts) > 0
    monkeypatch.setattr(erasing, "_lock_away", lock_away)
    erasing.go_on()

    erasure.refresh_from_db()
    assert erasure.state == "done"
    assert life.contacts == []


def test_other_people_lose_nothing(sergeant):
    life = make_life()
    ben = sign_up(life.event, "Ben", 2)
    age(5)

    erase(life.contacts, sergeant)

    ben.refresh_from_db()
    assert ben.contact.email == "ben@example.org"


def test_coordinators_do_not_destroy(sergeant):
    for role in (Role.CPC, Role.NRO, Role.EVENT_PLANNER):
        with pytest.raises(PermissionDenied):
            access.destroyer_for(StaffMemberFactory(role=role).user)
    assert access.destroyer_for(sergeant.user) == sergeant


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("years", [0, 5], ids=["locked_away", "gone"])
def test_marker_search_finds_nothing_in_dump_feeds_and_logs(sergeant, years, tmp_path, caplog):
    """The search itself is shown to find: before, the open markers stand in the dump. What is
    sealed stands there neither before nor after, for the key is not in it."""
    life = make_life()
    own = own_feeds.renew(life.staff)
    publish()
    assert FeedLink.objects.get() == own
    visit = str(Event.objects.get(survey_visit__isnull=False).uid)
    age(years)
    before = found([*OPEN_MARKERS, *SEALED_MARKERS, visit])
    caplog.clear()

    with running(tmp_path) as sink:
        erase(people.same([*life.contacts, ContactFactory(phone=PHONE)]), sergeant)
        publish()
        after = found([*OPEN_MARKERS, *SEALED_MARKERS, EMAIL, PHONE, visit], sink.folder)

    assert all("dump" in before[marker] for marker in OPEN_MARKERS), before
    assert not any(before[marker] for marker in SEALED_MARKERS)
    if not years:
        assert any(name.endswith(".ics") for name in before[visit]), before[visit]
        after.pop(visit)  # a cancelled confidential event, without a word about anybody
    assert not any(after.values()), after
    assert [r for r in caplog.records if any(m in r.getMessage() for m in OPEN_MARKERS)] == []


def test_schedule_of_the_city_decides_what_an_erasure_deletes(sergeant):
    life = make_life()
    age(0.5)
    for record_class in RecordClass:
        schedule.decide(record_class, 1, consent="Memo 26-114", by=sergeant)

    erase(life.contacts, sergeant)

    assert not SurveyRequest.objects.exists()
    assert life.contacts == []
