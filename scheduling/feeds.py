"""Which events stand in which feed, and the bytes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from outreach.enums import Program
from outreach.models import Beat
from scheduling import ical, localtime, selectors
from scheduling.enums import EventStatus
from scheduling.models import Event

# The names calendar clients know, nearest to the colors beats are drawn in.
CSS_COLORS = {
    "steelblue": (0x46, 0x82, 0xB4),
    "orange": (0xFF, 0xA5, 0x00),
    "seagreen": (0x2E, 0x8B, 0x57),
    "orchid": (0xDA, 0x70, 0xD6),
    "firebrick": (0xB2, 0x22, 0x22),
    "gold": (0xFF, 0xD7, 0x00),
    "navy": (0x00, 0x00, 0x80),
    "gray": (0x80, 0x80, 0x80),
    "black": (0, 0, 0),
}


@dataclass(frozen=True)
class Feed:
    """A calendar of the city, a beat, a program, or a program in a beat."""

    beat: Beat | None = None
    program: Program | None = None

    @property
    def path(self) -> str:
        if self.beat and self.program:
            return reverse("beat_program_feed", args=[self.beat.code, self.program])
        if self.beat:
            return reverse("beat_feed", args=[self.beat.code])
        if self.program:
            return reverse("program_feed", args=[self.program])
        return reverse("city_feed")

    @property
    def filename(self) -> str:
        parts = [self.beat.code if self.beat else "", self.program or ""]
        return "-".join(part for part in parts if part) or "all"

    @property
    def name(self) -> str:
        where = self.beat.name if self.beat else str(settings.DEPARTMENT["city"])
        what = Program(self.program).label if self.program else gettext("Community police events")
        return f"{where}: {what}"

    def events(self, now: datetime | None = None) -> QuerySet[Event]:
        """The window of a feed in whole local days; a cancelled event until its day is past."""
        today = timezone.localdate(now)
        first = localtime.midnight(today - timedelta(days=settings.FEED_DAYS_BACK))
        last = localtime.midnight(today + timedelta(days=settings.FEED_DAYS_AHEAD))
        events = selectors.public_events().filter(
            ~Q(status=EventStatus.CANCELLED) | Q(ends_at__gt=localtime.midnight(today)),
            ends_at__gt=first,
            starts_at__lt=last,
        )
        if self.program:
            events = events.filter(program=self.program)
        if self.beat:
            events = selectors.of_beat(events, self.beat)
        return events.order_by("starts_at", "pk")

    def render(self, events: Sequence[Event]) -> bytes:
        with override(settings.LANGUAGE_CODE):
            shelf = ical.Shelf(
                name=self.name,
                address=settings.BASE_URL + self.path,
                description=gettext("Public events of the %(unit)s.")
                % {"unit": settings.DEPARTMENT["unit"]},
                color=_css_color(self.beat.color) if self.beat else "",
            )
        return ical.calendar(shelf, events)


def last_change(events: Sequence[Event], now: datetime | None = None) -> datetime:
    """The latest of: a change of an event or its venue, and the midnight that moved the window.

    Of any event but a survey visit: one that left this feed is a change of it too.
    """
    moments = [localtime.midnight(timezone.localdate(now))]
    others = Event.objects.exclude(program=Program.SECURITY_SURVEY)
    if newest := others.aggregate(newest=Max("updated_at"))["newest"]:
        moments.append(newest)
    moments += [event.venue.updated_at for event in events if event.venue]
    return max(moments)


def one_event(event: Event) -> bytes:
    """A single event as a file of its own."""
    with override(settings.LANGUAGE_CODE):
        shelf = ical.Shelf(
            name=event.title,
            address=settings.BASE_URL + reverse("event_file", args=[event.uid]),
        )
    return ical.calendar(shelf, [event])


def _css_color(color: str) -> str:
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return min(
        CSS_COLORS,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(CSS_COLORS[name], wanted, strict=True)),
    )
