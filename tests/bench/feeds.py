"""What a poll of a calendar costs beside a file served by nginx, and a change beside nothing."""

import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import icalendar
from django.conf import settings
from django.db import connection
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.models import Beat
from scheduling import feeds, published
from scheduling.feeds import Feed
from scheduling.models import Event
from scheduling.services import events, publishing
from tests import processes
from tests.factories.events import make_plan
from tests.factories.places import BeatFactory
from tests.front import front, program

EVENTS, ON_RECORD = 1_000, 50_000
WEB_AT_LEAST, FRONT_AT_LEAST = 0.4, 0.95  # of nginx serving the same file
CHANGE_AT_MOST = 0.050  # seconds of processor time
GROWTH_AT_MOST = 1.2
ROUNDS, SECONDS, CONNECTIONS, CHANGES = 3, 3, 32, 40
SERVER, CALLER = 0, 1  # processor cores
KEY = "feeds/beats/one.ics"
PLAIN = """
    worker_processes 1; pid {folder}/plain.pid; error_log stderr warn; {user}
    events {{ worker_connections 1024; }}
    http {{
        access_log off; sendfile on; tcp_nopush on; default_type text/calendar;
        server {{ listen 127.0.0.1:{port}; root {root}; }}
    }}
"""


def run() -> bool:
    """Prints two tables; False when a promised ratio is missed."""
    if shutil.which("wrk") is None:
        print("This bench calls by wrk, which is not on PATH (Debian: apt install wrk).")
        return False
    with tempfile.TemporaryDirectory() as folder:
        settings.FEEDS_ROOT = Path(folder) / "feeds"
        os.environ["FEEDS_ROOT"] = str(settings.FEEDS_ROOT)
        beat = BeatFactory(code="one")
        fill(beat, EVENTS)
        publishing.publish()
        small = {"changes": changes(beat), "polls": polls(Path(folder))}
        kept = show_polls(small["polls"])
        fill(beat, ON_RECORD - EVENTS, days_ago=7300)
        publishing.publish()
        publishing.forget()  # texts of events long past, as the ticker has it done each hour
        large = {"changes": changes(beat), "polls": polls(Path(folder), quick=True)}
    return show_growth(small, large) and kept


def fill(beat: Beat, count: int, *, days_ago: int = 0) -> None:
    """Meetings with words as people write them; in the window, or over twenty years past."""
    first = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    first -= timedelta(days=days_ago)
    step = timedelta(days=days_ago - 70) / count if days_ago else timedelta(hours=9)
    Event.objects.bulk_create(
        Event(
            program="neighborhood-watch", beat=beat, classification="public",
            summary=f"Neighborhood Watch meeting {n}", location="Main Library, 601 Main St",
            description="Meet your coordinator and officer. Light refreshments are served.",
            starts_at=first + step * n, ends_at=first + step * n + timedelta(hours=1),
        )
        for n in range(count)
    )  # fmt: skip


def changes(beat: Beat) -> tuple[float, float]:
    """Seconds of processor time, ours and the database's: from a change to new bytes of the
    beat's own calendar, and of all eight that show the event.

    Means, for the system counts the database's time in steps of 10 ms.
    """
    event = Event.objects.filter(beat=beat, starts_at__gt=timezone.now()).first()
    assert event is not None
    alone, together = [], []
    every = list(feeds.every())
    for n in range(CHANGES):
        words = {"summary": f"Changed {n}", "starts_at": event.starts_at, "beat": beat}
        events.change(event.pk, make_plan(**words), by=SYSTEM)
        before = spent()
        publishing.take_marks(every)
        assert publishing.publish_some([Feed(beat)]) == 1
        alone.append(spent() - before)
        assert publishing.publish() == 7
        events.change(event.pk, make_plan(**words | {"summary": f"Again {n}"}), by=SYSTEM)
        before = spent()
        assert publishing.publish() == 8  # city, beat, program and both, in two languages
        together.append(spent() - before)
    return statistics.mean(alone), statistics.mean(together)


