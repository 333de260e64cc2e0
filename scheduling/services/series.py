"""Series: looked at, made, and kept made as far as the horizon."""

import logging
from dataclasses import dataclass, field, replace
from datetime import date, time

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.actors import SYSTEM, Actor
from outreach.enums import Program
from outreach.models import StaffMember, Venue
from scheduling import localtime, recurrence, wording
from scheduling.enums import Classification, EventStatus, RevisionKind
from scheduling.models import (
    Booking,
    Event,
    EventBeat,
    EventText,
    Occurrence,
    Revision,
    Series,
    SeriesText,
)
from scheduling.recurrence import Rule
from scheduling.services import bookings, checks, groups, outlook
from scheduling.services.events import Plan
from scheduling.services.outlook import Pattern, Prospect, State

log = logging.getLogger(__name__)
OF_ONE_DATE = {"starts_at", "ends_at", "status"}


@dataclass(frozen=True)
class Wish:
    """What a series is to be. `like` is the plan of each event; its own times say nothing."""

    rule: Rule
    begins_on: date  # the first date is the first one that fits, from this day on
    starts: time
    minutes: int
    like: Plan
    skips_closures: bool = True
    exdates: tuple[date, ...] = field(default=())
    rdates: tuple[date, ...] = field(default=())

    @property
    def first_on(self) -> date:
        return recurrence.first_date(self.rule, self.begins_on)

    @property
    def pattern(self) -> Pattern:
        return Pattern(
            self.starts, self.minutes, self.skips_closures, set(self.exdates), set(self.rdates)
        )

    def days(self, *, since: date | None = None, before: date) -> list[date]:
        """The dates of the rule and the added ones; those to be skipped are still among them."""
        return recurrence.dates(
            str(self.rule), self.first_on, since=since, before=before, rdates=self.rdates
        )

    def plan_on(self, day: date, status: EventStatus = EventStatus.CONFIRMED) -> Plan:
        span = self.pattern.span(day)
        return replace(self.like, starts_at=span.starts_at, ends_at=span.ends_at, status=status)

    def columns(self) -> dict[str, object]:
        like = self.like.columns()
        return {name: value for name, value in like.items() if name not in OF_ONE_DATE} | {
            "rrule": str(self.rule),
            "first_on": self.first_on,
            "starts": self.starts,
            "minutes": self.minutes,
            "skips_closures": self.skips_closures,
            "exdates": list(self.exdates),
            "rdates": list(self.rdates),
            "group": self.like.group,
        }


def horizon() -> date:
    """Events exist for every date before this."""
    return timezone.localdate() + relativedelta(months=settings.SERIES_HORIZON_MONTHS)


def wish_of(series: Series) -> Wish:
    """What a series is by now, to change a part of it."""
    midnight = localtime.midnight(series.first_on)
    return Wish(
        rule=recurrence.parse(series.rrule),
        begins_on=series.first_on,
        starts=series.starts,
        minutes=series.minutes,
        skips_closures=series.skips_closures,
        exdates=tuple(series.exdates),
        rdates=tuple(series.rdates),
        like=Plan(
            program=Program(series.program),
            summary=series.summary,
            starts_at=midnight,
            ends_at=midnight,
            classification=Classification(series.classification),
            beat=series.beat,
            also_beats=tuple(series.also_beats.all()),
            venue=series.venue,
            location=series.location,
            description=series.description,
            texts={text.language: (text.summary, text.description) for text in series.texts.all()},
            staff=tuple(series.staff.all()),
            group=series.group,
        ),
    )


def preview(wish: Wish, *, besides: tuple[int, ...] = ()) -> list[Prospect]:
    """What becomes of each date as far as the horizon, or NotBookable; besides are events that
    make way."""
    _check_rule(wish)
    days = wish.days(before=horizon())
    if not days:
        months = settings.SERIES_HORIZON_MONTHS
        words = _("The first date must lie within the next %(months)s months.")
        raise checks.NotBookable({"day": words % {"months": months}})
    if len(days) > settings.SERIES_MOST_DATES:
        raise checks.NotBookable({"ends_how": _too_many()})
    found = prospects(wish, days, besides=besides)
    made = next((one for one in found if one.is_made), None)
    if made is None:
        raise checks.NotBookable(
            {"repeats": _("No date is left: each one is skipped or falls on a closure.")}
        )
    checks.refuse(wish.plan_on(made.day))
    return found


def prospects(wish: Wish, days: list[date], *, besides: tuple[int, ...] = ()) -> list[Prospect]:
    if not days:
        return []
    read = outlook.read(wish.like, wish.pattern, days[0], days[-1], besides=besides)
    return read.prospects(days)


