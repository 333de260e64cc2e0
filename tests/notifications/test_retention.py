"""The schedule, what is due, legal holds, and destruction lists."""

from datetime import timedelta
from time import monotonic

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications import tasks
from notifications.enums import JobState
from notifications.models import Destruction, DestructionItem, Message, Subscription
from notifications.services.retention import holds, lists, schedule
from notifications.services.retention.due import Look
from notifications.services.retention.kinds import BY_CLASS, KINDS
from outreach import retention_periods
from outreach.enums import RecordClass, Role
from outreach.models import Contact, EventRequest, RetentionPeriod, Submission, SurveyRequest
from outreach.services import submissions
from scheduling.models import Event, Rsvp
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import ContactFactory, StaffMemberFactory, make_request
from tests.factories.records import NAME, age, make_life

pytestmark = pytest.mark.django_db


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT, name="Ruth Okafor")


def due() -> dict[RecordClass, int]:
    look = Look()
    found = {kind.record_class: look.due(kind).count() for kind in KINDS}
    return {one: number for one, number in found.items() if number}


def carry_out(sergeant) -> Destruction:
    made = lists.make(by=sergeant)
    lists.release(made.pk, name=sergeant.name, by=sergeant)
    lists.go_on(60)
    made.refresh_from_db()
    return made


def test_nothing_is_due_before_two_years_and_all_of_it_after_four():
    life = make_life()
    Subscription.objects.update(ended_at=timezone.now())
    age(1.9)
    assert due() == {}

    age(0.2)
    after_two = due()
    age(2)

    assert RecordClass.SUBSCRIPTIONS not in after_two  # the proof of consent stays for four
    assert after_two[RecordClass.SURVEYS] == 1
    assert after_two[RecordClass.EVENT_REQUESTS] == 1
    assert after_two[RecordClass.SIGN_UPS] == 1
    assert due()[RecordClass.SUBSCRIPTIONS] == 2
    assert due()[RecordClass.CONTACTS] == Contact.objects.count()
    assert life.contacts


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.record_class)
def test_every_class_can_fall_due(kind, sergeant):
    make_life()
    Subscription.objects.update(ended_at=timezone.now())
    age(5)

    assert kind.rows().count() == Look().due(kind).count() > 0


def test_a_contact_waits_for_the_youngest_thing_that_names_it():
    life = make_life()
    age(5)
    recent = make_request(life.beat)
    SurveyRequest.objects.filter(pk=recent.pk).update(contact=life.survey.contact)

    look = Look()

    assert life.survey.pk in look.due(BY_CLASS[RecordClass.SURVEYS]).values_list("pk", flat=True)
    contacts = look.due(BY_CLASS[RecordClass.CONTACTS]).values_list("pk", flat=True)
    assert life.survey.contact_id not in contacts
    assert life.wish.contact_id in contacts


def test_a_record_waits_for_its_messages_where_the_city_keeps_those_longer(sergeant):
    make_life()
    age(3)
    assert due()[RecordClass.SURVEYS] == 1

    schedule.decide(RecordClass.MESSAGES, 120, consent="", by=sergeant)

    assert RecordClass.SURVEYS not in due()
    assert RecordClass.MESSAGES not in due()


def test_a_period_under_two_years_names_a_consent(sergeant):
    with pytest.raises(schedule.NeedsConsent):
        schedule.decide(RecordClass.SURVEYS, 23, consent="", by=sergeant)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionPeriod.objects.create(record_class="surveys", months=23, staff=sergeant)

    schedule.decide(RecordClass.SURVEYS, 12, consent="Memo 26-114", by=sergeant)
    schedule.decide(RecordClass.SURVEYS, 6, consent="Memo 26-115", by=sergeant)

    assert retention_periods.schedule()[RecordClass.SURVEYS] == 6
    assert retention_periods.schedule()[RecordClass.MESSAGES] == 24
    assert RetentionPeriod.objects.count() == 2  # the earlier decision stays written


