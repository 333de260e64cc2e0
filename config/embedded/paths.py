"""The data folder: what lies where, and who owns it."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.failure import CannotStart

# PostgreSQL refuses to run as root, so root's servers run as "nobody", whose id needs no account.
SERVER_UID = 65534
# A socket's path may have about 104 letters on the strictest system; names in it take up to 20.
LONGEST_SOCKET_FOLDER = 80


def is_root() -> bool:
    return os.geteuid() == 0


def default_data_folder() -> Path:
    if named := os.environ.get("BEATBOOK_DATA"):
        return Path(named).expanduser().absolute()
    if is_root():
        return Path("/var/lib/beatbook")
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser().absolute() / "beatbook"


@dataclass(frozen=True)
class DataFolder:
    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def binaries(self) -> Path:
        return self.root / "binaries"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def door(self) -> Path:
        """The socket where other commands ask the running servers for their addresses."""
        return self.sockets / "door"

    @property
    def sockets(self) -> Path:
        inside = self.root / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"beatbook-{os.geteuid()}-{name}"

    def create(self) -> None:
        """Make the folders, each open to its owner only; raises CannotStart when it is not ours."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if is_root():
                self._open_the_way()
            for folder in (self.keys, self.logs, self.mail):
                folder.mkdir(mode=0o700, exist_ok=True)
            for folder in (self.valkey, self.sockets):
                self._create_for_servers(folder)
        except OSError as error:
            raise CannotStart(
                f"The data folder {self.root} cannot be used ({error.strerror}). "
                "Choose another with --data DIR or BEATBOOK_DATA."
            ) from error

    def _create_for_servers(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        owner = SERVER_UID if is_root() else os.geteuid()
        if is_root() and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
            os.chown(folder, SERVER_UID, SERVER_UID)
            found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise CannotStart(f"{folder} belongs to another user. Remove it, or use --data DIR.")
        folder.chmod(0o700)

    def _open_the_way(self) -> None:
        """The servers' own account must be able to pass through, though not to look around."""
        self.root.chmod(self.root.stat().st_mode | 0o011)
        for parent in self.root.parents:
            if not parent.stat().st_mode & 0o001:
                raise CannotStart(
                    "As root, the database runs under its own account, which cannot enter "
                    f"{parent}. Choose a data folder outside it with --data DIR."
                )
