"""Which servers a command still needs, how they start, and what to call them by."""

import contextlib
import socket
from dataclasses import dataclass, field

from config.embedded import keys, mail, postgres, valkey
from config.embedded.given import is_given
from config.embedded.paths import DataFolder
from config.embedded.supervisor import Supervisor


@dataclass
class Servers:
    """The embedded servers of one data folder; each stands back for an address given outside."""

    folder: DataFolder
    temporary: bool = False
    mail_page_port: int | None = None  # None: any that is free
    mail_page: str | None = None
    _mail_lines: list[socket.socket] = field(default_factory=list)  # ours, for its next start

    def start(self, supervisor: Supervisor) -> dict[str, str]:
        """Start what has no address yet, all at once; the environment that leads there."""
        found = {"BEATBOOK_DATA": str(self.folder.root), **keys.environment(self.folder)}
        if not is_given("DATABASE_URL"):
            supervisor.add(postgres.prepare(self.folder, temporary=self.temporary))
            found["DATABASE_URL"] = postgres.address(self.folder)
        if not is_given("REDIS_URL"):
            supervisor.add(valkey.prepare(self.folder))
            found["REDIS_URL"] = valkey.address(self.folder)
        if not is_given("EMAIL_URL"):
            smtp = listen(None)
            page = listen(self.mail_page_port)
            self._mail_lines = [smtp, page]
            supervisor.add(mail.prepare(self.folder, smtp=smtp, page=page))
            found["EMAIL_URL"] = f"smtp://127.0.0.1:{smtp.getsockname()[1]}"
            self.mail_page = f"http://127.0.0.1:{page.getsockname()[1]}/"
            found["BEATBOOK_MAIL_PAGE"] = self.mail_page
        return found

    def wait(self, supervisor: Supervisor) -> None:
        if "postgres" in supervisor.runners:
            supervisor.wait_for(lambda: postgres.is_ready(self.folder), "PostgreSQL", seconds=60)
            postgres.create_database(self.folder)
        if "valkey" in supervisor.runners:
            supervisor.wait_for(lambda: valkey.is_ready(self.folder), "Valkey", seconds=30)


def listen(port: int | None) -> socket.socket:
    """A listening socket on loopback, kept by us, so that a restarted child finds its address."""
    if port is not None:
        with contextlib.suppress(OSError):
            return _listening(port)
    return _listening(0)


def _listening(port: int) -> socket.socket:
    line = socket.socket(socket.AF_INET)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        line.bind(("127.0.0.1", port))
        line.listen(100)
    except OSError:
        line.close()
        raise
    return line
