"""Runs the embedded servers for as long as some command needs them.

A command starts a keeper when none runs, and holds a connection to its door. When the last one
has let go, even by dying, the keeper stops the servers and ends.
"""

import argparse
import shutil
import sys
import time
from pathlib import Path

from config.embedded.failure import CannotStart
from config.embedded.ownership import Door, InUse, Lock
from config.embedded.paths import DataFolder
from config.embedded.servers import Servers
from config.embedded.supervisor import Stopped, Supervisor

# The next command of a row finds the servers still warm.
LINGER = 1.0
FIRST_VISIT = 30.0
ANOTHER_WAS_FIRST = 3


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--temporary", action="store_true", help="remove the data at the end")
    arguments = parser.parse_args()
    folder = DataFolder(arguments.data)
    try:
        keep(folder, temporary=arguments.temporary)
    except InUse:
        return ANOTHER_WAS_FIRST
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    finally:
        if arguments.temporary:
            shutil.rmtree(folder.sockets, ignore_errors=True)
            shutil.rmtree(folder.root, ignore_errors=True)
    return 0


def keep(folder: DataFolder, *, temporary: bool) -> None:
    folder.create()
    lock = Lock(folder)  # by a name: it is let go with the last one
    lock.take(what="a manage.py command")
    supervisor = Supervisor()
    servers = Servers(folder, temporary=temporary)
    try:
        environment = servers.start(supervisor)
        servers.wait(supervisor)
        door = Door(folder.door, environment)
        door.open()
        try:
            _stay(supervisor, door, linger=0 if temporary else LINGER)
        finally:
            door.close()
    except Stopped:
        pass
    finally:
        supervisor.stop()
        lock.release()


def _stay(supervisor: Supervisor, door: Door, *, linger: float) -> None:
    leave_at = time.monotonic() + FIRST_VISIT
    while door.visitors or time.monotonic() < leave_at:
        had_visitors = bool(door.visitors)
        wait = 60 if had_visitors else max(0.01, leave_at - time.monotonic())
        door.serve(supervisor.watch(wait, extra=door.descriptors()))
        if had_visitors and not door.visitors:
            leave_at = time.monotonic() + linger


if __name__ == "__main__":
    sys.exit(main())
