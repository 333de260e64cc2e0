"""What is owed: unread journal rows and due reminder rules become messages, in sets.

One statement per kind, never a loop over people. A partial unique constraint for each subject
makes every statement safe to run again, late, or beside itself.
"""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from notifications.services import campaigns, digests, gates, pulse, webhooks
from notifications.services.seat_statements import (
    HOLDER_CHANGE_NOTICES,
    HOLDER_REMINDERS,
    SEAT_NOTICES,
)
from notifications.services.statements import (
    AUDIENCE,
    CLOCK,
    ONCE_OR_AGAIN,
    RULES,
    is_told_as_holder,
)
from outreach.models import Milestone
from scheduling.models import Revision

PAGE = 500

# A change of a whole series shares its moment: only its first date is told, with how many more.
EARLIER_OF_ONE_ACT = """
    SELECT FROM scheduling_occurrence AS own
    JOIN scheduling_occurrence AS other
      ON other.series_id = own.series_id AND other.recurrence_id < own.recurrence_id
    JOIN scheduling_revision AS earlier
      ON earlier.event_id = other.event_id AND earlier.kind = revision.kind
     AND earlier.created_at = revision.created_at
    JOIN scheduling_event AS sooner
      ON sooner.id = earlier.event_id AND sooner.classification = 'public'
     AND sooner.status <> 'tentative'
    WHERE own.event_id = event.id
"""

# Public events: moves and cancellations, while the event they speak of lies ahead. What changed is
# looked up first, whatever PostgreSQL knows of the tables: in a new city it would pair every event
# with every subscriber.
CHANGE_NOTICES = f"""
    WITH event AS MATERIALIZED (
        SELECT event.id, event.program, event.beat_id, revision.id AS revision_id, revision.kind,
               GREATEST(event.ends_at, revision.previous_starts_at) AS useful_until
        FROM scheduling_revision AS revision
        JOIN scheduling_event AS event
          ON event.id = revision.event_id AND event.classification = 'public'
        WHERE revision.id = ANY(%(unread)s) AND revision.kind IN ('moved', 'cancelled')
          AND event.status <> 'tentative'  -- of which nobody has heard
          AND GREATEST(event.ends_at, revision.previous_starts_at) > {CLOCK}
          AND NOT EXISTS ({EARLIER_OF_ONE_ACT})
    )
    INSERT INTO notifications_message
        (uid, contact_id, revision_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), subscription.contact_id, event.revision_id,
           CASE event.kind WHEN 'moved' THEN 'move' ELSE 'cancellation' END,
           subscription.channel, 'changes', 'queued', {CLOCK}, event.useful_until
    FROM event
    {AUDIENCE}
    WHERE NOT {is_told_as_holder("'accepted', 'waitlisted'")}
    ON CONFLICT DO NOTHING
"""

# The person who asked hears of the own visit, by the one channel called safe.
SAFE_CHANNEL = "CASE request.safe_channel WHEN 'email' THEN 'email' ELSE 'call' END"

VISIT_NOTICES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, revision_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), request.contact_id, revision.id,
           CASE revision.kind WHEN 'created' THEN 'visit-booked' WHEN 'moved' THEN 'visit-moved'
                              WHEN 'late' THEN 'visit-late' ELSE 'visit-cancelled' END,
           {SAFE_CHANNEL}, 'personal', 'queued', {CLOCK},
           GREATEST(event.ends_at, revision.previous_starts_at)
    FROM scheduling_revision AS revision
    JOIN scheduling_event AS event ON event.id = revision.event_id
    JOIN scheduling_surveyvisit AS visit ON visit.event_id = event.id
    JOIN outreach_surveyrequest AS request ON request.id = visit.request_id
    WHERE revision.id = ANY(%(unread)s)
      AND revision.kind IN ('created', 'moved', 'late', 'cancelled')
      AND GREATEST(event.ends_at, revision.previous_starts_at) > {CLOCK}
    ON CONFLICT DO NOTHING
"""

MILESTONE_NOTICES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, milestone_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), request.contact_id, milestone.id, 'survey-' || milestone.kind,
           {SAFE_CHANNEL}, 'personal', 'queued', {CLOCK},
           {CLOCK} + interval '3 days'
    FROM outreach_milestone AS milestone
    JOIN outreach_surveyrequest AS request ON request.id = milestone.survey_request_id
    WHERE milestone.id = ANY(%(unread)s) AND request.safe_channel = 'email'
    ON CONFLICT DO NOTHING
"""

# Who asked for an event hears by mail, or is called where only a number is known.
REQUEST_NOTICES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, milestone_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), request.contact_id, milestone.id, 'request-' || milestone.kind,
           CASE WHEN contact.email <> '' THEN 'email' ELSE 'call' END,
           'personal', 'queued', {CLOCK}, {CLOCK} + interval '7 days'
    FROM outreach_milestone AS milestone
    JOIN outreach_eventrequest AS request ON request.id = milestone.event_request_id
    JOIN outreach_contact AS contact ON contact.id = request.contact_id
    WHERE milestone.id = ANY(%(unread)s)
      AND (contact.email <> '' OR milestone.kind IN ('approved', 'declined'))
    ON CONFLICT DO NOTHING
"""

# Reminders of a start that is no longer true.
WITHDRAW_OUTDATED = f"""
    UPDATE notifications_message AS message
    SET status = 'withdrawn', settled_at = {CLOCK}
    FROM scheduling_event AS event
    WHERE message.event_id = event.id AND message.status = 'queued'
      AND (event.status = 'cancelled' OR event.starts_at <> message.event_starts_at)
      AND event.id IN (SELECT event_id FROM scheduling_revision WHERE id = ANY(%(unread)s))
