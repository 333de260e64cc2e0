"""Who of us looked at whose address."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from outreach.models import Contact, StaffMember


class AddressLook(models.Model):
    """A staff member opened a masked address, or took a list of all that was sent with them."""

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="address_looks")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="address_looks")
    is_export = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("look at an address")
        verbose_name_plural = _("looks at addresses")
