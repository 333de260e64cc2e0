"""Promise 25: backups restore. A town is backed up, its disk is lost, and it stands again.

At full size with two hundred thousand rows, and five minutes of writing before the disk is lost.
"""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from config.backups import manifest
from tests.backups.conftest import SEALED
from tests.backups.town import Town

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("drill")]
ADDRESSES = [f"{number} Alder St" for number in range(SEALED)]
MOST_LOST, LONGEST = 5 * 60, 30 * 60  # seconds: RPO and RTO
HELD = "restored from a backup"


def names(town: Town) -> set[str]:
    return set(json.loads(town.calls("names()")))


def test_dump_brings_every_table_back_and_opens_what_is_sealed(history, rebuilt):
    began = time.monotonic()

    said = rebuilt.does("restore", str(rebuilt.backup("dump")))

    took = time.monotonic() - began
    print(f"restored from the dump in {took:.1f} s")
    rebuilt.opens()
    assert rebuilt.tables() == history["tables"]
    assert json.loads(rebuilt.calls("opened()")) == ADDRESSES
    assert took < LONGEST
    assert "Sending is held back" in said
    assert HELD in json.loads(rebuilt.calls("closed()"))["all"]
    # The control of what follows: without the log all that was written since is gone.
    assert "before-the-moment" not in names(rebuilt)


def test_log_brings_back_what_was_written_to_the_last_moment(history, rebuilt):
    began = time.monotonic()

    said = rebuilt.does("restore", "--until", "now")

    took = time.monotonic() - began
    rebuilt.opens()
    kept = names(rebuilt) & set(history["written"])
    lost = [name for name in history["written"] if name not in kept]
    first_lost = min((float(name[3:]) for name in lost), default=history["struck_at"])
    print(f"restored with its log in {took:.1f} s; {len(lost)} of {len(history['written'])} lost")
    assert kept
    assert history["struck_at"] - first_lost < MOST_LOST
    assert took < LONGEST
    assert json.loads(rebuilt.calls("opened()")) == ADDRESSES
    assert "Sending is held back" in said
    assert HELD in json.loads(rebuilt.calls("closed()"))["all"]


def test_moment_that_is_named_is_the_one_restored(history, rebuilt):
    rebuilt.does("restore", "--until", history["moment"])

    rebuilt.opens()
    found = names(rebuilt)
    assert "before-the-moment" in found
    assert not found & set(history["written"])
    found, before = rebuilt.tables(), history["tables"]
    assert {name for name in before if found[name] != before[name]} == {"outreach_user"}


def test_restored_town_is_backed_up_and_restored_again(history, rebuilt):
    """Its log goes on under another number, so it needs a base of its own."""
    rebuilt.does("restore", "--until", "now")
    before = list(rebuilt.backups.glob("base-*"))
    shutil.copytree(rebuilt.backups, own := rebuilt.data / "own")
    rebuilt.backups = own
    rebuilt.opens()
    rebuilt.keeps_its_log()
    rebuilt.calls("fill_again()")
    rebuilt.does("shell", "-v", "0", "-c", "from config.backups import nightly; nightly.keep()")
    rebuilt.calls("write('after-the-first-time')")
    rebuilt.closes()

    said = rebuilt.does("restore", "--until", "now", "--replace")

    rebuilt.opens()
    assert len(list(own.glob("base-*"))) == len(before) + 1
    assert "after-the-first-time" in names(rebuilt)
    assert "remove it when all is well" in said
    assert len(list(rebuilt.data.glob("postgres.replaced-*"))) == 1


def test_database_with_data_is_given_up_only_when_that_is_said(history, rebuilt):
    dump = str(rebuilt.backup("dump"))
    rebuilt.does("restore", dump)
    rebuilt.opens()
    rebuilt.calls("write('new')")
    before = rebuilt.tables()

    refused = rebuilt.manage("restore", dump)
    running = rebuilt.manage("restore", "--until", "now", "--replace")

    assert "is not empty" in refused.stderr
    assert "Say --replace" in refused.stderr
    assert "Stop it first" in running.stderr
    assert rebuilt.tables() == before
    rebuilt.does("restore", dump, "--replace")
    assert rebuilt.tables() == history["tables"]


def test_nothing_is_sent_after_a_restore_before_somebody_says_so(rebuilt):
    rebuilt.does("restore", str(rebuilt.backup("dump")))
    rebuilt.opens()

    held = json.loads(rebuilt.calls("send()"))
    rebuilt.does("resume_sending")
    sent = json.loads(rebuilt.calls("send()"))

    assert held == {"queued": SEALED}
    assert sent == {"accepted": SEALED}


def test_published_calendars_follow_what_was_restored(rebuilt):
    calendar = rebuilt.data / "feeds" / "live" / "feeds" / "all.ics" / "feed.ics"
    dump = str(rebuilt.backup("dump"))
    rebuilt.does("restore", dump)
    rebuilt.opens()
    rebuilt.calls("publish()")
    before = calendar.read_bytes()
    rebuilt.calls("add_event()")
    changed = calendar.read_bytes()

    rebuilt.does("restore", dump, "--replace")
    rebuilt.calls("publish()")

    assert before.count(b"BEGIN:VEVENT") == 3
    assert changed.count(b"BEGIN:VEVENT") == 4
    assert calendar.read_bytes() == before


