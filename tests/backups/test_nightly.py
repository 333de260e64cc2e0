"""Each night a backup; what is older than its date goes, the newest good one never does."""

import json
import re
import resource
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config import tasks
from config.backups import dump, files, manifest, nightly, wal
from config.backups.manifest import DUMP
from config.backups.refusals import BackupFailed, CannotRestore
from config.embedded import firstlook
from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder
from outreach import keys
from tests.factories.people import make_request
from tests.platform.commands import PROJECT
from tests.processes import environment

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 11, 28, 10, 5, tzinfo=UTC)  # 2:05 in the city


@pytest.fixture
def root(settings, tmp_path) -> Path:
    settings.BACKUP_ROOT = tmp_path / "backups"
    return settings.BACKUP_ROOT


def dumps(root: Path) -> list[str]:
    return [folder.name for folder, _ in manifest.kept(root, DUMP)]


def test_one_backup_is_made_a_night_however_often_the_ticker_rings(root, time_machine):
    time_machine.move_to(NIGHT)
    for _ in range(3):
        tasks.back_up()
        time_machine.shift(timedelta(minutes=5))
    first = dumps(root)
    time_machine.move_to(NIGHT + timedelta(hours=23))
    tasks.back_up()
    same = dumps(root)
    time_machine.move_to(NIGHT + timedelta(days=1))

    tasks.back_up()

    assert first == same == ["dump-20261128t100500z"]
    assert dumps(root) == ["dump-20261128t100500z", "dump-20261129t100500z"]


def test_restore_without_a_name_tells_what_there_is(root, capsys):
    call_command("restore")
    nothing = capsys.readouterr().out
    tasks.back_up()

    call_command("restore")

    said = capsys.readouterr().out
    assert nothing.count(f"(none in {root})") == 2
    assert f"  {root}/{dumps(root)[0]}  20" in said
    assert "at any moment after one of these: manage.py restore --until TIME" in said


@pytest.mark.parametrize("day", ["2026-03-08", "2026-11-01"], ids=["spring", "autumn"])
def test_night_of_a_clock_change_has_one_backup_too(day):
    noon = datetime.fromisoformat(f"{day}T12:00:00-08:00")
    every_five_minutes = [noon + timedelta(minutes=5 * step) for step in range(-288, 289)]

    nights = {nightly._last_night(now) for now in every_five_minutes}

    assert len(nights) == 3  # the night before it, its own, the night after it


def forget_keys() -> None:
    keys._read.cache_clear()
    keys.every.cache_clear()


def test_key_file_that_does_not_open_the_database_is_found_in_the_night(root, settings, tmp_path):
    make_request(None)
    tasks.back_up()  # the control
    text = Path(settings.KEY_FILE).read_text()
    settings.KEY_FILE = tmp_path / "keys.json"
    settings.KEY_FILE.write_text(re.sub(r': "[^"]{44}"', f': "{"A" * 43}="', text))
    forget_keys()
    try:
        with pytest.raises(BackupFailed, match="does not open what is sealed in the database"):
            dump.take(root)
    finally:
        forget_keys()

    assert len(dumps(root)) == 1


def test_two_at_once_make_one_backup(root):
    with nightly.alone(root) as first:
        tasks.back_up()

    assert first
    assert dumps(root) == []


def test_backup_says_when_it_expires_and_goes_then_but_the_last_one_stays(root, settings):
    settings.BACKUP_KEPT_DAYS = 30
    for _ in range(2):
        folder, about = dump.take(root)
        folder.rename(root / f"dump-{len(dumps(root))}")
    day = date.fromisoformat(about.kept_until)

    nightly.thin(root, day)
    before = dumps(root)
    nightly.thin(root, day + timedelta(days=1))

    assert len(before) == 2
    assert dumps(root) == before[-1:]
    nightly.thin(root, day + timedelta(days=1000))
    assert dumps(root) == before[-1:]


def test_age_is_that_of_the_last_good_backup(root):
    assert nightly.age_of_last_backup() is None
    folder, _ = dump.take(root)
    assert nightly.age_of_last_backup() < timedelta(minutes=1)
    later = root / "dump-99990101t000000z"
    shutil.copytree(folder, later)
    (later / "manifest.json").write_text("{")

    age = nightly.age_of_last_backup()

    assert age is not None
    assert age < timedelta(minutes=1)
    shutil.rmtree(folder)
    assert nightly.age_of_last_backup() is None
    assert nightly.age_of_last_wal() is None


def test_backup_made_while_the_clock_was_ahead_does_not_count(root, time_machine):
    time_machine.move_to(NIGHT + timedelta(days=365))
    tasks.back_up()
    time_machine.move_to(NIGHT, tick=False)
    assert nightly.age_of_last_backup() is None

    tasks.back_up()

    assert nightly.age_of_last_backup() == timedelta(0)


