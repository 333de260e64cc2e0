"""A Neighborhood Watch group as staff keep it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach.forms.fields import Line
from outreach.models import Beat, WatchGroup
from scheduling.forms.fields import DayField


class GroupForm(forms.ModelForm):
    name = Line(label=_("Name"), max_length=80)
    area = Line(
        label=_("What it covers"),
        max_length=160,
        required=False,
        help_text=_("Blocks or a building, as everyone may read it: never a home address."),
    )
    starts_on = DayField(label=_("Since"), initial=timezone.localdate)
    ends_on = DayField(label=_("Ended on"), required=False)

    class Meta:
        model = WatchGroup
        fields = ["name", "code", "beat", "area", "starts_on", "ends_on"]
        labels = {"code": _("Short name in addresses")}
        help_texts = {
            "code": _("Lower-case letters, digits, hyphens; it never changes: oak-street")
        }

    def __init__(self, *args: Any, beats: Iterable[Beat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]  # people subscribed to it
        self.fields["beat"].queryset = Beat.objects.filter(  # type: ignore[attr-defined]
            pk__in=[beat.pk for beat in beats]
        )
