"""The embedded servers by themselves: who keeps them alive, and what the mail catcher shows."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError

import pytest

from config.embedded import binaries, keys, mailbox
from config.embedded.failure import CannotStart
from config.embedded.mailbox import Mailbox
from config.embedded.ownership import InUse, Lock
from config.embedded.paths import LONGEST_SOCKET_FOLDER, DataFolder
from config.embedded.postgres import _check_major
from tests.platform.commands import PROJECT, outside_environment, wait_until

HOLD = (
    "import json, os; from config.embedded.environment import ensure_temporary as ensure;"
    "ensure(); print(json.dumps(dict(os.environ)), flush=True); input()"
)


@contextmanager
def holder(how: signal.Signals) -> Iterator[dict[str, str]]:
    """A process that needs the servers, and how it comes to its end."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=PROJECT, env=outside_environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(how)


def fetch(address: str, host: str | None = None) -> str:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def test_servers_end_and_leave_nothing_when_the_last_command_is_killed() -> None:
    with holder(signal.SIGKILL) as environment:
        data = Path(environment["BEATBOOK_DATA"])
        assert (data / "postgres" / "PG_VERSION").exists()
        postmaster = int((data / "postgres" / "postmaster.pid").read_text().split()[0])

    wait_until(lambda: not data.exists())
    with pytest.raises(ProcessLookupError):
        os.kill(postmaster, 0)


def test_data_folder_has_one_owner_while_a_command_needs_its_servers() -> None:
    with holder(signal.SIGINT) as environment:
        lock = Lock(DataFolder(Path(environment["BEATBOOK_DATA"])))

        with pytest.raises(InUse) as refusal:
            lock.take(what="somebody else")

    assert refusal.value.owner["what"] == "a manage.py command"


def test_new_keys_are_not_made_beside_an_old_database(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.keys.mkdir()
    made = keys._key_file(folder)
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("18\n")

    assert keys._key_file(folder) == made  # the control
    Path(made).unlink()
    with pytest.raises(CannotStart, match="is missing, and what is sealed"):
        keys._key_file(folder)


def test_caught_mail_is_listed_and_shown_but_its_html_never_runs() -> None:
    message = EmailMessage()
    message["Subject"], message["To"], message["Message-ID"] = "Übung <b>", "b@example.org", "<1@x>"
    message.set_content("Confirm: http://127.0.0.1/confirm/abc")
    message.add_alternative("<script>alert(1)</script>", subtype="html")
    message.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="invite.ics")

    with holder(signal.SIGINT) as environment:
        host, port = environment["EMAIL_URL"].removeprefix("smtp://").split(":")
        with smtplib.SMTP(host, int(port)) as smtp:
            smtp.send_message(message, "a@example.org", ["b@example.org"])
        pages = environment["BEATBOOK_MAIL_PAGE"]
        listed = json.loads(fetch(pages + "messages.json"))
        shown = fetch(pages + "messages/1")
        attached = fetch(pages + "messages/1/attachments/0")
        raw = fetch(pages + "messages/1.eml")
        with pytest.raises(HTTPError, match="403"):
            fetch(pages, host="evil.example")

    assert [(mail["subject"], mail["recipients"]) for mail in listed] == [
        ("Übung <b>", ["b@example.org"])
    ]
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert '<a href="http://127.0.0.1/confirm/abc"' in shown
    assert attached.strip() == "BEGIN:VCALENDAR"
    assert "Message-ID: <1@x>" in raw


def test_mailbox_keeps_the_newest_and_goes_on_counting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 3)
    for number in range(5):
        Mailbox(tmp_path).add("a", ["b"], b"Subject: %d\r\n\r\n" % number)

    again = Mailbox(tmp_path)

    assert again.numbers() == [5, 4, 3]
    assert again.envelope(5).recipients == ["b"]
    assert len(list(tmp_path.iterdir())) == 6


def test_data_of_another_postgres_is_refused_with_the_way_out(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.postgres.mkdir()
    (folder.postgres / "PG_VERSION").write_text("9\n")
    programs = binaries.postgres_programs(DataFolder(Path(os.environ["BEATBOOK_DATA"])))

    with pytest.raises(CannotStart, match="pg_dump of version 9"):
        _check_major(folder, programs)


def test_sockets_of_a_deep_data_folder_lie_in_a_short_one() -> None:
    deep = DataFolder(Path("/" + "deep/" * 40))

    assert len(str(deep.sockets)) <= LONGEST_SOCKET_FOLDER
    assert deep.sockets != DataFolder(Path("/" + "deep/" * 41)).sockets


def test_postgres_of_the_machine_serves_where_no_wheel_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_wheel", lambda _: None)
    monkeypatch.setattr(binaries, "_installed_postgres", lambda: [tmp_path / "14", tmp_path / "16"])
    for major in ("14", "16"):
        (tmp_path / major).mkdir()
        (tmp_path / major / "initdb").touch()
        (tmp_path / major / "postgres").write_text(f"#!/bin/sh\necho 'postgres {major}.4'\n")
        (tmp_path / major / "postgres").chmod(0o755)

    assert binaries.postgres_programs(DataFolder(tmp_path)) == tmp_path / "16"
    (tmp_path / "16" / "initdb").unlink()
    with pytest.raises(CannotStart, match="set DATABASE_URL"):
        binaries.postgres_programs(DataFolder(tmp_path))
