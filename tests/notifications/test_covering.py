"""What was said once and is kept has no form: the name in it is covered, where people say so."""

import pytest
from django.db import transaction
from django.urls import reverse

from notifications.models import Erasure
from notifications.services.retention import erasing, free_text, holds, mentions, repeating
from outreach.actors import SYSTEM
from outreach.enums import Role
from outreach.models import Contact
from scheduling.models import Event, Revision
from scheduling.services import events
from tests.factories.events import EventFactory, make_plan
from tests.factories.people import ContactFactory, StaffMemberFactory
from tests.factories.records import EMAIL, NAME, PHONE
from tests.notifications.test_mentions import SHE, labels, type_everywhere
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
TYPED = f"Moved, for {NAME} ({EMAIL}, 415-555-0187) and Tom Porch asked; +1 415 555.0187"
COVERED = "Moved, for ··· (···, ···) and Tom Porch asked; ···"


@pytest.fixture(autouse=True)
def _notes(settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path / "backups"


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT)


@pytest.fixture
def contact():
    return ContactFactory(name=NAME, email=EMAIL, phone=PHONE)


def make_note(words: str = TYPED) -> Revision:
    event = events.create(make_plan(), by=SYSTEM)
    events.cancel(event.pk, by=SYSTEM, reason=words)
    return Revision.objects.get(event=event, kind="cancelled")


def keys(sergeant) -> list[str]:
    return [one.key for one in mentions.of([SHE], reader=sergeant).places if one.key]


def note_of(revision: Revision) -> str:
    revision.refresh_from_db()
    return revision.note


def press(client, contact, **said):
    page = reverse("erase_person", args=[contact.uid])
    return client.post(page, {"contacts": [contact.pk], "sure": "on"} | said)


def test_person_is_covered_where_it_is_ticked_and_nobody_else(client, sergeant, contact):
    ticked, left = make_note(), make_note(f"Again: {TYPED}")
    sign_in(client, sergeant)
    (key,) = [one for one in keys(sergeant) if one == f"scheduling.revision:{ticked.pk}"]

    press(client, contact, covered=[key])

    assert (note_of(ticked), note_of(left)) == (COVERED, f"Again: {TYPED}")
    erasure = Erasure.objects.get()
    receipt = client.get(reverse("erasure", args=[erasure.uid])).text
    assert "Earlier wordings in which the name was covered</dt><dd>1</dd>" in receipt
    assert NAME not in receipt


def test_wording_kept_many_times_is_one_tick_and_all_are_covered(sergeant):
    event = EventFactory(summary=f"Talk of {NAME}")
    for location in ("Room 1", "Room 2"):
        Event.objects.filter(pk=event.pk).update(location=location)
    Event.objects.filter(pk=event.pk).update(summary="Talk")
    (key,) = keys(sergeant)

    mentions.cover([SHE], [key])

    assert keys(sergeant) == []
    assert set(event.history.values_list("summary", flat=True)) == {"Talk of ···", "Talk"}


def test_same_words_at_many_events_are_one_tick_however_many(sergeant):
    notes = [make_note() for _ in range(mentions.MOST_OF_A_KIND + 2)]
    found = mentions.of([SHE], reader=sergeant)

    mentions.cover([SHE], [one.key for one in found.places])

    assert (len(found.places), found.is_cut) == (1, False)
    assert {note_of(one) for one in notes} == {COVERED}


def test_receipt_counts_only_where_the_ticked_person_stood(sergeant, contact):
    make_note()
    namesake = ContactFactory(name="Somebody Else")

    erasure = erasing.begin([namesake], by=sergeant, covered=keys(sergeant))

    assert erasure.covered == []


def test_everything_without_a_form_can_be_covered_and_nothing_else_is_offered(sergeant):
    type_everywhere(sergeant)
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    readers = (sergeant, administrator)

    for reader in readers:
        mentions.cover([SHE], keys(reader))

    past = {str(source.label) for source in free_text.SOURCES if source.is_past}
    left = [mentions.of([SHE], reader=reader) for reader in readers]
    assert len(past) == 6
    assert not (labels(left[0]) | labels(left[1])) & past
    assert len(labels(left[0])) > 5  # those with a form stay for people to mend


@pytest.mark.parametrize("key", ["scheduling.event:1", "scheduling.revision:0", "x", "a:b,c"])
def test_what_was_not_offered_is_refused_and_nothing_begins(client, sergeant, contact, key):
    revision = make_note()
    sign_in(client, sergeant)

    answer = press(client, contact, covered=[key])

    assert "The list has changed. Look again and tick anew." in answer.text
    assert not Erasure.objects.exists()
    assert note_of(revision) == TYPED


def test_tick_is_kept_while_the_form_is_not_right(client, sergeant, contact):
    make_note()
    sign_in(client, sergeant)
    (key,) = keys(sergeant)

    answer = press(client, contact, covered=[key], sure="")

    assert f'value="{key}" checked' in answer.text


def test_held_person_is_not_covered(sergeant, contact):
    revision = make_note()
    holds.hold_person(contact, reason="A case", by=sergeant)

    with pytest.raises(erasing.Held):
        erasing.begin([contact], by=sergeant, covered=keys(sergeant))

    assert note_of(revision) == TYPED


def test_restore_brings_no_name_back(sergeant, contact):
    revision = make_note()
    before = transaction.savepoint()
    erasing.begin([contact], by=sergeant, covered=keys(sergeant))
    erasing.go_on()
    transaction.savepoint_rollback(before)
    assert note_of(revision) == TYPED

    erasing.go_on()

    assert note_of(revision) == COVERED
    assert not Contact.objects.filter(name=NAME).exists()


def test_note_from_before_there_was_covering_is_carried_out(sergeant, contact):
    before = transaction.savepoint()
    erasing.begin([contact], by=sergeant)
    erasing.go_on()
    transaction.savepoint_rollback(before)
    notes = repeating._noted
    plain = [{key: one[key] for key in one if key != "covered"} for one in notes()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeating, "_noted", lambda: iter(plain))
        erasing.go_on()

    assert not Contact.objects.filter(name=NAME).exists()
