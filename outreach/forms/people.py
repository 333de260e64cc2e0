"""The administrator's forms about people, and the form by which somebody sets a password."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from outreach.enums import Role, SpokenLanguage
from outreach.forms.fields import Line
from outreach.models import StaffMember, User
from outreach.services.people import Person

NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class PersonForm(forms.Form):
    name = Line(label=_("Name"), max_length=120, help_text=_("As residents read it."))
    role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *Role.choices])
    email = forms.EmailField(
        label=_("Work e-mail"),
        required=False,
        help_text=_("Links to set a password go here; sign-in by the city finds people by it."),
    )
    phone = PhoneNumberField(label=_("Work phone"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Speaks"),
        choices=SpokenLanguage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, staff: StaffMember | None = None, **kwargs: Any) -> None:
        self.staff = staff
        if staff:
            kwargs["initial"] = {name: getattr(staff, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)

    def clean_email(self) -> str:
        """One person an address: sign-in by the city must not have to choose."""
        email: str = self.cleaned_data["email"]
        others = StaffMember.objects.filter(email__iexact=email, is_active=True)
        if self.staff:
            others = others.exclude(pk=self.staff.pk)
        if email and others.exists():
            raise ValidationError(_("Somebody else has this address."))
        return email

    def person(self) -> Person:
        given = self.cleaned_data
        return Person(
            name=given["name"],
            role=Role(given["role"]),
            email=given["email"],
            phone=str(given["phone"] or ""),
            languages=tuple(given["languages"]),
        )


class NewPersonForm(PersonForm):
    username = Line(
        label=_("User name"),
        max_length=150,
        help_text=_("What they sign in with. Letters, digits and . _ - + @ only."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    field_order = ["name", "username", "role", "email", "phone", "languages"]

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"])
        User.username_validator(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username


class LastDayForm(forms.Form):
    day = forms.DateField(
        label=_("Last day here"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("They can work until the end of it."),
    )

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise ValidationError(_("This day is past. Let them leave now."))
        return day


class PasswordForm(forms.Form):
    password = forms.CharField(label=_("Password"), strip=False, widget=NEW)
    again = forms.CharField(label=_("The same password again"), strip=False, widget=NEW)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        rules = password_validation.password_validators_help_texts()
        self.fields["password"].help_text = " ".join(rules)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            try:
                password_validation.validate_password(password, self.user)
            except ValidationError as refusal:
                self.add_error("password", refusal)
        return given
