"""Logs carry ids only."""

import io
import logging
import os
from contextlib import contextmanager
from logging.config import dictConfig
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from config.logs import hide_tokens
from outreach.models import Contact
from outreach.services import surveys
from tests.factories.people import make_request
from tests.factories.places import BeatFactory

NAME, WORDS = "Xanthippe", "77 Zanzibar Terrace"


@contextmanager
def log_of(settings):
    """What the service would write."""
    dictConfig(settings.LOGGING)
    written = io.StringIO()
    handler = logging.getLogger().handlers[0]
    usual = handler.setStream(written)
    yield written
    handler.setStream(usual)


def test_link_that_opens_a_page_stands_in_no_log(client, db, settings):
    request = make_request(BeatFactory(), name=NAME, address=WORDS)
    token = surveys.own_link(request)

    with log_of(settings) as written:
        client.get(reverse("own_survey", args=[token]) + "nowhere/")
        client.post(reverse("own_survey", args=[token]))
        client.get(reverse("own_survey", args=[token[:-1] + "x"]))

    assert "own_survey" in written.getvalue()
    assert token not in written.getvalue()
    assert NAME not in written.getvalue()
    assert WORDS not in written.getvalue()


def test_a_token_in_the_words_of_a_mistake_becomes_an_ellipsis():
    token = "0123456789abcdef" * 4 + "01234567"

    line = hide_tokens(None, "", {"event": f"no page /own/{token}/", "exception": f"at {token}"})

    assert line == {"event": "no page /own/…/", "exception": "at …"}


def test_an_error_says_where_and_of_what_kind_but_not_its_words(settings):
    log = logging.getLogger("outreach")
    with log_of(settings) as written:
        try:
            raise ValueError(WORDS) from KeyError(NAME)
        except ValueError as error:
            log.exception("It broke: %r", error)

    assert "It broke: ValueError" in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert "builtins.KeyError" in written.getvalue()
    assert WORDS not in written.getvalue()
    assert NAME not in written.getvalue()


def test_an_error_raised_from_itself_is_told_once(settings):
    error = ValueError(WORDS)
    error.__cause__ = error
    with log_of(settings) as written:
        logging.getLogger("outreach").error("It broke", exc_info=error)

    assert written.getvalue().count("builtins.ValueError") == 1


def test_a_row_the_database_refuses_is_written_in_no_log(db, settings):
    """PostgreSQL names the values of such a row, to us and to its own log."""
    with pytest.raises(IntegrityError) as refused:
        Contact.objects.create(name=NAME, restricted_at=timezone.now())
    with log_of(settings) as written:
        logging.getLogger("outreach").error("refused", exc_info=refused.value)

    assert NAME in str(refused.value)  # so both had something to hide
    assert "IntegrityError" in written.getvalue()
    assert NAME not in written.getvalue()
    of_database = Path(os.environ["BEATBOOK_DATA"], "logs", "postgres.log").read_text()
    assert "contact_restricted_is_empty" in of_database
    assert NAME not in of_database


def test_a_task_that_fails_does_not_say_with_what_words(settings):
    @app.task
    def broken():
        raise ValueError(WORDS)

    with log_of(settings) as written:
        broken.apply()

    app.tasks.pop(broken.name)
    assert "raised unexpected: ValueError" in written.getvalue()
    assert WORDS not in written.getvalue()


def test_a_server_that_is_away_is_named(settings):
    with log_of(settings) as written:
        try:
            raise OperationalError(f"connection refused\nDETAIL: {NAME}")
        except OperationalError:
            logging.getLogger("outreach").exception("no database")

    assert "OperationalError: connection refused" in written.getvalue()
    assert NAME not in written.getvalue()
