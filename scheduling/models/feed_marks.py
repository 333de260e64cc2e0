"""The database marks stale feeds itself (decision 11).

A statement that changes what calendars show adds rows to FeedMark, whoever wrote it: a service,
thousands of rows at once, the administrator's page, SQL by hand. What the marks mean is decided
in services/publishing.py.
"""

import pgtrigger

from .bookings import Booking
from .events import Event, EventBeat, EventText
from .programs import WatchMeeting

MARK = "INSERT INTO scheduling_feedmark"
PUBLIC = (
    "event.classification = 'public' AND event.status <> 'tentative'"
    " AND event.program <> 'security-survey'"
)
# Our own names only: nothing of anybody's typing gets into these.
# The rows of a statement stand in {rows}; of what hangs on an event, with the event itself.
EVENT = f"SELECT event.id, event.beat_id, event.program, {PUBLIC} FROM {{rows}} AS event"  # noqa: S608
JOINED = "{rows} AS own JOIN scheduling_event AS event ON event.id = own.event_id"
WORDS = f"SELECT event.id, {PUBLIC} FROM {JOINED}"  # noqa: S608
BEATS = f"SELECT event.id, own.beat_id, event.program, {PUBLIC} FROM {JOINED}"  # noqa: S608
GROUPS = f"SELECT event.id, own.group_id, {PUBLIC} FROM {JOINED}"  # noqa: S608
STAFF = "SELECT event_id, staff_id, false FROM {rows} AS own WHERE staff_id IS NOT NULL"
# Of an event, only what differs: closing it out shows nobody anything new.
DIFFERS = " JOIN {others} AS other ON other.id = event.id AND other IS DISTINCT FROM event"


def _triggers(
    prefix: str, columns: str, rows: str, *, differs: str = ""
) -> list[pgtrigger.Trigger]:
    """One a kind of statement, over all its rows at once."""
    old, new = rows.format(rows="old_values"), rows.format(rows="new_values")
    before = old + differs.format(others="new_values")
    after = new + differs.format(others="old_values")
    each = {
        "insert": (pgtrigger.Insert, pgtrigger.Referencing(new="new_values"), new),
        "delete": (pgtrigger.Delete, pgtrigger.Referencing(old="old_values"), old),
        "update": (
            pgtrigger.Update,
            pgtrigger.Referencing(old="old_values", new="new_values"),
            f"{before} UNION {after}",
        ),
    }
    return [
        pgtrigger.Trigger(
            name=f"{prefix}_{name}_marks_feeds",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=f"{MARK} (event_id, {columns}is_public) {select}; RETURN NULL;",
        )
        for name, (operation, referencing, select) in each.items()
    ]


pgtrigger.register(*_triggers("event", "beat_id, program, ", EVENT, differs=DIFFERS))(Event)
pgtrigger.register(*_triggers("words", "", WORDS))(EventText)
pgtrigger.register(*_triggers("beats", "beat_id, program, ", BEATS))(EventBeat)
pgtrigger.register(*_triggers("group", "group_id, ", GROUPS))(WatchMeeting)
pgtrigger.register(*_triggers("claim", "staff_id, ", STAFF))(Booking)
