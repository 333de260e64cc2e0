"""Reading over the API."""

import pytest
from django.core.management import call_command
from drf_spectacular.validation import validate_schema

from outreach.enums import Disclosure, Program, VenueKind
from scheduling.api.paging import Pages
from scheduling.enums import Classification
from tests.factories.events import EventFactory, local
from tests.factories.people import UserFactory
from tests.factories.places import BeatFactory, VenueFactory

pytestmark = pytest.mark.django_db


def uids(client, **query) -> set[str]:
    answer = client.get("/api/v1/events/", query)
    assert answer.status_code == 200, answer.content
    return {event["uid"] for event in answer.json()["results"]}


def test_event_tells_what_the_page_shows(client):
    beat = BeatFactory(code="b1")
    event = EventFactory(beat=beat, venue=VenueFactory(name="Library", address="1 Main St"))
    event.texts.create(language="es", summary="Reunión")

    shown = client.get(f"/api/v1/events/{event.uid}/").json()

    assert shown["beat"] == "b1"
    assert shown["place"] == "Library, 1 Main St"
    assert shown["point"] == [41.005, -124.195]
    assert shown["texts"] == {"es": {"summary": "Reunión", "description": ""}}
    assert (shown["status"], shown["sequence"]) == ("confirmed", 0)


def test_filters_narrow_the_list(client):
    one, two = BeatFactory(code="b1"), BeatFactory(code="b2")
    early = EventFactory(beat=one, starts_at=local(2027, 1, 5, 19), program=Program.COMMUNITY)
    late = EventFactory(beat=two, starts_at=local(2027, 2, 5, 19), status="cancelled")
    EventFactory(beat=one, classification=Classification.PRIVATE)

    assert uids(client) == {str(early.uid), str(late.uid)}
    assert uids(client, beat="b1") == {str(early.uid)}
    assert uids(client, beat="nowhere") == set()
    assert uids(client, program="community") == {str(early.uid)}
    assert uids(client, status="cancelled") == {str(late.uid)}
    assert uids(client, starts_after="2027-02-01T00:00:00Z") == {str(late.uid)}
    assert uids(client, starts_before="2027-02-01T00:00:00-08:00") == {str(early.uid)}


@pytest.mark.parametrize(
    "query",
    [{"starts_after": "soon"}, {"starts_after": "0001-01-01T00:00:00+23:00"},
     {"starts_before": "9999-12-31T23:59:59-23:00"}, {"program": "security-survey"},
     {"status": "maybe"}],
    ids=str,
)  # fmt: skip
def test_nonsense_filter_is_a_400_that_names_the_field(client, query):
    answer = client.get("/api/v1/events/", query)

    assert answer.status_code == 400
    assert list(answer.json()) == list(query)


@pytest.mark.parametrize("query", [{"limit": "-1"}, {"offset": "x"}, {"beat": "a\x00b"}], ids=str)
def test_nonsense_never_breaks_the_list(client, query):
    assert client.get("/api/v1/events/", query).status_code in {200, 400}


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 10**300], ids=str)
@pytest.mark.parametrize("name", ["limit", "offset"])
def test_number_too_large_for_the_database_is_a_page_like_any_other(client, name, number):
    EventFactory()

    assert client.get("/api/v1/events/", {name: number}).status_code == 200


def test_nobody_is_given_everything_at_once(client, monkeypatch):
    monkeypatch.setattr(Pages, "max_limit", 2)
    for _ in range(3):
        EventFactory()

    page = client.get("/api/v1/events/", {"limit": 1000}).json()

    assert (page["count"], len(page["results"])) == (3, 2)
    assert len(client.get(page["next"]).json()["results"]) == 1


def test_venues_are_those_shown_in_full(client):
    shown = VenueFactory()
    VenueFactory(disclosure=Disclosure.BLOCK)
    VenueFactory(kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="")
    VenueFactory(is_active=False)

    assert [v["id"] for v in client.get("/api/v1/venues/").json()["results"]] == [str(shown.uid)]


def test_schema_is_valid_openapi(client):
    answer = client.get("/api/schema/?format=json")

    validate_schema(answer.json())
    assert "/api/v1/events/{uid}/" in answer.json()["paths"]


def test_token_is_printed_once_and_lets_in(client, capsys):
    user = UserFactory(username="city-site")
    call_command("create_api_token", "city-site")
    token = capsys.readouterr().out.strip()

    answer = client.get("/api/v1/beats/", headers={"Authorization": f"Token {token}"})
    refused = client.get("/api/v1/beats/", headers={"Authorization": "Token nonsense"})

    assert answer.status_code == 200
    assert refused.status_code == 401
    assert token not in str(user.auth_token_set.values())
