"""script/server --real: no made-up city, one link, and never in a folder of the other kind."""

import re
import shutil
import signal
import tempfile
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest

from config.embedded.firstlook import DEMO_SIGN_INS
from tests.platform.commands import RunningServer, run
from tests.platform.test_server import database, fetched, free_port

pytestmark = pytest.mark.xdist_group("server")
PASSWORD = "porch light on Elm at nine"


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="beatbook-real-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[RunningServer]:
    running = RunningServer(data, free_port(), "--real")
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGINT)


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def test_it_starts_without_city_and_accounts(server: RunningServer, data: Path) -> None:
    page = fetched(server.address("Beatbook"))

    assert "Demo: a made-up city" not in page
    assert "DEMO" not in server.said
    assert "password" not in server.said
    with database(data) as connection:
        for table in ("outreach_user", "outreach_beat", "scheduling_event"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_it_says_what_is_missing_for_the_real_address_and_mail(server: RunningServer) -> None:
    for words in ("Nothing is mailed yet", "EMAIL_URL", "BASE_URL=https://", "manage.py doctor"):
        assert words in server.said


def test_link_makes_the_administrator_who_then_signs_in(server: RunningServer, data: Path) -> None:
    link = server.address("First link")
    assert link.startswith(server.address("Beatbook") + "first/")
    assert status(link) == 200
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    typed = {"name": "Ida", "username": "ida", "password": PASSWORD, "again": PASSWORD}

    with browser.open(link, urlencode(typed).encode(), timeout=30) as answer:
        assert answer.url.endswith("/staff/department/")

    assert status(link) == 404
    logs = "".join(file.read_text(errors="replace") for file in (data / "logs").iterdir())
    assert re.search(r"[0-9a-f]{72}", link)[0] not in logs  # type: ignore[index]
    again = run("manage.py", "first_link", BEATBOOK_DATA=str(data))
    assert again.returncode == 1
    assert "already" in again.stderr


def test_doctor_speaks_of_the_servers_that_run(server: RunningServer, data: Path) -> None:
    said = run("manage.py", "doctor", BEATBOOK_DATA=str(data)).stdout

    assert "OK            Database:" in said
    assert "OK            Keys:" in said
    assert "look at this  Mail server: Nothing is mailed" in said
    assert f"The address is {server.address('Beatbook').rstrip('/')}" in said
    assert "This is the demo" not in said


def test_second_start_prints_no_link_and_loses_nothing(server: RunningServer, data: Path) -> None:
    server.end(signal.SIGINT)

    again = RunningServer(data, free_port(), "--real")
    try:
        assert "First link" not in again.said
        with database(data) as connection:
            found = connection.execute("SELECT username FROM outreach_user").fetchall()
        assert found == [("ida",)]
    finally:
        again.end(signal.SIGINT)


@pytest.mark.parametrize(
    ("options", "words"),
    [([], "holds a real department"), (["--real", "--fresh"], "would delete it")],
)
def test_folder_of_a_real_department_is_not_given_to_the_demo(
    server: RunningServer, data: Path, options: list[str], words: str
) -> None:
    refused = run("script/server", "--data", str(data), "--port", str(free_port()), *options)

    assert refused.returncode == 1
    assert words in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert (data / "postgres").exists()


def test_setting_that_is_wrong_is_named_before_anything_waits_for_it() -> None:
    folder = Path(tempfile.mkdtemp(prefix="beatbook-real-"))
    folder.chmod(0o711)

    refused = run("script/server", "--real", "--data", str(folder), "--port", str(free_port()),
                  BASE_URL="outreach.city.example", EMAIL_URL="smtp://127.0.0.1:9")  # fmt: skip

    assert refused.returncode == 1
    assert refused.stderr == "BASE_URL has to begin with https://, and is outreach.city.example.\n"
    shutil.rmtree(folder)


def test_folder_of_the_demo_is_not_given_to_a_real_department() -> None:
    with tempfile.TemporaryDirectory() as demo:
        Path(demo).chmod(0o711)
        (Path(demo) / DEMO_SIGN_INS).write_text("[]")
        refused = run("script/server", "--real", "--data", demo, "--port", str(free_port()))

    assert refused.returncode == 1
    assert "holds the made-up city" in refused.stderr