def test_key_file_of_another_installation_fails_loudly_before_anything_is_touched(history):
    town = Town(history["town"].backups)
    try:
        town.opens()
        dump = str(town.backup("dump"))

        stranger = town.manage("restore", dump, "--replace")

        assert stranger.returncode != 0
        assert "is of another installation: its seal key 'k1' is another one" in stranger.stderr
        assert len(stranger.stderr.strip().splitlines()) == 1
        assert town.asks("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
        until = town.manage("restore", "--until", "now", "--check")
        assert "is of another installation" in until.stderr
    finally:
        town.is_removed()


RING = {"current": "a", "keys": {"a": "YWJj"}}
SHORT = json.dumps({"seal": RING, "link": RING})
KEY_FILES = {
    "missing": (None, "No such file or directory"),
    "empty": ("", "Expecting value"),
    "nonsense": ('{"seal": 3, "link": []}', "cannot be used"),
    "short": (SHORT, "not 32 bytes long"),
}


@pytest.mark.parametrize("which", KEY_FILES)
def test_key_file_that_is_no_use_is_one_clear_error(rebuilt, which):
    content, complaint = KEY_FILES[which]
    file, dump = rebuilt.data / "keys" / "keys.json", str(rebuilt.backup("dump"))
    right = file.read_text()
    file.unlink() if content is None else file.write_text(content)

    refused = rebuilt.manage("restore", dump, "--check")

    assert str(file) in refused.stderr
    assert complaint in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (rebuilt.data / "postgres").exists()
    file.write_text(right)  # the control
    assert "its keys are here" in rebuilt.does("restore", dump, "--check")


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def change_a_byte(file: Path) -> None:
    with file.open("r+b") as stream:
        stream.seek(file.stat().st_size // 2)
        byte = stream.read(1)[0]
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte ^ 1]))


DAMAGE = {
    "dump cut short": (cut, "dump", "database.dump", "is cut short"),
    "dump changed": (change_a_byte, "dump", "database.dump", "was changed"),
    "dump missing": (Path.unlink, "dump", "database.dump", "cannot be read"),
    "manifest cut short": (cut, "dump", "manifest.json", "is cut short"),
    "manifest changed": (change_a_byte, "dump", "manifest.json", "was changed"),
    "base cut short": (cut, "base", "base.tar.gz", "is cut short"),
    "base changed": (change_a_byte, "base", "base.tar.gz", "was changed"),
}


def from_it(place: Path) -> list[str]:
    return ["--until", "now"] if place.name.startswith("base") else [str(place)]


def test_control_whole_backups_are_accepted_and_checking_touches_nothing(rebuilt):
    for kind in ("dump", "base"):
        said = rebuilt.does("restore", *from_it(rebuilt.backup(kind)), "--check")

        assert "is whole" in said
        assert "its keys are here" in said
    assert not (rebuilt.data / "postgres").exists()


@pytest.mark.parametrize("which", DAMAGE)
def test_damaged_backup_is_refused_before_anything_is_touched(rebuilt, tmp_path, which):
    how, kind, name, complaint = DAMAGE[which]
    rebuilt.backups = Path(shutil.copytree(rebuilt.backups, tmp_path / "copy"))
    place = rebuilt.backup(kind)
    how(place / name)

    refused = rebuilt.manage("restore", *from_it(place), "--replace")

    assert refused.returncode != 0
    assert complaint in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert not (rebuilt.data / "postgres").exists()


def test_log_with_a_gap_is_refused(rebuilt, tmp_path):
    rebuilt.backups = Path(shutil.copytree(rebuilt.backups, tmp_path / "copy"))
    base = manifest.read(rebuilt.backup("base"))
    next(rebuilt.backups.glob(f"wal/{base.run}/{base.wal_from}*")).unlink()

    refused = rebuilt.manage("restore", "--until", "now")

    assert "lacks its segment" in refused.stderr
    assert not (rebuilt.data / "postgres").exists()


def test_moment_after_the_last_change_brings_all_that_was_kept(history, rebuilt):
    said = rebuilt.does("restore", "--until", "2100-01-01T00:00Z")

    rebuilt.opens()
    assert "the last change in it is of" in said
    assert names(rebuilt) & set(history["written"])


def test_moment_before_every_base_is_refused_and_without_a_name_all_are_listed(rebuilt):
    early = rebuilt.manage("restore", "--until", "2020-01-01T00:00Z")
    vague = rebuilt.manage("restore", "--until", "2026-11-27T18:00")
    listed = rebuilt.does("restore")

    assert "holds no base from before that moment" in early.stderr
    assert "is no time with its zone" in vague.stderr
    assert str(rebuilt.backup("dump")) in listed
    assert not (rebuilt.data / "postgres").exists()


def test_no_key_is_in_a_backup(history):
    town = history["town"]
    rings = json.loads((town.data / "keys" / "keys.json").read_text())
    secrets = [key.encode() for ring in rings.values() for key in ring["keys"].values()]

    files = [file for file in town.backups.rglob("*") if file.is_file()]

    assert len(secrets) == 2
    assert not [file for file in files for secret in secrets if secret in file.read_bytes()]
    assert "Not in it: the key file" in history["backup"]
