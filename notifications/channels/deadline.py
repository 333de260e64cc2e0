"""A server that answers one byte a second keeps every single read within its timeout; the whole
conversation needs a limit of its own."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError("the server was too slow")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """TimeoutError in whatever waits when the time is over. Workers send in their main thread;
    elsewhere there is no limit."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
