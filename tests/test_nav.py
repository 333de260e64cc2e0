"""The menu offers what its reader may open."""

import re

import pytest

from outreach.enums import Role
from tests.factories.people import StaffMemberFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [None, *Role])
def test_every_entry_of_the_menu_opens(client, role):
    if role:
        staff = StaffMemberFactory(role=role)
        is_administrator = role == Role.ADMINISTRATOR
        staff.user.is_staff = staff.user.is_superuser = is_administrator
        staff.user.save()
        client.force_login(
            staff.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    page = client.get("/staff/" if role else "/").content.decode()
    menu = page[page.index('class="wrap site-nav"') : page.index("</nav>")]

    statuses = {
        address: client.get(address).status_code for address in re.findall(r'href="([^"]+)', menu)
    }

    assert set(statuses.values()) == {200}, statuses


@pytest.mark.parametrize(
    ("role", "entry"),
    [
        (Role.RECORDS_CLERK, "Records"),
        (Role.ADMINISTRATOR, "Records"),
        (Role.SERGEANT, "Sending"),  # whose menu is full
    ],
)
@pytest.mark.parametrize("path", ["/staff/retention/", "/staff/records/"])
def test_menu_says_where_the_records_are(client, role, entry, path):
    client.force_login(StaffMemberFactory(role=role).user)
    page = client.get(path).text
    menu = page[page.index('class="wrap site-nav"') : page.index("</nav>")]

    assert re.findall(r'aria-current="(?:page|true)">([^<]+)', menu) == [entry]


@pytest.mark.parametrize(("path", "entries"), [("/staff/people/{pk}/", ["People"]), ("/none/", [])])
def test_menu_says_one_place_and_none_where_it_knows_none(client, path, entries):
    """An entry of several pages goes by their whole names: erase_person is no person."""
    administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    client.force_login(administrator.user)
    page = client.get(path.format(pk=administrator.pk)).text
    menu = page[page.index('class="wrap site-nav"') : page.index("</nav>")]

    assert re.findall(r'aria-current="(?:page|true)">([^<]+)', menu) == entries
