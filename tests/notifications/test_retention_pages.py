"""The pages of records: shown first, asked once, refused kindly."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from notifications.models import AddressLook, Destruction, Erasure, LegalHold, RecordsExport
from notifications.services.retention import erasing, lists
from outreach.enums import Role
from outreach.models import RetentionPeriod, SurveyRequest
from tests.factories.people import StaffMemberFactory, make_request
from tests.factories.records import ADDRESS, EMAIL, NAME, PHONE, age, make_life
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
PROJECT = Path(__file__).parents[2]
TEMPLATES = PROJECT / "notifications" / "templates" / "notifications"


def sign_in(client, role, name="Ruth Okafor"):
    staff = StaffMemberFactory(role=role, name=name)
    client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return staff


def test_administrator_sets_a_period_and_a_short_one_asks_for_the_consent(client):
    sign_in(client, Role.ADMINISTRATOR)
    address = reverse("change_period", args=["surveys"])

    refused = client.post(address, {"months": "12", "consent": ""})
    kept = client.post(address, {"months": "12", "consent": "Memo 26-114"}, follow=True)

    assert "Under 24 months only with the consent of the city attorney" in refused.text
    assert RetentionPeriod.objects.get().months == 12
    assert "1 year" in kept.text
    assert "Memo 26-114" in kept.text


@pytest.mark.parametrize("months", ["", "-1", "x", "99999", "1e9", "٣"])
def test_nonsense_for_a_period_is_refused_at_its_field(client, months):
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.post(reverse("change_period", args=["surveys"]), {"months": months})

    assert answer.status_code == 200
    assert "There is a problem" in answer.text
    assert not RetentionPeriod.objects.exists()


def test_hold_on_days_says_the_last_of_them_and_not_the_day_after(client):
    sign_in(client, Role.SERGEANT)
    days = {"scope": "span", "first_on": "01/02/2025", "last_on": "01/03/2025", "reason": "Claim"}

    page = client.post(reverse("add_hold"), days, follow=True).text

    assert "Thu, Jan 2, 2025 – Fri, Jan 3, 2025" in page


def test_list_shows_counts_and_is_released_by_the_own_name(client):
    sergeant = sign_in(client, Role.SERGEANT)
    life = make_life()
    age(5)

    page = client.post(reverse("make_list"), follow=True).text
    made = Destruction.objects.get()
    wrong = client.post(reverse("release_list", args=[made.uid]), {"name": "Ann Other"}).text
    references = client.get(reverse("list_references", args=[made.uid])).text
    client.post(reverse("release_list", args=[made.uid]), {"name": "Ruth Okafor"})
    lists.go_on(60)

    assert "Security surveys" in page
    assert NAME not in page
    assert "Type your name as it stands in your account: Ruth Okafor." in wrong
    assert life.survey.reference in references
    assert NAME not in references
    assert not SurveyRequest.objects.exists()
    made.refresh_from_db()
    assert (made.released_by, made.state) == (sergeant, "done")
    assert "Ruth Okafor" in client.get(reverse("destruction_list", args=[made.uid])).text


def test_released_list_is_not_thrown_away(client):
    sergeant = sign_in(client, Role.SERGEANT)
    make_life()
    age(5)
    made = lists.make(by=sergeant)
    lists.release(made.pk, name=sergeant.name, by=sergeant)

    answer = client.post(reverse("drop_list", args=[made.uid]), follow=True)

    assert "released or thrown away already" in answer.text


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"scope": "person", "address": "nobody@example.org"}, "Nobody has given us this"),
        ({"scope": "person", "address": "12"}, "Nobody has given us this"),
        ({"scope": "person"}, "Nobody has given us this"),
        ({"scope": "event", "event": "https://example.org/"}, "not the page of an event"),
        ({"scope": "event", "event": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "not the page"),
        ({"scope": "span", "first_on": "01/01/2020"}, "Give this day"),
        ({"scope": "span", "first_on": "01/02/2020", "last_on": "01/01/2020"}, "before the first"),
        ({"scope": "span", "first_on": "01/01/0001", "last_on": "12/31/9999"}, "valid date"),
        ({"scope": "moon"}, "There is a problem"),
        ({}, "There is a problem"),
        *(({"scope": "person", "address": text}, "There is a problem") for text in HOSTILE),
        *(({"scope": "event", "event": text}, "There is a problem") for text in HOSTILE),
    ],
)
@pytest.mark.parametrize("page", ["add_hold", "records_exports"])
def test_bad_input_gets_one_clear_message(client, page, said, complaint):
    sign_in(client, Role.SERGEANT)

    answer = client.post(reverse(page), {**said, "reason": "Claim", "number": "PRR"})

    assert answer.status_code == 200
    assert complaint in answer.text
    assert not LegalHold.objects.exists()
    assert not RecordsExport.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"scope": "person", "address": EMAIL.upper()},
        {"scope": "person", "address": "(415) 555-0187"},
        {"scope": "span", "first_on": "01/01/2019", "last_on": "01/01/2019"},
    ],
)
def test_hold_is_placed_and_lifted_with_a_reason(client, said):
    sergeant = sign_in(client, Role.SERGEANT)
    make_life()

    client.post(reverse("add_hold"), {**said, "reason": "Claim 26-1"})
    hold = LegalHold.objects.get()
    client.post(reverse("lift_hold", args=[hold.uid]), {"reason": "Settled"})
    again = client.post(reverse("lift_hold", args=[hold.uid]), {"reason": "Again"}, follow=True)

    hold.refresh_from_db()
    assert (hold.lifted_by, hold.lift_reason) == (sergeant, "Settled")
    assert "already" in again.text
    assert "Settled" in client.get(reverse("retention")).text


def test_hold_by_the_address_of_an_event(client):
    sign_in(client, Role.SERGEANT)
    life = make_life()
    address = f"https://city.example/staff/events/{life.event.uid}/"

    client.post(reverse("add_hold"), {"scope": "event", "event": address, "reason": "Claim"})

    assert LegalHold.objects.get().event == life.event


def test_erasure_is_shown_first_asked_once_and_leaves_a_receipt(client):
    sign_in(client, Role.SERGEANT)
    life = make_life()
    contact = life.survey.contact
    address = reverse("erase_person", args=[contact.uid])

    found = client.post(reverse("find_to_erase"), {"who": EMAIL}).text
    shown = client.get(address).text
    unsure = client.post(address, {"contacts": [contact.pk]})
    client.post(address, {"contacts": [contact.pk], "sure": "on"})
    erasing.go_on()

    assert address in found
    assert EMAIL not in shown  # masked, as everywhere
    assert "Erase for good" in shown
    assert unsure.status_code == 200
    erasure = Erasure.objects.get()
    receipt = client.get(reverse("erasure", args=[erasure.uid])).text
    assert erasure.reference in receipt
    assert "Gone from the last backup on" in receipt
    assert NAME not in receipt
    assert client.get(address).status_code == 404


def test_who_looks_whose_records_stay_is_written_down(client):
    sergeant = sign_in(client, Role.SERGEANT)
    life = make_life()
    erasure = erasing.begin([life.survey.contact], by=sergeant)
    erasing.go_on()

    opened = client.post(reverse("reveal_erased", args=[erasure.uid]))

    assert NAME in opened.text
    assert ADDRESS not in opened.text
    assert "no-store" in opened["Cache-Control"]
    assert AddressLook.objects.filter(staff=sergeant, contact=life.survey.contact).count() == 1


def test_held_person_offers_no_button(client):
    sergeant = sign_in(client, Role.SERGEANT)
    life = make_life()
    LegalHold.objects.create(contact=life.survey.contact, reason="Claim", placed_by=sergeant)

    page = client.get(reverse("erase_person", args=[life.survey.contact.uid])).text

    assert "A legal hold keeps this person" in page
    assert "Erase for good" not in page


def test_only_what_was_offered_can_be_ticked(client):
    sign_in(client, Role.SERGEANT)
    life = make_life()
    stranger = make_request(None, name="Somebody Else", reach="else@example.org").contact
    address = reverse("erase_person", args=[life.survey.contact.uid])

    answer = client.post(address, {"contacts": [stranger.pk], "sure": "on"})

    assert answer.status_code == 200
    assert not Erasure.objects.exists()


def test_employee_somebody_excluded_neither_finds_nor_erases_them(client):
    sergeant = sign_in(client, Role.SERGEANT)
    request = make_request(None, name=NAME, reach=EMAIL, excluded_staff=sergeant)

    found = client.post(reverse("find_to_erase"), {"who": EMAIL}).text
    held = client.post(reverse("add_hold"), {"scope": "person", "address": EMAIL, "reason": "x"})

    assert "Nobody. Try" in found
    assert "Nobody has given us this" in held.text
    assert client.get(reverse("erase_person", args=[request.contact.uid])).status_code == 404


def test_phone_alone_finds_its_person(client):
    sign_in(client, Role.ADMINISTRATOR)
    make_life()

    assert NAME in client.post(reverse("find_to_erase"), {"who": PHONE[-4:]}).text


def test_guide_names_every_button_as_it_stands_on_the_page():
    guide = (PROJECT / "docs" / "operator" / "records.md").read_text(encoding="utf-8")
    pages = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.html"))
    buttons = re.findall(r"\*\*(.+?)\*\*", guide.replace("\n", " "))

    assert len(buttons) > 10
    assert [button for button in buttons for part in button.split(" … ") if part not in pages] == []
