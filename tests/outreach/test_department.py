"""The department's settings: one page, one row, one place to read them from."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from knox.models import get_token_model

from notifications.services import samples
from outreach import department
from outreach.actors import SYSTEM
from outreach.enums import Program, Role
from outreach.forms.department import as_kept
from outreach.models import Department
from outreach.services import departments
from scheduling import published
from scheduling.services import events, publishing
from tests.factories.events import make_plan, tomorrow
from tests.factories.people import StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.hostile import HOSTILE

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/staff/department/"


@pytest.fixture
def administrator():
    return StaffMemberFactory(role=Role.ADMINISTRATOR, name="Ida Novak")


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator.user, backend=BACKEND)
    return client


def typed(**changes: object) -> dict[str, object]:
    """The page as it is shown now, with what somebody types over it."""
    row = departments.kept()
    shown = {**as_kept(row), "seen": departments.version(row)}
    return {name: value for name, value in (shown | changes).items() if value not in (None, "")}


def keep(by, **changes: object) -> Department:
    row = departments.kept()
    return departments.change(changes, seen=departments.version(row), by=by)


def test_what_is_kept_stands_on_every_page(office, client):
    answer = office.post(
        PAGE,
        typed(name="Cedar Point Police", unit="Neighbor Unit", city="Cedar Point",
              phone="(310) 458-8474", relay="711", emergency="112"),
    )  # fmt: skip

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    home = client.get("/").content.decode()
    for words in ("Cedar Point Police", "Neighbor Unit", "(310) 458-8474", 'tel:112"'):
        assert words in home
    assert "Harbor Bay Police" not in home


def test_what_is_left_empty_reads_as_the_settings_say(office, client, settings):
    office.post(PAGE, typed(unit="Neighbor Unit"))

    home = client.get("/").content.decode()

    assert "Neighbor Unit" in home
    assert str(settings.DEPARTMENT["name"]) in home
    assert settings.DEPARTMENT["phone"] in home


def test_spanish_name_is_for_readers_of_spanish(administrator, client):
    keep(administrator, unit="Neighbor Unit", unit_es="Unidad de Vecinos")

    assert "Neighbor Unit" in client.get("/").content.decode()
    assert "Unidad de Vecinos" in client.get("/", headers={"Accept-Language": "es"}).text


def test_english_name_stands_where_there_is_no_spanish_one(administrator):
    keep(administrator, unit="Neighbor Unit")

    with override("es"):
        assert department.current().unit == "Neighbor Unit"


@pytest.mark.parametrize(
    ("field", "nonsense"),
    [
        ("phone", "12345"),
        ("phone", "call us"),
        ("non_emergency", "555-1"),
        ("emergency", "９１１"),
        ("relay", "7 1 1"),
        ("mailbox", "nobody"),
        ("mailbox", "a@b.example, c@d.example"),
        ("permit_office_url", "http://city.example/permits"),
        ("permit_office_url", "javascript:alert(1)"),
        ("crime_report_url", "https://user:pass@city.example/"),
        ("crime_report_url", "https://"),
        ("crime_report_url", "https://" + "x" * 300 + ".example"),
        ("name", "x" * 121),
        ("unit", "Unit\x07"),
        ("unit", "Unit\u202e"),
        ("city", "Cedar\nPoint"),
        ("postal_address", "1 Main St\x00"),
        ("notice_en", "x" * 601),
        ("tenants_es", "a\u2028b"),
        ("programs", ["astrology"]),
        ("languages", ["tlh"]),
    ],
)
def test_nonsense_is_refused_at_its_field_and_nothing_is_half_saved(office, field, nonsense):
    answer = office.post(PAGE, typed(**{"name": "Cedar Point Police", field: nonsense}))

    form = answer.context["form"]
    assert answer.status_code == 200
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1
    assert not Department.objects.exists()


@pytest.mark.parametrize(
    ("field", "sense"),
    [
        ("phone", "(310) 458-8474"),
        ("phone", "+1 310 458 8491"),
        ("emergency", "112"),
        ("permit_office_url", "https://city.example/permits?kind=block-party#apply"),
        ("postal_address", "333 Olympic Dr., Santa Monica, CA 90401"),
    ],
)
def test_the_same_fields_take_sense(office, field, sense):
    office.post(PAGE, typed(**{field: sense}))

    assert getattr(Department.objects.get(), field) == sense


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(office, client, words):
    """What a form takes of them is shown as text wherever it stands."""
    answer = office.post(PAGE, typed(unit=words[:80], notice_en=words, tenants_en=words))
    if answer.status_code == 200:
        assert answer.context["form"].errors
        assert not Department.objects.exists()
        return

    pages = [client.get(path).text for path in ("/", "/privacy/", "/surveys/request/", PAGE)]

    assert all("<script>alert" not in page and "<b>bold" not in page for page in pages)
    letter = samples.sample("reminder", "en")
    assert "<script>alert" not in letter.html


def test_empty_press_changes_nothing(office, administrator):
    keep(administrator, city="Cedar Point")

    answer = office.post(PAGE, {})

    assert answer.status_code == 200
    assert Department.objects.get().programs_off == []
    assert Department.objects.get().city == "Cedar Point"


def test_second_of_two_who_look_at_once_is_told(office, administrator):
    as_seen = typed(city="Oak Hill")
    keep(StaffMemberFactory(role=Role.ADMINISTRATOR), city="Cedar Point")

    answer = office.post(PAGE, as_seen)

    assert answer.context["form"].non_field_errors()
    assert Department.objects.get().city == "Cedar Point"
    office.post(PAGE, as_seen | {"seen": answer.context["form"].data["seen"]})
    assert Department.objects.get().city == "Oak Hill"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_changes_it(client, role):
    client.force_login(StaffMemberFactory(role=role).user, backend=BACKEND)

    page = client.get(PAGE)
    sent = client.post(PAGE, typed(city="Cedar Point"))

    assert page.status_code == (200 if role == Role.SERGEANT else 403)
    assert '<button class="button button--primary"' not in page.text
    assert sent.status_code == 403
    assert not Department.objects.exists()


def test_page_says_who_changed_it_last(office, administrator):
    keep(administrator, city="Cedar Point")

    assert "Ida Novak" in office.get(PAGE).text


def test_there_is_one_department():
    Department.objects.create(pk=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.create(pk=2)


class TestProgramOff:
    @pytest.fixture(autouse=True)
    def _off(self, administrator):
        make_pair(BeatFactory(code="b1"))
        keep(administrator, programs_off=[Program.ACADEMY, Program.SECURITY_SURVEY])

    def test_public_pages_offer_it_no_more(self, client):
        for path in ("/", "/events/", "/beats/b1/", "/subscribe/"):
            assert "Community Police Academy" not in client.get(path).text, path
            assert "/surveys/request/" not in client.get(path).text, path
        assert client.get("/surveys/request/").status_code == 404

    def test_first_page_and_team_promise_it_in_no_word(self, client):
        for path in ("/", "/team/", "/genuine/"):
            assert "talks, surveys" not in client.get(path).text, path
            assert "security surveys" not in client.get(path).text, path

    def test_others_are_still_offered(self, client):
        assert "National Night Out" in client.get("/subscribe/").text
        assert client.get("/requests/new/").status_code == 200

    def test_staff_cannot_choose_it_for_a_new_event(self, client):
        client.force_login(StaffMemberFactory(role=Role.SERGEANT).user, backend=BACKEND)

        for path in ("/staff/events/new/", "/staff/find/", "/staff/series/new/", "/staff/import/",
                     "/staff/log/"):  # fmt: skip
            page = client.get(path).text
            assert 'value="academy"' not in page, path
            assert 'value="presentations"' in page, path

    def test_other_systems_cannot_book_it_either(self, client):
        sergeant = StaffMemberFactory(role=Role.SERGEANT)
        _, token = get_token_model().objects.create(user=sergeant.user)
        starts = tomorrow()
        wanted = {
            "beat": None, "summary": "Class", "starts_at": starts.isoformat(),
            "ends_at": (starts + timedelta(hours=1)).isoformat(),
        }  # fmt: skip

        statuses = {
            program: client.post(
                "/api/v1/events/", wanted | {"program": program}, "application/json",
                headers={"Authorization": f"Token {token}", "Idempotency-Key": program},
            ).status_code
            for program in ("academy", "community")
        }  # fmt: skip

        assert statuses == {"academy": 400, "community": 201}

    def test_event_booked_before_stays_and_can_be_changed(self, client):
        event = events.create(make_plan(program=Program.ACADEMY), by=SYSTEM)
        client.force_login(StaffMemberFactory(role=Role.SERGEANT).user, backend=BACKEND)

        assert client.get(f"/events/{event.uid}/").status_code == 200
        assert 'value="academy" selected' in client.get(f"/staff/events/{event.uid}/change/").text
        assert client.get("/feeds/programs/academy.ics").status_code == 200


def test_control_what_is_on_is_promised(client):
    assert "free security surveys" in client.get("/").text
    assert "talks, surveys" in client.get("/team/").text


def test_nothing_can_be_asked_for_when_all_of_it_is_off(administrator, client):
    keep(administrator, programs_off=[p.value for p in Program])

    assert client.get("/requests/new/").status_code == 404
    assert "/requests/new/" not in client.get("/").text


def test_language_that_is_off_is_offered_and_spoken_nowhere(administrator, client):
    assert 'lang="es"' in client.get("/").text
    keep(administrator, languages_off=["es"])

    page = client.get("/", headers={"Accept-Language": "es"}).text

    assert '<html lang="en"' in page
    assert 'lang="es"' not in page


def test_changed_name_leads_to_new_bytes_of_the_feeds(administrator):
    events.create(make_plan(), by=SYSTEM)
    publishing.publish()
    before = published.read("feeds/all.ics")
    assert publishing.publish() == 0

    keep(administrator, unit="Neighbor Unit", city="Cedar Point", mailbox="us@cedarpoint.gov")
    publishing.publish()

    after = published.read("feeds/all.ics")
    assert after.head.serial > before.head.serial
    for words in (b'CN="Neighbor Unit"', b"Cedar Point: ", b"mailto:us@cedarpoint.gov"):
        assert words in after.body.replace(b"\r\n ", b"")
        assert words not in before.body.replace(b"\r\n ", b"")


def test_change_that_no_calendar_shows_writes_no_bytes(administrator):
    publishing.publish()

    keep(administrator, notice_en="Be kind.")

    assert publishing.publish() == 0


@pytest.mark.parametrize("language", ["en", "es"])
def test_messages_name_the_department_as_kept(administrator, language):
    keep(administrator, phone="(310) 458-8474", relay="7-1-1", emergency="112",
         postal_address="1 Main St", unit="Neighbor Unit")  # fmt: skip

    letter = samples.sample("reminder", language)

    for words in ("(310) 458-8474", "7-1-1", "112", "1 Main St", "Neighbor Unit", "/genuine/"):
        assert words in letter.text
        assert words in letter.html
    assert "(310) 458-8474" in letter.sms


def test_notices_stand_on_the_forms(administrator, client):
    keep(administrator, notice_en="Ask our city clerk.", retention_en="Kept three years.",
         tenants_en="Tenants: see the city code.")  # fmt: skip

    survey, asked = client.get("/surveys/request/").text, client.get("/requests/new/").text

    assert all("Ask our city clerk." in page and "three years" in page for page in (survey, asked))
    assert "see the city code" in survey
    assert "immigration" not in survey + asked


def test_process_asks_once_and_then_goes_by_what_it_read(monkeypatch):
    department.forget()

    with CaptureQueriesContext(connection) as cold:
        department.current()
    with CaptureQueriesContext(connection) as warm:
        for _ in range(50):
            department.current()

    assert (len(cold), len(warm)) == (1, 0)


def test_other_processes_read_a_change_within_a_second(administrator, monkeypatch):
    """The negative control: one that goes by what it read for ever does not see it."""
    keep(administrator, city="Cedar Point")
    department.current()
    Department.objects.update(city="Oak Hill")

    assert department.current().city == "Cedar Point"
    monkeypatch.setattr(department, "SECONDS", 0.0)
    assert department.current().city == "Oak Hill"


def test_page_of_an_error_names_whom_to_call_while_the_database_is_down(administrator, monkeypatch):
    keep(administrator, phone="(310) 458-8474")
    department.current()
    monkeypatch.setattr(department, "SECONDS", 0.0)

    def down(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(department.Department.objects, "filter", down)

    assert department.current().phone == "(310) 458-8474"
