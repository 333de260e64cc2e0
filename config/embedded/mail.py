"""The mail catcher as a child: its sockets are ours, so its addresses outlive a restart."""

import socket
import sys
from pathlib import Path

from config.embedded import mail_catcher
from config.embedded.children import Child
from config.embedded.paths import DataFolder

PROJECT = Path(__file__).resolve().parents[2]


def prepare(folder: DataFolder, *, smtp: socket.socket, page: socket.socket) -> Child:
    descriptors = (smtp.fileno(), page.fileno())
    arguments = [str(folder.mail), *map(str, descriptors)]
    return Child(
        name="mail",
        command=[sys.executable, "-m", mail_catcher.__name__, *arguments],
        log=folder.logs / "mail.log",
        folder=PROJECT,
        pass_fds=descriptors,
    )
