"""Changes of a series: this date, this and all later ones, or all. The past never changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.actors import Actor
from scheduling import localtime, recurrence
from scheduling.enums import EventStatus, Scope
from scheduling.models import Event, Occurrence, Revision, Series
from scheduling.services import batches, bookings, checks, dates, events, occurrences, series
from scheduling.services.dates import day_of
from scheduling.services.events import Plan
from scheduling.services.outlook import Prospect
from scheduling.services.series import Wish
from scheduling.services.shifting import Outcome, Shift


def change(
    event_id: int,
    plan: Plan,
    *,
    scope: str,
    by: Actor,
    reason: str = "",
    seen: int | None = None,
    leaves_clashes: bool = False,
) -> Outcome:
    """Change one date as the plan says, or all of a series from it on: hour, place, people, words.

    Raises what events.change() does, DatesClash, and NotBookable for another day: of many
    dates only a rule says where they go.
    """
    occurrence = Occurrence.objects.select_related("event").filter(event=event_id).first()
    if scope == Scope.ONE or occurrence is None:
        events.change(event_id, plan, by=by, reason=reason, seen=seen)
        return Outcome(changed=1)
    _refuse_for_many(plan, occurrence.event)
    with bookings.rivals_refused(), transaction.atomic():
        own = occurrences.lock(occurrence.series_id)
        if seen is not None and seen != events.version(occurrence.event.uid):
            raise events.ChangedMeanwhile(occurrence.event)
        if occurrence.event.is_cancelled:
            raise bookings.EventCancelled(occurrence.event)
        since = day_of(occurrence) if scope == Scope.FOLLOWING else None
        wish = _with(plan, continuing(own, since))
        return reshape(
            own.pk,
            wish,
            since=since,
            by=by,
            reason=reason,
            leaves_clashes=leaves_clashes,
            including=event_id,
        )


def _refuse_for_many(plan: Plan, event: Event) -> None:
    """What makes sense for a single date only."""
    if timezone.localdate(plan.starts_at) != timezone.localdate(event.starts_at):
        words = _("To move many dates to other days, change the rule of the series.")
        raise checks.NotBookable({"day": words})
    if plan.status == EventStatus.TENTATIVE:
        raise checks.NotBookable({"status": _("Only a single date can be tentative.")})


def continuing(own: Series, since: date | None) -> Wish:
    """What is left of a series from a day on, or from its next date."""
    wish = series.wish_of(own)
    first = _next_date(own, wish, since)
    return replace(
        wish,
        rule=recurrence.continued(wish.rule, own.first_on, first),
        begins_on=first,
        exdates=_skipped(own, wish, first),
        rdates=tuple(day for day in wish.rdates if day >= first),
    )


def reshape(
    series_id: int,
    wish: Wish,
    *,
    since: date | None,
    by: Actor,
    reason: str = "",
    leaves_clashes: bool = False,
    including: int | None = None,
) -> Outcome:
    """Make the coming dates of a series, or those from a day on, what the wish says.

    Dates keep their events and UIDs: the same date stays, the others move k-th to k-th; what is
    over is cancelled. Dates changed by themselves are left alone, but for `including`. From a
    day on means a series of its own; the old one ends before. Raises DatesClash unless clashing
    dates may be left as they are.
    """
    with bookings.rivals_refused(), transaction.atomic():
        own = occurrences.lock(series_id)
        before = series.wish_of(own)
        links = _locked(own, since)
        series.lock_claimed(before.like, wish.like)
        free = [one for one in links if not one.is_own or one.event_id == including]
        found = series.preview(wish, besides=tuple(one.event_id for one in free))
        skipped = _skipped(own, before, since or timezone.localdate())
        until = own.extended_until
        target = _target(own, wish, since)
        work = Shift(target, wish, before, by, reason, leaves_clashes)
        work.sort(links, {one.pk for one in free}, skipped, found, until)
        with _one_act(links):
            work.carry_out()
        return work.outcome


def preview(own: Series, wish: Wish, *, since: date | None) -> list[Prospect]:
    """What would become of each date, or NotBookable; the events that move make way."""
    free = tuple(one.event_id for one in dates.live(own, since) if not one.is_own)
    return series.preview(wish, besides=free)


def cancel(event_id: int, *, scope: str, by: Actor, reason: str, with_own: bool = False) -> Outcome:
    """Cancel one event, and where it is a date of a series the later or all coming ones too."""
    occurrence = Occurrence.objects.filter(event=event_id).first()
    if occurrence is None:
        events.cancel(event_id, by=by, reason=reason)
        return Outcome(cancelled=1)
    if scope == Scope.ONE:
        occurrences.skip(event_id, by=by, reason=reason)
        return Outcome(cancelled=1)
    since = day_of(occurrence) if scope == Scope.FOLLOWING else None
    own = occurrence.series_id
    return end(own, since=since, by=by, reason=reason, with_own=with_own, including=event_id)


def end(
    series_id: int,
    *,
    since: date | None,
    by: Actor,
    reason: str,
    with_own: bool = False,
    including: int | None = None,
) -> Outcome:
    """End a series: its coming dates, or those from a day on, are cancelled for good.

    Dates changed by themselves stand unless with_own; how many is in the outcome.
    """
    with bookings.rivals_refused(), transaction.atomic():
        own = occurrences.lock(series_id)
        day = since or timezone.localdate()
        own.rrule = str(recurrence.ended(recurrence.parse(own.rrule), day))
        own.rdates = [one for one in own.rdates if one < day]
        own.save(update_fields=["rrule", "rdates"])
        links = _locked(own, since)
        over = [
            one.event_id for one in links if with_own or not one.is_own or one.event_id == including
        ]
        with _one_act(links):
            batches.cancel(over, by=by, reason=reason)
        return Outcome(series=own, cancelled=len(over), left_alone=len(links) - len(over))


@contextmanager
def _one_act(links: list[Occurrence]) -> Iterator[None]:
    """Journal rows of one change share their moment, so that people hear of it once."""
    ids = [one.event_id for one in links]
    last = Revision.objects.filter(event__in=ids).aggregate(last=Max("pk"))["last"] or 0
    yield
    Revision.objects.filter(event__in=ids, pk__gt=last).update(created_at=Now())


def _locked(own: Series, since: date | None) -> list[Occurrence]:
    """Live dates with the locks of all their events, before any person's and in order."""
    rows = Event.objects.filter(pk__in=[one.event_id for one in dates.live(own, since)])
    list(rows.order_by("pk").select_for_update().values_list("pk"))
    return dates.live(own, since)  # as they stand now that nobody changes them


