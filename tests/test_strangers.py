"""Nothing a stranger sends makes a 500, and nothing nasty is kept."""

from urllib.parse import quote_from_bytes

import pytest
from django.urls import reverse

from outreach.models import Contact, SurveyRequest
from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db

NASTY = {
    "nothing": "",
    "spaces": "   ",
    "NUL": "a\x00b",
    "bidi": "abc\u202egpj.exe",
    "control": "a\x1b[31mb\x07",
    "lone CR": "a\rBcc: x@example.org",
    "line break": "a\r\nBEGIN:VEVENT\r\n",
    "surrogate": "\ud800",
    "long": "x" * 100_000,
    "markup": "<script>alert(1)</script>{{ 7*7 }}{% load x %}",
    "quotes": "'; DROP TABLE outreach_beat; --",
    "formula": "=HYPERLINK('http://x')",
    "number": "99999999999999999999999999",
    "percent": "%s%n%(x)s",
    "emoji": "🚲" * 50,
    "combining": "e" + "\u0301" * 500,
}
FORMS = {
    "subscribe": ["email", "beat"],
    "request_survey": ["key", "name", "safe_channel", "reach", "property_type", "address", "beat",
                       "half_days", "notes", "excluded_staff"],
    "find_beat": ["address"],
    "set_language": ["language", "next"],
    "account_login": ["login", "password"],
}  # fmt: skip
GOOD = {
    "email": "robin@example.org", "beat": "b1", "key": "5e0f9a52-6a43-4f0a-9c61-0b4b1e6d8b11",
    "name": "Robin", "safe_channel": "email", "reach": "robin@example.org",
    "property_type": "house", "address": "120 Oak St",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _beat():
    make_pair(BeatFactory(code="b1"))


@pytest.fixture
def stranger(client):
    client.raise_request_exception = False
    return client


def sent(text: str) -> str | bytes:
    return text.encode("utf-8", "surrogatepass") if "\ud800" in text else text


@pytest.mark.parametrize("nasty", NASTY, ids=str)
@pytest.mark.parametrize("name", FORMS)
def test_public_form_takes_or_refuses_anything(stranger, name, nasty, monkeypatch):
    monkeypatch.setattr("outreach.limits.count", lambda *_, **__: None)
    for field in FORMS[name]:
        answer = stranger.post(reverse(name), GOOD | {field: sent(NASTY[nasty])})
        assert answer.status_code < 500, field

    for kept in (*Contact.objects.values_list("name", "email"),):
        assert not any("\x00" in value or "\u202e" in value or "\r" in value for value in kept)
    assert SurveyRequest.objects.count() <= len(FORMS["request_survey"])


@pytest.mark.parametrize("nasty", NASTY, ids=str)
@pytest.mark.parametrize(
    "path",
    ["/events/?page=", "/events/?beat=", "/events/?program=", "/subscribe/?beat=",
     "/beats/b1/?page=", "/api/v1/events/?beat=", "/api/v1/events/?limit=",
     "/api/v1/events/?offset=", "/api/v1/events/?starts_after=", "/api/v1/events/?program=",
     "/api/v1/venues/?limit=", "/api/v1/beats/", "/beats/", "/events/", "/feeds/beats/",
     "/feeds/programs/", "/own/", "/leave/", "/preferences/", "/subscribe/confirm/", "/"],
)  # fmt: skip
def test_public_address_answers_anything(stranger, path, nasty):
    text = NASTY[nasty][:2000].encode("utf-8", "surrogatepass")
    tail = "" if "?" in path else "/"
    answer = stranger.get(f"{path}{quote_from_bytes(text)}{tail}")

    assert answer.status_code < 500


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "\x00"}, {"Accept-Language": "x" * 5000},
        {"Accept-Encoding": "gzip;q=nan"}, {"Accept-Encoding": "gzip;q=1e999, *;q="},
        {"If-None-Match": '"' * 500}, {"If-Modified-Since": "yesterday"},
        {"If-Modified-Since": "Mon, 99 Foo 9999 99:99:99 GMT"},
        {"Cookie": "language=\"; sessionid=\x01; csrftoken=<>"}, {"Range": "bytes=9-1"},
        {"Authorization": "Token"}, {"Authorization": "Token a b c"},
        {"X-Forwarded-For": "a, b, \"c"}, {"Content-Type": "multipart/form-data"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/feeds/all.ics", "/api/v1/events/", "/staff/"])
def test_strange_headers_are_borne(stranger, path, headers):
    assert stranger.get(path, headers=headers).status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X"])
@pytest.mark.parametrize(
    "path", ["/", "/subscribe/", "/find-my-beat/", "/feeds/all.ics", "/api/v1/events/", "/staff/",
             "/surveys/request/", "/own/x/", "/accounts/login/"],
)  # fmt: skip
def test_odd_methods_are_borne(stranger, path, method):
    assert stranger.generic(method, path, data=b"\xff\xfe", content_type="x").status_code < 500


def test_wrong_host_is_a_400(stranger):
    assert stranger.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_too_many_sign_ups_of_one_connection_wait(client):
    answers = [
        client.post("/subscribe/", {"email": f"r{n}@example.org", "beat": "b1"}).status_code
        for n in range(31)
    ]

    assert answers == [302] * 30 + [429]
    assert Contact.objects.count() == 30
