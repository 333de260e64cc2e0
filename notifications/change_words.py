"""What a campaign says of an event that moved or was cancelled, until somebody writes it better.

Only what the event's public page shows: its title, its hours, its place as far as anyone may know.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications import segments
from notifications.enums import CampaignKind
from notifications.forms.campaigns import MOST_SEGMENTS
from scheduling import wording
from scheduling.feed_health import start_before
from scheduling.models import Event

NAME, SUBJECT, TEXT = 80, 120, 300  # as the form takes them
IN_A_TEXT = 60  # of a title


def suggested(event: Event) -> dict[str, Any]:
    """What the form begins with: the beat of the event, and words in every language."""
    before = start_before(event)
    shown: dict[str, Any] = {
        "name": Truncator(_subject(event)).chars(NAME),
        "kind": CampaignKind.BULLETIN,
        "beat": event.beat.code if event.beat else "",
    }
    for code, _name in settings.LANGUAGES:
        with override(code):
            shown[f"subject_{code}"] = Truncator(_subject(event)).chars(SUBJECT)
            shown[f"body_{code}"] = _body(event, before)
            shown[f"sms_{code}"] = _text(event, before)
    return shown


def _subject(event: Event) -> str:
    if event.is_cancelled:
        return _("Cancelled: %(title)s, %(when)s") % {"title": event.title, "when": _when(event)}
    return _("Changed: %(title)s") % {"title": event.title}


def _body(event: Event, before: datetime | None) -> str:
    intro = (
        _("This event will not take place:")
        if event.is_cancelled
        else _("This event has a new time or place. Please note:")
    )
    facts = [event.title, _when(event), wording.where(event), _planned(before)]
    doubt = _("Your calendar may show the old plan for up to a day. This message is right.")
    address = settings.BASE_URL + reverse("event", args=[event.uid])
    end = _("We are sorry for the change of plan.")
    parts = [intro, "\n".join(filter(None, facts)), doubt, f"{_('All about it:')} {address}", end]
    return "\n\n".join(parts)


def _text(event: Event, before: datetime | None) -> str:
    """As much of it as one text message takes, the most needed first."""
    when = _when(event).removesuffix(".")  # “p.m.” ends the sentence as it is
    named = {"title": Truncator(event.title).chars(IN_A_TEXT), "when": when}
    if event.is_cancelled:
        said = _("Cancelled: %(title)s, %(when)s.") % named
    elif before:
        said = _("New time: %(title)s is now %(when)s.") % named
    else:
        said = f"{_('Changed: %(title)s') % named}, {when}."
    said = segments.plain(said)
    for further in (wording.where(event), _planned(before)):
        longer = segments.plain(f"{said} {further.removesuffix('.')}.") if further else said
        if len(longer) <= TEXT and segments.count(longer).segments <= MOST_SEGMENTS:
            said = longer
    return said


def _when(event: Event) -> str:
    return wording.when(event.starts_at, event.ends_at)


def _planned(before: datetime | None) -> str:
    if before is None:
        return ""
    return _("It was planned for: %(before)s") % {
        "before": f"{wording.day(before)}, {wording.clock(before)}"
    }