def create(wish: Wish, *, by: Actor) -> Series:
    """The series and its events as far as the horizon, or NotBookable and nothing.

    A date on which somebody or something is taken becomes a tentative event that claims
    nothing and waits for a person.
    """
    with bookings.rivals_refused(), transaction.atomic():
        lock_claimed(wish.like)
        found = preview(wish)
        series = Series.objects.create(**wish.columns(), extended_until=horizon())
        describe(series, wish.like)
        make(series, wish, found, by=by)
        return series


def extend() -> int:
    """Make the events of all series as far as the horizon; returns how many. Run twice or beside
    itself, no date comes twice."""
    behind = Series.objects.filter(extended_until__lt=horizon()).order_by("pk")
    made = 0
    for pk in behind.values_list("pk", flat=True):
        try:
            made += _extend_one(pk)
        except bookings.DoubleBooked:
            log.warning("series %s waits: somebody is booking", pk)  # the next run makes it up
    return made


def _extend_one(pk: int) -> int:
    with bookings.rivals_refused(), transaction.atomic():
        free = Series.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        series = free.select_related("beat", "venue", "group").filter(pk=pk).first()
        until = horizon()
        if series is None or series.extended_until >= until:
            return 0
        wish = wish_of(series)
        lock_claimed(wish.like)
        days = wish.days(since=series.extended_until, before=until)
        made = make(series, wish, prospects(wish, days), by=SYSTEM)
        series.extended_until = until
        series.save(update_fields=["extended_until"])
        return len(made)


def lock_claimed(*plans: Plan) -> None:
    """Staff, then venues; what ran out on them gives way."""
    people = bookings.lock(StaffMember, [one for plan in plans for one in plan.staff])
    places = bookings.lock(Venue, [one for plan in plans for one in plan.venues])
    bookings.release_expired_holds(people, places)


def describe(series: Series, like: Plan) -> None:
    """Beats, people and words in further languages."""
    series.also_beats.set(like.also_beats)
    series.staff.set(like.staff)
    series.texts.all().delete()
    SeriesText.objects.bulk_create(
        SeriesText(series=series, language=language, summary=summary, description=description)
        for language, (summary, description) in like.texts.items()
    )


def make(series: Series, wish: Wish, found: list[Prospect], *, by: Actor) -> list[Event]:
    """The events of these dates, in as many queries for one as for five hundred.

    The caller holds the locks of staff and venues.
    """
    made = [one for one in found if one.is_made]
    plans = [wish.plan_on(one.day, _status(one)) for one in made]
    fresh = Event.objects.bulk_create(Event(**plan.columns()) for plan in plans)
    like = wish.like
    EventText.objects.bulk_create(
        EventText(event=event, language=language, summary=summary, description=description)
        for event in fresh
        for language, (summary, description) in like.texts.items()
    )
    EventBeat.objects.bulk_create(
        EventBeat(event=event, beat=beat) for event in fresh for beat in like.also_beats
    )
    if like.group:
        groups.meet(fresh, like.group)
    Booking.objects.bulk_create(
        claim
        for event, one in zip(fresh, made, strict=True)
        if one.state == State.FREE
        for claim in bookings.claims(event, one.claimed, like.staff, like.venues, None)
    )
    Revision.objects.bulk_create(
        Revision(event=event, sequence=0, kind=RevisionKind.CREATED, **by.as_columns())
        for event in fresh
    )
    Occurrence.objects.bulk_create(
        Occurrence(event=event, series=series, recurrence_id=event.starts_at) for event in fresh
    )
    return fresh


def _status(one: Prospect) -> EventStatus:
    return EventStatus.CONFIRMED if one.state == State.FREE else EventStatus.TENTATIVE


def _check_rule(wish: Wish) -> None:
    """Raise NotBookable for a rule that can never be."""
    try:
        most = settings.SERIES_MOST_DATES
        recurrence.check(wish.rule, wish.first_on, wish.starts, most=most)
    except recurrence.EmptyRule as refusal:
        words = _("No date follows from this rule. Look at its days and its end.")
        raise checks.NotBookable({"repeats": words}) from refusal
    except recurrence.TooManyDates as refusal:
        raise checks.NotBookable({"ends_how": _too_many()}) from refusal
    except recurrence.StartInGap as refusal:
        words = _("On %(day)s the clocks jump over this time. Choose another.")
        told = {"day": wording.day(refusal.day)}
        raise checks.NotBookable({"starts": words % told}) from refusal


def _too_many() -> str:
    return _("More than %(most)s dates follow from this rule. Let it end sooner.") % {
        "most": settings.SERIES_MOST_DATES
    }
