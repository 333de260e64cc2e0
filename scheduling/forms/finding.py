"""What staff say when they look for a free time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach import department
from outreach.enums import Program, SpokenLanguage
from outreach.models import Beat, StaffMember, Venue
from scheduling import localtime, policies, selectors
from scheduling.finding import Search, Team
from scheduling.forms.fields import DayField

LONGEST_MINUTES = 12 * 60


class FindForm(forms.Form):
    """Read-only, so it is sent by GET and its address can be kept."""

    program = forms.ChoiceField(label=_("Program"), choices=department.public_choices)
    team = forms.ChoiceField(
        label=_("Who"),
        choices=[
            (Team.PAIR, _("The pair of the beat, both")),
            (Team.ANY_COORDINATOR, _("Any coordinator")),
            (Team.TOGETHER, _("A coordinator and an officer")),
            (Team.NAMED, _("One person, named below")),
        ],
    )
    beat = forms.ChoiceField(label=_("Beat"), required=False)
    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=StaffMember.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )
    venue = forms.ModelChoiceField(
        label=_("Venue"),
        queryset=Venue.objects.none(),
        required=False,
        empty_label=_("No venue to claim"),
    )
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=5,
        max_value=LONGEST_MINUTES,
        help_text=_("Empty: as usual for the program."),
    )
    language = forms.ChoiceField(
        label=_("Language of the event"),
        required=False,
        choices=[("", _("Any")), *SpokenLanguage.choices],
    )
    day = DayField(label=_("Not before"), required=False)
    is_short_notice = forms.BooleanField(label=_("Sooner than the usual notice"), required=False)

    def __init__(self, *args: Any, beats: Iterable[Beat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beats = {beat.code: beat for beat in beats}
        self.fields["beat"].choices = [  # type: ignore[attr-defined]
            (code, beat.name) for code, beat in self.beats.items()
        ]
        self.fields["person"].queryset = selectors.bookable_staff()  # type: ignore[attr-defined]
        self.fields["venue"].queryset = Venue.objects.filter(is_active=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("team") == Team.NAMED and not given.get("person"):
            self.add_error("person", _("Choose whom you look for."))
        if given.get("team") == Team.PAIR and not given.get("beat"):
            self.add_error("beat", _("Choose the beat whose pair you look for."))
        return given

    def search(self) -> Search:
        given = self.cleaned_data
        policy = policies.of(given["program"])
        venue, person = given["venue"], given["person"]
        return Search(
            program=Program(given["program"]),
            minutes=given["minutes"] or policy.usual_minutes,
            not_before=self._earliest(0 if given["is_short_notice"] else policy.notice_days),
            team=Team(given["team"]),
            beat=self.beats.get(given["beat"]),
            staff=(person,) if person and given["team"] == Team.NAMED else (),
            venues=(venue,) if venue else (),
            language=given["language"],
        )

    def _earliest(self, notice_days: int) -> datetime:
        now = timezone.now()
        noticed = localtime.midnight(timezone.localdate(now) + timedelta(days=notice_days))
        asked = localtime.midnight(self.cleaned_data["day"] or timezone.localdate(now))
        return max(now, asked, noticed)
