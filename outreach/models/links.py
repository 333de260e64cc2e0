"""Links for people without an account."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from outreach.enums import LinkPurpose


class Link(models.Model):
    """What one link may do. Nothing secret is stored: see links.token() for its address."""

    uid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at
