"""Public records requests: tables with a log of what was blacked out, made part by part."""

import io
import zipfile
from collections import Counter
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from notifications.enums import ExportScope, JobState
from notifications.models import ExportFile, RecordsExport
from notifications.services.retention.tables import LEFT_OUT, READ_IT, TABLES, Table, cells
from outreach.models import Contact, StaffMember
from outreach.spreadsheets import as_csv
from scheduling.models import Event

KEPT = timedelta(days=1)
LOG = "redactions"
CHUNK = 500


class NotThere(Exception):
    """It is not ready yet, was taken, or its day is over."""


def of_person(contact: Contact, *, number: str, by: StaffMember) -> RecordsExport:
    """With every other contact of the same mailbox or number."""
    return RecordsExport.objects.create(
        scope=ExportScope.PERSON, contact=contact, request_number=number, staff=by
    )


def of_event(event: Event, *, number: str, by: StaffMember) -> RecordsExport:
    return RecordsExport.objects.create(
        scope=ExportScope.EVENT, event=event, request_number=number, staff=by
    )


def of_span(
    starts_at: datetime, ends_at: datetime, *, number: str, by: StaffMember
) -> RecordsExport:
    return RecordsExport.objects.create(
        scope=ExportScope.SPAN,
        starts_at=starts_at,
        ends_at=ends_at,
        request_number=number,
        staff=by,
    )


def go_on(seconds: float) -> None:
    """Make what was asked for, a table at a time; ended in the middle, the next call goes on."""
    until = monotonic() + seconds
    running = RecordsExport.objects.filter(state=JobState.RUNNING).order_by("pk")
    for pk in running.values_list("pk", flat=True):
        while monotonic() < until and _next_table(pk):
            pass


@transaction.atomic
def take(export_id: int) -> bytes:
    """The archive, this once. Raises NotThere."""
    export = RecordsExport.objects.select_for_update().get(pk=export_id)
    files = list(export.files.all())
    if export.state != JobState.DONE or export.taken_at or not files:
        raise NotThere
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            # With its mark, without which spreadsheet programs misread what is not English.
            archive.writestr(f"{file.name}.csv", "\ufeff" + file.unseal("text"))
    export.files.all().delete()
    export.taken_at = timezone.now()
    export.save(update_fields=["taken_at"])
    return packed.getvalue()


def forget() -> None:
    """What nobody took in a day. The rows stay: who asked for what, and when."""
    over = RecordsExport.objects.filter(created_at__lt=timezone.now() - KEPT)
    ExportFile.objects.filter(export__in=over).delete()
    over.filter(state=JobState.RUNNING).update(state=JobState.DROPPED)


@transaction.atomic
def _next_table(export_id: int) -> bool:
    running = RecordsExport.objects.select_for_update(skip_locked=True, of=("self",))
    export = running.filter(pk=export_id, state=JobState.RUNNING).first()
    if export is None:
        return False
    made = set(export.files.values_list("name", flat=True))
    for table in TABLES:
        if table.name not in made:
            _write(export, table)
            return True
    export.state, export.ready_at = JobState.DONE, timezone.now()
    export.save(update_fields=["state", "ready_at"])
    return False


def _write(export: RecordsExport, table: Table) -> None:
    """One table, and its lines in the log."""
    rows, black = [[column.name for column in table.columns]], Counter[str]()
    hidden = set(table.kept_from_maker(export).values_list("pk", flat=True))
    found: QuerySet[Any] = table.rows(export).exclude(pk__in=hidden)
    for record in found.iterator(chunk_size=CHUNK):
        line = list(cells(table, record))
        black.update(c.name for c, cell in zip(table.columns, line, strict=True) if cell.is_black)
        rows.append([str(cell.text) for cell in line])
    _keep(export, table.name, as_csv(rows))
    _log(export, table, black, rows=len(rows) - 1, hidden=len(hidden))
    RecordsExport.objects.filter(pk=export.pk).update(
        rows=F("rows") + len(rows) - 1, redacted=F("redacted") + black.total()
    )


def _log(
    export: RecordsExport, table: Table, black: Counter[str], *, rows: int, hidden: int
) -> None:
    """A line for each column that is blacked out, and for each that a person must still read."""
    log = export.files.filter(name=LOG).first()
    lines = log.unseal("text") if log else as_csv([["table", "column", "cells", "why"]])
    said: list[list[object]] = [[table.name, "", hidden, str(LEFT_OUT)]] if hidden else []
    for column in table.columns:
        if black[column.name]:
            said.append([table.name, column.name, black[column.name], str(column.why)])
        elif column.is_free_text and rows:
            said.append([table.name, column.name, 0, str(READ_IT)])
    _keep(export, LOG, lines + as_csv(said))


def _keep(export: RecordsExport, name: str, text: str) -> None:
    file = ExportFile.objects.filter(export=export, name=name).first()
    file = file or ExportFile(export=export, name=name)
    file.seal("text", text)
    file.save()
