"""Takes every mail and sends none; run with a folder and two listening sockets: SMTP, pages."""

import asyncio
import signal
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.embedded.mail_pages import MailPages
from config.embedded.mailbox import Mailbox


class Catcher:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        number = self.mailbox.add(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return f"250 Caught as {number}"


class Pages(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, line: socket.socket) -> None:
        super().__init__(line.getsockname(), MailPages, bind_and_activate=False)
        self.socket.close()
        self.socket = line


async def catch(mailbox: Mailbox, line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(which, stopped.set)
    server = await loop.create_server(
        lambda: SMTP(Catcher(mailbox), enable_SMTPUTF8=True, hostname="localhost"), sock=line
    )
    await stopped.wait()
    server.close()


def main() -> None:
    folder, smtp, page = sys.argv[1:]
    mailbox = MailPages.mailbox = Mailbox(Path(folder))
    pages = Pages(socket.socket(fileno=int(page)))
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    asyncio.run(catch(mailbox, socket.socket(fileno=int(smtp))))


if __name__ == "__main__":
    main()
