"""Asking for an event, and what staff make of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from outreach import department
from outreach import selectors as outreach_selectors
from outreach.enums import (
    AccommodationKind,
    Program,
    Source,
    SpokenLanguage,
    Sureness,
)
from outreach.forms.fields import Line, Lines
from outreach.forms.reach import ReachField
from outreach.models import Beat, EventRequest, StaffMember, Venue
from outreach.services import locating
from outreach.services.requests import Ask
from scheduling import localtime, policies, selectors, wording
from scheduling.forms.events import usual_title
from scheduling.forms.fields import ClockField, DayField
from scheduling.services.requests import Approval

NO_BEAT = "none"
WHOLE_CITY = "city"
# The day and hour of each wish, the first in front.
WISHES = [("day", "starts"), ("day2", "starts2"), ("day3", "starts3")]
LONGEST_MINUTES = 12 * 60
LIKE = _("like 7 p.m. or 19:00")


ASKS = {
    Program.NEIGHBORHOOD_WATCH: _("A Neighborhood Watch meeting"),
    Program.PRESENTATIONS: _("A talk for a group, school or business"),
    Program.COMMUNITY: _("A visit to a community event"),
}


def what_may_be_asked_for() -> list[tuple[str, str]]:
    return [(program.value, str(ASKS[program])) for program in department.current().requestable]


class EventRequestForm(forms.Form):
    """Required are the kind, the topic, a first time, a name and a way to reach it, a place."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    program = forms.ChoiceField(
        label=_("What would you like?"),
        choices=what_may_be_asked_for,
        widget=forms.RadioSelect,
    )
    topic = Line(
        label=_("What is it about?"),
        max_length=120,
        help_text=_("A few words, such as “car break-ins on our block”."),
    )
    day = DayField(label=_("First choice: date"))
    starts = ClockField(label=_("First choice: start"), help_text=LIKE)
    day2 = DayField(label=_("Second choice: date"), required=False)
    starts2 = ClockField(label=_("Second choice: start"), required=False, help_text=LIKE)
    day3 = DayField(label=_("Third choice: date"), required=False)
    starts3 = ClockField(label=_("Third choice: start"), required=False, help_text=LIKE)
    place = Line(
        label=_("Where is it to be?"),
        max_length=160,
        required=False,
        help_text=_("An address, a corner or the name of a place. It is stored sealed."),
    )
    beat = forms.ChoiceField(
        label=_("Or your beat"), required=False, help_text=_("Only if you gave no place.")
    )
    name = Line(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach = ReachField(
        label=_("Your e-mail address or phone number"),
        max_length=120,
        help_text=_("We answer this way."),
    )
    wants_invitation = forms.BooleanField(
        label=_("Send a calendar invitation with our answer"),
        required=False,
        help_text=_("Only by e-mail. It follows when the time changes."),
    )
    organization = Line(label=_("Group or organization"), max_length=120, required=False)
    audience_size = forms.IntegerField(
        label=_("How many people you expect"), required=False, min_value=1, max_value=9999
    )
    audience = Line(
        label=_("Who they are"),
        max_length=120,
        required=False,
        help_text=_("Such as neighbors, students of grade 5, shop owners."),
    )
    event_language = forms.ChoiceField(
        label=_("Language of the event"), choices=SpokenLanguage.choices, required=False
    )
    accommodations = forms.MultipleChoiceField(
        label=_("What somebody needs to take part"),
        choices=AccommodationKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    notes = Lines(
        label=_("Anything else we should know"),
        max_length=1000,
        required=False,
        help_text=_("It is stored sealed."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in outreach_selectors.beats_in_effect()}
        self.fields["beat"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose if you gave no place")),
            *((code, beat.name) for code, beat in self.beats.items()),
            (NO_BEAT, _("I do not know")),
        ]
        self.fields["event_language"].initial = self._reader()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        placeless = not given.get("place") and not given.get("beat")
        if placeless and not self.errors.keys() & {"place", "beat"}:
            self.add_error("place", _("Say where, or choose your beat below."))
        # (position of the wish on the page, its instant), for those that are given
        self.wished: list[tuple[int, datetime]] = []
        for number, (day, starts) in enumerate(WISHES):
            if (at := self._wish_of(day, starts)) is not None:
                self.wished.append((number, at))
        return given

    def refuse(self, place: int, words: str) -> None:
        """Say beside a wish what the rules of the program say of it."""
        self.add_error(WISHES[self.wished[place][0]][0], words)

    def wish(self, source: Source = Source.WEB) -> Ask:
        """What was asked, with the beat and block found from the place."""
        given = self.cleaned_data
        program = Program(given["program"])
        beat, block, middle = self.beats.get(given["beat"]), "", None
        if given["place"]:
            with override(settings.LANGUAGE_CODE):  # the block is read by others
                found = locating.locate(given["place"])
                middle = locating.middle_of_block(found)
            is_venue = found.sureness == Sureness.VENUE
            beat, block = beat or found.beat, found.street if is_venue else found.block
            middle = found.place if is_venue else middle
        by_email = "@" in given["reach"]
        return Ask(
            program=program,
            topic=given["topic"],
            minutes=policies.of(program).usual_minutes,
            wished=tuple(at for _number, at in self.wished),
            name=given["name"],
            email=given["reach"] if by_email else "",
            phone="" if by_email else given["reach"],
            organization=given["organization"],
            wants_invitation=given["wants_invitation"],
            beat=beat,
            place=given["place"],
            block=block,
            middle=middle,
            audience_size=given["audience_size"],
            audience=given["audience"],
            event_language=given["event_language"] or self._reader(),
            accommodations=tuple(given["accommodations"]),
            notes=given["notes"],
            language=self._reader(),
            source=source,
        )

    def _wish_of(self, day: str, starts: str) -> datetime | None:
        chosen, at = self.cleaned_data.get(day), self.cleaned_data.get(starts)
        if chosen and at:
            try:
                return localtime.instant(chosen, at)
            except localtime.NoSuchTime:
                words = _("The clocks jump over this time on that day. Choose another.")
                self.add_error(starts, words)
        elif chosen and starts not in self.errors:
            self.add_error(starts, _("Give a start for this date."))
        elif at and day not in self.errors:
            self.add_error(day, _("Give a date for this start."))
        return None

    def _reader(self) -> str:
        return (get_language() or "en").split("-")[0]


class StaffEventRequestForm(EventRequestForm):
    """The same, typed by staff for a person at the phone or the counter."""

    source = forms.ChoiceField(
        label=_("Came by"), choices=[(s.value, s.label) for s in Source if s != Source.WEB]
    )
    is_short_notice = forms.BooleanField(label=_("Sooner than the usual notice"), required=False)


class ApproveForm(forms.Form):
    """A time for a request: one wished for, a free one, or another; and who goes where."""

    starts_at = forms.ChoiceField(label=_("Times"), required=False, widget=forms.RadioSelect)
    day = DayField(label=_("Or another date"), required=False)
    starts = ClockField(label=_("Starts"), required=False, help_text=LIKE)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=LONGEST_MINUTES)
    beat = forms.ChoiceField(label=_("Beat"))
    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes"),
        queryset=StaffMember.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        queryset=Venue.objects.none(),
        required=False,
        empty_label=_("No venue to claim"),
    )
    location = Line(
        label=_("Place in words"),
        max_length=160,
        required=False,
        help_text=_("Room, corner, or how to find it. Everyone can read it: never a home address."),
    )
    summary = Line(
        label=_("Title"),
        max_length=120,
        help_text=_("Everyone may come to read it: no names of people or homes."),
    )
    summary_es = Line(label=_("Title in Spanish"), max_length=120, required=False)

    def __init__(
        self,
        *args: Any,
        asked: EventRequest,
        offered: Iterable[datetime],
        pair: Iterable[StaffMember],
        beats: Iterable[Beat],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {
            "minutes": asked.minutes,
            "location": asked.block,
            "staff": [person.pk for person in pair],
            **usual_title(asked.program),
        }
        super().__init__(*args, **kwargs)
        now = timezone.now()
        wished = [at for at in asked.wished_starts if at > now]
        times = [*wished, *(at for at in offered if at not in wished)]
        self.offered = {at.isoformat(): at for at in times}
        self.fields["starts_at"].choices = [  # type: ignore[attr-defined]
            (text, self._label(at, at in wished)) for text, at in self.offered.items()
        ]
        self.beats = {beat.code: beat for beat in beats}
        if asked.beat:
            del self.fields["beat"]
        else:
            self.fields["beat"].choices = [  # type: ignore[attr-defined]
                ("", _("Choose the beat")),
                *((code, beat.name) for code, beat in self.beats.items()),
                (WHOLE_CITY, _("The whole city")),
            ]
        self.fields["staff"].queryset = selectors.bookable_staff()  # type: ignore[attr-defined]
        self.fields["venue"].queryset = Venue.objects.filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("day") and given.get("starts"):
            try:
                given["chosen"] = localtime.instant(given["day"], given["starts"])
            except localtime.NoSuchTime:
                words = _("The clocks jump over this time on that day. Choose another.")
                self.add_error("starts", words)
        else:
            given["chosen"] = self.offered.get(given.get("starts_at", ""))
            if given["chosen"] is None and not self.errors.keys() & {"day", "starts", "starts_at"}:
                words = _("Choose one of these times, or give a date and a start.")
                self.add_error("starts_at", words)
        return given

    def refuse(self, problems: dict[str, str]) -> None:
        """Say beside each field what the rules of booking say of it."""
        by_hand = bool(self.cleaned_data.get("day") and self.cleaned_data.get("starts"))
        field_of = {"starts_at": "day" if by_hand else "starts_at", "ends_at": "minutes"}
        for name, words in problems.items():
            field = field_of.get(name, name)
            self.add_error(field if field in self.fields else None, words)

    def approval(self) -> Approval:
        given = self.cleaned_data
        return Approval(
            summary=given["summary"],
            starts_at=given["chosen"],
            minutes=given["minutes"],
            staff=tuple(given["staff"]),
            venue=given["venue"],
            location=given["location"],
            beat=self.beats.get(given.get("beat", "")),
            texts={"es": (given["summary_es"], "")} if given["summary_es"] else {},
        )

    def _label(self, at: datetime, is_wished: bool) -> str:
        moment = f"{wording.day(at)}, {wording.clock(at)}"
        return str(_("%(moment)s – asked for") % {"moment": moment}) if is_wished else moment


class DeclineForm(forms.Form):
    reason = Line(label=_("Why"), max_length=300, help_text=_("The person who asked reads this."))
