"""A caller that calls too often is told to wait, and nobody else is."""

import pytest
from django.core.cache import cache
from knox.models import get_token_model
from redis.exceptions import ConnectionError as BrokerDown

from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db
ALL = "/api/v1/events/"


@pytest.fixture
def headers():
    cpc, _ = make_pair(BeatFactory())
    _, token = get_token_model().objects.create(user=cpc.user)
    return {"Authorization": f"Token {token}"}


def test_each_caller_has_calls_of_its_own(client, headers, settings):
    settings.API_CALLS_A_MINUTE, settings.API_STRANGERS_CALLS_A_MINUTE = 3, 2

    own = [client.get(ALL, headers=headers).status_code for _ in range(4)]
    strangers = [client.get(ALL).status_code for _ in range(3)]

    assert own == [200, 200, 200, 429]
    assert strangers == [200, 200, 429]
    assert 0 < int(client.get(ALL)["Retry-After"]) <= 60


def test_without_a_broker_staff_and_readers_go_on_and_strangers_write_nothing(
    client, headers, monkeypatch
):
    def down(*_args, **_kwargs):
        raise BrokerDown

    monkeypatch.setattr(cache, "add", down)

    assert client.get(ALL).status_code == 200
    assert client.get(ALL, headers=headers).status_code == 200
    assert client.post(ALL, {}, content_type="application/json", headers=headers).status_code == 400
    assert client.post(ALL, {}, content_type="application/json").status_code in {401, 429}
