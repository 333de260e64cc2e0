"""What an operator asks: lives it, works it, what waits; and whom nothing of it is told."""

import io
import json
import logging
import mailbox
import os
import re
import time
from contextlib import contextmanager
from datetime import timedelta
from logging.config import dictConfig

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from django_guid import clear_guid, set_guid

from config import errors, logs
from config.backups import manifest
from config.backups.manifest import Manifest
from config.celery import app
from notifications import tasks
from notifications.enums import MessageStatus
from notifications.models import Canary, Heartbeat, Message
from notifications.services import canary, gates, inbox, pulse
from scheduling import published
from tests.factories.events import EventFactory
from tests.factories.messages import due_reminders
from tests.mail_sink import running
from tests.processes import environment as outer_world
from tests.processes import web
from tests.scheduling.test_feeds_over_http import ask

pytestmark = pytest.mark.django_db
KEY = "a key of forty random characters, we say"


def keep_backup(root, at) -> None:
    folder = root / f"dump-{manifest.stamp(at)}"
    folder.mkdir(parents=True)
    about = Manifest(
        kind="dump", made_at=at.isoformat(), kept_until="2100-01-01", postgres=18, migrations={},
        keys={}, pieces=[],
    )  # fmt: skip
    manifest.write(folder, about)


@pytest.fixture
def all_alive(settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path / "backups"
    keep_backup(settings.BACKUP_ROOT, timezone.now())
    for name in ("ticker", "planner", "personal", "campaign"):
        pulse.beat(name)
    published.sign()


def parts(client, **headers) -> dict[str, dict]:
    answer = client.get(reverse("health"), **headers)
    return {part["name"]: part for part in answer.json()["parts"]}


def metric(client, name: str, **labels: str) -> float | None:
    said = "".join(f'{key}="{value}",' for key, value in sorted(labels.items())).rstrip(",")
    wanted = f"{name}{{{said}}} " if labels else f"{name} "
    lines = client.get(reverse("metrics")).content.decode().splitlines()
    return next((float(line.split()[-1]) for line in lines if line.startswith(wanted)), None)


def test_all_is_well_where_everybody_signed(client, all_alive):
    answer = client.get(reverse("health"))

    assert (answer.status_code, answer.json()["is_well"]) == (200, True)


@pytest.mark.parametrize("name", ["ticker", "planner", "personal", "campaign"])
def test_a_process_that_is_silent_is_named(client, all_alive, name):
    Heartbeat.objects.filter(name=name).update(seen_at=timezone.now() - timedelta(minutes=3))

    assert client.get(reverse("health")).status_code == 503
    ill = [part for part in parts(client).values() if not part["is_well"]]
    assert [part["name"] for part in ill] == [name]
    assert 170 < ill[0]["figure"] < 200
    assert 170 < metric(client, "beatbook_heartbeat_age_seconds", process=name) < 200


def test_what_waits_too_long_and_what_is_held_back_are_named(client, all_alive):
    due_reminders(EventFactory(), 1)
    Message.objects.update(due_at=timezone.now() - timedelta(minutes=20))
    gates.hold_masses("somebody looks first")

    ill = {name for name, part in parts(client).items() if not part["is_well"]}
    assert ill == {"oldest_due", "sending_is_open"}
    oldest = metric(client, "beatbook_message_oldest_due_seconds", lane="personal")
    assert 1190 < oldest < 1300
    assert metric(client, "beatbook_messages_waiting", channel="email", status="queued") == 1


def test_a_stale_calendar_and_a_full_disk_are_named(client, all_alive, settings):
    settings.HEALTH_LIMITS = settings.HEALTH_LIMITS | {"disk_megabytes": 10**9, "stale_feed": -1}

    ill = {name for name, part in parts(client).items() if not part["is_well"]}
    assert ill == {"disk", "stale_feed"}


def test_an_old_backup_and_a_log_that_stands_still_are_named(client, all_alive, settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path / "others"
    keep_backup(settings.BACKUP_ROOT, timezone.now() - timedelta(hours=27))
    segment = settings.BACKUP_ROOT / "wal" / "beatbook_1" / "000000010000000000000001.partial"
    segment.parent.mkdir(parents=True)
    segment.touch()
    ten_minutes_ago = time.time() - 600
    os.utime(segment, (ten_minutes_ago, ten_minutes_ago))

    ill = {name for name, part in parts(client).items() if not part["is_well"]}
    assert ill == {"backup", "backup_log"}
    assert metric(client, "beatbook_backup_age_seconds") > 26 * 3600
    assert 590 < metric(client, "beatbook_backup_log_age_seconds") < 700
    settings.BACKUP_ROOT = tmp_path / "none"
    ill = {name for name, part in parts(client).items() if not part["is_well"]}
    assert ill == {"backup"}


@pytest.mark.parametrize("name", ["health", "metrics"])
def test_strangers_find_nothing_there_and_a_key_opens(client, all_alive, settings, name):
    away = {"REMOTE_ADDR": "203.0.113.7"}
    assert client.get(reverse(name), **away).status_code == 404
    settings.HEALTH_KEY = KEY
    for said in ("", "Bearer", f"Bearer {KEY}x", f"Basic {KEY}", "Bearer \u00e9"):
        assert client.get(reverse(name), headers={"Authorization": said}, **away).status_code == 404

    opened = client.get(reverse(name), headers={"Authorization": f"Bearer {KEY}"}, **away)
    assert opened.status_code == 200


def test_who_comes_through_a_proxy_is_not_this_machine(client, all_alive, settings):
    forwarded = {"X-Forwarded-For": "203.0.113.7"}
    assert client.get(reverse("metrics"), headers=forwarded).status_code == 404
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert client.get(reverse("metrics"), headers=forwarded).status_code == 404
    assert client.get(reverse("metrics")).status_code == 200


def test_requests_and_conflicts_are_counted_by_route_alone(client):
    before = metric(client, "beatbook_requests_total", method="GET", route="event", status="404")
    client.get(f"/events/{'0' * 8}-0000-4000-8000-{'0' * 12}/?name=Xanthippe")

    after = metric(client, "beatbook_requests_total", method="GET", route="event", status="404")
    assert after == (before or 0) + 1
    text = client.get(reverse("metrics")).content.decode()
    assert "Xanthippe" not in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}|@|127\.0", text)


def test_not_ready_before_the_tables_are_there(client, monkeypatch):
    assert client.get(reverse("readyz")).status_code == 200
    monkeypatch.setattr("config.health._is_migrated", False)
    from_the_code = "django.db.migrations.recorder.MigrationRecorder.applied_migrations"
    monkeypatch.setattr(from_the_code, lambda self: {})

    answer = client.get(reverse("readyz"))
    assert (answer.status_code, answer.content) == (503, b"migrations to run\n")


# --- The canary -----------------------------------------------------------------------------


@pytest.fixture
def own_box(settings, tmp_path):
    settings.CANARY_MAILBOX = "canary@beatbook.example"
    settings.REPLY_MAILDIR = str(tmp_path / "box")
    return mailbox.Maildir(settings.REPLY_MAILDIR)


def test_canary_goes_out_comes_back_and_is_deleted(client, all_alive, own_box, settings, tmp_path):
    people = own_box.add(b"From: a resident\n\nPlease call me.")
    with running(tmp_path) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        tasks.send_canary()
        tasks.drain_personal()
        (mail,) = sink.mails()
    assert not parts(client)["canary"]["is_well"]  # handed over is not arrived

    own_box.add(mail.as_bytes())
    assert inbox.read() == 1
    assert list(own_box.keys()) == [people]
    assert parts(client)["canary"]["is_well"]
    assert metric(client, "beatbook_canary_age_seconds") < 60
    assert Message.objects.get().status == MessageStatus.ACCEPTED


def test_canary_of_an_hour_ago_calls_for_somebody(client, all_alive, own_box):
    canary.send()
    old = timezone.now() - timedelta(hours=1)
    Canary.objects.update(sent_at=old, came_back_at=old)

    assert not parts(client)["canary"]["is_well"]


def test_one_canary_at_a_time_and_none_without_a_mailbox(own_box, settings):
    assert canary.send()
    assert canary.send() is None
    Canary.objects.update(sent_at=timezone.now() - timedelta(days=3))
    assert canary.send()
    assert Canary.objects.count() == 1  # the old one is forgotten with its message
    settings.CANARY_MAILBOX = ""
    Canary.objects.all().delete()
    assert canary.send() is None


def test_a_mail_that_only_looks_like_a_canary_changes_nothing(own_box):
    canary.send()
    for name in ("x", "00000000-0000-4000-8000-000000000000", "\u00e9" * 40):
        assert not canary.came_back(f"Message-ID: <{name}@127.0.0.1>\n\nx".encode())
    own = Message.objects.get().uid
    assert not canary.came_back(f"Message-ID: <{own}@elsewhere.example>\n\nx".encode())
    assert Canary.objects.get().came_back_at is None

    assert canary.came_back(f"Message-ID: <{own}@127.0.0.1>\n\nx".encode())


# --- Logs -----------------------------------------------------------------------------------


@contextmanager
def written(settings, *, is_json: bool = True):
    dictConfig(logs.to_console(level="INFO", is_json=is_json))
    text = io.StringIO()
    usual = logging.getLogger().handlers[0].setStream(text)
    try:
        yield text
    finally:
        logging.getLogger().handlers[0].setStream(usual)
        dictConfig(settings.LOGGING)


def test_each_answer_is_one_line_with_the_id_the_reader_was_given(client, settings):
    with written(settings) as text:
        answer = client.get(reverse("home") + "?name=Xanthippe")
        client.get("/nowhere/Xanthippe/")

    first, *_ = [json.loads(line) for line in text.getvalue().splitlines()]
    assert (first["route"], first["status"]) == ("home", 200)
    assert first["request"] == answer["X-Request-ID"]
    assert "Xanthippe" not in text.getvalue().replace("/nowhere/Xanthippe/", "")


def test_a_request_keeps_the_id_it_came_with_if_it_is_one(client):
    own = "5e0f9a526a434f0a9c610b4b1e6d8b11"
    assert client.get("/livez", headers={"X-Request-ID": own})["X-Request-ID"] == own
    for nonsense in ("x", "a\tb", "Robin <robin@example.org>", "9" * 5000):
        given = client.get("/livez", headers={"X-Request-ID": nonsense})["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", given)


def test_a_task_carries_the_id_of_the_request_that_rang_it():
    own = "5e0f9a526a434f0a9c610b4b1e6d8b11"
    set_guid(own)
    tasks.drain_personal.apply_async()
    clear_guid()

    with app.connection_for_read() as line:
        message = line.default_channel.client.lpop("personal")
    assert json.loads(message)["headers"]["X-Request-ID"] == own


# --- Without a database ---------------------------------------------------------------------


def test_pages_and_calls_say_that_the_records_are_away(monkeypatch):
    away = outer_world() | {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"}
    monkeypatch.setattr("tests.processes.environment", lambda sink=None: away)
    with web(1) as site:
        page, call = ask(site, "/events/"), ask(site, "/api/v1/events/")
        ready, live = ask(site, "/readyz"), ask(site, "/livez")
        told, figures = ask(site, "/health/"), ask(site, "/metrics")

    assert (page.status, call.status, ready.status, live.status) == (503, 503, 503, 200)
    assert page["Retry-After"] == call["Retry-After"] == "15"
    for words in ("Back in a moment", "Volvemos enseguida", "911"):
        assert words in page.body.decode()
    assert "try again" in json.loads(call.body)["detail"]
    ill = {part["name"] for part in json.loads(told.body)["parts"] if not part["is_well"]}
    assert "database" in ill
    assert "\nbeatbook_database_up 0.0\n" in figures.body.decode()


@pytest.mark.parametrize(
    ("state", "is_away"), [(None, True), ("57P01", True), ("53300", True), ("40P01", False)]
)
def test_a_refusal_is_no_outage(state, is_away):
    cause = type("Cause", (Exception,), {"sqlstate": state})()
    error = OperationalError("x")
    error.__cause__ = cause

    assert errors.is_away(error) is is_away
    assert not errors.is_away(ValueError("x"))
