"""A restore from before an erasure brings the person back, and the program forgets them again."""

import json

import pytest
from django.db import transaction
from django.urls import reverse

from notifications.models import Erasure
from notifications.services.retention import erasing, holds, repeating
from outreach.enums import Role
from outreach.models import Contact
from tests.factories.people import ContactFactory, StaffMemberFactory
from tests.factories.records import EMAIL, NAME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def notes(settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path / "backups"
    return settings.BACKUP_ROOT / repeating.NOTES


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT)


def is_known(contact):
    return Contact.objects.filter(pk=contact.pk, name=NAME).exists()


@pytest.fixture
def came_back(sergeant):
    """Erased, and then the database is as it was before."""
    contact = ContactFactory(name=NAME, email=EMAIL)
    before = transaction.savepoint()
    erasing.begin([contact], by=sergeant)
    erasing.go_on()
    assert not is_known(contact)
    transaction.savepoint_rollback(before)
    assert is_known(contact)
    return contact


def test_person_who_came_back_is_erased_again_once(came_back, client, sergeant):
    erasing.go_on()
    erasing.go_on()

    again = Erasure.objects.get()
    assert not is_known(came_back)
    assert (again.staff, again.get_state_display()) == (None, "Done")
    client.force_login(sergeant.user)
    receipt = client.get(reverse("erasure", args=[again.uid])).content.decode()
    assert "again after a restore" in receipt
    assert "repeated after a restore" in client.get(reverse("retention")).content.decode()


def test_control_without_the_notes_they_stay(came_back, notes):
    notes.unlink()

    erasing.go_on()

    assert is_known(came_back)


def test_notes_name_nobody(came_back, notes):
    text = notes.read_text()

    assert NAME not in text
    assert EMAIL not in text
    assert json.loads(text)["contacts"][0][0] == came_back.pk


def test_another_person_under_the_same_number_stays(came_back):
    """After a restore the numbers of new rows begin where they were."""
    Contact.objects.filter(pk=came_back.pk).delete()
    other = ContactFactory(pk=came_back.pk, name=NAME)

    erasing.go_on()

    assert is_known(other)


def test_hold_keeps_them_after_a_restore_too(came_back, sergeant):
    holds.hold_person(came_back, reason="A case", by=sergeant)

    erasing.go_on()

    assert is_known(came_back)


def test_note_cut_short_by_a_crash_hides_none_after_it(came_back, notes):
    whole = notes.read_text()
    notes.write_text('\n{"reference": "ABC' + whole)

    erasing.go_on()

    assert not is_known(came_back)


def test_folder_that_cannot_be_written_stops_no_erasure(settings, tmp_path, sergeant, caplog):
    (tmp_path / "file").touch()
    settings.BACKUP_ROOT = tmp_path / "file" / "backups"
    contact = ContactFactory(name=NAME, email=EMAIL)

    erasing.begin([contact], by=sergeant)
    erasing.go_on()

    assert not is_known(contact)
    assert "is not noted: Not a directory" in caplog.text
