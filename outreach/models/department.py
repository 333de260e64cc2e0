"""The department as its administrator set it, in one row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from outreach.enums import Program

from .people import StaffMember

ONLY = 1


class Department(models.Model):
    """What is left empty, the settings of the installation say: read it by department.current()."""

    name = models.CharField(max_length=120, blank=True)
    name_es = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    unit_es = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80, blank=True)
    emergency = models.CharField(max_length=30, blank=True)
    non_emergency = models.CharField(max_length=30, blank=True)
    relay = models.CharField(max_length=30, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    mailbox = models.EmailField(blank=True)
    postal_address = models.CharField(max_length=200, blank=True)
    permit_office_url = models.URLField(max_length=300, blank=True)
    crime_report_url = models.URLField(max_length=300, blank=True)
    notice_en = models.TextField(max_length=600, blank=True)
    notice_es = models.TextField(max_length=600, blank=True)
    retention_en = models.TextField(max_length=600, blank=True)
    retention_es = models.TextField(max_length=600, blank=True)
    tenants_en = models.TextField(max_length=600, blank=True)
    tenants_es = models.TextField(max_length=600, blank=True)
    # What is off, so that a new program or language is on.
    programs_off = ArrayField(
        models.CharField(max_length=20, choices=Program.choices), default=list, blank=True
    )
    languages_off = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(StaffMember, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=ONLY), name="department_is_one")]

    def __str__(self) -> str:
        return f"department {self.pk}"
