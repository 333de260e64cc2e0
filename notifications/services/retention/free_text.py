"""Every column in which staff may have typed somebody's name, and the page it stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Campaign, CampaignText, Gate, LegalHold, RecordsExport
from outreach.access import event_request_queue
from outreach.enums import Role
from outreach.models import (
    EventRequest,
    Milestone,
    RequestDecision,
    StaffMember,
    Venue,
    WatchGroup,
)
from scheduling.access import survey_requests, visible_events
from scheduling.models import (
    Closure,
    Event,
    EventText,
    Heard,
    Revision,
    Series,
    SeriesText,
)

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Source:
    """open_to: the rows whose page a person may open; the others are only counted.
    is_past: said once and kept; no form mends it."""

    label: Promise
    model: type[Model]
    fields: tuple[str, ...]
    open_to: Callable[[StaffMember, Rows], Rows]
    page: Callable[[Any], str]
    behind: tuple[str, ...] = ()  # what the address of the page is made of
    at: str = ""  # the way to the moment it is known by
    is_past: bool = False

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    def moment(self, row: Any) -> datetime | None:
        return attrgetter(self.at)(row) if self.at else None


def _everyone(staff: StaffMember, rows: Rows) -> Rows:
    return rows


def _not_the_administrator(staff: StaffMember, rows: Rows) -> Rows:
    return rows.none() if staff.role == Role.ADMINISTRATOR else rows


def _administrator(staff: StaffMember, rows: Rows) -> Rows:
    return rows if staff.role == Role.ADMINISTRATOR else rows.none()


def _of_event(column: str) -> Callable[[StaffMember, Rows], Rows]:
    return lambda staff, rows: rows.filter(**{f"{column}__in": visible_events(staff).values("pk")})


def _of_request(column: str) -> Callable[[StaffMember, Rows], Rows]:
    return lambda staff, rows: rows.filter(
        **{f"{column}__in": event_request_queue(staff).values("pk")}
    )


def _of_record(staff: StaffMember, rows: Rows) -> Rows:
    own = rows.filter(survey_request__in=survey_requests(staff).values("pk"))
    return own | rows.filter(event_request__in=event_request_queue(staff).values("pk"))


def _of_series(staff: StaffMember, rows: Rows) -> Rows:
    """The history of a series stays when it is gone."""
    return _not_the_administrator(staff, rows.filter(pgh_obj__in=Series.objects.values("pk")))


def _own(staff: StaffMember, rows: Rows) -> Rows:
    return rows.filter(staff=staff)


def _event(uid_of: Callable[[Any], object]) -> Callable[[Any], str]:
    return lambda row: reverse("staff_event", args=[uid_of(row)])


def _series(uid_of: Callable[[Any], object]) -> Callable[[Any], str]:
    return lambda row: reverse("staff_series", args=[uid_of(row)])


def _record(row: Milestone) -> str:
    if row.survey_request:
        return reverse("staff_survey", args=[row.survey_request.uid])
    return reverse("event_request", args=[row.event_request.uid])  # type: ignore[union-attr]


def _to(name: str) -> Callable[[Any], str]:
    return lambda row: reverse(name)


WORDS = ("summary", "description")
EventHistory = Event.history.rel.related_model  # type: ignore[attr-defined]
SeriesHistory = Series.history.rel.related_model  # type: ignore[attr-defined]
SOURCES = [
    Source(
        _("Event"),
        Event,
        (*WORDS, "location"),
        _of_event("pk"),
        _event(lambda one: one.uid),
        at="starts_at",
    ),
    Source(
        _("Event, in another language"),
        EventText,
        WORDS,
        _of_event("event"),
        _event(lambda one: one.event.uid),
        ("event",),
        at="event.starts_at",
    ),
    Source(
        _("Event, earlier wording"),
        EventHistory,
        ("summary", "location"),
        _of_event("pgh_obj"),
        _event(lambda one: one.pgh_obj.uid),
        ("pgh_obj",),
        at="pgh_obj.starts_at",
        is_past=True,
    ),
    Source(
        _("Event, why it changed"),
        Revision,
        ("note",),
        _of_event("event"),
        _event(lambda one: one.event.uid),
        ("event",),
        at="event.starts_at",
        is_past=True,
    ),
    Source(
        _("Series"),
        Series,
        (*WORDS, "location"),
        _not_the_administrator,
        _series(lambda one: one.uid),
    ),
    Source(
        _("Series, in another language"),
        SeriesText,
        WORDS,
        _not_the_administrator,
        _series(lambda one: one.series.uid),
        ("series",),
    ),
    Source(
        _("Series, earlier wording"),
        SeriesHistory,
        ("summary",),
        _of_series,
        _series(lambda one: one.pgh_obj.uid),
        ("pgh_obj",),
        is_past=True,
    ),
    Source(
        _("Heard at a meeting"),
        Heard,
        ("topic", "block", "promise", "answer"),
        _not_the_administrator,
        lambda one: reverse("answer_heard", args=[one.uid]),
        ("event",),
        at="event.starts_at",
    ),
    Source(
        _("Request for an event"),
        EventRequest,
        ("organization", "topic", "block", "audience", "answer"),
        _of_request("pk"),
        lambda one: reverse("event_request", args=[one.uid]),
        at="created_at",
    ),
    Source(
        _("Decision on a request"),
        RequestDecision,
        ("reason",),
        _of_request("request"),
        lambda one: reverse("event_request", args=[one.request.uid]),
        ("request",),
        at="created_at",
        is_past=True,
    ),
    Source(
        _("Journal of a request"),
        Milestone,
        ("note",),
        _of_record,
        _record,
        ("survey_request", "event_request"),
        at="created_at",
        is_past=True,
    ),
    Source(
        _("Place"),
        Venue,
        ("name", "block"),
        _administrator,
        lambda one: reverse("admin:outreach_venue_change", args=[one.pk]),
    ),
    Source(
        _("Journal of the administration"),
        LogEntry,
        ("object_repr",),
        _administrator,
        _to("admin:index"),
        at="action_time",
        is_past=True,
    ),
    Source(_("Watch group"), WatchGroup, ("name", "area"), _everyone, _to("watch_groups")),
    Source(_("Closed day"), Closure, ("name",), _everyone, _to("closures")),
    Source(
        _("Campaign"),
        Campaign,
        ("name",),
        _not_the_administrator,
        lambda one: reverse("campaign", args=[one.uid]),
    ),
    Source(
        _("Text of a campaign"),
        CampaignText,
        ("subject", "body", "sms"),
        _not_the_administrator,
        lambda one: reverse("campaign", args=[one.campaign.uid]),
        ("campaign",),
    ),
    Source(
        _("Why sending was paused"),
        Gate,
        ("reason",),
        _not_the_administrator,
        _to("sending_room"),
    ),
    Source(_("Legal hold"), LegalHold, ("reason", "lift_reason"), _everyone, _to("retention")),
    Source(
        _("Records request"),
        RecordsExport,
        ("request_number",),
        _own,
        lambda one: reverse("records_export", args=[one.uid]),
    ),
]
