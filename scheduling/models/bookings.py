"""Claims on people and places."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from outreach.models import StaffMember, Venue
from scheduling.db import TsTzRange
from scheduling.enums import BookingStatus

from .events import Event
from .history import track


class BookingQuerySet(models.QuerySet["Booking"]):
    def active(self) -> "BookingQuerySet":
        """Everything that still claims time."""
        return self.exclude(status=BookingStatus.RELEASED)


@track("BookingHistory", ["event", "staff", "venue", "starts_at", "ends_at", "status"])
class Booking(models.Model):
    """A claim on one person or one venue. Whoever books releases the expired holds."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="bookings")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="bookings")
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=BookingStatus.choices, default=BookingStatus.CONFIRMED
    )
    expires_at = models.DateTimeField(null=True)  # of a hold; null never

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(venue__isnull=True),
                name="booking_is_for_one_person_or_one_venue",
            ),
            ExclusionConstraint(
                name="booking_staff_never_in_two_places",
                expressions=[
                    ("staff", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status=BookingStatus.RELEASED.value),
            ),
            ExclusionConstraint(
                name="booking_venue_never_taken_twice",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status=BookingStatus.RELEASED.value),
            ),
        ]
