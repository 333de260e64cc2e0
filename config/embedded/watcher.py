"""Ends the children of a supervisor that was killed; standard library alone, run as a file.

Standard input is a pipe from the supervisor. Each line is `+ PID SIGNAL PATIENCE` for a child that
was started, or `- PID` for one that is gone. When the pipe ends the supervisor is gone, and every
process group that remains is asked to stop, then ended by force.
"""

import os
import signal
import sys
import time

LONGEST = 15  # seconds; where nobody buries the dead, a group never seems to end


def main():
    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, signal.SIG_IGN)
    groups = {}
    for line in sys.stdin:
        sign, pid, *how = line.split()
        if sign == "+":
            groups[int(pid)] = (int(how[0]), float(how[1]))
        else:
            groups.pop(int(pid), None)
    for pid, (stop_signal, _) in groups.items():
        # The group's first process alone: the others are its own to stop.
        send(os.kill, pid, stop_signal)
    began = time.monotonic()
    while groups and time.monotonic() - began < LONGEST:
        for pid, (_, patience) in list(groups.items()):
            late = time.monotonic() - began > patience
            if not send(os.killpg, pid, signal.SIGKILL if late else 0):
                del groups[pid]
        time.sleep(0.05)


def send(how, pid, which):
    """Whether there was still somebody to send it to."""
    try:
        how(pid, which)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
