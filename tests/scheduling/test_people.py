"""The administrator keeps the accounts of staff; whoever leaves holds nothing any more."""

import threading
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connections
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from outreach import links
from outreach.enums import AccountAct, Role
from outreach.models import AccountChange, PasswordLink, Post, StaffMember
from outreach.services import people
from scheduling.services import leaving, own_feeds
from tests.factories.people import PostFactory, StaffMemberFactory, make_pair
from tests.factories.places import BeatFactory
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "porch light on Elm at nine"
TYPED = {"name": "Ana Ruiz", "username": "ana", "role": "cpc", "email": "ana@city.example",
         "phone": "(415) 555-0134", "languages": ["en", "es"]}  # fmt: skip


@pytest.fixture
def ida(client):
    staff = StaffMemberFactory(role=Role.ADMINISTRATOR, name="Ida")
    sign_in(client, staff)
    return staff


def link_on(answer) -> str:
    return answer.context["address"].removeprefix("http://127.0.0.1:8000")


def acts(staff: StaffMember) -> list[str]:
    return list(staff.account_changes.order_by("pk").values_list("act", flat=True))


def test_person_is_added_and_sets_the_password_by_the_link(
    client, ida, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("add_person"), TYPED)

    ana = StaffMember.objects.get(name="Ana Ruiz")
    assert (ana.role, ana.languages, ana.phone.as_e164) == (Role.CPC, ["en", "es"], "+14155550134")
    assert not ana.user.has_usable_password()
    assert not ana.user.is_superuser
    assert "no-store" in answer["Cache-Control"]
    link = link_on(answer)
    assert mail.outbox[0].to == ["ana@city.example"]
    assert link in mail.outbox[0].body
    browser = Client()
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    browser.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert browser.get("/staff/").status_code == 200
    assert acts(ana) == [AccountAct.ADDED, AccountAct.PASSWORD]
    assert link not in client.get(reverse("person", args=[ana.pk])).content.decode()


def test_mail_server_that_is_away_changes_nothing(
    client, ida, settings, django_capture_on_commit_callbacks
):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("add_person"), TYPED)

    assert Client().get(link_on(answer)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Ana\u202e"}, "name"),
        ({"username": "TAKEN"}, "username"),
        ({"username": "ana ruiz"}, "username"),
        ({"role": "chief"}, "role"),
        ({"email": "nobody"}, "email"),
        ({"email": "IDA@city.example"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"languages": ["tlh"]}, "languages"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, ida, wrong, field):
    StaffMember.objects.filter(pk=ida.pk).update(email="ida@city.example")
    StaffMemberFactory(user__username="taken")
    before = StaffMember.objects.count()

    answer = client.post(reverse("add_person"), TYPED | wrong)

    assert list(answer.context["form"].errors) == [field]
    assert StaffMember.objects.count() == before


def test_link_works_once_for_a_day_and_a_newer_one_ends_it(client, ida):
    staff = StaffMemberFactory()
    page = reverse("new_password_link", args=[staff.pk])
    typed = {"password": PASSWORD, "again": PASSWORD}
    first, second = link_on(client.post(page)), link_on(client.post(page))

    assert client.get(first).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=24)):
        assert client.get(second).status_code == 404
    assert client.get(second).status_code == 200
    assert client.post(second, typed).status_code == 302
    assert client.get(second).status_code == 404
    assert client.post(second, typed).status_code == 404


def test_nothing_secret_is_stored_and_looking_changes_nothing(client, ida):
    staff = StaffMemberFactory()
    _, token = people.new_link(staff.pk, by=ida)

    for _ in range(2):
        assert client.get(f"/password/{token}/")["Referrer-Policy"] == "no-referrer"
    assert PasswordLink.objects.get().revoked_at is None
    assert token[32:] not in str(PasswordLink.objects.values())


