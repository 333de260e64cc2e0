"""One process we look after: how it is started, and how it is asked to stop."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from config.embedded.paths import SERVER_UID, is_root

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass
class Child:
    name: str
    command: list[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10  # seconds between the request to stop and the kill
    as_server: bool = False  # under the servers' account when we are root
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    pass_fds: tuple[int, ...] = ()


def start(child: Child) -> subprocess.Popen[bytes]:
    """Start it in a process group of its own, so that Ctrl-C reaches us alone."""
    account: dict[str, Any] = {}
    if child.as_server and is_root():
        account = {"user": SERVER_UID, "group": SERVER_UID, "extra_groups": []}
    with child.log.open("ab") as log:
        return subprocess.Popen(
            child.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=child.folder,
            env={**os.environ, **child.environment},
            pass_fds=child.pass_fds,
            process_group=0,
            # Safe here: the process that starts children has a single thread.
            preexec_fn=die_with_parent(child.stop_signal),
            **account,
        )


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`, in the process that is to be the parent."""
    return partial(_die_with, os.getpid(), stop_signal)


def _die_with(parent: int, stop_signal: signal.Signals) -> None:
    """Ask the kernel to stop us when our parent dies. After the change of user, which clears it."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)


def signal_group(pid: int, which: signal.Signals) -> None:
    try:
        os.killpg(pid, which)
    except (ProcessLookupError, PermissionError):  # PermissionError: macOS, for a zombie
        return
