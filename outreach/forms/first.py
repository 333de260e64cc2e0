"""The first person who may sign in."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from outreach.forms.fields import Line
from outreach.models import User
from outreach.services.firsts import Account

NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"})


class FirstAdministratorForm(forms.Form):
    name = Line(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    username = Line(
        label=_("User name"),
        max_length=150,
        help_text=_("What you sign in with. Letters, digits and . _ - + @ only."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(label=_("Password"), strip=False, widget=NEW)
    again = forms.CharField(label=_("The same password again"), strip=False, widget=NEW)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = password_validation.password_validators_help_texts()
        self.fields["password"].help_text = " ".join(rules)

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"])
        User.username_validator(username)
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("This user name is taken."))
        return username

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        password, again = given.get("password"), given.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            person = User(
                username=given.get("username", ""),
                first_name=given.get("name", "")[:150],
                email=given.get("email", ""),
            )
            try:
                password_validation.validate_password(password, person)
            except ValidationError as refusal:
                self.add_error("password", refusal)
        return given

    def account(self) -> Account:
        given = self.cleaned_data
        return Account(given["name"], given["username"], given["password"], given["email"])