def test_role_changes_at_once_with_the_pages_of_the_system(client, ida):
    staff = StaffMemberFactory(name="Ana")
    other = Client()
    sign_in(other, staff)
    assert other.get(reverse("add_event")).status_code == 200
    assert other.get("/admin/").status_code == 302

    typed = {"name": "Ana", "role": "administrator"}
    assert client.post(reverse("person", args=[staff.pk]), typed).status_code == 302

    assert other.get(reverse("add_event")).status_code == 403
    assert other.get("/admin/").status_code == 200
    client.post(reverse("person", args=[staff.pk]), typed | {"role": "read-only"})
    assert other.get("/admin/").status_code == 302
    assert acts(staff) == [AccountAct.CHANGED, AccountAct.CHANGED]


@pytest.mark.parametrize("how", ["role", "leave"])
def test_last_administrator_stays(client, ida, how):
    def go(staff: StaffMember) -> None:
        if how == "role":
            client.post(reverse("person", args=[staff.pk]), {"name": "x", "role": "cpc"})
        else:
            client.post(reverse("person_leaves", args=[staff.pk]), {"now": "1"})
        staff.refresh_from_db()

    go(ida)
    assert (ida.role, ida.is_active) == (Role.ADMINISTRATOR, True)

    other = StaffMemberFactory(role=Role.ADMINISTRATOR)
    go(other)
    assert (other.role, other.is_active) != (Role.ADMINISTRATOR, True)


@pytest.mark.django_db(transaction=True)
def test_of_two_last_administrators_who_go_at_once_one_remains():
    both = [StaffMemberFactory(role=Role.ADMINISTRATOR) for _ in range(2)]
    together, refused = threading.Barrier(2), []

    def go(staff: StaffMember) -> None:
        together.wait()
        try:
            leaving.leave(staff.pk, last_day=None, by=staff)
        except people.LastAdministrator:
            refused.append(staff)
        finally:
            connections.close_all()

    racers = [threading.Thread(target=go, args=[staff]) for staff in both]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    assert len(refused) == 1
    assert StaffMember.objects.filter(is_active=True).get() == refused[0]


class Holder:
    """Somebody with a page open, a token, a calendar and a link to set a password."""

    def __init__(self, administrator: StaffMember) -> None:
        self.staff, _ = make_pair(BeatFactory(code="b1"))
        self.browser = Client()
        sign_in(self.browser, self.staff)
        _, token = AuthToken.objects.create(user=self.staff.user, expiry=None)
        self.headers = {"Authorization": f"Token {token}"}
        self.calendar = reverse("own_feed", args=[links.token(own_feeds.renew(self.staff))])
        self.password = f"/password/{people.new_link(self.staff.pk, by=administrator)[1]}/"

    def answers(self) -> list[int]:
        return [
            self.browser.get("/staff/").status_code,
            self.browser.post(reverse("lookup"), {"address": "1 Elm St"}).status_code,
            Client().get("/api/v1/numbers/", headers=self.headers).status_code,
            Client().get(self.calendar).status_code,
            Client().get(self.password).status_code,
        ]


def test_leaver_holds_nothing_from_that_moment_on(client, ida):
    holder = Holder(ida)
    stranger = Client()
    sign_in(stranger, StaffMemberFactory())
    assert holder.answers() == [200, 200, 200, 200, 200]

    answer = client.post(reverse("person_leaves", args=[holder.staff.pk]), {"now": "1"})

    assert answer.status_code == 302
    assert holder.answers() == [302, 302, 401, 410, 404]
    assert not AuthToken.objects.filter(user=holder.staff.user).exists()
    assert stranger.get("/staff/").status_code == 200
    assert Session.objects.count() == 2  # hers who did it, and the stranger's
    assert acts(holder.staff)[-1] == AccountAct.LEFT
    with pytest.raises(Http404):
        people.new_link(holder.staff.pk, by=ida)


