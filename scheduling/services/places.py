"""A venue or a beat reads otherwise: its coming events were changed too."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.models import PlaceChange
from scheduling import localtime
from scheduling.enums import EventStatus, RevisionKind
from scheduling.models import Event, FeedMark, Revision


@transaction.atomic
def revise() -> int:
    """Take the unread news of places; raises SEQUENCE of the events they show in, once each.

    Nobody is told: an address corrected is not a meeting moved.
    """
    news = PlaceChange.objects.select_for_update(skip_locked=True).filter(read_at=None)
    rows = list(news.order_by("pk"))
    if not rows:
        return 0
    now = timezone.now()
    places = {row.venue_id for row in rows if row.venue_id}
    beats = {row.beat_id for row in rows if row.beat_id}
    shown = Event.objects.filter(Q(venue__in=places) | Q(beat__in=beats), ends_at__gt=now)
    coming = shown.exclude(status=EventStatus.CANCELLED).select_for_update().order_by("pk")
    ids = list(coming.values_list("pk", flat=True))
    Event.objects.filter(pk__in=ids).update(sequence=F("sequence") + 1, updated_at=now)
    Revision.objects.bulk_create(
        Revision(
            event_id=pk, sequence=sequence, kind=RevisionKind.EDITED, read_at=now, **_by_system()
        )
        for pk, sequence in Event.objects.filter(pk__in=ids).values_list("pk", "sequence")
    )
    _mark(Event.objects.filter(Q(venue__in=places) | Q(beat__in=beats)))
    PlaceChange.objects.filter(pk__in=[row.pk for row in rows]).update(read_at=now)
    return len(ids)


def _mark(shown: QuerySet[Event]) -> None:
    """Past and cancelled ones stand in calendars too: a place that is hidden now is hidden there,
    without a new version of the event."""
    first = localtime.midnight(timezone.localdate() - timedelta(days=settings.FEED_DAYS_BACK))
    columns = shown.filter(ends_at__gt=first).values_list("pk", "beat_id", "program")
    FeedMark.objects.bulk_create(
        FeedMark(event_id=pk, beat_id=beat, program=program, is_public=True)
        for pk, beat, program in columns
    )


def _by_system() -> dict[str, object]:
    return dict(SYSTEM.as_columns())
