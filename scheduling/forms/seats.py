"""Seats: how many there are, who wants some, and who came."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from outreach.enums import AccommodationKind, Source, SpokenLanguage
from outreach.forms.fields import Line
from outreach.forms.phone import PhoneLine
from scheduling import localtime, seats
from scheduling.forms.fields import ClockField, DayField
from scheduling.forms.needs import refuse_unnamed_language, to_needs
from scheduling.models import Event, Rsvp, Seating
from scheduling.services import rsvps
from scheduling.services.accommodations import Need

MOST_HEADS = 1000
SEVERAL = forms.CheckboxSelectMultiple


class SeatsForm(forms.Form):
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=20_000)
    most_a_household = forms.IntegerField(
        label=_("At most for a household"), min_value=1, max_value=100, initial=6
    )
    day = DayField(label=_("Sign-up closes on"), required=False)
    at = ClockField(
        label=_("At"), required=False, help_text=_("Both empty: when the event begins.")
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        for name in ("capacity", "most_a_household"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        day, at = given.get("day"), given.get("at")
        if (day is None) != (at is None) and not self.errors.keys() & {"day", "at"}:
            missing = "day" if day is None else "at"
            self.add_error(missing, _("Give both, the date and the time, or neither."))
        elif day and at:
            self._close(day, at)
        return given

    def _close(self, day: Any, at: Any) -> None:
        try:
            closes_at = localtime.instant(day, at)
        except localtime.NoSuchTime:
            self.add_error("at", _("The clocks jump over this time on that day. Choose another."))
            return
        if closes_at > self.event.starts_at:
            self.add_error("day", _("Sign-up closes when the event begins, at the latest."))
        self.cleaned_data["closes_at"] = closes_at

    @property
    def closes_at(self) -> datetime | None:
        return self.cleaned_data.get("closes_at")

    def refuse_fewer(self, least: int) -> None:
        self.add_error(
            "capacity",
            ngettext(
                "At least %(least)s seat: people have it or wait for it.",
                "At least %(least)s seats: people have them or wait for them.",
                least,
            )
            % {"least": least},
        )


def as_typed(seating: Seating | None) -> dict[str, Any]:
    """A seating as the form shows it."""
    if seating is None:
        return {}
    closes = timezone.localtime(seating.closes_at) if seating.closes_at else None
    return {
        "capacity": seating.capacity,
        "most_a_household": seating.most_a_household,
        "day": closes.date() if closes else None,
        "at": closes.time() if closes else None,
    }


class HouseholdSize(forms.IntegerField):
    """How many of a household come; refuse() says what the rules say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("How many of you come?"), min_value=1, max_value=100, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"


class SignUpForm(forms.Form):
    """For a household; what somebody needs only while it can still be arranged."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = Line(
        label=_("A name to use"), max_length=80, help_text=_("We call it out at the door."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    seats = HouseholdSize(initial=1)
    spoken = forms.ChoiceField(
        label=_("The language you like to speak"), choices=SpokenLanguage.choices
    )
    wants_invitation = forms.BooleanField(
        label=_("Put it into my calendar, and keep it up to date there"), required=False,
        help_text=_("We send an invitation with the mail. Answer it or not, as you like."),
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("What somebody needs to take part"),
        choices=AccommodationKind.choices, required=False, widget=SEVERAL,
        help_text=_("An interpreter comes for the language you chose above."),
    )  # fmt: skip

    def __init__(self, *args: Any, seating: Seating, can_ask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seating = seating
        self.fields["seats"].widget.attrs["max"] = seats.most_at_once(seating)
        self.fields["spoken"].initial = (get_language() or "en").split("-")[0]
        if not can_ask:
            del self.fields["needs"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("seats", 0) > seats.most_at_once(self.seating):
            self.refuse_so_many(seats.most_at_once(self.seating))
        refuse_unnamed_language(self, "needs", "spoken")
        return given

    def refuse_so_many(self, most: int) -> None:
        self.add_error("seats", so_many(most))

    def wish(self) -> rsvps.Wish:
        given = self.cleaned_data
        return rsvps.Wish(
            name=given["name"],
            email=given["email"],
            seats=given["seats"],
            spoken=given["spoken"],
            language=(get_language() or "en").split("-")[0],
            wants_invitation=given["wants_invitation"],
        )

    def asked(self) -> list[Need]:
        return to_needs(self.cleaned_data.get("needs", []), self.cleaned_data["spoken"])


class StaffSignUpForm(SignUpForm):
    """The same, typed by staff for a person at the phone or the counter."""

    phone = PhoneLine(label=_("Phone"), max_length=40, required=False)
    source = forms.ChoiceField(
        label=_("Came by"), choices=[(s.value, s.label) for s in Source if s != Source.WEB]
    )
    field_order = [
        "key", "source", "name", "phone", "email", "wants_invitation", "seats", "spoken", "needs",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = ""
        self.fields["email"].label = _("E-mail")
        self.fields["email"].required = False
        self.fields["email"].help_text = _("With one, we write to them. Without, we call.")
        self.fields["wants_invitation"].label = _("They want it in their calendar")
        self.fields["seats"].label = _("How many come?")
        self.fields["spoken"].label = _("The language they like to speak")

    def wish(self) -> rsvps.Wish:
        given = self.cleaned_data
        return rsvps.Wish(
            name=given["name"],
            email=given["email"],
            phone=given["phone"],
            seats=given["seats"],
            spoken=given["spoken"],
            language="es" if given["spoken"] == SpokenLanguage.SPANISH else "en",
            source=Source(given["source"]),
            wants_invitation=given["wants_invitation"],
        )


class OwnSeatsForm(forms.Form):
    """More or fewer people of a household that is signed up."""

    seats = HouseholdSize()

    def __init__(self, data: Any = None, *, rsvp: Rsvp) -> None:
        super().__init__(data, initial={"seats": rsvp.seats})

    def refuse_so_many(self, most: int) -> None:
        self.add_error("seats", so_many(most))


class CheckInForm(forms.Form):
    heads = forms.IntegerField(label=_("People"), min_value=1, max_value=MOST_HEADS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heads"].widget.attrs["inputmode"] = "numeric"


class WalkInForm(CheckInForm):
    """Who came without seats."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class FindForm(forms.Form):
    name = Line(label=_("Name"), max_length=80, required=False)


def so_many(most: int) -> str:
    return ngettext(
        "At most %(most)s person of a household can come.",
        "At most %(most)s people of a household can come.",
        most,
    ) % {"most": most}
