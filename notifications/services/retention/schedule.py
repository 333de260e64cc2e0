"""What the city decides of the schedule."""

from notifications.services.retention.due import Look
from notifications.services.retention.kinds import KINDS
from outreach.enums import RecordClass
from outreach.models import LEAST_MONTHS, RetentionPeriod, StaffMember


class NeedsConsent(Exception):
    """Under two years only with the consent of the city attorney, named."""


def decide(record_class: RecordClass, months: int, *, consent: str, by: StaffMember) -> None:
    """From now on; what was decided before stays written. Raises NeedsConsent."""
    if months < LEAST_MONTHS and not consent:
        raise NeedsConsent
    RetentionPeriod.objects.create(
        record_class=record_class, months=months, consent=consent, staff=by
    )


def due_now() -> list[tuple[RecordClass, int, int]]:
    """Of each class how many are due, and how many more a hold keeps."""
    look = Look()
    return [(kind.record_class, look.due(kind).count(), look.held(kind).count()) for kind in KINDS]
