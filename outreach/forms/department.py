"""What the department is called, whom to call, and what it offers."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException

from outreach import department
from outreach.enums import Program
from outreach.forms.fields import Line, Lines
from outreach.models import Department

SEVERAL = forms.CheckboxSelectMultiple
if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# What is left empty reads as the settings of the installation say.
FROM_SETTINGS = ("name", "unit", "city", "emergency", "non_emergency", "relay", "phone", "mailbox",
                 "postal_address")  # fmt: skip
NOTES = {
    "notice": department.usual_notice,
    "retention": department.usual_retention,
    "tenants": department.usual_tenants,
}
SHORT_NUMBER = 3  # digits, as in 911, 711 and 311
FURTHER = [row for row in settings.LANGUAGES if row[0] != settings.LANGUAGE_CODE]
ADDRESS = URLValidator(schemes=["https"])


class PublicPhone(Line):
    """A number as it is to be read, punctuation and all; also a short one such as 911."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if text and not _can_be_called(text):
            raise ValidationError(
                _("Write a phone number with its area code, or a short one like 911.")
            )
        return text


class SecureAddress(Line):
    """A page of somebody else that we lead to."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            if text:
                ADDRESS(text)
                is_plain = not urlsplit(text).username
        except (ValidationError, ValueError):
            is_plain = False
        if text and not is_plain:
            raise ValidationError(_("Write an address that begins with https://"))
        return text


class Mailbox(Line):
    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            if text:
                EmailValidator()(text)
        except ValidationError:
            raise ValidationError(_("Write an e-mail address like name@example.com.")) from None
        return text


def _line(field: str, label: "StrPromise", kind: type[Line] = Line) -> Line:
    length = _length(field)
    return kind(label=label, max_length=length, required=False)


def _note(field: str, label: "StrPromise") -> Lines:
    length = _length(field)
    box = forms.Textarea(attrs={"rows": 3, "lang": field[-2:]})
    return Lines(label=label, max_length=length, required=False, widget=box)


def _length(field: str) -> int | None:
    return getattr(Department._meta.get_field(field), "max_length", None)


class DepartmentForm(forms.Form):
    """Every field may be left empty; then the hint says what readers see."""

    name = _line("name", _("Department"))
    name_es = _line("name_es", _("Department, in Spanish"))
    unit = _line("unit", _("Unit"))
    unit_es = _line("unit_es", _("Unit, in Spanish"))
    city = _line("city", _("City"))
    emergency = _line("emergency", _("Emergency"), PublicPhone)
    non_emergency = _line("non_emergency", _("Not an emergency"), PublicPhone)
    relay = _line("relay", _("Relay for people who are deaf or hard of hearing"), PublicPhone)
    phone = _line("phone", _("A person of the unit"), PublicPhone)
    postal_address = _line("postal_address", _("Postal address"))
    mailbox = _line("mailbox", _("Mailbox that messages come from"), Mailbox)
    permit_office_url = _line(
        "permit_office_url", _("Event permits: page of the office"), SecureAddress
    )
    crime_report_url = _line(
        "crime_report_url", _("How to report a crime online: page"), SecureAddress
    )
    programs = forms.MultipleChoiceField(
        label=_("Programs you run"),
        choices=Program.choices,
        widget=SEVERAL,
        required=False,
        help_text=_("What is not ticked is offered nowhere. What is booked already stays."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Further languages"),
        choices=FURTHER,
        widget=SEVERAL,
        required=False,
        help_text=_("English is always on."),
    )
    notice_en = _note("notice_en", _("Notice on public forms"))
    notice_es = _note("notice_es", _("Notice on public forms, in Spanish"))
    retention_en = _note("retention_en", _("How long you keep what people send"))
    retention_es = _note("retention_es", _("How long you keep what people send, in Spanish"))
    tenants_en = _note("tenants_en", _("Note for tenants on the page of security surveys"))
    tenants_es = _note("tenants_es", _("Note for tenants, in Spanish"))

    # Which version was being looked at; see departments.change().
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in FROM_SETTINGS:
            self.fields[field].help_text = _if_empty(settings.DEPARTMENT[field])
        for field in ("name_es", "unit_es"):
            self.fields[field].help_text = _("Left empty, the English name stands there too.")
        for note, usual in NOTES.items():
            for language, _name in settings.LANGUAGES:
                with override(language):
                    words = usual()
                self.fields[f"{note}_{language}"].help_text = _if_empty(words, language)

    def saw_again(self, version: str) -> None:
        """Say that somebody else was quicker; sent once more, what was typed wins."""
        typed = self.data.copy()  # type: ignore[attr-defined]
        typed["seen"] = version
        self.data = typed
        self.add_error(
            None,
            _(
                "Someone else changed these settings while you were writing. Nothing is saved yet. "
                "Look at the page anew first: saving again replaces what they wrote."
            ),
        )

    def sections(self) -> list[tuple["StrPromise", list[BoundField]]]:
        """The page from top to bottom."""
        return [(title, [self[name] for name in names]) for title, names in SECTIONS]

    def wish(self) -> dict[str, Any]:
        """Values by column."""
        given = {name: said for name, said in self.cleaned_data.items() if name != "seen"}
        on, spoken = given.pop("programs"), given.pop("languages")
        given["programs_off"] = [one.value for one in Program if one.value not in on]
        given["languages_off"] = [code for code, _name in FURTHER if code not in spoken]
        return given


SECTIONS: list[tuple["StrPromise", list[str]]] = [
    (_("Names"), ["name", "name_es", "unit", "unit_es", "city"]),
    (_("Whom to call"), ["emergency", "non_emergency", "relay", "phone"]),
    (_("How to write to you"), ["postal_address", "mailbox"]),
    (_("What you offer"), ["programs", "languages"]),
    (_("Pages of others"), ["permit_office_url", "crime_report_url"]),
    (
        _("Words for the city attorney"),
        [f"{note}_{language}" for note in NOTES for language, _name in settings.LANGUAGES],
    ),
]


def as_kept(row: Department) -> dict[str, Any]:
    """What the form shows of the row."""
    shown: dict[str, Any] = {
        name: getattr(row, name)
        for name in DepartmentForm.base_fields
        if name not in ("programs", "languages", "seen")
    }
    shown["programs"] = _without(Program.values, row.programs_off)
    shown["languages"] = _without([code for code, _name in FURTHER], row.languages_off)
    return shown


def _if_empty(words: object, language: str = "") -> SafeString:
    """What readers see then, marked with its language where that is not the page's."""
    marked = format_html('<span lang="{}">{}</span>', language, words) if language else words
    return format_html("{} {}", _("Left empty, readers see:"), marked)


def _without(every: Collection[str], off: Collection[str]) -> list[str]:
    return [one for one in every if one not in off]


def _can_be_called(text: str) -> bool:
    digits = [letter for letter in text if letter.isdigit()]
    if len(digits) == SHORT_NUMBER:
        return text.isdigit() and text.isascii()
    try:
        number = PhoneNumber.from_string(text)
    except NumberParseException:
        return False
    return number.is_valid()
