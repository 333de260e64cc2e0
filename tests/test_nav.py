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
