"""Which calendars there are, and which events stand in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override

from outreach import department, links
from outreach.enums import PUBLIC_PROGRAMS, Program
from outreach.models import Beat, WatchGroup
from outreach.selectors import beats_in_effect, groups_in_effect
from scheduling import ical, localtime, selectors
from scheduling.db import TsTzRange
from scheduling.enums import BookingStatus, EventStatus
from scheduling.models import Booking, Event, FeedLink

FIRST = settings.LANGUAGE_CODE
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
    """A calendar of the city, a beat, a program, both, or a watch group; or, by a link, of the one
    who goes. A further language has an address of its own."""

    beat: Beat | None = None
    program: Program | None = None
    group: WatchGroup | None = None
    link: FeedLink | None = None
    language: str = FIRST

    @cached_property
    def path(self) -> str:
        if self.link:
            return reverse("own_feed", args=[links.token(self.link)])
        name, arguments = self._address()
        if self.language != FIRST:
            return reverse(f"{name}_in", args=[self.language, *arguments])
        return reverse(name, args=arguments)

    @cached_property
    def key(self) -> str:
        """Its place among the published files; of a secret address only what is no secret."""
        return f"own/{self.link.uid.hex}" if self.link else self.path.lstrip("/")

    @cached_property
    def filename(self) -> str:
        parts = [str(part) for part in self._address()[1]] or ["all"]
        if self.link:
            parts = ["own"]
        return "-".join(parts if self.language == FIRST else [*parts, self.language])

    @cached_property
    def name(self) -> str:
        with override(self.language):
            if self.link:
                unit = department.current().unit
                return gettext("%(unit)s: my appointments") % {"unit": unit}
            if self.group:
                return self.group.name
            where = self.beat.name if self.beat else department.current().city
            what = gettext("Community police events")
            if self.program:
                what = str(Program(self.program).label)
            return f"{where}: {what}"

    @cached_property
    def made_for(self) -> str:
        """Changes with whatever its bytes follow from beside its events: words, color, the day."""
        shown = [self.name, self.beat.color if self.beat else "", str(timezone.localdate())]
        return sha256("\n".join([ical.made_for(), *shown]).encode()).hexdigest()[:16]

    def in_language(self, language: str) -> "Feed":
        return Feed(self.beat, self.program, self.group, self.link, language)

    def events(self, now: datetime | None = None) -> QuerySet[Event]:
        """The window of a feed in whole local days; a cancelled event until its day is past."""
        today = timezone.localdate(now)
        first = localtime.midnight(today - timedelta(days=settings.FEED_DAYS_BACK))
        last = localtime.midnight(today + timedelta(days=settings.FEED_DAYS_AHEAD))
        # As a range: the index of spans finds the window, however many years are on record.
        spans = self._all().alias(during=TsTzRange("starts_at", "ends_at"))
        events = spans.filter(
            ~Q(status=EventStatus.CANCELLED) | Q(ends_at__gt=localtime.midnight(today)),
            during__overlap=(first, last),
        )
        return events.order_by("starts_at", "pk")

    def head(self) -> bytes:
        """The calendar up to its first event."""
        with override(self.language):
            unit = {"unit": department.current().unit}
            described = gettext("Public events of the %(unit)s.") % unit
            return ical.opening(
                name=self.name,
                address=settings.BASE_URL + self.path,
                description="" if self.link else described,
                color=_css_color(self.beat.color) if self.beat else "",
            )

    def _all(self) -> QuerySet[Event]:
        if self.link:
            mine = Booking.objects.active().filter(staff=self.link.staff_id)
            mine = mine.exclude(status=BookingStatus.HELD, expires_at__lte=timezone.now())
            return Event.objects.filter(pk__in=mine.values("event_id"))
        events = selectors.public_events()
        if self.group:
            return events.filter(watch_meeting__group=self.group)
        if self.program:
            events = events.filter(program=self.program)
        return selectors.of_beat(events, self.beat) if self.beat else events

    def _address(self) -> tuple[str, list[str]]:
        if self.group:
            return "group_feed", [self.group.code]
        if self.beat and self.program:
            return "beat_program_feed", [self.beat.code, self.program]
        if self.beat:
            return "beat_feed", [self.beat.code]
        if self.program:
            return "program_feed", [self.program]
        return "city_feed", []


def here(**what: object) -> Feed:
    """A feed in the language of the page."""
    return in_language_of_page(Feed(**what))  # type: ignore[arg-type]


def in_language_of_page(feed: Feed) -> Feed:
    return feed.in_language((get_language() or FIRST).split("-")[0])


def every() -> Iterator[Feed]:
    """All that are to be published, what most people read first."""
    languages = [code for code, _ in settings.LANGUAGES]
    beats = list(beats_in_effect().defer("boundary"))
    broad = [Feed(), *(Feed(beat) for beat in beats)]
    narrow = [Feed(group=group) for group in groups_in_effect()]
    narrow += [Feed(program=program) for program in PUBLIC_PROGRAMS]
    narrow += [Feed(beat, program) for beat in beats for program in PUBLIC_PROGRAMS]
    for feed in [*broad, *narrow]:
        yield from (feed.in_language(language) for language in languages)
    yield from (Feed(link=link) for link in open_links())


def open_links() -> QuerySet[FeedLink]:
    """Secret addresses in force; whoever left, or whose last day is over, has none."""
    still_here = Q(staff__last_day=None) | Q(staff__last_day__gte=timezone.localdate())
    return FeedLink.objects.filter(
        still_here, revoked_at=None, expires_at__gt=timezone.now(), staff__is_active=True
    )


def one_event(event: Event) -> bytes:
    """A single event as a file of its own."""
    head = ical.opening(
        name=event.words(FIRST)[0],
        address=settings.BASE_URL + reverse("event_file", args=[event.uid]),
    )
    return ical.calendar(head, [ical.entry(event, FIRST).encode()])


def _css_color(color: str) -> str:
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return min(
        CSS_COLORS,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(CSS_COLORS[name], wanted, strict=True)),
    )
