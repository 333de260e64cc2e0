"""Logs carry ids only."""

import io
import logging
from logging.config import dictConfig

from django.urls import reverse

from config.logs import hide_tokens
from outreach.services import surveys
from tests.factories.people import make_request
from tests.factories.places import BeatFactory


def test_link_that_opens_a_page_stands_in_no_log(client, db, settings):
    request = make_request(BeatFactory(), name="Xanthippe", address="77 Zanzibar Terrace")
    token = surveys.own_link(request)
    dictConfig(settings.LOGGING)
    written = io.StringIO()
    handler = logging.getLogger().handlers[0]
    usual = handler.setStream(written)

    client.get(reverse("own_survey", args=[token]) + "nowhere/")
    client.post(reverse("own_survey", args=[token]))
    client.get(reverse("own_survey", args=[token[:-1] + "x"]))

    handler.setStream(usual)
    assert "own_survey" in written.getvalue()
    assert token not in written.getvalue()
    assert "Xanthippe" not in written.getvalue()
    assert "Zanzibar" not in written.getvalue()


def test_a_token_in_the_words_of_a_mistake_becomes_an_ellipsis():
    token = "0123456789abcdef" * 4 + "01234567"

    line = hide_tokens(None, "", {"event": f"no page /own/{token}/", "exception": f"at {token}"})

    assert line == {"event": "no page /own/…/", "exception": "at …"}
