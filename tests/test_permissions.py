"""Promise 23: nobody sees what is not theirs. An address missing from the table fails."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from outreach.services import surveys as requests
from tests.permissions import ELSEWHERE, ROLES, TABLE
from tests.second_factor import sign_in

pytestmark = pytest.mark.django_db


def names(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    for part in resolver.url_patterns:
        path = prefix + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from names(part, path)
        elif isinstance(part, URLPattern):
            yield path, str(part.name)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_the_table_says(client, world, role):
    if role != "anonymous":
        sign_in(client, world[role])
    wrong = []
    # Reading first: a POST may change what the next would see.
    for (name, arguments, method), answers in sorted(TABLE.items(), key=lambda item: item[0][2]):
        address = reverse(name, args=world["arguments"][arguments])
        given = client.generic(method, address).status_code
        wanted = answers[ROLES.index(role)]
        if given != wanted:
            wrong.append(f"{method} {address} ({name}): {given}, not {wanted}")

    assert not wrong, "\n".join(wrong)


def test_every_address_is_in_the_table():
    known = {name for name, _, _ in TABLE} | ELSEWHERE
    unlisted = [
        f"{path} ({name})"
        for path, name in names(get_resolver())
        if name not in known and not path.startswith("admin/")
    ]

    assert not unlisted


@pytest.mark.parametrize("role", ROLES)
def test_admin_is_the_administrators(client, world, role):
    if role != "anonymous":
        user = world[role].user
        is_administrator = role == "administrator"
        user.is_staff = user.is_superuser = is_administrator
        user.save()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    # These lead on to the one door of all.
    own_doors = {"admin/login/", "admin/logout/", "admin/password_change/"}
    for path, name in names(get_resolver()):
        is_plain = "<" not in path and "(" not in path and name != "None"
        if path.startswith("admin/") and is_plain and path not in own_doors:
            is_sent_away = client.get(f"/{path}").status_code == 302
            assert is_sent_away == (role != "administrator"), path


def test_excluded_employee_cannot_open_the_request(client, world):
    request = requests.SurveyRequest.objects.get(uid=world["arguments"]["request"][0])
    request.excluded_staff = world["cpc"]
    request.save()
    client.force_login(
        world["cpc"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert client.get(reverse("staff_survey", args=[request.uid])).status_code == 404
    assert client.get(reverse("staff_event", args=world["arguments"]["visit"])).status_code == 404
    assert request.reference not in client.get(reverse("survey_queue")).content.decode()


def test_left_staff_member_gets_nothing(client, world):
    world["cpc"].is_active = False
    world["cpc"].save()
    client.force_login(
        world["cpc"].user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert client.get(reverse("staff_day")).status_code == 403
