"""A mail server for tests, run as a process: keeps every mail it took as a file.

    python -m tests.mail_sink PORT FOLDER [SECONDS_PER_MAIL]

An address may ask for trouble: `421@…` is answered with 421 and so on; `hang@…` with nothing;
`drop@…` is taken and the line cut before the 250; `slow@…` gets one byte a second.
"""

import asyncio
import email
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Sink:
    """What the test sees of the server."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder

    def mails(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def count(self) -> int:
        return len(list(self.folder.iterdir()))

    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails()]


@contextmanager
def running(folder: Path, seconds_per_mail: float = 0.0) -> Iterator[Sink]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "tests.mail_sink",
        str(port),
        str(folder),
        str(seconds_per_mail),
    ]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
        try:
            _wait_for(port)
            yield Sink(port, folder)
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


class Keeper:
    def __init__(self, folder: Path, seconds: float) -> None:
        self.folder, self.seconds, self.count = folder, seconds, 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        trouble = address.partition("@")[0]
        if trouble[:3].isdigit():
            return f"{trouble[:3]} as asked"
        if trouble.startswith("hang"):
            await asyncio.sleep(600)
        if trouble.startswith("slow"):
            for _ in range(600):
                server.transport.write(b"2")
                await asyncio.sleep(1)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.seconds)
        self.count += 1
        name = f"{time.time_ns()}-{self.count}"
        partial = self.folder / f"{name}.part"
        partial.write_bytes(envelope.content)
        partial.rename(self.folder / f"{name}.eml")
        if envelope.rcpt_tos[0].startswith("drop"):
            server.transport.abort()
        return "250 OK"


async def serve(port: int, folder: Path, seconds: float) -> None:
    keeper = Keeper(folder, seconds)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(keeper, hostname="sink"), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    port, folder, *pause = sys.argv[1:]
    asyncio.run(serve(int(port), Path(folder), float(pause[0]) if pause else 0.0))
