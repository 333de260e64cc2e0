"""Pages reached by a secret link work in browsers that send no origin."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
LINKS = {
    "confirm": "confirm_token",
    "preferences": "preferences_token",
    "leave": "preferences_token",
    "cancel_own_visit": "survey_token",
    "withdraw_own": "survey_token",
    "confirm_own_visit": "survey_token",
    "own_visit_language": "survey_token",
    "confirm_own_seats": "rsvp_token",
    "own_seats_language": "rsvp_token",
    "change_own_seats": "rsvp_token",
    "give_back_own": "rsvp_token",
}


@pytest.mark.parametrize("name", LINKS)
def test_link_posts_without_an_origin_and_tells_no_other_site(world, name):
    address = reverse(name, args=world["arguments"][LINKS[name]])

    answer = Client(enforce_csrf_checks=True).post(address, headers={"Origin": "null"})

    assert answer.status_code in {200, 302}
    assert answer["Referrer-Policy"] == "no-referrer"


def test_control_a_page_without_a_secret_refuses_the_same(world):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(reverse("subscribe"), headers={"Origin": "null"}).status_code == 403
