"""Asking for a security survey, online or with staff at the phone."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from outreach import selectors
from outreach.enums import HalfDay, PropertyType, SafeChannel, Source
from outreach.forms.fields import Line, Lines
from outreach.forms.phone import phone
from outreach.models import StaffMember
from outreach.services import locating, surveys

NO_BEAT = "none"


class SurveyRequestForm(forms.Form):
    """Five required answers: name, safe way, its address or number, kind of property, place."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = Line(
        label=_("A name to use"),
        max_length=80,
        help_text=_("Any name you like. We use it when we write or call."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    safe_channel = forms.ChoiceField(
        label=_("What is a safe way to reach you?"),
        choices=SafeChannel.choices,
        help_text=_("We use only this way, and neutral words."),
        widget=forms.RadioSelect,
    )
    reach = Line(
        label=_("Your e-mail address or phone number"),
        max_length=120,
        help_text=_("The one that goes with your choice above."),
    )
    property_type = forms.ChoiceField(
        label=_("What kind of property is it?"),
        choices=PropertyType.choices,
        widget=forms.RadioSelect,
    )
    address = Line(
        label=_("Street address"),
        max_length=160,
        required=False,
        help_text=_(
            "It is stored sealed and tells us which team to send. "
            "Leave it empty if you have a substitute address, and choose your beat below."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    beat = forms.ChoiceField(
        label=_("Or your beat"),
        required=False,
        help_text=_("Only if you gave no address."),
    )
    wants_invitation = forms.BooleanField(
        label=_("Send me a calendar invitation when a time is set"),
        required=False,
        help_text=_("Only by e-mail, in neutral words, without your address."),
    )
    half_days = forms.MultipleChoiceField(
        label=_("Times that suit you"),
        choices=HalfDay.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    notes = Lines(
        label=_("Anything we should know for the visit"),
        max_length=1000,
        required=False,
        help_text=_("An interpreter, step-free access, a unit number. It is stored sealed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    excluded_staff = forms.ModelChoiceField(
        label=_("Someone of our staff who should not see this"),
        required=False,
        queryset=StaffMember.objects.filter(is_active=True),
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in selectors.beats_in_effect()}
        choice = self.fields["beat"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  for the type checker
        choice.choices = [
            ("", _("Choose if you gave no address")),
            *((code, beat.name) for code, beat in self.beats.items()),
            (NO_BEAT, _("I would rather not say")),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if channel := given.get("safe_channel"):
            self._check_reach(SafeChannel(channel), given.get("reach", ""))
        placeless = not given.get("address") and not given.get("beat")
        if placeless and not self.errors.keys() & {"address", "beat"}:
            self.add_error("address", _("Give an address, or choose your beat below."))
        return given

    def _check_reach(self, channel: SafeChannel, reach: str) -> None:
        if not reach:
            return
        if channel == SafeChannel.EMAIL:
            try:
                EmailValidator()(reach)
            except ValidationError:
                self.add_error("reach", _("Write an e-mail address like name@example.com."))
            return
        number = phone(reach)
        if number is None:
            self.add_error("reach", _("Write a phone number with its area code."))
        else:
            self.cleaned_data["reach"] = number.as_e164

    def wish(self, source: Source = Source.WEB) -> surveys.Ask:
        """What was asked, with the beat found from the address."""
        given = self.cleaned_data
        beat, placed, middle = self.beats.get(given["beat"]), surveys.Sureness.UNKNOWN, None
        if given["address"]:
            found = locating.locate(given["address"])
            beat, placed = beat or found.beat, found.sureness
            middle = locating.middle_of_block(found)
        return surveys.Ask(
            name=given["name"],
            safe_channel=SafeChannel(given["safe_channel"]),
            reach=given["reach"],
            property_type=PropertyType(given["property_type"]),
            beat=beat,
            placed=placed,
            middle=middle,
            address=given["address"],
            notes=given["notes"],
            language=(get_language() or "en").split("-")[0],
            wants_invitation=given["wants_invitation"],
            half_days=tuple(given["half_days"]),
            excluded_staff=given["excluded_staff"],
            source=source,
        )


class StaffSurveyRequestForm(SurveyRequestForm):
    """The same, typed by staff for a person at the phone or the counter."""

    source = forms.ChoiceField(
        label=_("Came by"), choices=[(s.value, s.label) for s in Source if s != Source.WEB]
    )
