"""Events as an Atom feed (RFC 4287): the same bytes as long as the records are the same."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from unicodedata import category
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html_join
from django.utils.translation import gettext, override, pgettext

from outreach import department
from outreach.enums import Program
from outreach.models import Beat
from scheduling import localtime, wording
from scheduling.feeds import Feed
from scheduling.models import Event

MOST = 200
# Of a feed that never had an event.
NEVER = datetime(2020, 1, 1, tzinfo=UTC)


class RecordedFeed(Atom1Feed):
    """Updated when its newest entry was, and never by the clock."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def path(beat: Beat | None, language: str) -> str:
    """The address in the department's first language names none."""
    name, arguments = ("beat_atom", [beat.code]) if beat else ("city_atom", [])
    if language != settings.LANGUAGE_CODE:
        return reverse(f"{name}_in", args=[*arguments, language])
    return reverse(name, args=arguments)


def addresses(beat: Beat | None) -> list[tuple[str, str, str]]:
    """(code, name, path) of each language."""
    return [(code, name, path(beat, code)) for code, name in department.current().languages]


def entries(beat: Beat | None) -> list[Event]:
    """What is to come: news readers keep what they saw, and drown in a year of dates."""
    today = localtime.midnight(timezone.localdate())
    return list(Feed(beat).events().filter(ends_at__gt=today)[:MOST])


def render(beat: Beat | None, events: Sequence[Event], language: str) -> bytes:
    with override(language):
        address = settings.BASE_URL + path(beat, language)
        page = reverse("beat", args=[beat.code]) if beat else reverse("events")
        where = beat.name if beat else department.current().city
        feed = RecordedFeed(
            title=_clean(f"{where}: {gettext('Community police events')}"),
            link=settings.BASE_URL + page,
            description="",
            language=language,
            author_name=_clean(department.current().unit),
            feed_url=address,
            feed_guid=uuid5(NAMESPACE_URL, address).urn,
            feed_copyright=_clean(str(settings.REUSE_TERMS)),
        )
        for event in events:
            _add(feed, event)
        body = BytesIO()
        feed.write(body, "utf-8")
    return body.getvalue()


def _add(feed: RecordedFeed, event: Event) -> None:
    title, details = event.words()
    if event.is_cancelled:
        title = pgettext("before an event's title", "CANCELLED: ") + title
    when = wording.when(event.starts_at, event.ends_at, with_year=True)
    lines = [gettext("This event will not take place.")] if event.is_cancelled else []
    lines += [when, wording.where(event), *details.splitlines()]
    feed.add_item(
        title=_clean(title),
        link=settings.BASE_URL + reverse("event", args=[event.uid]),
        # Of type html: paragraphs of ours, and in them nothing but text.
        description=_clean(format_html_join("", "<p>{}</p>", ([one] for one in lines if one))),
        unique_id=event.uid.urn,
        pubdate=_second(event.created_at),
        updateddate=_second(last_change(event)),
        categories=[_clean(str(Program(event.program).label))],
    )


def last_change(event: Event) -> datetime:
    """Of what is read of an event: its own, or that of its place."""
    return max(event.updated_at, event.venue.updated_at) if event.venue else event.updated_at


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n" or _may_stand(letter))


def _may_stand(letter: str) -> bool:
    return category(letter) not in {"Cc", "Cs"} and letter not in "\ufffe\uffff"