def test_privacy_page_says_the_period_in_force(client, sergeant):
    schedule.decide(RecordClass.SURVEYS, 18, consent="Memo 26-114", by=sergeant)

    assert "18 months" in client.get("/privacy/").text


def test_hold_on_a_person_keeps_everything_of_every_contact_they_are(sergeant):
    life = make_life()
    age(5)
    before = due()
    hold = holds.hold_person(life.survey.contact, reason="Suit 26-1", by=sergeant)

    held = due()

    assert before[RecordClass.SURVEYS] == 1
    for gone in (RecordClass.SURVEYS, RecordClass.SIGN_UPS, RecordClass.REVEALS):
        assert gone not in held
    left = Look().due(BY_CLASS[RecordClass.CONTACTS]).values_list("email", flat=True)
    assert not [one for one in left if one.lower().startswith("quetzal")]  # the +tag neither
    holds.lift(hold.pk, reason="Settled", by=sergeant)
    assert due() == before
    with pytest.raises(holds.AlreadyLifted):
        holds.lift(hold.pk, reason="Again", by=sergeant)


def test_hold_keeps_also_what_would_go_by_itself(sergeant):
    waiting = SubscriptionFactory(confirmed_at=None)
    age(0.1)
    hold = holds.hold_person(waiting.contact, reason="Suit 26-1", by=sergeant)

    tasks.forget()
    kept = Subscription.objects.filter(pk=waiting.pk).exists()
    holds.lift(hold.pk, reason="Settled", by=sergeant)
    tasks.forget()

    assert kept
    assert not Subscription.objects.filter(pk=waiting.pk).exists()


def test_hold_on_an_event_keeps_who_was_there(sergeant):
    life = make_life()
    age(5)
    holds.hold_event(life.event, reason="Fall on the stairs", by=sergeant)

    assert RecordClass.SIGN_UPS not in due()
    assert RecordClass.NEEDS not in due()
    assert due()[RecordClass.SURVEYS] == 1


def test_hold_on_a_span_keeps_what_touches_it(sergeant):
    life = make_life()
    age(5)
    life.survey.refresh_from_db()
    begin = life.survey.created_at + timedelta(hours=1)
    holds.hold_span(begin, begin + timedelta(days=30), reason="Audit", by=sergeant)

    assert RecordClass.SURVEYS not in due()  # asked before, visited within
    assert due()[RecordClass.LOOKS] == 1  # over before it began


def test_list_is_carried_out_after_its_release_and_counts_stay(sergeant):
    make_life()
    Submission.objects.create(key="k", fingerprint="f", outcome="none")
    young = make_request(None, name="Somebody Else", reach="else@example.org")
    Subscription.objects.update(ended_at=timezone.now())
    age(5)
    SurveyRequest.objects.filter(pk=young.pk).update(updated_at=timezone.now())
    made = lists.make(by=sergeant)
    listed = sum(made.counts.values_list("listed", flat=True))
    assert SurveyRequest.objects.count() == 2  # a list destroys nothing
    with pytest.raises(lists.WrongName):
        lists.release(made.pk, name="Somebody", by=sergeant)

    lists.release(made.pk, name="Ruth  Okafor", by=sergeant)
    lists.go_on(60)

    made.refresh_from_db()
    assert (made.state, made.released_by, made.released_as) == ("done", sergeant, "Ruth Okafor")
    assert sum(made.counts.values_list("destroyed", flat=True)) == listed
    assert not DestructionItem.objects.exists()
    assert list(SurveyRequest.objects.all()) == [young]
    assert not EventRequest.objects.exists()
    assert not Rsvp.objects.exists()
    assert list(Contact.objects.all()) == [young.contact]
    assert Event.objects.count() == 1  # the public one stays, the visit is gone
    assert lists.Progress.of(made) == lists.Progress(listed, listed)


