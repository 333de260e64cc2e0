"""Sees to it that no child outlives a supervisor that was killed."""

import contextlib
import subprocess
import sys
from pathlib import Path

from config.embedded.children import Child

# When the supervisor is gone nobody waits for unfinished work: the tables remember it.
LONGEST_PATIENCE = 5.0


class Watcher:
    """A process of its own that reads our pipe; the pipe ends with us, however we end."""

    def __init__(self) -> None:
        self._lines: dict[int, str] = {}
        self._process = self._start()

    def started(self, child: Child, pid: int) -> None:
        patience = min(child.patience, LONGEST_PATIENCE)
        self._lines[pid] = f"+ {pid} {int(child.stop_signal)} {patience}\n"
        self._write(self._lines[pid])

    def ended(self, pid: int) -> None:
        if self._lines.pop(pid, None):
            self._write(f"- {pid}\n")

    def renew_if_dead(self) -> None:
        if self._process.poll() is not None:
            self._process = self._start()
            self._write("".join(self._lines.values()))

    def close(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _write(self, text: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # renewed at the next look
            self._process.stdin.write(text)
            self._process.stdin.flush()

    @staticmethod
    def _start() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("watcher.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd="/",
            start_new_session=True,
        )
