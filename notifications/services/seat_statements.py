"""What is owed to those with seats at an event, or in line for some."""

from notifications.services.statements import CLOCK, HOLDERS, HOLDERS_CHANNEL, ONCE_OR_AGAIN, RULES

# News of the own seats. Who was signed up by phone heard it there; who comes up is called.
SEAT_NOTICES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, revision_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), holder.id, revision.id,
           CASE revision.kind WHEN 'seated' THEN 'rsvp-accepted'
                              WHEN 'waitlisted' THEN 'rsvp-waitlisted' ELSE 'rsvp-promoted' END,
           {HOLDERS_CHANNEL}, 'personal', 'queued', {CLOCK}, event.starts_at
    FROM scheduling_revision AS revision
    JOIN scheduling_event AS event ON event.id = revision.event_id
    {HOLDERS} AND rsvp.id = revision.rsvp_id
    WHERE revision.id = ANY(%(unread)s)
      AND revision.kind IN ('seated', 'waitlisted', 'promoted')
      AND (holder.email <> '' OR revision.kind = 'promoted')
      AND event.status = 'confirmed' AND event.starts_at > {CLOCK}
    ON CONFLICT DO NOTHING
"""

# Whoever has seats is told of a move or a cancellation, public or not.
HOLDER_CHANGE_NOTICES = f"""
    INSERT INTO notifications_message
        (uid, contact_id, revision_id, kind, channel, lane, status, due_at, expires_at)
    SELECT gen_random_uuid(), holder.id, revision.id,
           CASE revision.kind WHEN 'moved' THEN 'move' ELSE 'cancellation' END,
           {HOLDERS_CHANNEL}, 'changes', 'queued', {CLOCK},
           GREATEST(event.ends_at, revision.previous_starts_at)
    FROM scheduling_revision AS revision
    JOIN scheduling_event AS event ON event.id = revision.event_id
    {HOLDERS}
    WHERE revision.id = ANY(%(unread)s) AND revision.kind IN ('moved', 'cancelled')
      AND GREATEST(event.ends_at, revision.previous_starts_at) > {CLOCK}
    ON CONFLICT DO NOTHING
"""

# By mail only. A subscriber of the same address may have been reminded before signing up.
HOLDER_REMINDERS = f"""
    {RULES}
    INSERT INTO notifications_message
        (uid, contact_id, event_id, rule_id, event_starts_at, kind, channel, lane, status,
         due_at, expires_at, created_at)
    SELECT gen_random_uuid(), holder.id, due.event_id, due.rule_id, due.starts_at,
           'reminder', 'email', 'reminders', 'queued', due.due_at, due.expires_at, {CLOCK}
    FROM due
    JOIN scheduling_event AS event ON event.id = due.event_id
    {HOLDERS} AND rsvp.response = 'accepted' AND holder.email <> ''
    WHERE due.due_at > rsvp.updated_at  -- the confirmation of the seats says the same
      AND NOT EXISTS (
          SELECT 1 FROM notifications_message AS other
          JOIN outreach_contact AS reader ON reader.id = other.contact_id
          WHERE other.event_id = due.event_id AND other.rule_id = due.rule_id
            AND other.event_starts_at = due.starts_at AND other.contact_id <> holder.id
            AND other.status NOT IN ('withdrawn', 'suppressed')
            AND lower(reader.email) = lower(holder.email))
    {ONCE_OR_AGAIN}
"""
