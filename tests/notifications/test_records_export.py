"""A request for public records: what is handed out, what is blacked out, and that it goes once."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.enums import JobState
from notifications.models import ExportFile, RecordsExport
from notifications.services.retention import erasing, exporting, tables
from outreach.enums import Role
from outreach.models import EventRequest, SurveyRequest
from tests.factories.people import StaffMemberFactory, make_event_request, make_request
from tests.factories.records import EMAIL, NAME, OPEN_MARKERS, PHONE, SEALED_MARKERS, age, make_life

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", 'a,b"c', "a\nb"]
WORDS = [NAME, EMAIL, PHONE, *OPEN_MARKERS, *SEALED_MARKERS]


@pytest.fixture
def sergeant():
    return StaffMemberFactory(role=Role.SERGEANT, name="Ruth Okafor")


@pytest.fixture
def signed_in(client, sergeant):
    client.force_login(sergeant.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def opened(packed: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of each table in the archive."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {
            name.removesuffix(".csv"): list(
                csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))
            )
            for name in archive.namelist()
        }


def made(export: RecordsExport) -> dict[str, list[dict[str, str]]]:
    exporting.go_on(60)
    return opened(exporting.take(export.pk))


def test_person_is_exported_with_every_private_word_blacked_out(sergeant):
    life = make_life()
    make_request(life.beat, name="Somebody Else", reach="else@example.org")

    found = made(exporting.of_person(life.survey.contact, number="PRR 26-1", by=sergeant))

    assert [row["reference"] for row in found["surveys"]] == [life.survey.reference]
    assert found["surveys"][0]["address"] == found["surveys"][0]["notes"] == tables.BLACK
    assert {row["name"] for row in found["people"]} == {tables.BLACK, ""}
    text = str(found)
    assert [word for word in WORDS if word in text] == []
    assert "550 no" not in text  # what a mail server said names the mailbox


def test_control_without_blacking_out_the_words_would_be_found(sergeant, monkeypatch):
    life = make_life()
    shown = [
        tables.Column(one.name, one.get, None, is_free_text=True)
        for one in tables.TABLES[1].columns
    ]
    people = tables.Table("people", shown, tables.TABLES[1].rows)
    monkeypatch.setattr(exporting, "TABLES", [people])

    text = str(made(exporting.of_person(life.survey.contact, number="PRR 26-1", by=sergeant)))

    assert NAME in text
    assert EMAIL in text


def test_log_names_each_blacked_out_column_how_often_and_why(sergeant):
    life = make_life()

    export = exporting.of_span(
        timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=9),
        number="PRR 26-2", by=sergeant,
    )  # fmt: skip
    log = {(row["table"], row["column"]): row for row in made(export)[exporting.LOG]}

    assert log["surveys", "address"]["why"] == "Home address"
    assert log["surveys", "notes"]["why"] == "Told us in confidence, and sealed"
    assert log["people", "name"]["cells"] == "3"
    assert "read it before" in log["event-requests", "topic"]["why"]
    export.refresh_from_db()
    assert export.redacted == sum(int(row["cells"]) for row in log.values())
    assert life.wish.reference


def test_event_is_exported_with_who_signed_up(sergeant):
    life = make_life()

    found = made(exporting.of_event(life.event, number="PRR 26-3", by=sergeant))

    assert [row["uid"] for row in found["events"]] == [str(life.event.uid)]
    assert [row["people"] for row in found["sign-ups"]] == ["2"]
    assert found["surveys"] == []


def test_span_leaves_out_what_was_over_before_it(sergeant):
    make_life()
    age(3)
    young = make_request(None)
    begin = timezone.now() - timedelta(days=30)

    found = made(
        exporting.of_span(begin, timezone.now() + timedelta(days=1), number="N", by=sergeant)
    )

    assert [row["reference"] for row in found["surveys"]] == [young.reference]


def test_whoever_was_excluded_gets_nothing_of_it_and_the_log_says_that_more_is_there(sergeant):
    """Else a file for the public would tell what no page tells: that there is a visit, and when."""
    life = make_life()
    life.survey.excluded_staff = sergeant
    life.survey.save()
    other = make_request(life.beat, name="Somebody Else", reach="else@example.org")
    days = (timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=30))

    found = made(exporting.of_span(*days, number="PRR 26-1", by=sergeant))
    colleague = StaffMemberFactory(role=Role.RECORDS_CLERK)
    whole = made(exporting.of_span(*days, number="PRR 26-1", by=colleague))

    visit = str(life.survey.visits.get().event.uid)
    assert [row["reference"] for row in found["surveys"]] == [other.reference]
    assert visit not in str(found)
    assert str(life.survey.contact.uid) not in str(found)
    left = {row["table"]: row["cells"] for row in found["redactions"] if "Left out" in row["why"]}
    assert (left["surveys"], left["events"], left["people"]) == ("1", "1", "1")
    assert visit in str(whole)
    assert "Left out" not in str(whole["redactions"])


def test_erased_person_is_not_in_the_log_by_name_either(sergeant):
    life = make_life()
    erasing.begin(life.contacts, by=sergeant)
    erasing.go_on()

    found = made(exporting.of_event(life.event, number="PRR 26-4", by=sergeant))

    assert found["people"][0]["locked away"] == tables.BLACK
    assert [word for word in WORDS if word in str(found)] == []


@pytest.mark.parametrize("text", FORMULAS)
def test_hostile_words_come_out_as_text(sergeant, text):
    wish = make_event_request(None)
    EventRequest.objects.filter(pk=wish.pk).update(topic=text, organization=text)

    found = made(exporting.of_person(wish.contact, number="PRR 26-5", by=sergeant))

    (row,) = found["event-requests"]
    assert row["topic"].lstrip("'") == text.lstrip("'")
    assert not row["topic"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_it_is_taken_once_by_its_maker_and_no_copy_stays(signed_in, sergeant, client):
    life = make_life()
    export = exporting.of_event(life.event, number="PRR 26-6", by=sergeant)
    exporting.go_on(60)
    address = reverse("take_export", args=[export.uid])
    other = StaffMemberFactory(role=Role.ADMINISTRATOR)

    first, second = signed_in.post(address), signed_in.post(address, follow=True)

    assert opened(first.content)["events"]
    assert "no-store" in first["Cache-Control"]
    assert "taken already" in second.text
    assert not ExportFile.objects.exists()
    client.force_login(other.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(address).status_code == 404
    assert "PRR 26-6" in client.get(reverse("records_exports")).text  # every export is logged


def test_what_nobody_took_is_gone_after_a_day(sergeant):
    life = make_life()
    export = exporting.of_event(life.event, number="PRR 26-7", by=sergeant)
    exporting.go_on(60)
    exporting.forget()
    assert ExportFile.objects.exists()

    age(0.01)
    exporting.forget()

    assert not ExportFile.objects.exists()
    with pytest.raises(exporting.NotThere):
        exporting.take(export.pk)


def test_tables_lie_sealed_until_they_are_taken(sergeant):
    life = make_life()
    exporting.of_event(life.event, number="PRR 26-8", by=sergeant)
    exporting.go_on(60)

    for file in ExportFile.objects.all():
        assert b"uid" not in bytes(file.text_sealed)
        assert file.unseal("text")


def test_broken_off_and_taken_up_again_each_table_is_there_once(sergeant):
    life = make_life()
    export = exporting.of_event(life.event, number="PRR 26-9", by=sergeant)
    for _ in range(3):
        exporting._next_table(export.pk)
    export.refresh_from_db()
    assert export.state == JobState.RUNNING

    found = made(export)

    assert set(found) == {table.name for table in tables.TABLES} | {exporting.LOG}
    assert len(found["events"]) == 1
    assert SurveyRequest.objects.count() == 1
