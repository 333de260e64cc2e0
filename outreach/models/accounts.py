"""What happens to the accounts of staff, and the link by which they set a password."""

from django.db import models
from django.db.models.functions import Now

from outreach.enums import AccountAct

from .links import Link
from .people import StaffMember


class PasswordLink(Link):
    """Lets a staff member set a password: once, for a day."""

    purpose = None  # type: ignore[assignment]  # it has no other
    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="password_links")


class AccountChange(models.Model):
    """Who did what to whose account, and when."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="account_changes")
    by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=16, choices=AccountAct.choices)
    detail = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]


class Identity(models.Model):
    """Who a staff member is at the city's identity provider, once they signed in by it."""

    staff = models.ForeignKey(StaffMember, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_is_of_one"),
            models.UniqueConstraint(fields=["issuer", "staff"], name="identity_once_an_issuer"),
        ]
