"""What a request for public records is answered with: each table, and what is blacked out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.enums import ExportScope
from notifications.models import RecordsExport
from notifications.services.retention import people
from notifications.services.retention.kinds import BY_CLASS
from outreach.disclosure import public_place
from outreach.enums import RecordClass, VenueKind
from outreach.models import Contact
from scheduling.enums import Classification
from scheduling.models import Event

NAME = _("Name of a private person")
REACH = _("Mailbox or number of a private person")
HOME = _("Home address")
SEALED = _("Told us in confidence, and sealed")
LEFT_OUT = _("Left out: these people asked that you may not see them. A colleague makes the rest")
READ_IT = _("Not blacked out: typed by somebody, read it before you hand it out")
BLACK = "[redacted]"
Getter = Callable[[Any], object]


@dataclass(frozen=True)
class Column:
    """why: the reason it is blacked out; None for one that is handed out."""

    name: str
    get: Getter
    why: Promise | None = None
    # Typed by somebody: it may name a person, and nobody but a reader can tell.
    is_free_text: bool = False


@dataclass(frozen=True)
class Table:
    name: str
    columns: Sequence[Column]
    rows: Callable[[RecordsExport], QuerySet[Any]]
    persons: tuple[str, ...] = ()  # the ways from a row to whose it is

    def kept_from_maker(self, export: RecordsExport) -> QuerySet[Any]:
        """Of its rows those of people who asked that whoever makes this file may not see them."""
        hidden = Contact.objects.filter(survey_requests__excluded_staff=export.staff_id)
        of_them = Q(pk__in=[])
        for way in self.persons:
            of_them |= Q(**{f"{way}__in": hidden.values("pk")})
        return self.rows(export).filter(of_them)


@dataclass(frozen=True)
class Cell:
    text: object
    is_black: bool


def cells(table: Table, record: object) -> Iterator[Cell]:
    """What was never given has nothing to hide."""
    for column in table.columns:
        value = column.get(record)
        is_black = column.why is not None and bool(value)
        yield Cell(BLACK if is_black else _plain(value), is_black)


def _plain(value: object) -> object:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _of(record_class: RecordClass, *related: str) -> Callable[[RecordsExport], QuerySet[Any]]:
    """The rows of a class that an export asks for."""
    kind = BY_CLASS[record_class]

    def rows(export: RecordsExport) -> QuerySet[Any]:
        found = kind.every().select_related(*related).order_by("pk")
        if export.scope == ExportScope.PERSON:
            return found.filter(pk__in=kind.about(kind.persons, _person(export)))
        if export.scope == ExportScope.EVENT:
            return found.filter(pk__in=kind.about(kind.events, [export.event_id]))
        within = {f"{kind.begun}__lt": export.ends_at, "last_act__gte": export.starts_at}
        return found.filter(**within)

    return rows


def _person(export: RecordsExport) -> list[int]:
    if export.contact is None:
        return []
    return list(people.same([export.contact]).values_list("pk", flat=True))


def _events(export: RecordsExport) -> QuerySet[Event]:
    found = Event.objects.select_related("beat", "venue").order_by("starts_at", "pk")
    if export.scope == ExportScope.EVENT:
        return found.filter(pk__in=[export.event_id])
    if export.scope == ExportScope.SPAN:
        return found.filter(starts_at__lt=export.ends_at, ends_at__gt=export.starts_at)
    own = Q(rsvps__contact__in=_person(export)) | Q(
        survey_visit__request__contact__in=_person(export)
    )
    return found.filter(own | Q(requested__request__contact__in=_person(export))).distinct()


def _contacts(export: RecordsExport) -> QuerySet[Contact]:
    if export.scope == ExportScope.EVENT:
        return Contact.objects.filter(rsvps__event=export.event_id).distinct().order_by("pk")
    return _of(RecordClass.CONTACTS)(export)


def _place(event: Event) -> str:
    """As the public may read it; of a confidential event nothing."""
    if event.classification == Classification.CONFIDENTIAL:
        return ""
    return public_place(event.venue) if event.venue else event.location


def _home(event: Event) -> str:
    """What there would be to read besides."""
    if event.venue and event.venue.kind == VenueKind.HOME:
        return event.venue.name
    is_secret = event.classification == Classification.CONFIDENTIAL
    return event.location if is_secret else ""


def _beat(record: Any) -> str:
    return record.beat.code if record.beat else ""


def _about(record: Any) -> object:
    return record.about_event.uid if record.about_event else ""


TABLES = [
    Table(
        "events",
        [
            Column("uid", lambda one: one.uid),
            Column("program", lambda one: one.program),
            Column("beat", _beat),
            Column("title", lambda one: one.summary, is_free_text=True),
            Column("starts", lambda one: one.starts_at),
            Column("ends", lambda one: one.ends_at),
            Column("status", lambda one: one.status),
            Column("place", _place, is_free_text=True),
            Column("home", _home, HOME),
        ],
        _events,
        ("survey_visit__request__contact",),
    ),
    Table(
        "people",
        [
            Column("id", lambda one: one.uid),
            Column("name", lambda one: one.name, NAME),
            Column("e-mail", lambda one: one.email, REACH),
            Column("phone", lambda one: str(one.phone or ""), REACH),
            Column("kept since", lambda one: one.created_at),
            Column("restricted", lambda one: one.restricted_at),
            Column("locked away", lambda one: one.kept_sealed, NAME),
        ],
        _contacts,
        ("pk",),
    ),
    Table(
        "surveys",
        [
            Column("reference", lambda one: one.reference),
            Column("person", lambda one: one.contact.uid),
            Column("beat", _beat),
            Column("property", lambda one: one.property_type),
            Column("status", lambda one: one.status),
            Column("came by", lambda one: one.source),
            Column("asked", lambda one: one.created_at),
            Column("address", lambda one: one.address_sealed, HOME),
            Column("notes", lambda one: one.notes_sealed, SEALED),
        ],
        _of(RecordClass.SURVEYS, "contact", "beat"),
        BY_CLASS[RecordClass.SURVEYS].persons,
    ),
    Table(
        "event-requests",
        [
            Column("reference", lambda one: one.reference),
            Column("person", lambda one: one.contact.uid),
            Column("program", lambda one: one.program),
            Column("beat", _beat),
            Column("organization", lambda one: one.organization, is_free_text=True),
            Column("topic", lambda one: one.topic, is_free_text=True),
            Column("status", lambda one: one.status),
            Column("answer", lambda one: one.answer, is_free_text=True),
            Column("asked", lambda one: one.created_at),
            Column("place", lambda one: one.place_sealed, HOME),
            Column("notes", lambda one: one.notes_sealed, SEALED),
        ],
        _of(RecordClass.EVENT_REQUESTS, "contact", "beat"),
        BY_CLASS[RecordClass.EVENT_REQUESTS].persons,
    ),
    Table(
        "sign-ups",
        [
            Column("event", lambda one: one.event.uid),
            Column("person", lambda one: one.contact.uid),
            Column("people", lambda one: one.seats),
            Column("answer", lambda one: one.response),
            Column("signed up", lambda one: one.created_at),
        ],
        _of(RecordClass.SIGN_UPS, "contact", "event"),
        BY_CLASS[RecordClass.SIGN_UPS].persons,
    ),
    Table(
        "attendance",
        [
            Column("event", lambda one: one.event.uid),
            Column("people", lambda one: one.heads),
            Column("counted", lambda one: one.created_at),
        ],
        _of(RecordClass.ATTENDANCE, "event"),
        BY_CLASS[RecordClass.ATTENDANCE].persons,
    ),
    Table(
        "needs",
        [
            Column("event", lambda one: one.event.uid),
            Column("what", lambda one: one.kind),
            Column("language", lambda one: one.language),
            Column("state", lambda one: one.state),
        ],
        _of(RecordClass.NEEDS, "event"),
        BY_CLASS[RecordClass.NEEDS].persons,
    ),
    Table(
        "subscriptions",
        [
            Column("person", lambda one: one.contact.uid),
            Column("beat", _beat),
            Column("by", lambda one: one.channel),
            Column("purpose", lambda one: one.purpose),
            Column("wording", lambda one: one.wording_version),
            Column("page", lambda one: one.asked_on_page),
            Column("asked", lambda one: one.created_at),
            Column("confirmed", lambda one: one.confirmed_at),
            Column("ended", lambda one: one.ended_at),
        ],
        _of(RecordClass.SUBSCRIPTIONS, "contact", "beat"),
        BY_CLASS[RecordClass.SUBSCRIPTIONS].persons,
    ),
    Table(
        "messages",
        [
            Column("person", lambda one: one.contact.uid),
            Column("kind", lambda one: one.kind),
            Column("by", lambda one: one.channel),
            Column("about event", _about),
            Column("due", lambda one: one.due_at),
            Column("status", lambda one: one.status),
            Column("settled", lambda one: one.settled_at),
            Column("what the server said", lambda one: one.detail, REACH),
        ],
        _of(RecordClass.MESSAGES, "contact", "event", "revision__event"),
        BY_CLASS[RecordClass.MESSAGES].persons,
    ),
    Table(
        "replies",
        [
            Column("event", lambda one: one.event.uid),
            Column("person", lambda one: one.contact.uid),
            Column("answer", lambda one: one.answer),
            Column("received", lambda one: one.received_at),
        ],
        _of(RecordClass.REPLIES, "contact", "event"),
        BY_CLASS[RecordClass.REPLIES].persons,
    ),
]
