"""Calendars as they are published: what has to be looked at, the text of each event, each feed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from outreach.models import Link, StaffMember

from .events import Event


class FeedMark(models.Model):
    """Something calendars show of an event changed: the feeds it was in are stale.

    Written by the database itself in the transaction of the change, see feed_marks.py; only ever
    added and taken away, so that no two bookings wait for each other here.
    """

    event_id = models.BigIntegerField()
    beat_id = models.BigIntegerField(null=True)
    program = models.CharField(max_length=20, blank=True, db_default="")
    staff_id = models.BigIntegerField(null=True)
    group_id = models.BigIntegerField(null=True)
    is_public = models.BooleanField(default=False)


class FeedEntry(models.Model):
    """One VEVENT as it stands in feeds: rendered once a change, not once a feed."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="feed_entries")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    is_own = models.BooleanField(default=False)  # as the one who goes sees it
    made_for = models.CharField(max_length=16)  # settings and code it was rendered with
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event", "language", "is_own"], name="feed_entry_once_a_language"
            )
        ]


class Publication(models.Model):
    """A feed on disk: since when it is stale, and what was last written."""

    path = models.CharField(max_length=160, unique=True)
    made_for = models.CharField(max_length=16, blank=True)  # head, settings and day it shows
    stale_since = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    events = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)  # when its bytes last changed

    class Meta:
        ordering = ["path"]
        indexes = [
            models.Index(
                fields=["stale_since"],
                condition=Q(stale_since__isnull=False),
                name="publication_stale",
            )
        ]

    def __str__(self) -> str:
        return f"publication {self.pk}"


class FeedLink(Link):
    """The secret address of somebody's own calendar, until it is taken back."""

    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="feed_links")


class FeedFetches(models.Model):
    """How often a feed was fetched on a day by a kind of client. No address, no person."""

    on = models.DateField()
    path = models.CharField(max_length=160)
    client = models.CharField(max_length=20)
    whole = models.PositiveIntegerField(default=0)  # answered 200
    unchanged = models.PositiveIntegerField(default=0)  # answered 304

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "path", "client"], name="feed_fetches_once_a_day")
        ]


class FetchLog(models.Model):
    """How far a file of fetches was counted."""

    name = models.CharField(max_length=80, unique=True)
    counted = models.PositiveBigIntegerField(default=0)  # bytes
    updated_at = models.DateTimeField(db_default=Now())
