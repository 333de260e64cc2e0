"""What may be booked by a person at a desk or over the API: one plain message a field.

The claims themselves are looked at by bookings.book(); this is all that needs no lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.enums import RequestStatus
from outreach.models import Beat, Post, StaffMember
from scheduling import closures, diaries, finding, policies, wording
from scheduling.enums import EventStatus
from scheduling.models import Event, RequestedEvent
from scheduling.services import bookings
from scheduling.services.events import Plan
from scheduling.spans import Span


class NotBookable(Exception):
    """Messages by the name of the field they belong to, in the reader's language."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(list(problems))
        self.problems = problems


def refuse(plan: Plan, *, before: Event | None = None) -> None:
    """Raise NotBookable for what the rules refuse; before is the event the plan is to change."""
    if problems := _problems(plan, before):
        raise NotBookable(problems)


@dataclass(frozen=True)
class Look:
    """What would come of a plan, before anything is sent."""

    problems: dict[str, str]
    refusal: bookings.DoubleBooked | None
    warnings: "Warnings"

    @property
    def is_clear(self) -> bool:
        return not self.problems and self.refusal is None


def look(plan: Plan, *, before: Event | None = None) -> Look:
    """Ask all that booking would ask, and change nothing."""
    span = Span(plan.starts_at, plan.ends_at).widened(*policies.margins(policies.of(plan.program)))
    stop = plan.stop or diaries.stop_at(plan.venue, plan.location)
    found = bookings.clashes(span, stop, staff=plan.staff, venues=plan.venues, besides=before)
    search = finding.Search(
        program=plan.program,
        minutes=int((plan.ends_at - plan.starts_at).total_seconds() // 60),
        not_before=timezone.now(),
        staff=plan.staff,
        venues=tuple(plan.venues),
        stop=stop,
        besides=before,
    )
    refusal = bookings.DoubleBooked(found, search, plan.starts_at) if found else None
    return Look(_problems(plan, before), refusal, warnings(plan))


@dataclass(frozen=True)
class Warnings:
    """What is allowed, but worth a second look."""

    closed: str = ""
    off_hours: tuple[StaffMember, ...] = ()


def warnings(plan: Plan) -> Warnings:
    """City Hall is closed that day; some of them do not work at that hour."""
    day = timezone.localdate(plan.starts_at)
    closed = closures.between(day, day + timedelta(days=1))
    own = finding.hours_of(plan.staff, ())
    span = Span(plan.starts_at, plan.ends_at)
    return Warnings(
        closed=closed.name_of(day),
        off_hours=tuple(
            one
            for one in plan.staff
            if not any(open_span.holds(span) for open_span in own["staff", one.pk].on(day))
        ),
    )


def _problems(plan: Plan, before: Event | None) -> dict[str, str]:
    found: dict[str, str] = {}
    is_moved = before is None or before.span != Span(plan.starts_at, plan.ends_at)
    if is_moved:
        found |= _of_time(plan)
    day = timezone.localdate(plan.starts_at)
    if retired := [beat for beat in _beats(plan) if not _is_in_effect(beat, day)]:
        found["beat"] = _("%(beat)s is not in use on that day.") % {"beat": retired[0].name}
    if absent := without_post(plan.staff, day):
        names = ", ".join(one.name for one in absent)
        found["staff"] = _("No post on that day: %(names)s.") % {"names": names}
    is_elsewhere = is_moved or before is None or before.venue != plan.venue
    if is_elsewhere and (words := _of_venue(plan, day)):
        found["venue"] = words
    if before and plan.status == EventStatus.CONFIRMED and _is_held_for_request(before):
        found["status"] = _("This time is held for a request. Approve the request instead.")
    return found


def _is_held_for_request(event: Event) -> bool:
    """Confirmed by itself, it would stand while whoever asked still waits for an answer."""
    if event.status != EventStatus.TENTATIVE:
        return False
    waiting = RequestedEvent.objects.filter(request__status=RequestStatus.RECEIVED)
    return waiting.filter(event=event).exists()


def _of_time(plan: Plan) -> dict[str, str]:
    now = timezone.now()
    if plan.starts_at < now:
        return {"starts_at": _("This time is already past. What took place is logged, not booked.")}
    if plan.starts_at > now + timedelta(days=settings.BOOK_AHEAD_DAYS):
        return {"starts_at": _("Choose a date within the next two years.")}
    last = plan.ends_at - timedelta(microseconds=1)
    if timezone.localdate(plan.starts_at) != timezone.localdate(last):
        return {
            "ends_at": _(
                "An event ends on the day it begins. What goes on after midnight is a second one."
            )
        }
    return {}


def _beats(plan: Plan) -> list[Beat]:
    return [beat for beat in (plan.beat, *plan.also_beats) if beat]


def _is_in_effect(beat: Beat, day: date) -> bool:
    return beat.starts_on <= day and (beat.ends_on is None or day < beat.ends_on)


def without_post(staff: Iterable[StaffMember], day: date) -> Sequence[StaffMember]:
    """The coordinators and officers among them who have no post on a day, nor back one up."""
    people = list(staff)
    if not people:
        return []
    posts = list(Post.objects.filter(Q(staff__in=people) | Q(backup__in=people)))
    return [one for one in people if not finding.is_posted_on(one, posts, day)]


def _of_venue(plan: Plan, day: date) -> str:
    if plan.venue is None:
        return ""
    closed = closures.between(day, day + timedelta(days=1), venue=plan.venue)
    about: dict[str, Any] = {"venue": plan.venue.name}
    if name := closed.of_venue(day):
        return _("%(venue)s is closed on that day: %(reason)s.") % (about | {"reason": name})
    hours = finding.hours_of((), [plan.venue]).get(("venue", plan.venue.pk))
    if hours is None:
        return ""
    span, opened = Span(plan.starts_at, plan.ends_at), hours.on(day)
    if any(open_span.holds(span) for open_span in opened):
        return ""
    if not opened:
        return _("%(venue)s is closed on that day.") % about
    times = ", ".join(wording.hours(one.starts_at, one.ends_at) for one in opened)
    return _("%(venue)s is open %(hours)s on that day.") % (about | {"hours": times})
