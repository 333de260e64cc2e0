"""What docs/operator/install.md tells people to write down does what it says."""

import configparser
import re
import shlex
import subprocess
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests import front
from tests.platform.commands import PROJECT
from tests.processes import free_port
from tests.test_settings import boot

GUIDE = (PROJECT / "docs" / "operator" / "install.md").read_text(encoding="utf-8")
LINK = "/first/0123456789abcdef/"


def written(marks: str) -> str:
    """The one block of the guide that begins so."""
    blocks = re.findall(r"\n\n((?:       .*\n|\n)+)", GUIDE)
    (found,) = (block for block in blocks if block.lstrip().startswith(marks))
    return textwrap.dedent(found)


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser()
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(written("[Unit]"))
    return read


def test_settings_load() -> None:
    told = dict(line.split("=", 1) for line in written("BASE_URL").split())

    assert boot(**told) == ""
    assert told["BACKUP_ROOT"] in unit()["Service"]["ReadWritePaths"]
    assert f"install -d -o beatbook -m 700 {told['BACKUP_ROOT']}" in GUIDE


def test_service_asks_only_the_one_that_stops_the_others_in_their_order() -> None:
    service = unit()["Service"]

    assert (service["KillMode"], service["KillSignal"]) == ("mixed", "SIGINT")
    assert "-/mnt/backup/beatbook" in service["ReadWritePaths"].split()
    assert int(service["RestartSec"]) > 2, "five starts in ten seconds, and systemd gives up"
    _, command, *options = shlex.split(service["ExecStart"])
    assert (PROJECT / command).exists()
    assert options == ["--real", "--data", "/srv/beatbook/data"]


def test_command_hands_on_what_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "systemd-run").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "systemd-run").chmod(0o755)

    done = subprocess.run(
        ["sh", "-c", written("#!/bin/sh"), "beatbook", "locate", "1685 Main St"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    said = done.stdout.splitlines()
    assert said[-3:] == ["manage.py", "locate", "1685 Main St"]
    assert "--setenv=BEATBOOK_DATA=/srv/beatbook/data" in said


@contextmanager
def nginx(folder: Path, block: str) -> Iterator[tuple[int, Path]]:
    """The block by itself, without the certificate; its port, and the folder of its logs."""
    port, http, nobody = free_port(), free_port(), free_port()
    for old, new in {
        r"listen \[::\]:\d+.*;": "",
        r"listen 80;": f"listen 127.0.0.1:{http};",
        r"listen 443 ssl;": f"listen 127.0.0.1:{port};",
        r"ssl_certificate\S*\s.*;": "",
        r"/var/log/nginx": str(folder),
        r"127\.0\.0\.1:8000": f"127.0.0.1:{nobody}",
    }.items():
        block = re.sub(old, new, block)
    conf = folder / "nginx.conf"
    owner = "user root root;" if front.is_root() else ""
    kept = "".join(f"{name}_temp_path {folder}/{name};" for name in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
    conf.write_text(
        f"{owner} pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {kept}\n{block} }}\n"
    )
    command = [front.program(), "-p", str(folder), "-c", str(conf), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as running:
        deadline = time.monotonic() + 20
        while not (folder / "pid").exists() or not (folder / "pid").read_text():
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        try:
            yield port, folder
        finally:
            running.terminate()


def asked(port: int) -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", LINK, headers={"Host": "outreach.city.example"})
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer.status, body


def test_server_before_it_says_that_we_are_back_in_a_moment_and_keeps_no_link(
    tmp_path: Path,
) -> None:
    with nginx(tmp_path, written("server {")) as (port, logs):
        status, words = asked(port)

    assert status == 503
    assert "Back in a moment" in words
    assert "Volvemos enseguida" in words
    assert LINK not in "".join(file.read_text() for file in logs.glob("*.log"))


@pytest.mark.parametrize("guard", ["access_log off;", "error_log /var/log/nginx/error.log crit;"])
def test_control_without_either_line_the_link_is_kept(tmp_path: Path, guard: str) -> None:
    block = written("server {")
    assert guard in block

    with nginx(tmp_path, block.replace(guard, "")) as (port, logs):
        asked(port)

    assert LINK in "".join(file.read_text() for file in logs.glob("*.log"))
