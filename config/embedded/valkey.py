"""The embedded Valkey: broker, cache and rate limits, kept in an append-only file."""

import socket
from urllib.parse import quote

from config.embedded import binaries
from config.embedded.children import Child
from config.embedded.paths import DataFolder


def address(folder: DataFolder) -> str:
    return f"unix://{quote(str(folder.sockets / 'valkey'))}?db=0"


def prepare(folder: DataFolder) -> Child:
    options = {
        "port": "0",
        "unixsocket": str(folder.sockets / "valkey"),
        "unixsocketperm": "700",
        "dir": str(folder.valkey),
        "appendonly": "yes",
        "save": "",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child(
        name="valkey",
        command=[str(binaries.valkey_program(folder)), *arguments],
        log=folder.logs / "valkey.log",
        as_server=True,
        folder=folder.valkey,
    )


def is_ready(folder: DataFolder) -> bool:
    """It answers, and has read its file: until then it says LOADING."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(folder.sockets / "valkey"))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False
