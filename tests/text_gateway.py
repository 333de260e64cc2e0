"""A text gateway for tests, run as a process: speaks as Twilio does, and can be nasty.

    python -m tests.text_gateway PORT

The last digits of a number ask for trouble: …0429 is told to wait, …0500 is accepted and answered
with 500, …0408 is accepted and the line goes dead, …0614 is a landline, …0610 said stop.
"""

import base64
import hashlib
import hmac
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
from django.utils import timezone

from tests.local_server import listening

ACCOUNT, TOKEN, SENDER = "AC0", "secret", "+15550100199"
TEXTS: list[dict[str, str]] = []
CALLS: list[str] = []
LOCK = threading.Lock()
REFUSED = {"0614": (400, 21614), "0610": (400, 21610), "0429": (429, 20429)}


class Gateway:
    """What the test sees of it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:{port}/?from={SENDER}"

    def texts(self) -> list[dict[str, str]]:
        return httpx.get(f"http://127.0.0.1:{self.port}/texts").json()

    def calls(self) -> list[str]:
        """Each call that came, as `POST 0123`, refused ones too."""
        return httpx.get(f"http://127.0.0.1:{self.port}/calls").json()


def signature(address: str, posted: dict[str, str]) -> str:
    text = address + "".join(name + posted[name] for name in sorted(posted))
    return base64.b64encode(hmac.new(TOKEN.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/texts":
            return self.answer(200, TEXTS)
        if parts.path == "/calls":
            return self.answer(200, CALLS)
        wanted = parse_qs(parts.query).get("To", [""])[0]
        CALLS.append(f"GET {wanted[-4:]}")
        found = [text for text in TEXTS if text["to"] == wanted]
        return self.answer(200, {"messages": found})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        said = {
            name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()
        }
        given = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic "))
        if given.decode() != f"{ACCOUNT}:{TOKEN}":
            return self.answer(401, {"code": 20003})
        ending = said["To"][-4:]
        CALLS.append(f"POST {ending}")
        if ending in REFUSED:
            status, code = REFUSED[ending]
            return self.answer(status, {"code": code, "message": f"{said['To']} refused"})
        with LOCK:
            sid = f"SM{len(TEXTS):032x}"
            TEXTS.append(
                {
                    "sid": sid,
                    "to": said["To"],
                    "body": said["Body"],
                    "callback": said.get("StatusCallback", ""),
                    "date_created": format_datetime(timezone.now()),
                    "at": str(time.time()),
                }
            )
        if ending == "0500":
            return self.answer(500, {"code": 0})
        if ending == "0408":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        return self.answer(201, {"sid": sid, "status": "queued"})

    def answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running() -> Iterator[Gateway]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with listening("tests.text_gateway", port):
        yield Gateway(port)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
