"""Who works here, and whom we may write to."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from outreach.enums import Role, SpokenLanguage

from .sealed import Sealed

LONG_PASSWORD = 15  # characters; with a second factor 8 suffice


class User(AbstractUser):
    """A sign-in account. What its owner may do follows from the staff member behind it."""

    # Good beside a second factor only, so that one cannot be put away.
    has_short_password = models.BooleanField(default=False, db_default=False, editable=False)

    code_tries = models.SmallIntegerField(default=0, db_default=0, editable=False)
    code_tries_since = models.DateTimeField(null=True, editable=False)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.has_short_password = raw_password is not None and len(raw_password) < LONG_PASSWORD


class StaffMember(models.Model):
    user = models.OneToOneField(User, models.PROTECT, related_name="staff_member")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    phone = PhoneNumberField(_("work phone"), blank=True)
    email = models.EmailField(_("work e-mail"), blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=SpokenLanguage.choices),
        verbose_name=_("speaks"),
        default=list,
        blank=True,
        help_text=_("Codes with commas: en, es, zh, ko, fa, ru, hy, tl, vi, ase (sign language)."),
    )
    is_active = models.BooleanField(_("works here"), default=True)
    last_day = models.DateField(_("last day here"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")

    def __str__(self) -> str:
        return self.name


class Contact(Sealed):
    """A resident or organizer we may write to; not a sign-in account.

    One who asked to be erased, but of whom something must be kept, is restricted: name, mailbox
    and number lie sealed in `kept_sealed`, the open ones are empty.
    """

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    created_at = models.DateTimeField(auto_now_add=True)
    restricted_at = models.DateTimeField(null=True, editable=False)
    kept_sealed = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(restricted_at=None) | Q(name="", email="", phone=""),
                name="contact_restricted_is_empty",
            )
        ]

    def __str__(self) -> str:
        # An id, not a name: this string reaches logs and error reports.
        return f"contact {self.pk}"