def _with(plan: Plan, wish: Wish) -> Wish:
    """The wish with hour, place, people and words of a plan."""
    starts = timezone.localtime(plan.starts_at).time()
    minutes = int((plan.ends_at - plan.starts_at) / timedelta(minutes=1))
    return replace(wish, starts=starts, minutes=minutes, like=plan)


def _next_date(own: Series, wish: Wish, since: date | None) -> date:
    """The first date of the rule that has not begun, from a day on."""
    day = since or timezone.localdate()
    if since is None and _start(wish, day) <= timezone.now():
        day += timedelta(days=1)
    last = max(series.horizon(), own.extended_until)
    ahead = recurrence.dates(own.rrule, own.first_on, since=day, before=last)
    return ahead[0] if ahead else day


def _start(wish: Wish, day: date) -> datetime:
    try:
        return localtime.instant(day, wish.starts)
    except localtime.NoSuchTime:
        return localtime.midnight(day)


def _skipped(own: Series, wish: Wish, first: date) -> tuple[date, ...]:
    """Dates without an event that stands, by a person's will."""
    cancelled = own.occurrences.filter(
        event__status=EventStatus.CANCELLED, recurrence_id__gte=localtime.midnight(first)
    )
    gone = {timezone.localdate(at) for at in cancelled.values_list("recurrence_id", flat=True)}
    return tuple(sorted({*(day for day in wish.exdates if day >= first), *gone}))


def _target(own: Series, wish: Wish, since: date | None) -> Series:
    """The series itself, or where dates before a day stay as they are, a new one from it on."""
    has_earlier = since and own.occurrences.filter(recurrence_id__lt=localtime.midnight(since))
    if since and has_earlier and dates_before(own, since):
        target = Series.objects.create(**wish.columns(), extended_until=series.horizon())
        series.describe(target, wish.like)
        own.rrule = str(recurrence.ended(recurrence.parse(own.rrule), since))
        own.rdates = [day for day in own.rdates if day < since]
        own.exdates = [day for day in own.exdates if day < since]
        own.save(update_fields=["rrule", "rdates", "exdates"])
        return target
    for name, value in wish.columns().items():
        setattr(own, name, value)
    own.extended_until = series.horizon()
    own.save()
    series.describe(own, wish.like)
    return own


def dates_before(own: Series, day: date) -> bool:
    """Whether a coming date of the series lies before a day."""
    return any(day_of(one) < day for one in dates.live(own))
