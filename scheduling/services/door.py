"""Who came: actual heads, kept apart from what was planned."""

from django.db import transaction
from django.db.models import Sum

from outreach.models import StaffMember
from scheduling.enums import RsvpResponse
from scheduling.models import Attendance, Event, Rsvp
from scheduling.services.bookings import EventCancelled


class GaveBack(Exception):
    """This household gave its seats back; if it came after all, it walked in."""


@transaction.atomic
def check_in(rsvp_id: int, *, heads: int, by: StaffMember) -> Attendance:
    """So many of a household came, more or fewer than planned. Again: the last count stands."""
    rsvp = Rsvp.objects.select_for_update(of=("self",)).select_related("event").get(pk=rsvp_id)
    _refuse_cancelled(rsvp.event)
    if rsvp.response == RsvpResponse.DECLINED:
        raise GaveBack
    attendance, _ = Attendance.objects.update_or_create(
        rsvp=rsvp, defaults={"event": rsvp.event, "heads": heads, "staff": by}
    )
    return attendance


def walk_in(event: Event, *, heads: int, by: StaffMember) -> Attendance:
    """People without seats are counted too."""
    _refuse_cancelled(event)
    return Attendance.objects.create(event=event, heads=heads, staff=by)


def undo(attendance: Attendance) -> None:
    """It was counted by mistake."""
    attendance.delete()


def heads(event: Event) -> int:
    """Everybody who came, walk-ins too."""
    return event.attendances.aggregate(all=Sum("heads", default=0))["all"]


def _refuse_cancelled(event: Event) -> None:
    if event.is_cancelled:
        raise EventCancelled(event)
