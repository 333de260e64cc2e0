"""What every journal row says: who did it, when, and whether the layer above took it."""

from django.db import models
from django.db.models.functions import Now

from .people import Contact, StaffMember


class Journal(models.Model):
    """Written in the transaction of the change; read_at is null until the layer above took it."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
