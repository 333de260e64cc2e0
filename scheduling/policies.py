"""The habits of a program, as the department set them."""

from datetime import timedelta

from scheduling.models import Event, ProgramPolicy
from scheduling.spans import Span


def of(program: str) -> ProgramPolicy:
    """The row of a program; plain defaults where a department removed it."""
    return ProgramPolicy.objects.filter(program=program).first() or ProgramPolicy(program=program)


def margins(policy: ProgramPolicy) -> tuple[timedelta, timedelta]:
    """What is claimed before and after an event of the program."""
    return (
        timedelta(minutes=policy.set_up_minutes),
        timedelta(minutes=policy.take_down_minutes),
    )


def claimed(event: Event) -> Span:
    """The time people and venue of an event are taken: with set-up and take-down."""
    return event.span.widened(*margins(of(event.program)))
