"""The pages that show caught mail. A mail's own HTML is shown as text, never run."""

import json
import re
from dataclasses import asdict
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from config.embedded.mailbox import Mailbox

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;"
    "padding:.4rem .6rem;border-bottom:1px solid #ccc;vertical-align:top}pre{white-space:pre-wrap;"
    "overflow-wrap:anywhere;background:#f0f0f0;padding:1rem}a{color:#005ea2}"
)
SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe")
LOCAL_NAMES = ("127.0.0.1", "localhost")


class MailPages(BaseHTTPRequestHandler):
    mailbox: ClassVar[Mailbox]

    def do_GET(self) -> None:
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in LOCAL_NAMES:
            self._answer(HTTPStatus.FORBIDDEN, "text/plain", b"Only from this machine.\n")
            return
        try:
            self._route(self.path.split("?", 1)[0].strip("/").split("/"))
        except (FileNotFoundError, ValueError, IndexError):
            self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"No such mail.\n")

    def _route(self, parts: list[str]) -> None:
        match parts:
            case [""]:
                self._page("Caught mail", inbox(self.mailbox))
            case ["messages.json"]:
                self._answer(HTTPStatus.OK, "application/json", listing(self.mailbox))
            case ["messages", name] if name.endswith(".eml"):
                raw = self.mailbox.raw(int(name.removesuffix(".eml")))
                self._answer(HTTPStatus.OK, "message/rfc822", raw)
            case ["messages", number]:
                message = self.mailbox.message(int(number))
                self._page(str(message["Subject"]), one_mail(int(number), message))
            case ["messages", number, "attachments", place]:
                self._attachment(self.mailbox.message(int(number)), int(place))
            case _:
                raise FileNotFoundError

    def _attachment(self, message: EmailMessage, place: int) -> None:
        part = attachments(message)[place]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        kind = part.get_content_type()
        safe = kind if kind == "text/calendar" else "application/octet-stream"
        name = (part.get_filename() or f"part-{place}").encode("ascii", "replace").decode()
        name = "".join(letter for letter in name if letter.isalnum() or letter in "._- ")
        self._answer(HTTPStatus.OK, safe, content, f'attachment; filename="{name}"')

    def _page(self, title: str, body: str) -> None:
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
            f"<title>{escape(title)}</title></head>"
            f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
        )
        self._answer(HTTPStatus.OK, "text/html", page.encode())

    def _answer(
        self, status: HTTPStatus, kind: str, content: bytes, disposition: str | None = None
    ) -> None:
        self.send_response(status)
        text = kind.startswith("text/") or kind == "application/json"
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if disposition:
            self.send_header("Content-Disposition", disposition)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Nothing: links in mails are secrets, and paths are not worth a line."""


def inbox(mailbox: Mailbox) -> str:
    numbers = mailbox.numbers()
    if not numbers:
        return "<p>No mail yet.</p>"
    head = "<tr><th>Received</th><th>To</th><th>Subject</th></tr>"
    rows = []
    for number in numbers:
        envelope, message = mailbox.envelope(number), mailbox.message(number)
        rows.append(
            f"<tr><td>{escape(envelope.received_at[:19].replace('T', ' '))} UTC</td>"
            f"<td>{escape(', '.join(envelope.recipients))}</td>"
            f'<td><a href="/messages/{number}">{escape(str(message["Subject"]))}</a></td></tr>'
        )
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def one_mail(number: int, message: EmailMessage) -> str:
    rows = "".join(
        f"<tr><th>{name}</th><td>{escape(str(message[name]))}</td></tr>"
        for name in SHOWN_HEADERS
        if message[name]
    )
    parts = [f"<table>{rows}</table>"]
    for kind, title in (("plain", "Text"), ("html", "HTML source")):
        body = message.get_body(preferencelist=(kind,))
        if body is not None:
            parts.append(f"<h2>{title}</h2><pre>{linked(str(body.get_content()), kind)}</pre>")
    for place, part in enumerate(attachments(message)):
        name = part.get_filename() or part.get_content_type()
        where = f"/messages/{number}/attachments/{place}"
        parts.append(f'<p>Attached: <a href="{where}">{escape(name)}</a></p>')
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    parts.append(f"<details><summary>All headers</summary><pre>{escape(headers)}</pre></details>")
    source = f'<a href="/messages/{number}.eml">Whole source</a>'
    return "".join(parts) + f'<p>{source} · <a href="/">All mail</a></p>'


def linked(text: str, kind: str) -> str:
    """The text, safe; links in plain text can be followed."""
    if kind != "plain":
        return escape(text)
    pieces = re.split(r"(https?://[^\s<>\"]+)", text)  # every second one is a link
    return "".join(
        f'<a href="{escape(piece)}" rel="noreferrer">{escape(piece)}</a>'
        if place % 2
        else escape(piece)
        for place, piece in enumerate(pieces)
    )


def attachments(message: EmailMessage) -> list[EmailMessage]:
    """Everything that is not a text or HTML body, an invitation beside the text included."""
    return [
        part
        for part in message.walk()
        if isinstance(part, EmailMessage)
        and not part.is_multipart()
        and (part.is_attachment() or part.get_content_type() not in ("text/plain", "text/html"))
    ]


def listing(mailbox: Mailbox) -> bytes:
    found = []
    for number in mailbox.numbers():
        message = mailbox.message(number)
        found.append(
            {
                **asdict(mailbox.envelope(number)),
                "subject": str(message["Subject"]),
                "message_id": str(message["Message-ID"]),
                "raw": f"/messages/{number}.eml",
            }
        )
    return json.dumps(found).encode()
