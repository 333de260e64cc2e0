"""What would stop a start, found before minutes are spent on packages. Standard library only."""

import os
import shutil
import socket
from pathlib import Path

from config.embedded.failure import CannotStart
from config.embedded.ownership import InUse, Lock
from config.embedded.paths import DataFolder, default_data_folder

LAST_PORT = 65_535
ENOUGH_MEGABYTES = 300
REAL = "real"  # a file that says whose data a folder holds
DEMO_SIGN_INS = "demo-sign-ins.json"


def check(port: int, folder: DataFolder, *, is_real: bool, is_fresh: bool) -> None:
    """Raises CannotStart for what a person has to settle first."""
    folder.create()
    check_kind(folder, is_real=is_real, is_fresh=is_fresh)
    check_space(folder.root)
    lock = Lock(folder)
    try:
        lock.take(what="script/server")
    except InUse as refusal:
        if refusal.owner.get("address"):  # a passing command will be waited for
            raise CannotStart(explain(refusal, folder)) from refusal
    else:
        lock.release()
    check_port(port)


def chosen_folder(named: str | None) -> DataFolder:
    return DataFolder(Path(named).expanduser().absolute() if named else default_data_folder())


def explain(refusal: InUse, folder: DataFolder) -> str:
    owner, pid = refusal.owner, refusal.owner.get("pid", "unknown")
    if address := owner.get("address"):
        return f"Beatbook already runs on {folder.root}: {address} (process {pid})."
    what = owner.get("what", "Another command")
    return f"{what} (process {pid}) is using {folder.root}. Try again when it is done."


def check_kind(folder: DataFolder, *, is_real: bool, is_fresh: bool) -> None:
    """A city's own data and the made-up city never meet in one folder."""
    if (folder.root / REAL).exists():
        if not is_real:
            raise CannotStart(
                f"{folder.root} holds a real department. Start it with --real, or choose another "
                "folder for the demo with --data DIR."
            )
        if is_fresh:
            raise CannotStart(
                f"{folder.root} holds a real department: --fresh would delete it. If that is what "
                "you want, remove the folder yourself."
            )
    elif is_real and not is_fresh and (folder.root / DEMO_SIGN_INS).exists():
        raise CannotStart(
            f"{folder.root} holds the made-up city. Choose another folder with --data DIR, or "
            "begin with an empty one: --fresh."
        )


def check_space(place: Path) -> None:
    free = shutil.disk_usage(place).free // 2**20
    if free < ENOUGH_MEGABYTES:
        raise CannotStart(
            f"The disk that holds {place} is full: {free} MB are free, and "
            f"{ENOUGH_MEGABYTES} are needed."
        )


def check_port(port: int) -> None:
    if not 0 < port <= LAST_PORT:
        raise CannotStart(f"Ports have numbers from 1 to {LAST_PORT}, and {port} is none.")
    if is_free(port):
        return
    offer = next((other for other in range(port + 1, port + 100) if is_free(other)), port + 1)
    raise CannotStart(f"Port {port} is taken. Try: script/server --port {offer}")


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET) as line:
        if os.name == "posix":  # a port just left is free
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True
