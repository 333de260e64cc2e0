"""A foreign calendar brought in: read and kept for a look, then made events one by one."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic

import pghistory
from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from outreach.actors import Actor
from outreach.enums import Program
from outreach.models import StaffMember
from scheduling import incoming, localtime, wording
from scheduling.enums import Classification, ImportState
from scheduling.incoming import Entry
from scheduling.models import CalendarImport, ImportedEvent, ImportRefusal
from scheduling.services import bookings, checks, events
from scheduling.services.known import Known
from scheduling.services.verdicts import Choice, Plans
from scheduling.spans import Span

log = logging.getLogger(__name__)
KEPT = timedelta(days=1)
ATTEMPTS = 3  # at an event whose people somebody else is booking right now


def stage(choice: Choice, data: bytes, *, file_name: str, by: StaffMember | None) -> CalendarImport:
    """Read a file and keep what it says for a day. Raises bounded.Unreadable."""
    now = timezone.now()
    today = localtime.midnight(timezone.localdate(now))
    window = Span(today, now + timedelta(days=settings.BOOK_AHEAD_DAYS))
    kept = incoming.entries(data, zone=localtime.zone(), window=window)
    found = incoming.unpack(kept)
    with transaction.atomic():
        own = CalendarImport.objects.create(
            staff=by,
            beat=choice.beat,
            program=choice.program,
            classification=choice.classification,
            file_name=file_name[:120],
            data=kept,
            language=translation.get_language() or settings.LANGUAGE_CODE,
            found=len(found),
            total=sum(one.left is None for one in found),
        )
        own.people.set(choice.staff)
    return own


def choice_of(own: CalendarImport) -> Choice:
    return Choice(
        Program(own.program),
        own.beat,
        Classification(own.classification),
        tuple(own.people.order_by("pk")),
    )


def start(own: CalendarImport) -> bool:
    """Let it come in; False when it has begun before."""
    waiting = CalendarImport.objects.filter(pk=own.pk, state=ImportState.READ)
    return bool(waiting.update(state=ImportState.RUNNING))


def throw_away(own: CalendarImport) -> bool:
    """Forget the upload; False while it is on its way in. Events that came of it stay."""
    idle = CalendarImport.objects.filter(pk=own.pk).exclude(state=ImportState.RUNNING)
    return bool(idle.delete()[0])


def forget() -> int:
    """Uploads are kept for a day; one on its way in is seen through first."""
    old = CalendarImport.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.exclude(state=ImportState.RUNNING).delete()[0]


def go_on(seconds: float) -> None:
    """Bring in what waits, for so long at most; the next call goes on."""
    until = monotonic() + seconds
    running = CalendarImport.objects.filter(state=ImportState.RUNNING).order_by("pk")
    for pk in running.values_list("pk", flat=True):
        bring_in(pk, until=until)


def bring_in(pk: int, *, until: float = math.inf) -> None:
    """Make the entries of one import events, each in a transaction of its own.

    Run twice, beside itself or ended in the middle, nothing comes twice and nothing is missing:
    which entry is next stands in the row, and moves on in the transaction that makes its event.
    """
    own = CalendarImport.objects.select_related("beat", "staff").filter(pk=pk).first()
    if own is None:
        return
    job = _Job.of(own)
    with _as_who_pressed(own):
        while monotonic() < until and _settle_next(pk, job):
            pass


@dataclass(frozen=True)
class _Job:
    """What the entries of one import share while it runs."""

    candidates: list[tuple[int, Entry]]
    plans: Plans
    by: Actor

    @classmethod
    def of(cls, own: CalendarImport) -> "_Job":
        entries = enumerate(incoming.unpack(own.data))
        sound = [(number, one) for number, one in entries if one.left is None]
        return cls(sound, Plans(choice_of(own)), Actor(staff=own.staff))


@contextmanager
def _as_who_pressed(own: CalendarImport) -> Iterator[None]:
    with translation.override(own.language), pghistory.context(staff=own.staff_id):
        yield


@transaction.atomic
def _settle_next(pk: int, job: _Job) -> bool:
    """Take the next entry; False when none is left, or another worker is at it."""
    running = CalendarImport.objects.select_for_update(skip_locked=True, of=("self",))
    own = running.defer("data").filter(pk=pk, state=ImportState.RUNNING).first()
    if own is None:
        return False
    if own.settled < own.total:
        number, entry = job.candidates[own.settled]
        if words := _bring(entry, job, own):
            ImportRefusal.objects.create(calendar_import=own, number=number, words=words)
        own.settled += 1
    if own.settled == own.total:
        own.state = ImportState.DONE
    own.save(update_fields=["settled", "state"])
    return own.state == ImportState.RUNNING


def _bring(entry: Entry, job: _Job, own: CalendarImport) -> str:
    """Make one event; else say why not. Nothing is said of what is here already."""
    for _attempt in range(ATTEMPTS):
        known = Known([entry])
        if known.of(entry) or known.is_visit(entry):
            return ""
        try:
            with bookings.rivals_refused(), transaction.atomic():
                _make(entry, job, own)
                return ""
        except checks.NotBookable as refusal:
            return " ".join(refusal.problems.values())
        except bookings.DoubleBooked as refusal:
            if refusal.clashes:
                return " ".join(wording.clash(clash) for clash in refusal.clashes)
        except (IntegrityError, DataError) as failure:
            if _is_known_meanwhile(failure):  # another import of the same file was quicker
                return ""
            log.exception("entry %s of import %s cannot be saved", own.settled, own.pk)
            return _("It could not be saved.")
    return _("Someone else was booking the same people at that moment.")


def _make(entry: Entry, job: _Job, own: CalendarImport) -> None:
    plan = job.plans.of(entry)
    checks.refuse(plan)
    event = events.create(plan, by=job.by)
    ImportedEvent.objects.create(
        event=event,
        source_uid=entry.uid,
        recurrence_id=entry.recurrence_id,
        sequence=entry.sequence,
        starts_at=entry.starts_at or plan.starts_at,
        ends_at=entry.ends_at or plan.ends_at,
        calendar_import=own,
    )


def _is_known_meanwhile(failure: DatabaseError) -> bool:
    said = getattr(failure.__cause__, "diag", None)
    return getattr(said, "constraint_name", "") == "imported_event_once"
