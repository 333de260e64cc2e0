"""Events as rows, for those who put them into a page or a sheet of their own."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from scheduling import wording
from scheduling.models import Event

HEAD = ["uid", "program", "beat", "title", "start", "end", "status", "place", "page"]


def rows(events: Iterable[Event]) -> list[list[str]]:
    """Words of machines as codes; beat is empty for the whole city, codes of several by a space."""
    return [HEAD, *(_row(event) for event in events)]


def _row(event: Event) -> list[str]:
    beats = [event.beat, *event.also_beats.all()] if event.beat else []
    return [
        str(event.uid),
        event.program,
        " ".join(beat.code for beat in beats),
        event.words(settings.LANGUAGE_CODE)[0],
        timezone.localtime(event.starts_at).isoformat(),
        timezone.localtime(event.ends_at).isoformat(),
        event.status,
        wording.where(event),
        settings.BASE_URL + reverse("event", args=[event.uid]),
    ]