def test_list_names_nobody(sergeant):
    life = make_life()
    age(5)

    made = lists.make(by=sergeant)

    references = set(made.items.values_list("reference", flat=True))
    assert life.survey.reference in references
    assert not [one for one in references if NAME in one or "@" in one]


def test_what_was_held_or_touched_since_is_left(sergeant):
    life = make_life()
    age(5)
    made = lists.make(by=sergeant)
    holds.hold_person(life.survey.contact, reason="Suit 26-1", by=sergeant)
    EventRequest.objects.update(updated_at=timezone.now())
    lists.release(made.pk, name=sergeant.name, by=sergeant)

    lists.go_on(60)

    assert SurveyRequest.objects.exists()
    assert EventRequest.objects.exists()
    counts = {one.record_class: (one.destroyed, one.left) for one in made.counts.all()}
    assert counts["surveys"] == (0, 1)
    assert counts["event-requests"] == (0, 1)


def test_broken_off_and_taken_up_again_everything_goes_once(sergeant, monkeypatch):
    make_life()
    age(5)
    monkeypatch.setattr(lists, "BATCH", 1)
    made = lists.make(by=sergeant)
    lists.release(made.pk, name=sergeant.name, by=sergeant)
    listed = sum(made.counts.values_list("listed", flat=True))

    lists._next_part(made.pk)
    whole, left = lists.Progress.of(made), Message.objects.count()
    destroy = lists._destroy

    def destroy_and_die(*given):
        destroy(*given)
        assert Message.objects.count() == left - 1
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(lists, "_destroy", destroy_and_die)
        with pytest.raises(ConnectionError):
            lists.go_on(60)
    assert (lists.Progress.of(made), Message.objects.count()) == (whole, left)
    lists.go_on(60)

    assert lists.Progress.of(made) == lists.Progress(listed, listed)
    made.refresh_from_db()
    assert made.state == JobState.DONE


def test_a_new_list_takes_the_place_of_one_nobody_released(sergeant):
    make_life()
    age(5)
    first, second = lists.make(by=sergeant), lists.make(by=sergeant)

    first.refresh_from_db()
    assert first.state == JobState.DROPPED
    assert set(DestructionItem.objects.values_list("destruction", flat=True)) == {second.pk}
    with pytest.raises(lists.NotOpen):
        lists.release(first.pk, name=sergeant.name, by=sergeant)


def test_nothing_due_makes_no_list(sergeant):
    make_life()

    with pytest.raises(lists.NothingDue):
        lists.make(by=sergeant)


def test_history_goes_with_its_visit_and_stays_with_other_events(sergeant):
    life = make_life()
    age(5)
    carry_out(sergeant)

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_obj_id FROM scheduling_eventhistory")
        kept = {row[0] for row in cursor.fetchall()}
    assert kept == {life.event.pk}


def test_long_tables_are_looked_through_in_seconds(sergeant):
    """Nothing is compared with each of everything."""
    make_life()
    contacts = Contact.objects.bulk_create(
        Contact(email=f"many{n}@example.org") for n in range(5_000)
    )
    model = Message.objects.first()
    Message.objects.bulk_create(
        Message(
            contact=one, kind="digest", channel="email", canary=None, status="failed",
            milestone=model.milestone, revision=model.revision, event=model.event, rule=model.rule,
            subscription=model.subscription, event_starts_at=model.event_starts_at,
            due_at=model.due_at, expires_at=model.expires_at, settled_at=model.settled_at,
        )
        for one in contacts
    )  # fmt: skip
    ContactFactory()
    age(5)

    began = monotonic()
    carry_out(sergeant)

    assert monotonic() - began < 60
    assert not Contact.objects.filter(email__startswith="many").exists()


def test_submissions_are_forgotten_after_a_month():
    Submission.objects.create(key="k", fingerprint="f", outcome="none")
    submissions.forget()
    assert Submission.objects.exists()
    age(0.1)
    submissions.forget()

    assert not Submission.objects.exists()
