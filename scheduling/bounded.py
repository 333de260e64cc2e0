"""A file from outside, read in a process of its own with bounds on its time and memory; pure.

A calendar may hold anything: rules that never end, or that fit no day and are looked for until
the year 9999. Whatever ends the reader is answered with one plain refusal.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
CPU_SECONDS = 5
WALL_SECONDS = 30
MEMORY = 1_000_000_000
PROJECT = Path(__file__).resolve().parent.parent


class Fault(StrEnum):
    """Why a calendar is not taken."""

    TOO_BIG = "too-big"
    NOT_A_CALENDAR = "not-a-calendar"
    TOO_MANY = "too-many"
    TOO_LONG = "too-long"
    TOO_OFTEN = "too-often"
    UNKNOWN_ZONE = "unknown-zone"
    EMPTY = "empty"


class Unreadable(Exception):
    """Nothing of the calendar is taken; detail is a name from the file, where one helps."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


def ask(module: str, arguments: list[str], data: bytes) -> dict[str, Any]:
    """What a reader of ours says of a calendar file. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(Fault.TOO_BIG)
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        raise Unreadable(Fault.NOT_A_CALENDAR)
    try:
        reader = subprocess.run(  # noqa: S603 - our own module and bounds
            [sys.executable, "-m", module, *arguments],
            input=data,
            cwd=PROJECT,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Unreadable(Fault.TOO_OFTEN) from late
    if reader.returncode < 0:  # its processor time ran out
        raise Unreadable(Fault.TOO_OFTEN)
    if reader.returncode > 0:
        raise Unreadable(Fault.NOT_A_CALENDAR)
    answer: dict[str, Any] = json.loads(reader.stdout)
    if "fault" in answer:
        raise Unreadable(Fault(answer["fault"]), answer["detail"])
    return answer


def reply(read: Callable[[bytes], dict[str, object]]) -> None:
    """The other end, in the reader's process: bind it, read standard input, answer as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer: dict[str, object]
    try:
        answer = read(sys.stdin.buffer.read())
    except Unreadable as refusal:
        answer = {"fault": refusal.fault, "detail": refusal.detail}
    json.dump(answer, sys.stdout)
