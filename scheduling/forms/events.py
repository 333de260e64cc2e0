"""What staff type about an event."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from outreach import department
from outreach import selectors as outreach_selectors
from outreach.enums import Program
from outreach.forms.fields import Line, Lines
from outreach.models import Beat, StaffMember, Venue, WatchGroup
from scheduling import selectors
from scheduling.enums import Classification, EventStatus
from scheduling.forms.times import TimesForm
from scheduling.models import Event
from scheduling.services import events, groups

WHOLE_CITY = "city"
# What an event is called unless somebody says otherwise, in each language.
USUAL_TITLES = {
    Program.NEIGHBORHOOD_WATCH: gettext_noop("Neighborhood Watch meeting"),
    Program.PRESENTATIONS: gettext_noop("Safety talk"),
    Program.ACADEMY: gettext_noop("Community Police Academy: class night"),
    Program.NATIONAL_NIGHT_OUT: gettext_noop("National Night Out: neighbors meet"),
    Program.COMMUNITY: gettext_noop("Meet your neighborhood team"),
}


class EventForm(TimesForm):
    field_order = ["program", "summary", "beat", "day", "starts", "ends", "which_hour"]

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    program = forms.ChoiceField(
        label=_("Program"),
        choices=department.public_choices,
    )
    summary = Line(label=_("Title"), max_length=120)
    beat = forms.ChoiceField(label=_("Beat"))
    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    group = forms.ModelChoiceField(
        label=_("Watch group"),
        queryset=WatchGroup.objects.none(),
        required=False,
        empty_label=_("No group in particular"),
        help_text=_("For Neighborhood Watch: it stands in the group's own calendar too."),
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
    classification = forms.ChoiceField(
        label=_("Who may see it"),
        required=False,
        choices=[
            ("", _("As usual for the program")),
            (Classification.PUBLIC, _("Public: pages and calendars")),
            (Classification.PRIVATE, _("Private: staff only")),
        ],
    )
    status = forms.ChoiceField(
        label=_("How sure it is"),
        initial=EventStatus.CONFIRMED,
        choices=[
            (EventStatus.CONFIRMED, _("Confirmed")),
            (EventStatus.TENTATIVE, _("Tentative: people and venue are kept, nobody is told yet")),
        ],
    )
    description = Lines(
        label=_("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    summary_es = Line(label=_("Title in Spanish"), max_length=120, required=False)
    description_es = Lines(
        label=_("Description in Spanish"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    also_beats = forms.ModelMultipleChoiceField(
        label=_("Also in the calendars of"),
        queryset=Beat.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        beats: Iterable[Beat],
        is_city_allowed: bool,
        venue: int | None = None,
        **kwargs: Any,
    ):
        """venue: the one an event has already; it stays a choice when it is no longer in use."""
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in beats}
        choices: list[tuple[str, Any]] = [(code, beat.name) for code, beat in self.beats.items()]
        if is_city_allowed:
            choices.append((WHOLE_CITY, _("The whole city")))
        self.fields["beat"].choices = choices  # type: ignore[attr-defined]
        self._query("staff", selectors.bookable_staff())
        self._query("venue", Venue.objects.filter(Q(is_active=True) | Q(pk=venue)))
        self._query("also_beats", outreach_selectors.beats_in_effect())
        self._query("group", outreach_selectors.groups_in_effect())

    def _query(self, name: str, rows: QuerySet) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("description_es") and not given.get("summary_es"):
            self.add_error("summary_es", _("Give the title in Spanish too."))
        if given.get("group") and given.get("program") != Program.NEIGHBORHOOD_WATCH:
            self.add_error("group", _("Only Neighborhood Watch meetings are of a group."))
        return given

    def sketch(self) -> events.Plan | None:
        """As much of a plan as is typed, enough to look whether the time can be had."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        starts_at, ends_at = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if not (starts_at and ends_at and starts_at < ends_at and given["program"]):
            return None
        program = Program(given["program"])
        return events.Plan(
            program=program,
            summary="",
            starts_at=starts_at,
            ends_at=ends_at,
            classification=events.USUAL_CLASSIFICATION[program],
            status=EventStatus(given["status"] or EventStatus.CONFIRMED),
            beat=self.beats.get(given["beat"] or ""),
            venue=given["venue"],
            location=given["location"] or "",
            staff=tuple(given["staff"] or ()),
        )

    def plan(self) -> events.Plan:
        given = self.cleaned_data
        program = Program(given["program"])
        usual = events.USUAL_CLASSIFICATION[program]
        beat = self.beats.get(given["beat"])
        spanish = (given["summary_es"], given["description_es"])
        return events.Plan(
            program=program,
            summary=given["summary"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            classification=Classification(given["classification"] or usual),
            status=EventStatus(given["status"]),
            beat=beat,
            also_beats=tuple(other for other in given["also_beats"] if beat and other != beat),
            venue=given["venue"],
            location=given["location"],
            description=given["description"],
            texts={"es": spanish} if given["summary_es"] else {},
            staff=tuple(given["staff"]),
            group=given["group"],
        )


class EventChangeForm(EventForm):
    # Which version of the event was being looked at; see events.change().
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = Line(
        label=_("Why it changes"),
        max_length=300,
        required=False,
        help_text=_("People who are told read this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = department.public_choices(also=[self.initial.get("program", "")])
        self.fields["program"].choices = own  # type: ignore[attr-defined]

    def keep_confirmed(self) -> None:
        """People were told of it: tentative is no choice any more."""
        status = self.fields["status"]
        status.choices = [(EventStatus.CONFIRMED, _("Confirmed"))]  # type: ignore[attr-defined]

    def saw_again(self, version: int) -> None:
        """Say that somebody else was quicker; sent once more, what was typed wins."""
        typed = self.data.copy()  # type: ignore[attr-defined]
        typed["seen"] = str(version)
        self.data = typed
        self.add_error(
            None,
            _(
                "Someone else changed this event while you were writing. Nothing is saved yet. "
                "Look at the event first: saving again replaces what they wrote."
            ),
        )


class CancelForm(forms.Form):
    reason = Line(
        label=_("Why it is cancelled"),
        max_length=300,
        help_text=_("People who are told read this."),
    )


def as_typed(event: Event, staff: Iterable[StaffMember]) -> dict[str, Any]:
    """An event as the form shows it."""
    spanish = next((text for text in event.texts.all() if text.language == "es"), None)
    return {
        "program": event.program,
        "summary": event.summary,
        "beat": event.beat.code if event.beat else WHOLE_CITY,
        "day": timezone.localdate(event.starts_at),
        "starts": timezone.localtime(event.starts_at).time(),
        "ends": timezone.localtime(event.ends_at).time(),
        "staff": [person.pk for person in staff],
        "venue": event.venue_id,
        "group": groups.group_of(event),
        "location": event.location,
        "classification": event.classification,
        "status": event.status,
        "description": event.description,
        "summary_es": spanish.summary if spanish else "",
        "description_es": spanish.description if spanish else "",
        "also_beats": [beat.pk for beat in event.also_beats.all()],
    }


def usual_title(program: str) -> dict[str, str]:
    """The usual title of a program in the department's first language and in Spanish."""
    words = USUAL_TITLES.get(program)  # type: ignore[call-overload]
    if words is None:
        return {}
    titles = {}
    for name, language in (("summary", settings.LANGUAGE_CODE), ("summary_es", "es")):
        with override(language):
            titles[name] = gettext(words)
    return titles
