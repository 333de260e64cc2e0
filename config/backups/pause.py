"""After a restore nothing is sent before a person looked.

What went out between the backup and the crash is not known to the restored rows: it would go again.
"""

from notifications.services import gates

REASON = "restored from a backup: look first, what went out since then would go again"
# By name and not through the model: it runs inside what puts the tables back.
STATEMENT = f"""
    INSERT INTO public.notifications_gate (name, closed_at, reason, claimed_in_minute)
    VALUES ('{gates.ALL}', now(), '{REASON}', 0)
    ON CONFLICT (name) DO UPDATE SET closed_at = now(), reason = excluded.reason
"""  # noqa: S608