def test_leaving_ends_all_of_it_or_nothing(client, ida, monkeypatch):
    """One transaction: a failure in its last step leaves all as it was."""
    holder = Holder(ida)

    def fail(_staff: StaffMember) -> None:
        raise RuntimeError

    monkeypatch.setattr(own_feeds, "revoke", fail)
    with pytest.raises(RuntimeError):
        leaving.leave(holder.staff.pk, last_day=None, by=ida)

    assert holder.answers() == [200, 200, 200, 200, 200]


def test_last_day_ends_by_itself(client, ida):
    holder = Holder(ida)
    last = timezone.localdate() + timedelta(days=3)
    page = reverse("person_leaves", args=[holder.staff.pk])
    client.post(page, {"day": last.isoformat()})
    assert holder.answers() == [200, 200, 200, 200, 200]

    with time_machine.travel(timezone.now() + timedelta(days=4)):
        sign_in(holder.browser, holder.staff)
        # The moment it is over, whether or not the ticker has looked.
        assert holder.answers()[:3] == [403, 403, 403]
        leaving.end_those_who_left()
        assert holder.answers() == [302, 302, 401, 410, 404]
    assert not leaving.end_those_who_left()


def test_posts_end_and_their_backups_serve(client, ida):
    beat, backup = BeatFactory(), StaffMemberFactory()
    today = timezone.localdate()
    leaver = StaffMemberFactory(name="Leaver")
    PostFactory(beat=beat, staff=leaver, backup=backup)
    PostFactory(beat=BeatFactory(), staff=backup, backup=leaver)
    PostFactory(beat=BeatFactory(), staff=leaver, starts_on=today + timedelta(days=9))
    page = reverse("person_leaves", args=[leaver.pk])
    assert beat.name in client.get(page).content.decode()

    client.post(page, {"now": "1"})

    assert not Post.objects.filter(staff=leaver, ends_on=None).exists()
    assert not Post.objects.filter(backup=leaver, ends_on=None).exists()
    vacant = Post.objects.get(beat=beat, starts_on=today)
    assert (vacant.staff, vacant.backup, vacant.ends_on) == (None, backup, None)


def test_who_comes_back_sets_a_password_anew(client, ida):
    staff = StaffMemberFactory()
    leaving.leave(staff.pk, last_day=None, by=ida)

    link = link_on(client.post(reverse("person_returns", args=[staff.pk])))

    assert Client().post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    staff.refresh_from_db()
    assert (staff.is_active, staff.last_day, staff.user.is_active) == (True, None, True)


def test_lost_phone_takes_a_second_factor_of_ones_own(client, ida):
    staff = StaffMemberFactory()
    TOTP.activate(staff.user, "JBSWY3DPEHPK3PXP")
    other = Client()
    sign_in(other, staff)
    page = reverse("reset_second_factor", args=[staff.pk])
    sign_in(client, ida, with_second_factor=False)

    assert client.post(page)["Location"].startswith("/staff/second-factor/")
    assert Authenticator.objects.filter(user=staff.user).exists()

    sign_in(client, ida)
    assert client.post(page)["Location"] == reverse("person", args=[staff.pk])
    assert not Authenticator.objects.filter(user=staff.user).exists()
    assert other.get("/staff/").status_code == 302
    change = AccountChange.objects.get()
    assert (change.act, change.by) == (AccountAct.FACTOR_RESET, ida)


def test_short_password_ends_with_its_second_factor(client, ida):
    staff = StaffMemberFactory()
    TOTP.activate(staff.user, "JBSWY3DPEHPK3PXP")
    staff.user.set_password("8-chars!")
    staff.user.save()

    client.post(reverse("reset_second_factor", args=[staff.pk]))

    staff.user.refresh_from_db()
    assert not staff.user.has_usable_password()


def test_sergeant_reads_and_presses_nothing(client, db):
    sign_in(client, StaffMemberFactory(role=Role.SERGEANT))
    staff = StaffMemberFactory()

    page = client.get(reverse("person", args=[staff.pk])).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    assert "<form" not in main
    assert reverse("add_person") not in client.get(reverse("people")).content.decode()
