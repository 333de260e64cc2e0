"""The doctor on the servers, the clock, the disk, and whether workers live."""

import shutil
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone

from config.doctor import machine, working
from config.doctor.checks import examine
from config.doctor.findings import Asked, Finding
from notifications.services import pulse
from scheduling import published
from tests.doctor.judging import BROKEN, LOOK, OK, seen, verdicts

pytestmark = pytest.mark.django_db


class TestMachine:
    def test_running_servers_are_ok(self):
        for check in (machine.database_answers, machine.tables_are_up_to_date,
                      machine.broker_answers, machine.clock_is_right):  # fmt: skip
            assert verdicts(check) == [OK]

    def test_missing_migration(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM django_migrations WHERE id = (SELECT id FROM django_migrations"
                " WHERE app = 'outreach' ORDER BY name DESC LIMIT 1) RETURNING name"
            )
            (last,) = cursor.fetchone()

        ((verdict, words),) = seen(machine.tables_are_up_to_date)
        assert verdict == BROKEN
        assert f"outreach.{last}" in words

    def test_broker_that_is_gone(self, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"

        assert verdicts(machine.broker_answers) == [BROKEN]

    @pytest.mark.parametrize(("seconds", "verdict"), [(2, OK), (20, LOOK), (400, BROKEN)])
    def test_clock_that_is_off(self, seconds, verdict):
        with time_machine.travel(timezone.now() + timedelta(seconds=seconds)):
            assert verdicts(machine.clock_is_right) == [verdict]

    @pytest.mark.parametrize(("free", "verdict"), [(200, BROKEN), (1_000, LOOK), (9_000, OK)])
    def test_disk_that_fills(self, monkeypatch, free, verdict):
        usage = shutil._ntuple_diskusage(0, 0, free * 2**20)
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)

        assert set(verdicts(machine.disk_has_room)) == {verdict}


def test_database_that_is_down_is_said_and_the_next_check_goes_on():
    def down(asked: Asked) -> list[Finding]:
        raise OperationalError

    found = list(examine(Asked(), [("First", down), ("Broker", machine.broker_answers)]))

    assert [(name, one.verdict) for name, one in found] == [("First", BROKEN), ("Broker", OK)]


class TestWork:
    def test_silent_workers_are_named(self):
        pulse.beat("planner")

        words = [words for _, words in seen(working.workers_live)]

        assert len(words) == 2
        assert not any("planned" in one for one in words)

    def test_working_ones_are_ok(self):
        for name in working.WORK:
            pulse.beat(name)

        assert verdicts(working.workers_live) == [OK]

    def test_publisher(self):
        assert verdicts(working.publisher_lives) == [BROKEN]
        published.sign()
        assert verdicts(working.publisher_lives) == [OK]
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            assert verdicts(working.publisher_lives) == [BROKEN]
