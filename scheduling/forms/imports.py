"""What staff say of a calendar they bring in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from outreach import department
from outreach.enums import Program
from outreach.models import Beat, StaffMember
from scheduling import bounded, selectors
from scheduling.enums import Classification
from scheduling.forms.events import WHOLE_CITY
from scheduling.forms.hours import KeptForm
from scheduling.services.events import USUAL_CLASSIFICATION
from scheduling.services.verdicts import Choice


class ImportForm(KeptForm):
    file = forms.FileField(
        label=_("Calendar file (.ics)"),
        help_text=_("At most 1 MB and 5,000 events. Google, Outlook and Apple export such files."),
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
        allow_empty_file=True,
    )
    program = forms.ChoiceField(label=_("Program"), choices=department.public_choices)
    beat = forms.ChoiceField(label=_("Beat"))
    staff = forms.ModelMultipleChoiceField(
        label=_("Who goes"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are booked for every event; a clash is listed, and does not come in."),
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

    def __init__(
        self, *args: Any, beats: Iterable[Beat], is_city_allowed: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in beats}
        choices: list[tuple[str, Any]] = [(code, beat.name) for code, beat in self.beats.items()]
        if is_city_allowed:
            choices.append((WHOLE_CITY, _("The whole city")))
        self.fields["beat"].choices = choices  # type: ignore[attr-defined]
        self.fields["staff"].queryset = selectors.bookable_staff()  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > bounded.MOST_BYTES:
            size = filesizeformat(file.size)
            raise ValidationError(
                _("This file has %(size)s; 1 MB is the most."), "big", {"size": size}
            )
        return file

    def choice(self) -> Choice:
        given = self.cleaned_data
        program = Program(given["program"])
        return Choice(
            program=program,
            beat=self.beats.get(given["beat"]),
            classification=Classification(given["classification"] or USUAL_CLASSIFICATION[program]),
            staff=tuple(given["staff"]),
        )
