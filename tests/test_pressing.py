"""Promise 4 for people: a button pressed twice does its work once."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.urls import reverse

from config.pressing import PressedOnce
from outreach.models import EventRequest, Submission
from tests.permissions import ROLES, TABLE

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FORM = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.DOTALL)
# Forms that only look for something, or stand outside our own pages.
READS = ["find_beat", "lookup", "set_language"]
SIGNING_IN = "/accounts/"  # the pages of allauth


def forms_of(client, world, role):
    """Every POST form on every page that this role may open, with the address of its page."""
    for (name, arguments, method), answers in TABLE.items():
        if method == "GET" and answers[ROLES.index(role)] == 200:
            address = reverse(name, args=world["arguments"][arguments])
            if address.startswith(SIGNING_IN):
                continue
            answer = client.get(address)
            if "text/html" in answer["Content-Type"]:
                yield from ((address, form) for form in FORM.findall(answer.content.decode()))


@pytest.mark.parametrize("role", ["anonymous", "cpc", "sergeant"])
def test_every_form_carries_a_key_of_its_own(client, world, role):
    if role != "anonymous":
        client.force_login(world[role].user, backend=BACKEND)
    reads = tuple(f'action="{reverse(name)}"' for name in READS)
    doors = re.compile(r'action="/staff/events/[^"]*/door/"')  # looks for a name

    found = list(forms_of(client, world, role))
    bare = [
        f"{address}: {form[:100]}"
        for address, form in found
        if 'name="press"' not in form and not doors.search(form)
        if not any(read in form for read in reads)
    ]

    assert len(found) > (8 if role == "anonymous" else 40)
    assert not bare
    keys = re.findall(r'name="press" value="([^"]+)"', "".join(form for _, form in found))
    assert len(keys) == len(set(keys))


def test_second_press_leads_where_the_first_did_and_does_nothing(client, world):
    client.force_login(world["cpc"].user, backend=BACKEND)
    address = reverse("decline_event_request", args=world["arguments"]["asked"])
    form = {"reason": "No hall is free.", "press": str(uuid4())}

    first = client.post(address, form)
    second = client.post(address, form)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    asked = EventRequest.objects.get(uid=world["arguments"]["asked"][0])
    assert asked.decisions.count() == 1


def test_control_without_the_key_each_press_counts():
    done = []

    def view(request):
        done.append(1)
        return HttpResponseRedirect("/there/")

    for _ in range(2):
        run(view, heads="2")
    for _ in range(2):
        run(view, heads="2", press="d3b07384-d113-4ec6-a5d6-a7ae7a4f8b1e")

    assert len(done) == 3


def test_nothing_of_a_secret_address_or_of_what_was_typed_is_stored(client, world):
    secret = world["arguments"]["preferences_token"][0]
    address = reverse("preferences", args=[secret])

    client.post(address, {"press": str(uuid4()), "beats": [], "language": "es"})

    stored = str(list(Submission.objects.values()))
    assert secret not in stored


def run(view, **posted):
    request = RequestFactory().post("/somewhere/", posted)
    request.user = type("Nobody", (), {"pk": 7})()
    request._messages = type("Box", (), {"add": lambda *a: None})()
    return PressedOnce(view)(request)


def test_page_from_the_browsers_memory_may_say_something_else_and_back_again():
    done = []

    def view(request):
        done.append(request.POST["stops"])
        return HttpResponseRedirect("/there/")

    press = str(uuid4())
    for choice in ("yes", "no", "no", "yes"):
        assert run(view, press=press, stops=choice).url == "/there/"

    assert done == ["yes", "no", "yes"]


def test_refusal_and_error_page_keep_no_key_and_a_refusal_leaves_nothing_behind():
    def refuse(request):
        Submission.objects.create(key="half", fingerprint="", outcome="")
        return HttpResponse(status=409)

    press = str(uuid4())
    assert run(refuse, press=press).status_code == 409
    assert run(lambda request: HttpResponse("errors"), press=press).status_code == 200
    assert not Submission.objects.exists()
    assert run(lambda request: HttpResponseRedirect("/there/"), press=press).status_code == 302


@pytest.mark.parametrize("nonsense", ["", "x", "'; --", "\0"])
def test_nonsense_for_a_key_is_as_good_as_none(nonsense):
    assert run(lambda request: HttpResponse("done"), press=nonsense).content == b"done"


@pytest.mark.django_db(transaction=True)
def test_presses_at_the_same_moment_wait_for_each_other():
    done = []
    press = str(uuid4())

    def view(request):
        done.append(1)
        return HttpResponseRedirect("/there/")

    def one(_number):
        try:
            return run(view, press=press).url
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(8))) == {"/there/"}
    assert len(done) == 1


def test_address_too_long_to_keep_is_no_error():
    def view(request):
        return HttpResponseRedirect("/events/?x=" + "y" * 300)

    press = str(uuid4())
    for _ in range(2):
        assert run(view, press=press).status_code == 302
    assert not Submission.objects.exists()
