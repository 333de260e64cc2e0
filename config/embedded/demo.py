"""Runs the whole of Beatbook, with a made-up city or for real: `python -m config.embedded.demo`."""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.embedded import firstlook
from config.embedded.children import Child
from config.embedded.failure import CannotStart
from config.embedded.ownership import Door, InUse, Lock, wait_for_owner
from config.embedded.paths import DataFolder
from config.embedded.servers import Servers
from config.embedded.supervisor import Stopped, Supervisor

PROJECT = Path(__file__).resolve().parents[2]
MAIL_PAGE_ABOVE_WEB = 25  # 8000 → 8025
APPS = ("config", "outreach", "scheduling", "notifications")
BANNER = """
  DEMO · a made-up city, for this machine only. Nothing is mailed: see "Caught mail".
"""


REAL_BANNER = """
  FOR REAL · no made-up city, no accounts but those you make.
"""
STILL_CAUGHT = """
  Nothing is mailed yet: EMAIL_URL is not set, so mail is caught on this machine."""
STILL_NEAR = """
  Only this machine reaches this address. For the real one: a server with TLS before it, and
  BASE_URL=https://… BEHIND_PROXY=true TRUSTED_PROXIES=… in the environment of this command.
"""


class Site:
    def __init__(self, folder: DataFolder, port: int, *, is_real: bool = False) -> None:
        self.folder = folder
        self.port = port
        self.is_real = is_real
        self.address = f"http://127.0.0.1:{port}/"
        self.supervisor = Supervisor(tell=say)
        self.servers = Servers(folder, mail_page_port=port + MAIL_PAGE_ABOVE_WEB)

    def run(self) -> None:
        began = time.monotonic()
        try:
            self._start_servers()
            self._migrate()
            self._check_keys()
            self._collect_static()
            self.supervisor.add(self._web())
            if not self.is_real:
                self._load_city()
            self.supervisor.wait_for(self._answers, "The web process", seconds=60)
            self._announce(time.monotonic() - began)
            # Last: nobody waits for them, and a small machine starts the web sooner alone.
            self.supervisor.add(self._worker())
            self.supervisor.add(self._publisher())
            self.supervisor.add(self._ticker())
            if self._database_is_ours:
                self.supervisor.add(self._log_keeper())
            self._stay()
        except Stopped:
            say("Stopping …")
        finally:
            self.supervisor.stop()

    def _start_servers(self) -> None:
        say("Database, broker and mail catcher …")
        self.environment = self.servers.start(self.supervisor)
        self.environment |= self._addresses()
        os.environ.update(self.environment)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        must_be_readable()
        self.servers.wait(self.supervisor)

    def _addresses(self) -> dict[str, str]:
        """The demo answers on loopback only; for real the public address may be given."""
        near = self.address.rstrip("/")
        public = os.environ.get("BASE_URL", near) if self.is_real else near
        hosts = {"127.0.0.1", "localhost", urlsplit(public).hostname or "localhost"}
        return {
            "BEATBOOK_DEMO": "0" if self.is_real else "1",
            "BASE_URL": public,
            "ALLOWED_HOSTS": ",".join(sorted(hosts)),
        }

    @property
    def _database_is_ours(self) -> bool:
        """Only then do marks in our data folder say what is in it."""
        return "DATABASE_URL" in self.environment

    def _migrate(self) -> None:
        migrations = (file for app in APPS for file in PROJECT.glob(f"{app}/migrations/*.py"))
        mark = fingerprint([*migrations, PROJECT / "requirements" / "run.txt"])
        if self._database_is_ours and self._done("migrations", mark):
            return
        say("Tables …")
        self._manage("migrate", "--no-input")
        if self._database_is_ours:
            self._note("migrations", mark)

    def _check_keys(self) -> None:
        """What is sealed under the keys of another city would be lost with them."""
        if self.is_real:
            self._manage("check_keys")

    def _collect_static(self) -> None:
        files = (file for app in APPS for file in PROJECT.glob(f"{app}/static/**/*"))
        mark = fingerprint([*files, PROJECT / "requirements" / "run.txt"])
        if self._done("static", mark):
            return
        say("Styles and scripts …")
        self._manage("collectstatic", "--no-input", "--clear")
        self._note("static", mark)

    def _load_city(self) -> None:
        """Every day again, for its next events must lie ahead of today."""
        code = PROJECT.glob("scheduling/management/commands/*.py")
        mark = fingerprint(code) + datetime.now(UTC).date().isoformat()
        if self._database_is_ours and self._done("city", mark):
            return
        say("Demo city …")
        self._manage("load_demo")
        if self._database_is_ours:
            self._note("city", mark)

    def _manage(self, *arguments: str) -> None:
        log = self.folder.logs / f"{arguments[0]}.log"
        log.unlink(missing_ok=True)
        command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
        if self.supervisor.run(Child(arguments[0], command, log, folder=PROJECT)):
            lines = log.read_text(errors="replace").strip().splitlines()
            raise CannotStart(f"manage.py {arguments[0]} failed: {''.join(lines[-1:])} See {log}")

    def _done(self, name: str, mark: str) -> bool:
        file = self.folder.root / f"{name}.done"
        return file.exists() and file.read_text() == mark

    def _note(self, name: str, mark: str) -> None:
        (self.folder.root / f"{name}.done").write_text(mark)

    def _web(self) -> Child:
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
                   "--workers", str(min(2, os.cpu_count() or 1)), "--blocking-threads", "1",
                   "--respawn-failed-workers", "--no-ws", "config.wsgi:application"]  # fmt: skip
        return self._python("web", "granian", *options)

    def _worker(self) -> Child:
        options = ["--queues", "personal,campaign,default", "--concurrency", "2",
                   "--prefetch-multiplier", "1", "--without-gossip", "--without-mingle",
                   "--loglevel", "INFO"]  # fmt: skip
        return self._python("worker", "celery", "-A", "config", "worker", *options)

    def _publisher(self) -> Child:
        """Alone: a change is in its calendars within seconds, whatever is being sent."""
        options = ["--queues", "feeds", "--pool", "solo", "--hostname", "publisher@%h",
                   "--without-gossip", "--without-mingle", "--loglevel", "INFO"]  # fmt: skip
        return self._python("publisher", "celery", "-A", "config", "worker", *options)

    def _ticker(self) -> Child:
        options = ["--pidfile", "", "--loglevel", "INFO"]
        return self._python("ticker", "celery", "-A", "config", "beat", *options)

    def _log_keeper(self) -> Child:
        """What changed since the last base, a moment after it is written."""
        command = [sys.executable, str(PROJECT / "manage.py"), "archive_wal"]
        return Child("wal", command, self.folder.logs / "wal.log", folder=PROJECT)

    def _python(self, name: str, module: str, *arguments: str) -> Child:
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, self.folder.logs / f"{name}.log", folder=PROJECT)

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", "/livez")
            return line.getresponse().status < 500
        except OSError:
            return False
        finally:
            line.close()

    def _first_link(self) -> str:
        """Empty when somebody can sign in. Not by _manage: the link is to stand in no log."""
        command = [sys.executable, str(PROJECT / "manage.py"), "first_link"]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        if done.returncode and "already" not in done.stderr:
            raise CannotStart(f"manage.py first_link failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def _announce_real(self) -> None:
        if "BEATBOOK_MAIL_PAGE" in self.environment:
            say(STILL_CAUGHT)
        if self.environment["BASE_URL"].startswith("http://"):
            say(STILL_NEAR)
        if link := self._first_link():
            say("\n  Make the first administrator with this link. It works once, for 24 hours:")
            say(f"\n  First link    {link}\n")
        folder = shlex.quote(str(self.folder.root))
        say(f"  Is all well?  BEATBOOK_DATA={folder} .venv/bin/python manage.py doctor")
        say("                (with the settings this command was given)")

    def _announce(self, seconds: float) -> None:
        say(REAL_BANNER if self.is_real else BANNER)
        say(f"  Beatbook      {self.address}")
        if self.servers.mail_page:
            say(f"  Caught mail   {self.servers.mail_page}")
        say(f"  Data          {self.folder.root}")
        if self.is_real:
            self._announce_real()
        for line in sign_ins(self.folder.root / "demo-sign-ins.json"):
            say(f"  {line}")
        say(f"\nReady after {seconds:.1f} s. Ctrl-C stops everything; the data stays.")

    def _stay(self) -> None:
        door = Door(self.folder.door, self.environment)
        door.open()
        try:
            while True:
                door.serve(self.supervisor.watch(60, extra=door.descriptors()))
        finally:
            door.close()


def must_be_readable() -> None:
    """A setting that is wrong is named at once, not by a web process that keeps dying."""
    try:
        _ = settings.BASE_URL
    except (ImproperlyConfigured, ValueError) as failure:
        raise CannotStart(str(failure)) from failure


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # whoever listened has gone; the work goes on
        print(text, flush=True)


def fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in sorted(set(files)):
        if file.is_file():
            digest.update(str(file).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def sign_ins(file: Path) -> list[str]:
    """One line for each role, from what load_demo wrote down."""
    if not file.exists():
        return []
    people = json.loads(file.read_text())
    head = f"{'Sign in as':<32}{'user name':<12}password"
    rows = [f"{one['role']:<32}{one['username']:<12}{one['password']}" for one in people]
    return ["", head, *rows]


def make_fresh(folder: DataFolder) -> None:
    """Remove what we made and nothing else: the folder may have been named by mistake."""
    for made in (folder.postgres, folder.valkey, folder.mail, folder.keys, folder.logs,
                 folder.root / "feeds", folder.root / "metrics", folder.root / "backups",
                 folder.root / "postgres.unfinished", folder.root / "static"):  # fmt: skip
        shutil.rmtree(made, ignore_errors=True)
    for pattern in ("*.done", "demo-sign-ins.json"):
        for file in folder.root.glob(pattern):
            file.unlink()
    folder.create()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--real", action="store_true")
    arguments = parser.parse_args()
    folder = firstlook.chosen_folder(arguments.data)
    try:
        folder.create()
        lock = Lock(folder)
        address = f"http://127.0.0.1:{arguments.port}/"
        wait_for_owner(lock, 10, what="script/server", address=address)
        firstlook.check_kind(folder, is_real=arguments.real, is_fresh=arguments.fresh)
        if arguments.fresh:
            make_fresh(folder)
        if arguments.real:
            (folder.root / firstlook.REAL).touch()
        Site(folder, arguments.port, is_real=arguments.real).run()
    except InUse as refusal:
        sys.exit(firstlook.explain(refusal, folder))
    except CannotStart as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
