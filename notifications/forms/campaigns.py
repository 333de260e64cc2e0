"""Writing a campaign: who it is for and what it says, in every language."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import urlize
from django.utils.translation import gettext_lazy as _

from notifications import segments
from notifications.channels import text
from notifications.enums import CampaignKind, Channel
from notifications.models import Campaign
from notifications.services.campaigns import Words
from outreach import department
from outreach.forms.fields import Line, Lines
from outreach.forms.phone import phone
from outreach.models import Beat, StaffMember
from scheduling import localtime
from scheduling.forms.fields import ClockField, DayField

HREF = re.compile(r'href="([^"]*)"')
PLACEHOLDER = re.compile(r"\{\{?.*?\}?\}|%\(\w+\)s|\[(?:name|nombre|first name)\]", re.IGNORECASE)
MOST_SEGMENTS = 3
SEVERAL = forms.CheckboxSelectMultiple


class CampaignForm(forms.Form):
    """One page: readers, hour, and the words in each language."""

    name = Line(label=_("Name"), max_length=80, help_text=_("For us only; readers do not see it."))
    kind = forms.ChoiceField(label=_("What it is"), choices=CampaignKind.choices)
    beat = forms.ChoiceField(label=_("Beat"), required=False)
    programs = forms.MultipleChoiceField(
        label=_("Readers of these programs"),
        required=False,
        widget=SEVERAL,
        help_text=_("None ticked: all of them."),
    )
    channels = forms.MultipleChoiceField(label=_("By"), widget=SEVERAL)
    day = DayField(label=_("Day"), required=False)
    at = ClockField(
        label=_("Time"), required=False, help_text=_("Empty: as soon as it is released.")
    )

    def __init__(self, *args: Any, beats: Iterable[Beat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programs = department.public_choices(self.initial.get("programs", []))
        self.fields["programs"].choices = programs  # type: ignore[attr-defined]
        self.by_code = {beat.code: beat for beat in beats}
        whole_city = [("", _("The whole city"))]
        chosen = whole_city + [(code, beat.name) for code, beat in self.by_code.items()]
        self.fields["beat"].choices = chosen  # type: ignore[attr-defined]
        open_channels = [c for c in (Channel.EMAIL, Channel.TEXT) if c != "text" or text.is_on()]
        offered = [(channel.value, channel.label) for channel in open_channels]
        self.fields["channels"].choices = offered  # type: ignore[attr-defined]
        for code, name in settings.LANGUAGES:
            self._ask_words(code, name)

    def _ask_words(self, code: str, name: str) -> None:
        subject = Line(label=_("Subject"), max_length=120)
        body = Lines(
            label=_("Text"),
            max_length=5000,
            help_text=_("Links to our own site only. No suspects, no victims, no addresses."),
        )
        body.widget.attrs["rows"] = 10
        sms = Line(label=_("As a text message"), max_length=300, required=False)
        for part, field in (("subject", subject), ("body", body), ("sms", sms)):
            field.widget.attrs["lang"] = code
            self.fields[f"{part}_{code}"] = field

    def languages(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The words of each language, for the page."""
        parts = ("subject", "body", "sms") if text.is_on() else ("subject", "body")
        return [
            (str(name), [self[f"{p}_{code}"] for p in parts]) for code, name in settings.LANGUAGES
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            for part in ("subject", "body", "sms"):
                self._check_words(f"{part}_{code}", given.get(f"{part}_{code}") or "")
            self._check_text(code, given)
        self._check_start(given)
        return given

    def _check_words(self, field: str, said: str) -> None:
        if PLACEHOLDER.search(said):
            self.add_error(field, _("Blanks are not filled in. Write the words themselves."))
        strange = [link for link in HREF.findall(urlize(said)) if not is_own(link)]
        if strange:
            self.add_error(field, _("Link to our own site only: its address, then the page."))

    def _check_text(self, code: str, given: dict[str, Any]) -> None:
        if Channel.TEXT not in (given.get("channels") or []):
            return
        field, said = f"sms_{code}", given.get(f"sms_{code}") or ""
        if not said and field not in self.errors:
            self.add_error(field, _("Write what the text message says."))
        elif segments.count(said).segments > MOST_SEGMENTS:
            self.add_error(field, _("This is too long for a text message. Shorten it."))

    def _check_start(self, given: dict[str, Any]) -> None:
        day, at = given.get("day"), given.get("at")
        given["starts_at"] = None
        if (day is None) != (at is None):
            if not {"day", "at"} & self.errors.keys():
                self.add_error("at", _("Give both a day and a time, or neither."))
            return
        if day is None or at is None:
            return
        try:
            given["starts_at"] = localtime.instant(day, at)
        except localtime.NoSuchTime:
            self.add_error("at", _("The clocks jump over this time that night. Choose another."))
            return
        if given["starts_at"] < timezone.now():
            self.add_error("day", _("This is in the past."))

    def fill(self, campaign: Campaign) -> Campaign:
        """The choices onto a campaign, unsaved."""
        given = self.cleaned_data
        campaign.name, campaign.kind = given["name"], given["kind"]
        campaign.beat = self.by_code.get(given["beat"])
        campaign.programs, campaign.channels = given["programs"], given["channels"]
        campaign.starts_at = given["starts_at"]
        return campaign

    def words(self) -> dict[str, Words]:
        given = self.cleaned_data
        return {
            code: Words(given[f"subject_{code}"], given[f"body_{code}"], given[f"sms_{code}"])
            for code, _name in settings.LANGUAGES
        }


class TestForm(forms.Form):
    """The real thing, first to ourselves: a colleague's work mailbox or phone."""

    to = Line(label=_("Send a test to"), max_length=200, help_text=_("A work address of ours."))

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        number = phone(to)
        ours = StaffMember.objects.filter(is_active=True)
        if number and text.is_on() and ours.filter(phone=number).exists():
            return str(number.as_e164)
        if "@" in to and ours.filter(email__iexact=to).exists():
            return to
        raise ValidationError(_("Tests go to the work addresses of our staff only."))


def is_own(link: str) -> bool:
    own = settings.BASE_URL
    mailbox = f"mailto:{department.current().mailbox}"
    return link in {own, mailbox} or link.startswith((f"{own}/", f"{own}?"))


def as_typed(campaign: Campaign) -> dict[str, Any]:
    """What the form shows of a draft."""
    said = {one.language: one for one in campaign.texts.all()}
    starts = timezone.localtime(campaign.starts_at) if campaign.starts_at else None
    shown: dict[str, Any] = {
        "name": campaign.name,
        "kind": campaign.kind,
        "beat": campaign.beat.code if campaign.beat else "",
        "programs": campaign.programs,
        "channels": campaign.channels,
        "day": starts.date() if starts else None,
        "at": starts.time() if starts else None,
    }
    for code, words in said.items():
        shown |= {f"{part}_{code}": getattr(words, part) for part in ("subject", "body", "sms")}
    return shown