"""

# An edit may have brought the event to other people: plan its reminders for all again. Seats
# taken bring it to nobody else; whoever gives them back may still be a subscriber.
FORGET_RUNS = """
    DELETE FROM notifications_reminderrun AS run USING scheduling_revision AS revision
    WHERE revision.id = ANY(%(unread)s) AND revision.event_id = run.event_id
      AND (revision.rsvp_id IS NULL OR revision.kind = 'unseated')
"""

# The runs are noted by the same statement, so both see the same events.
EVENT_REMINDERS = f"""
    {RULES}, noted AS (
        INSERT INTO notifications_reminderrun (event_id, rule_id, event_starts_at, planned_at)
        SELECT due.event_id, due.rule_id, due.starts_at, {CLOCK}
        FROM due WHERE due.classification = 'public'
        ON CONFLICT (event_id, rule_id, event_starts_at)
        DO UPDATE SET planned_at = EXCLUDED.planned_at
    )
    INSERT INTO notifications_message
        (uid, contact_id, event_id, rule_id, event_starts_at, kind, channel, lane, status,
         due_at, expires_at, created_at)
    SELECT DISTINCT ON (subscription.contact_id, due.event_id, due.rule_id, subscription.channel)
           gen_random_uuid(), subscription.contact_id, due.event_id, due.rule_id, due.starts_at,
           'reminder', subscription.channel, 'reminders', 'queued', due.due_at, due.expires_at,
           {CLOCK}
    FROM due
    JOIN scheduling_event AS event ON event.id = due.event_id
    {AUDIENCE}
    LEFT JOIN notifications_reminderrun AS run
      ON run.event_id = due.event_id AND run.rule_id = due.rule_id
     AND run.event_starts_at = due.starts_at
    WHERE due.classification = 'public' AND subscription.pace = 'each'
      AND (subscription.lead_minutes = '{{}}'
           OR due.lead_minutes = ANY (subscription.lead_minutes))
      -- everyone once; after that only who signed up since, a minute's grace for slow commits
      AND subscription.confirmed_at
          > COALESCE(run.planned_at - interval '1 minute', '-infinity'::timestamptz)
      AND NOT {is_told_as_holder("'accepted'")}
    {ONCE_OR_AGAIN}
"""

VISIT_REMINDERS = f"""
    {RULES}
    INSERT INTO notifications_message
        (uid, contact_id, event_id, rule_id, event_starts_at, kind, channel, lane, status,
         due_at, expires_at, created_at)
    SELECT gen_random_uuid(), request.contact_id, due.event_id, due.rule_id, due.starts_at,
           'visit-reminder', {SAFE_CHANNEL}, 'personal', 'queued', due.due_at, due.expires_at,
           {CLOCK}
    FROM due
    JOIN scheduling_surveyvisit AS visit ON visit.event_id = due.event_id
    JOIN outreach_surveyrequest AS request ON request.id = visit.request_id
    WHERE (request.safe_channel = 'email' OR due.is_by_call)
      AND due.due_at > due.updated_at  -- the notice of the booking says the same
    {ONCE_OR_AGAIN}
"""


def plan() -> int:
    """Turn the unread journal into messages; returns how many were made. Safe beside itself."""
    made = 0
    while (step := _plan_page()) is not None:
        made += step
    return made + plan_reminders() + digests.plan() + campaigns.plan()


@transaction.atomic
def plan_reminders(now: datetime | None = None) -> int:
    """Reminders that fall due in the next quarter of an hour, or were missed and still help.

    now is for a rehearsal; without it the database's clock counts.
    """
    begun = now or _database_clock()
    statements = (EVENT_REMINDERS, VISIT_REMINDERS, HOLDER_REMINDERS)
    made = sum(_run(statement, [], now) for statement in statements)
    if made > settings.LATE_REMINDERS_HELD_FROM and pulse.flood(begun):
        gates.hold_masses("many reminders were late at once: a clock may be wrong")
    return made


@transaction.atomic
def _plan_page() -> int | None:
    """Take one page of unread rows and plan them in the same transaction; None when there is none.

    Never a high-water id: commits arrive out of order. Rows another planner holds are skipped.
    """
    revisions = _take(Revision)
    milestones = _take(Milestone)
    if not revisions and not milestones:
        return None
    _run(WITHDRAW_OUTDATED, revisions)
    _run(FORGET_RUNS, revisions)
    _run(webhooks.DELIVERIES, revisions)
    notices = (SEAT_NOTICES, CHANGE_NOTICES, HOLDER_CHANGE_NOTICES, VISIT_NOTICES)
    made = sum(_run(statement, revisions) for statement in notices)
    return made + _run(MILESTONE_NOTICES, milestones) + _run(REQUEST_NOTICES, milestones)


def _take(journal: type[Revision] | type[Milestone]) -> list[int]:
    """Claim unread rows of a journal and mark them read; undone if planning fails."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {journal._meta.db_table} SET read_at = statement_timestamp() WHERE id IN (
                SELECT id FROM {journal._meta.db_table} WHERE read_at IS NULL
                ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            [PAGE],
        )
        return [row[0] for row in cursor.fetchall()]


def _database_clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _run(statement: str, unread: list[int], now: datetime | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"unread": unread, "now": now})
        return cursor.rowcount