def test_backup_ended_by_force_leaves_nothing_that_looks_like_one(root):
    unfinished = root / "unfinished-dump-20261128t100500z"
    unfinished.mkdir(parents=True)
    (unfinished / "database.dump").write_text("half")

    assert dumps(root) == []
    tasks.back_up()

    assert not unfinished.exists()
    assert len(dumps(root)) == 1


def backup_in(root: Path, most_bytes: int | None) -> "subprocess.CompletedProcess[str]":
    """As on a disk that takes no more than this of a file."""
    size = most_bytes if most_bytes is not None else resource.RLIM_INFINITY
    return subprocess.run(
        [sys.executable, "manage.py", "backup", "--to", str(root)],
        cwd=PROJECT, env=environment(), capture_output=True, text=True, check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_full_disk_is_one_clear_error_and_the_last_good_backup_stays(root):
    control = backup_in(root, None)
    kept = dumps(root)

    refused = backup_in(root, 20_000)

    assert control.returncode == 0, control.stderr
    assert refused.returncode != 0
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "pg_dump failed" in refused.stderr
    assert dumps(root) == kept
    assert len(kept) == 1
    assert not list(root.glob("unfinished-*"))
    assert manifest.verified(root / kept[0])


def test_folder_that_cannot_be_written_is_one_clear_error(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.BACKUP_ROOT = tmp_path / "file" / "backups"

    with pytest.raises(CommandError, match="cannot be written: Not a directory"):
        call_command("backup")
    with pytest.raises(BackupFailed):
        tasks.back_up()


def test_files_that_nothing_can_make_again_are_in_it(root, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    photo = settings.DATA_DIR / "photos" / "2026" / "a"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"sealed")
    settings.DATA_DIR.joinpath("keys").mkdir()
    folder = tmp_path / "backup"
    folder.mkdir()
    files.pack(folder)
    shutil.rmtree(settings.DATA_DIR)

    files.unpack(folder)

    assert [file for file in settings.DATA_DIR.rglob("*") if file.is_file()] == [photo]
    assert photo.read_bytes() == b"sealed"


def test_what_was_real_is_real_again(settings, tmp_path):
    """The demo would put its made-up city into it."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / firstlook.REAL).touch()
    files.pack(tmp_path)
    shutil.rmtree(settings.DATA_DIR)
    firstlook.check_kind(DataFolder(settings.DATA_DIR), is_real=False, is_fresh=False)  # control

    files.unpack(tmp_path)

    with pytest.raises(CannotStart, match="holds a real department"):
        firstlook.check_kind(DataFolder(settings.DATA_DIR), is_real=False, is_fresh=False)


def test_backup_of_a_newer_beatbook_is_refused(root):
    folder, _ = dump.take(root)
    dump.check(folder)  # the control
    content = json.loads((folder / "manifest.json").read_text())["manifest"]
    content["migrations"]["outreach"] = "9999_from_tomorrow"
    text = json.dumps({"manifest": content, "sha256": manifest._digest(content)})
    (folder / "manifest.json").write_text(text)

    with pytest.raises(CannotRestore, match="has outreach 9999_from_tomorrow"):
        dump.check(folder)


def test_finished_pieces_of_the_log_are_packed_and_come_out_the_same(root):
    run = root / "wal" / "beatbook_1"
    run.mkdir(parents=True)
    name, last = "0000000100000000000000FF", "000000010000000100000000"
    (run / name).write_bytes(b"log" * 1000)
    (run / f"{last}.partial").write_bytes(b"more")

    wal.compress()

    assert sorted(file.name for file in run.iterdir()) == [f"{name}.gz", f"{last}.partial"]
    found = wal.segments("beatbook_1", name)
    assert [wal.number(file.name) for file in found] == [255, 256]
    for file in found:
        wal.put_back(file, root)
    assert (root / name).read_bytes() == b"log" * 1000
    assert (root / last).read_bytes() == b"more"
    assert wal.segments("beatbook_1", last) == found[1:]


def test_log_is_thinned_to_what_a_kept_base_needs(root):
    for run in ("beatbook_1", "beatbook_2"):
        (root / "wal" / run).mkdir(parents=True)
        for number in range(3):
            (root / "wal" / run / f"00000001000000000000000{number}.gz").touch()

    wal.thin({"beatbook_2": "000000010000000000000001"})

    assert not (root / "wal" / "beatbook_1").exists()
    left = sorted(file.name[23] for file in (root / "wal" / "beatbook_2").iterdir())
    assert left == ["1", "2"]
