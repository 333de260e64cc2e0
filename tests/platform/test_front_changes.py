"""Web processes come and go behind the front server, and nobody is turned away meanwhile."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import dns.flags
import dns.message
import dns.rrset
import pytest

from tests import front as front_server
from tests.processes import free_port

OLD, NEW = "127.0.0.2", "127.0.0.3"
PAUSE = 2.5  # nginx keeps an answer of a second for two
GROUP = "upstream web { zone web 64k; server web.test:%d resolve; }"


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args: object) -> None:
        pass


class Names:
    """A name server that knows one name and says what `addresses` holds."""

    def __init__(self) -> None:
        self.addresses = [OLD]
        self.line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.line.bind(("127.0.0.1", 0))
        self.port: int = self.line.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                asked, whom = self.line.recvfrom(512)
            except OSError:  # closed
                return
            question = dns.message.from_wire(asked)
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            answer.answer = [dns.rrset.from_text_list(
                question.question[0].name, 1, "IN", "A", self.addresses
            )]  # fmt: skip
            self.line.sendto(answer.to_wire(), whom)


@contextmanager
def web(address: str, port: int) -> Iterator[None]:
    server = ThreadingHTTPServer((address, port), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def names() -> Iterator[Names]:
    found = Names()
    yield found
    found.line.close()


def call(site: str, calls: int, method: str = "GET") -> Counter[int]:
    seen: Counter[int] = Counter()
    for _ in range(calls):
        line = HTTPConnection(urlsplit(site).netloc, timeout=30)
        line.request(method, "/", body=b"x=1" if method == "POST" else None)
        answer = line.getresponse()
        answer.read()
        seen[answer.status] += 1
        line.close()
    return seen


def change(site: str, names: Names, port: int) -> Counter[int]:
    """As docs/operator/upgrade.md: the new one is there by name before it answers, and the old one
    goes a moment after the new one does."""
    pause = threading.Event()
    with web(OLD, port):
        seen = call(site, 20)
        names.addresses = [OLD, NEW]
        pause.wait(PAUSE)
        seen += call(site, 40)  # half of these knock at the new one, where nobody is yet
        newer = web(NEW, port)
        newer.__enter__()
    try:
        seen += call(site, 40) + call(site, 20, "POST")
        names.addresses = [NEW]
        pause.wait(PAUSE)
        return seen + call(site, 20)
    finally:
        newer.__exit__(None, None, None)


def test_new_web_process_takes_the_place_of_the_old_and_every_call_is_answered(
    tmp_path: Path, names: Names
) -> None:
    port = free_port()
    with front_server.front(tmp_path, tmp_path, port, names=names.port) as site:
        assert change(site, names, port) == {200: 140}


def test_calls_are_turned_away_where_an_address_that_refused_is_given_up_for_a_while(
    tmp_path: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a group of servers, as nginx keeps them by itself."""
    port, own = free_port(), tmp_path / "group.conf"
    text = front_server.CONF.read_text(encoding="utf-8")
    text = text.replace("proxy_pass http://$web;", "proxy_pass http://web;")
    text = text.replace("    server {\n", f"    {GROUP % port}\n    server {{\n", 1)
    own.write_text(text, encoding="utf-8")
    monkeypatch.setattr(front_server, "CONF", own)

    with front_server.front(tmp_path, tmp_path, port, names=names.port) as site:
        assert change(site, names, port)[503] > 0
