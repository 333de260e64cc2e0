"""Keeps children running: starts again what dies, stops all in order, answers at the door."""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from config.embedded.children import Child, signal_group, start
from config.embedded.failure import CannotStart
from config.embedded.orphans import Watcher

LONGEST_PAUSE = 5.0  # seconds between two starts of a child that keeps dying
STEADY_AFTER = 10.0  # seconds of life after which a death counts as the first again
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Runner:
    child: Child
    process: subprocess.Popen[bytes]
    started_at: float
    deaths: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Children are stopped in the reverse of the order they were added in."""

    tell: Callable[[str], None] = lambda _: None
    runners: dict[str, Runner] = field(default_factory=dict)
    _wanted_to_stop: bool = False

    def __post_init__(self) -> None:
        self._watcher = Watcher()
        self._wake, wakened = socket.socketpair()
        for end in (self._wake, wakened):
            end.setblocking(False)
        self._wakened = wakened
        signal.set_wakeup_fd(wakened.fileno(), warn_on_full_buffer=False)
        for which in STOPPING:
            signal.signal(which, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake the loop

    def _ask_to_stop(self, *_: object) -> None:
        self._wanted_to_stop = True

    def add(self, child: Child) -> None:
        self.runners[child.name] = self._started(child)

    def watch(self, seconds: float, *, extra: list[int] | None = None) -> list[int]:
        """Mind the children for a while, or until one of `extra` can be read; those are returned.

        Raises Stopped when a signal asks for the end.
        """
        if self._wanted_to_stop:
            raise Stopped
        self._restart_the_dead()
        due = [runner.again_at for runner in self.runners.values() if runner.again_at]
        wait = min([seconds, *(max(0.0, at - time.monotonic()) for at in due)])
        wake = self._wake.fileno()
        readable = select.select([wake, *(extra or [])], [], [], wait)[0]
        if wake in readable:
            self._drain()
            readable.remove(wake)
        if self._wanted_to_stop:
            raise Stopped
        return readable

    def wait_for(self, ready: Callable[[], bool], what: str, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise CannotStart(f"{what} did not become ready within {seconds:.0f} seconds.")
            self.watch(0.03)

    def run(self, child: Child) -> int:
        """Run one command to its end, minding the others meanwhile; its exit status."""
        process = self._spawn(child)
        try:
            while process.poll() is None:
                self.watch(0.5)
        finally:
            if process.poll() is None:
                signal_group(process.pid, signal.SIGKILL)
                process.wait()
            self._watcher.ended(process.pid)
        return process.returncode

    def stop(self) -> None:
        for which in STOPPING:  # a second Ctrl-C must not leave half of them behind
            signal.signal(which, signal.SIG_IGN)
        for runner in reversed(self.runners.values()):
            self._end(runner)
        self.runners.clear()
        self._watcher.close()

    def _end(self, runner: Runner) -> None:
        process, child = runner.process, runner.child
        if process.poll() is None:
            process.send_signal(child.stop_signal)
            try:
                process.wait(child.patience)
            except subprocess.TimeoutExpired:
                self.tell(f"{child.name} did not stop in {child.patience:.0f} s; ended by force.")
        signal_group(process.pid, signal.SIGKILL)  # and whatever it left in its group
        process.wait()
        self._watcher.ended(process.pid)

    def _started(self, child: Child) -> Runner:
        return Runner(child, self._spawn(child), started_at=time.monotonic())

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        process = start(child)
        self._watcher.started(child, process.pid)
        return process

    def _restart_the_dead(self) -> None:
        self._watcher.renew_if_dead()
        now = time.monotonic()
        for name, runner in list(self.runners.items()):
            if runner.again_at is None:
                if runner.process.poll() is not None:
                    self._plan_restart(runner, now)
            elif now >= runner.again_at:
                fresh = self._started(runner.child)
                fresh.deaths = runner.deaths
                self.runners[name] = fresh

    def _plan_restart(self, runner: Runner, now: float) -> None:
        if now - runner.started_at > STEADY_AFTER:
            runner.deaths = 0
        pause = min(LONGEST_PAUSE, 0.1 * 2**runner.deaths)
        runner.deaths += 1
        runner.again_at = now + pause
        signal_group(runner.process.pid, signal.SIGTERM)  # helpers it may have left behind
        self._watcher.ended(runner.process.pid)
        ended = runner.process.returncode
        how = f"signal {-ended}" if ended < 0 else f"status {ended}"
        self.tell(f"{runner.child.name} ended ({how}); starting it again. See {runner.child.log}")

    def _drain(self) -> None:
        try:
            while os.read(self._wake.fileno(), 4096):
                pass
        except BlockingIOError:
            return
