"""Parts of statements that several kinds of messages share: who hears of an event, and when."""

# The database's clock, or a made-up one of a rehearsal.
CLOCK = "COALESCE(%(now)s::timestamptz, statement_timestamp())"

# A contact who heard a change through two beats hears it once (the constraint sees to that).
AUDIENCE = """
    JOIN notifications_subscription AS subscription
      ON subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL
     AND subscription.purpose = 'reminders'
     AND (subscription.programs = '{}' OR event.program = ANY (subscription.programs))
     AND (subscription.beat_id IS NULL OR event.beat_id IS NULL
          OR subscription.beat_id = event.beat_id
          OR EXISTS (SELECT 1 FROM scheduling_event_also_beats AS shared
                     WHERE shared.event_id = event.id AND shared.beat_id = subscription.beat_id))
"""

# Who has seats or waits for some hears of the event without subscribing: by mail, or by a call.
HOLDERS = """
    JOIN scheduling_rsvp AS rsvp
      ON rsvp.event_id = event.id AND rsvp.response IN ('accepted', 'waitlisted')
    JOIN outreach_contact AS holder
      ON holder.id = rsvp.contact_id AND (holder.email <> '' OR holder.phone <> '')
"""
HOLDERS_CHANNEL = "CASE WHEN holder.email <> '' THEN 'email' ELSE 'call' END"


def is_told_as_holder(responses: str) -> str:
    """Whether a subscriber's address has seats as another contact: one mail to one person."""
    return f"""
    EXISTS (SELECT 1 FROM scheduling_rsvp AS seat
            JOIN outreach_contact AS holder ON holder.id = seat.contact_id
            JOIN outreach_contact AS reader ON reader.id = subscription.contact_id
            WHERE seat.event_id = event.id AND seat.response IN ({responses})
              AND holder.id <> reader.id AND reader.email <> ''
              AND lower(holder.email) = lower(reader.email))
    """


# A reminder is worth sending from its own lead until the next shorter one takes over; the last
# until half an hour before the start.
RULES = f"""
    WITH rule AS (
        SELECT id, is_by_call, lead_minutes, lead_minutes * interval '1 minute' AS lead,
               COALESCE(LEAD(lead_minutes) OVER (ORDER BY lead_minutes DESC), 30)
                   * interval '1 minute' AS until
        FROM notifications_reminderrule WHERE is_active
    ), due AS (
        SELECT event.id AS event_id, event.classification, event.starts_at, event.updated_at,
               rule.id AS rule_id, rule.is_by_call, rule.lead_minutes,
               event.starts_at - rule.lead AS due_at, event.starts_at - rule.until AS expires_at
        FROM scheduling_event AS event CROSS JOIN rule
        WHERE event.status = 'confirmed'
          AND event.starts_at > {CLOCK} + rule.until
          AND event.starts_at <= {CLOCK} + rule.lead + interval '15 minutes'
    )
"""

# A plan may come back to what it was: moved away and back, doubtful and sure again.
ONCE_OR_AGAIN = """
    ON CONFLICT (contact_id, event_id, rule_id, channel, event_starts_at)
        WHERE event_id IS NOT NULL
    DO UPDATE SET status = 'queued', settled_at = NULL, lease = NULL,
                  due_at = EXCLUDED.due_at, expires_at = EXCLUDED.expires_at
    WHERE notifications_message.status = 'withdrawn'
"""