def spent() -> float:
    """Processor time of this process and of the one that serves its queries."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    told = Path(f"/proc/{pid}/stat")
    ticks = told.read_text().rpartition(")")[2].split() if told.exists() else ["0"] * 20
    database = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return own.ru_utime + own.ru_stime + database


def polls(folder: Path, *, quick: bool = False) -> dict[str, tuple[float, float]]:
    """Requests a second by server: answered 200 and answered 304."""
    body = settings.FEEDS_ROOT / "live" / KEY / "feed.ics"
    path = f"/{KEY}"
    with ExitStack() as running:
        web_port = processes.free_port()
        servers = {
            "nginx, the same file": running.enter_context(plain(folder, body)) + "/feed.ics",
            "our web process": running.enter_context(our_web(web_port)) + path,
            "our front server": running.enter_context(our_front(folder, web_port)) + path,
        }
        rates: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, address in servers.items():
                rates[name].append((rate(address), rate(address, tag_of(address))))
    if not quick:
        # By itself: what it still computes when a caller has gone would slow the others.
        with radicale(folder, body) as address:
            collection = address + "/u/one/"
            rates["Radicale"] = [(rate(collection), rate(collection, tag_of(collection)))]
    return {
        name: (statistics.median(a for a, _ in each), statistics.median(b for _, b in each))
        for name, each in rates.items()
    }


def rate(address: str, tag: str = "") -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}", "--timeout", "30s", address]
    if tag:
        command[1:1] = ["-H", f"If-None-Match: {tag}"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, preexec_fn=lambda: pin(0, CALLER)
    )
    assert "Non-2xx" not in done.stdout, done.stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found[1])


def tag_of(address: str) -> str:
    with urlopen(address) as answer:
        return str(answer.headers["ETag"])


@contextmanager
def plain(folder: Path, body: Path) -> Iterator[str]:
    """nginx with one file and nothing else."""
    root = folder / "plain"
    root.mkdir(exist_ok=True)
    shutil.copy(body, root / "feed.ics")
    port = processes.free_port()
    user = "user root root;" if os.geteuid() == 0 else ""
    conf = folder / "plain.conf"
    conf.write_text(PLAIN.format(folder=folder, root=root, port=port, user=user))
    command = [program(), "-p", str(folder), "-c", str(conf), "-g", "daemon off;"]
    with started(command, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def our_web(port: int) -> Iterator[str]:
    with processes.web_at(port, 1) as running:
        wait_for(port)
        pin_all(running.pid)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def our_front(folder: Path, web_port: int) -> Iterator[str]:
    with front(folder, settings.FEEDS_ROOT, web_port) as address:
        pin_all(int((folder / "nginx.pid").read_text()))
        yield address


@contextmanager
def radicale(folder: Path, body: Path) -> Iterator[str]:
    """A calendar server with the same events, one file each, as it keeps them."""
    collection = folder / "radicale" / "collection-root" / "u" / "one"
    collection.mkdir(parents=True, exist_ok=True)
    (collection / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
    calendar = icalendar.Calendar.from_ical(body.read_bytes())
    zone = calendar.walk("VTIMEZONE")[0]
    for event in calendar.events:
        own = icalendar.Calendar()
        own.add("VERSION", "2.0")
        own.add("PRODID", "-//bench//")
        own.add_component(zone)
        own.add_component(event)
        (collection / f"{event['UID']}.ics").write_bytes(own.to_ical())
    rights = folder / "rights"
    rights.write_text("[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n")
    port = processes.free_port()
    command = [sys.executable, "-m", "radicale", "--server-hosts", f"127.0.0.1:{port}",
               "--storage-filesystem-folder", str(folder / "radicale"), "--auth-type", "none",
               "--rights-type", "from_file", "--rights-file", str(rights),
               "--logging-level", "error"]  # fmt: skip
    with started(command, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def started(command: list[str], port: int) -> Iterator[None]:
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        pin_all(running.pid)
        yield
    finally:
        running.terminate()
        running.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nobody listens at {port}")


def pin_all(pid: int) -> None:
    """A server and its children on one core."""
    pin(pid, SERVER)
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            pin_all(int(child))


def pin(pid: int, core: int) -> None:
    cores = sorted(os.sched_getaffinity(0)) if pid else list(range(os.cpu_count() or 1))
    for thread in Path(f"/proc/{pid or os.getpid()}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {cores[core % len(cores)]})


def show_polls(rates: dict[str, tuple[float, float]]) -> bool:
    version = published.read(KEY)
    assert version is not None
    size = len(version.body) / 1000
    print(f"\nA feed of {EVENTS:,} events ({size:.0f} KB) on one core, {CONNECTIONS} connections")
    print(f"  {'':24}{'200 a second':>14}{'ratio':>8}{'304 a second':>14}{'ratio':>8}")
    base = rates["nginx, the same file"]
    for name, (whole, unchanged) in rates.items():
        ratios = whole / base[0], unchanged / base[1]
        print(f"  {name:24}{whole:14,.0f}{ratios[0]:8.2f}{unchanged:14,.0f}{ratios[1]:8.2f}")
    web, our = rates["our web process"], rates["our front server"]
    print(f"  at least {WEB_AT_LEAST} (web) and {FRONT_AT_LEAST} (front)")
    return all(
        ours[n] >= least * base[n]
        for ours, least in ((web, WEB_AT_LEAST), (our, FRONT_AT_LEAST))
        for n in (0, 1)
    )


def show_growth(small: dict, large: dict) -> bool:
    print(f"\nWith {ON_RECORD:,} events on record instead of {EVENTS:,}")
    kept = small["changes"][0] <= CHANGE_AT_MOST
    for n, what in enumerate(("the beat's calendar", "all eight that show it")):
        before, after = small["changes"][n], large["changes"][n]
        costs = f"{before * 1000:.0f} → {after * 1000:.0f} ms"
        print(f"  a change in {what:23} processor time {costs}   ratio {after / before:.2f}")
        kept &= after <= before * GROWTH_AT_MOST
    base = {name: each["polls"]["nginx, the same file"] for name, each in
            (("small", small), ("large", large))}  # fmt: skip
    for server in ("our web process", "our front server"):
        for n, answer in enumerate(("200", "304")):
            before = small["polls"][server][n] / base["small"][n]
            after = large["polls"][server][n] / base["large"][n]
            print(f"  {server}, {answer}  {before:.2f} → {after:.2f} of nginx")
            kept &= before <= after * GROWTH_AT_MOST
    print(f"  at most {CHANGE_AT_MOST * 1000:.0f} ms, and no more than {GROWTH_AT_MOST} times")
    return kept
