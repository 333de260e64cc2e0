"""The doctor on backups: none, an old one, a good one, and a log that is kept or not."""

from datetime import timedelta

import pytest

from config.doctor import backup
from config.doctor.findings import Asked, Verdict

OK, LOOK, BROKEN = Verdict


@pytest.mark.parametrize(
    ("age", "log", "verdicts"),
    [
        (None, None, [BROKEN, LOOK]),
        (timedelta(hours=30), None, [BROKEN, LOOK]),
        (timedelta(hours=3), timedelta(hours=1), [OK, BROKEN]),
        (timedelta(hours=3), timedelta(seconds=9), [OK, OK]),
    ],
)
def test_backup_and_log_are_judged_by_their_age(monkeypatch, age, log, verdicts):
    monkeypatch.setattr("config.backups.nightly.age_of_last_backup", lambda: age)
    monkeypatch.setattr("config.backups.nightly.age_of_last_wal", lambda: log)

    found = list(backup.backups_are_made(Asked()))

    assert [one.verdict for one in found] == verdicts
