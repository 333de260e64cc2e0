"""Dates of a series by themselves: skipped, added again, claimed after a clash."""

from dataclasses import replace
from datetime import date

from django.db import transaction

from outreach.actors import Actor
from scheduling.enums import EventStatus
from scheduling.models import Event, Occurrence, Series
from scheduling.services import bookings, checks, dates, events, series


class NotADate(Exception):
    """The series has no such date to add, or has an event on it that stands."""


def lock(series_id: int) -> Series:
    """Before its events, staff and venues."""
    rows = Series.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("beat", "venue").get(pk=series_id)


def skip(event_id: int, *, by: Actor, reason: str) -> Event:
    """Cancel one date, and keep it out of the series. Twice does it once."""
    with bookings.rivals_refused(), transaction.atomic():
        occurrence = Occurrence.objects.get(event=event_id)
        own = lock(occurrence.series_id)
        day = dates.day_of(occurrence)
        own.exdates = sorted({*own.exdates, day})
        own.rdates = [one for one in own.rdates if one != day]
        own.save(update_fields=["exdates", "rdates"])
        return events.cancel(event_id, by=by, reason=reason)


def add_again(series_id: int, day: date, *, by: Actor) -> Event:
    """An event for a date that was skipped, cancelled or closed.

    A cancelled event is final, for people were told: the date gets a new event with a new UID,
    and the old one is no part of the series any more. Where somebody is taken it waits, as any
    date of a series does. Raises NotADate for a date the series does not have.
    """
    with bookings.rivals_refused(), transaction.atomic():
        own = lock(series_id)
        wish = series.wish_of(own)
        if not any(one.day == day and one.can_be_added for one in dates.coming(own)):
            raise NotADate(day)
        wish = replace(
            wish,
            exdates=tuple(one for one in wish.exdates if one != day),
            rdates=tuple(sorted({*wish.rdates, day})),
        )
        series.lock_claimed(wish.like)
        start = wish.pattern.span(day).starts_at
        Occurrence.objects.filter(series=own, recurrence_id=start).delete()
        (event,) = series.make(own, wish, series.prospects(wish, [day]), by=by)
        own.exdates, own.rdates = list(wish.exdates), list(wish.rdates)
        own.save(update_fields=["exdates", "rdates"])
        return event


def claim(event_id: int, *, by: Actor) -> Event:
    """Try again for a date that waits: confirmed with people and venue of its series.

    Raises DoubleBooked, NotBookable, or EventCancelled.
    """
    with bookings.rivals_refused(), transaction.atomic():
        occurrence = Occurrence.objects.select_related("event", "series").get(event=event_id)
        staff = tuple(occurrence.series.staff.all())
        plan = replace(events.plan_of(occurrence.event), staff=staff, status=EventStatus.CONFIRMED)
        checks.refuse(plan, before=occurrence.event)
        event = events.change(event_id, plan, by=by)
        Occurrence.objects.filter(pk=occurrence.pk).update(is_own=occurrence.is_own)
        return event
