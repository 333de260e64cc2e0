"""Days the city, or one venue, is closed; and holidays on which it works after all."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.models import Venue
from scheduling import closures, wording
from scheduling.models import Closure
from scheduling.services.hours import NotKept

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)


@transaction.atomic
def close(name: str, *, first: date, last: date, venue: Venue | None) -> Closure:
    """Closed from the first day through the last. What is booked then stays to be moved."""
    if first < timezone.localdate():
        raise NotKept({"first": _("Choose today or a later day.")})
    if last < first:
        raise NotKept({"last": _("The last day must not be before the first.")})
    if last - first > LONGEST:
        raise NotKept({"last": _("A closure lasts a year at most.")})
    _refuse_overlap(first, last + DAY, venue, "first")
    return Closure.objects.create(venue=venue, name=name, starts_on=first, ends_on=last + DAY)


@transaction.atomic
def lift(day: date) -> None:
    """City Hall works on a holiday or free Friday of its calendar. Twice does it once."""
    name = closures.between(day, day + DAY).name_of(day)
    if not name:
        return
    _refuse_overlap(day, day + DAY, None, "day")
    Closure.objects.create(name=name[:80], starts_on=day, ends_on=day + DAY, is_open=True)


def _refuse_overlap(first: date, until: date, venue: Venue | None, field: str) -> None:
    # One writer at a time: the closures are few, and a rival would meet the constraint.
    list(Closure.objects.select_for_update().values_list("pk"))
    rows = Closure.objects.filter(venue=venue, starts_on__lt=until, ends_on__gt=first)
    if taken := rows.first():
        words = _("%(name)s is kept for these days already (%(day)s). Remove it first.")
        about = {"name": taken.name, "day": wording.day(taken.starts_on)}
        raise NotKept({field: words % about})
