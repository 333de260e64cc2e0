"""A body that is no booking is refused in a sentence, however it is made."""

import json

import pytest
from knox.models import get_token_model

from tests.factories.people import make_pair
from tests.factories.places import BeatFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", b"[]", b'{"summary": NaN}', b"[" * 100_000, b'{"a":' * 100_000],
    ids=["no_utf8", "list", "no_number", "lists_in_lists", "objects_in_objects"],
)
def test_body_that_is_no_booking_is_a_400(client, body):
    cpc, _ = make_pair(BeatFactory())
    _, token = get_token_model().objects.create(user=cpc.user)

    answer = client.generic(
        "POST", "/api/v1/events/", body, "application/json",
        headers={"Authorization": f"Token {token}", "Idempotency-Key": "one"},
    )  # fmt: skip

    assert answer.status_code == 400
    assert json.loads(answer.content)
