"""Times in templates: words for people, <time> for machines."""

from datetime import date, datetime

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scheduling import wording
from scheduling.diary import Clash
from scheduling.models import Event
from scheduling.spans import Span

register = template.Library()


@register.simple_tag
def when(starts_at: datetime, ends_at: datetime) -> SafeString:
    """A line may break between the day and its hours, and in neither of them."""
    shown: SafeString | str = wording.when(starts_at, ends_at)
    if len(pieces := wording.pieces(starts_at, ends_at)) > 1:
        shown = format_html_join(", ", '<span class="nowrap">{}</span>', ([one] for one in pieces))
    return format_html('<time datetime="{}">{}</time>', starts_at.isoformat(), shown)


@register.simple_tag
def hours(starts_at: datetime, ends_at: datetime) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time>', starts_at.isoformat(), wording.hours(starts_at, ends_at)
    )


@register.simple_tag
def under_its_day(starts_at: datetime, ends_at: datetime) -> SafeString:
    shown = wording.under_its_day(starts_at, ends_at)
    return format_html('<time datetime="{}">{}</time>', starts_at.isoformat(), shown)


@register.filter
def when_text(event: Event) -> str:
    """For plain text, where <time> has no place."""
    return wording.when(event.starts_at, event.ends_at)


@register.filter
def clash_text(found: Clash) -> str:
    return wording.clash(found)


@register.filter
def span_text(span: Span) -> str:
    return wording.hours(span.starts_at, span.ends_at)


@register.filter
def clock_text(moment: datetime) -> str:
    return wording.clock(moment)


@register.filter
def moment_text(moment: datetime) -> str:
    return f"{wording.day(moment)}, {wording.clock(moment)}"


@register.filter
def day_text(moment: datetime | date) -> str:
    return wording.day(moment)


@register.filter
def weekday_text(weekday: int) -> str:
    return str(WEEKDAYS[weekday]).capitalize()


@register.filter
def place(event: Event) -> str:
    return wording.where(event)


@register.filter
def long_day(moment: datetime | date) -> str:
    return wording.long_day(moment)
