"""What happened: events closed out, past activity logged, and what people said there."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from outreach.actors import Actor
from outreach.models import StaffMember
from scheduling.enums import HeardStatus, Outcome, RevisionKind
from scheduling.models import CloseOut, Event, Heard
from scheduling.services import events, programs
from scheduling.services.bookings import EventCancelled


class NotBegun(Exception):
    """Nothing happened yet."""


@dataclass(frozen=True)
class Said:
    """Something heard at a meeting."""

    topic: str
    block: str = ""
    promise: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Report:
    outcome: Outcome
    head_count: int | None = None
    minutes: int | None = None
    languages: tuple[str, ...] = ()
    heard: tuple[Said, ...] = ()


@transaction.atomic
def close(event_id: int, *, report: Report, by: StaffMember) -> CloseOut:
    """Write down how an event went; done again, it corrects the first time.

    What was heard is added, never replaced. Raises EventCancelled or NotBegun.
    """
    programs.lock(event_id)
    event = (
        Event.objects.select_for_update(of=("self",))
        .select_related("survey_visit")
        .get(pk=event_id)
    )
    if event.is_cancelled:
        raise EventCancelled(event)
    if event.starts_at > timezone.now():
        raise NotBegun(event)
    is_held = report.outcome == Outcome.HELD
    closed, _ = CloseOut.objects.update_or_create(
        event=event,
        defaults={
            "outcome": report.outcome,
            "head_count": report.head_count if is_held else None,
            "minutes": report.minutes if is_held else None,
            "languages": list(report.languages) if is_held else [],
            "staff": by,
        },
    )
    Heard.objects.bulk_create(
        Heard(
            event=event,
            topic=said.topic,
            block=said.block,
            promise=said.promise,
            due_on=said.due_on,
            staff=by,
        )
        for said in report.heard
    )
    programs.event_closed(event, is_held=is_held)
    event.revisions.create(sequence=event.sequence, kind=RevisionKind.CLOSED, staff=by)
    return closed


@transaction.atomic
def log(plan: events.Plan, *, report: Report, by: StaffMember) -> Event:
    """Something that took place without a booking. Raises NotBegun."""
    event = events.create(plan, by=Actor(staff=by))
    close(event.pk, report=report, by=by)
    return event


@transaction.atomic
def answer(heard_id: int, *, words: str) -> None:
    """What was said back; the item stands on no agenda any more."""
    Heard.objects.filter(pk=heard_id).update(
        status=HeardStatus.DONE, answer=words, answered_at=timezone.now()
    )
