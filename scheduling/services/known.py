"""Which entries of a foreign calendar are events of ours already. Reads only."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from outreach.enums import Program
from scheduling import localtime
from scheduling.incoming import Entry
from scheduling.models import Event, ImportedEvent

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Held:
    """Our event, and what its entry said when it was brought in; nothing of our own exports."""

    event: Event
    row: ImportedEvent | None = None

    @property
    def import_id(self) -> int | None:
        return self.row.calendar_import_id if self.row else None

    def is_changed(self, entry: Entry) -> bool:
        if self.row is None:
            return False
        then = self.row.sequence, self.row.starts_at, self.row.ends_at
        return then != (entry.sequence, entry.starts_at, entry.ends_at)


class Known:
    """By UID and date of the series, read once for all entries.

    A single event that became a series since, or the other way round, is known by its moment.
    What came out of our own calendars is ours too.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        uids = {entry.uid for entry in entries}
        rows = list(
            ImportedEvent.objects.filter(source_uid__in=uids).select_related("event__venue")
        )
        self._rows = {(row.source_uid, row.recurrence_id): row for row in rows}
        self._singles = {(row.source_uid, row.starts_at): row for row in rows if not _is_date(row)}
        self._dates = {
            (row.source_uid, _moment(row.recurrence_id)): row for row in rows if _is_date(row)
        }
        own = list(Event.objects.filter(uid__in=_uuids(uids)))
        self._own = {str(event.uid): event for event in own if not _is_survey(event)}
        self._visits = {str(event.uid) for event in own if _is_survey(event)}

    def is_visit(self, entry: Entry) -> bool:
        """Whether it is a survey visit, out of somebody's own calendar: nobody's to look at."""
        return entry.uid in self._visits

    def of(self, entry: Entry) -> Held | None:
        row = self._rows.get((entry.uid, entry.recurrence_id))
        if row is None and not entry.recurrence_id:
            row = self._dates.get((entry.uid, entry.starts_at))
        elif row is None and (moment := _moment(entry.recurrence_id)):
            row = self._singles.get((entry.uid, moment))
        if row is not None:
            return Held(row.event, row)
        event = self._own.get(entry.uid)
        return Held(event) if event else None


def _is_survey(event: Event) -> bool:
    return event.program == Program.SECURITY_SURVEY


def _is_date(row: ImportedEvent) -> bool:
    return bool(row.recurrence_id)


def _moment(recurrence_id: str) -> datetime | None:
    """When a date of a series was to be, as its name says."""
    with suppress(ValueError):
        if recurrence_id.endswith("Z"):
            return datetime.strptime(recurrence_id, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if "T" in recurrence_id:
            local = datetime.strptime(recurrence_id, "%Y%m%dT%H%M%S")  # noqa: DTZ007
        else:
            day = datetime.strptime(recurrence_id, "%Y%m%d")  # noqa: DTZ007
            local = datetime.combine(day, time())
        return local.replace(tzinfo=localtime.zone()).astimezone(UTC)
    return None


def _uuids(uids: set[str]) -> list[UUID]:
    found = []
    for uid in uids:
        with suppress(ValueError):
            found.append(UUID(uid))
    return found
