"""A stand-in of the tests as a process of its own, waited for until it listens."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def listening(module: str, port: int) -> Iterator[None]:
    """Run `python -m MODULE PORT` until the block ends."""
    command = [sys.executable, "-m", module, str(port)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
        try:
            deadline = time.monotonic() + 15
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
            yield
        finally:
            process.kill()
